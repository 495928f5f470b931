/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/frame/gstvoiceformat.h"

G_BEGIN_DECLS

/* A codec as a value: everything that the rest of the plugin knows of it. It is
 * compared by its address; codectable.h finds it.
 *
 * Audio waits, is cut and is joined in the codec's form: law bytes where @encoding
 * is a law, which pass unchanged between pad and packet, and S16 at @rate for any
 * other. So silence is zeros (or the law's zero) that its encoder makes a payload
 * of, and what is lost is made up from samples (logic/concealment).
 *
 * An encoder and a decoder are one block of g_malloc() each, for one direction of
 * one stream; a codec without state has none. Any thread, one at a time. */

typedef struct _RtpCodec RtpCodec;

struct _RtpCodec
{
  const gchar *name; /* in rtpmap and in `codecs` */
  guint8
      payload_type; /* static (RFC 3551), or that of our offers: from 96 on */
  guint clock; /* of RTP timestamps, Hz */
  guint rate; /* of samples, Hz: as often as the clock, or n times */
  GstVoiceEncoding encoding; /* a law, or S16: no caps have its payload */

  /* The most bytes that @n samples become. */
  gsize (*get_size) (guint n);
  /* Samples at @rate in a payload; 0: there are none. */
  guint (*get_duration) (const guint8 *payload, gsize size);

  /* @rate: the codec's own, or 8000, which it must be able to do, too: a call may
   * have to go from one codec to another in the middle of a word. NULL: no state. */
  gpointer (*encoder_new) (guint rate);
  gpointer (*decoder_new) (guint rate);
  /* @n samples, 5 to 20 ms; the size of the payload. */
  gsize (*encode) (gpointer encoder, const gint16 *samples, guint n,
      guint8 *payload);
  /* A whole payload, of which get_duration() told the length. */
  void (*decode) (gpointer decoder, const guint8 *payload, gsize size,
      gint16 *samples);
  /* @n samples were made up where a payload is missing: the decoder goes on from
   * there. NULL: it need not know. */
  void (*conceal) (gpointer decoder, const gint16 *samples, guint n);
};

extern const RtpCodec rtp_codec_pcmu;
extern const RtpCodec rtp_codec_pcma;
extern const RtpCodec rtp_codec_g722;

G_END_DECLS
