/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "account/sipaccountevent.h"

#include "common/pair/gstpairsettings.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What of the SIP pair has to do with an account: its properties, and what is told of
 * it. */

/* Into the table of gstsipproperties.h, by its numbers. */
void gst_sip_account_make_specs (GParamSpec **specs);

/* FALSE with GST_RESOURCE_ERROR and a sentence for the user. */
gboolean gst_sip_account_check (const GstPairSettings *settings,
    GObjectClass *klass, GError **error);

/* "voice/account": state, account, aor, session, cause (strings), running-time (guint64,
 * ns), status, expires (uint, s), retry (guint64, ns: until it is tried again). */
GstMessage *gst_sip_account_message_new (GstElement *element,
    const gchar *session, GstClockTime running_time,
    const SipAccountEvent *event);

G_END_DECLS
