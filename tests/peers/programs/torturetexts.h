/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

/* Messages that no decent phone sends. "\n" stands for CRLF; {{URI}} is the line's
 * address, {{HOST}} its host and port, {{US}} ours, {{TRANSPORT}} UDP or TCP,
 * {{ID}} unique, {{LENGTH}} the length of what follows the empty line, {{NUL}} a
 * zero octet, {{x*N}} N times x, {{SDP}} a good description. */
typedef struct
{
  const gchar *name; /* RFC 4475's section, or what it is */
  const gchar *text;
} TortureText;

/* One of our own for each section of RFC 4475, 3.1.1.1 to 3.4.1 */
extern const TortureText torture_rfc4475[];
/* INVITEs with impossible SDP or odd headers */
extern const TortureText torture_invites[];
/* INVITEs that are dangerous when the 200 is never acknowledged */
extern const TortureText torture_never_acked[];
/* Header lines that spoil a re-INVITE, an UPDATE, or an answer */
extern const TortureText torture_targets[];
