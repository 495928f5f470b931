/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @real_time (us) as RFC 3339 has it; (transfer full). */
gchar *time_text_new (gint64 real_time);

G_END_DECLS
