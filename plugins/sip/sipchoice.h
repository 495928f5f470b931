/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "logic/dialplan.h"
#include "sipendpoint.h"

G_BEGIN_DECLS

/* What the lines of an endpoint (SipLine) say together of a new call. */

/* The one for @user, else NULL and *@result says why. */
SipLine *sip_choice_line (GPtrArray *lines, const gchar *user,
    DialplanResult *result);
/* One of them drains: nobody takes it. */
gboolean sip_choice_is_draining (GPtrArray *lines);
/* The longest that a line which @user could have gone to lets callers wait, ms. */
guint sip_choice_busy_wait (GPtrArray *lines, const gchar *user);

G_END_DECLS
