/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Payloads that pass unopened. Their bytes wait here; where their audio would wait, in a
 * jitter buffer's line or a queue of packets, stands a blank of their length that begins
 * with a number: whatever is cut, lost or given up there takes its payloads with it, and
 * all else is where and when it would be. One thread, or under its owner's lock. */

#define RTP_SEALED_SLOTS 128 /* more than can wait at one time */

typedef struct
{
  GByteArray *payloads[RTP_SEALED_SLOTS]; /* made when needed, kept */
  guint n; /* put in so far */
} RtpSealed;

void rtp_sealed_clear (RtpSealed *self);
/* @blank: @n samples, which are written. */
void rtp_sealed_put (RtpSealed *self, const guint8 *payload, gsize size,
    gint16 *blank, guint n);
/* The first payload that begins in @blank from *@at on; *@at is set to where. Valid until
 * the next put; NULL: none. */
const GByteArray *rtp_sealed_find (const RtpSealed *self, const gint16 *blank,
    guint n, guint *at);

G_END_DECLS
