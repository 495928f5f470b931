/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceapi.h"

#include <glib.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

#define GST_VOICE_LOG_TEXT_SIZE 256 /* bytes */

/* What a stranger wrote, as it may stand in a line of the log: UTF-8 on one line that
 * moves no cursor and colours nothing, of at most so many bytes. Controls, what is
 * not seen and octets that are no UTF-8 become "\x1b" or "\u2028", a backslash two.
 * (transfer full), "" for NULL. */
gchar *gst_voice_log_text (const gchar *text);

VOICE_API_END
G_END_DECLS
