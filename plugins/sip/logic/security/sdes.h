/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "rtpkey.h"

G_BEGIN_DECLS

/* The value of a=crypto (RFC 4568), which carries a key of SRTP in SDP:
 * "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20|1:4". */

typedef struct
{
  guint tag; /* by which an answer names it */
  RtpKey key; /* of who wrote it, for what it sends */
  guint64 lifetime; /* packets that it sends with it at most */
} SdesLine;

/* FALSE: it is malformed, or asks for what we do not do: another suite, several keys,
 * keys derived again and again, packets in clear. What it only may ask for ("-NAME")
 * is passed over (RFC 4568 6.3.7). @line is then clear. */
gboolean sdes_parse (const gchar *value, SdesLine *line);
void sdes_line_clear (SdesLine *self);

/* (transfer full), to be freed by sdes_text_free(). */
gchar *sdes_format (guint tag, const RtpKey *key);
/* Also for whatever else has a key in its text; NULL is none. */
void sdes_text_free (gchar *text);
G_END_DECLS
