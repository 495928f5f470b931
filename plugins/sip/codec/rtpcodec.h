/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/frame/gstvoiceformat.h"
#include "sip/logic/fmtp/rtpwishes.h"

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
  guint8 event_type; /* of telephone-events at @clock in our offers */
  guint clock; /* of RTP timestamps, Hz */
  guint channels; /* in rtpmap, 0 = none there; audio is mono in any case */
  guint rate; /* of samples, Hz: the clock's, or n times or 1/n of it */
  GstVoiceEncoding encoding; /* of audio that waits: a law, or S16 */
  GstVoiceEncoding
      packet_encoding; /* of caps that have its packets, S16: none have */
  gdouble impairment, robustness; /* Ie and Bpl of the E-model (ITU-T G.113) */
  const gchar *parameters; /* of our a=fmtp, NULL: none */

  /* What a far end's a=fmtp (NULL: there is none) says. NULL: nothing. */
  void (*read_wishes) (RtpWishes *wishes, const gchar *text);
  /* The longest packet of no more than @time ms, of 5 to 60. NULL: it is @time. */
  guint (*fit_packet_time) (guint time);
  /* The most bytes that @n samples become. */
  gsize (*get_size) (guint n);
  /* Samples at @rate in a payload; 0: there are none. */
  guint (*get_duration) (const guint8 *payload, gsize size);

  /* @rate: the codec's own, or 8000, which it must be able to do, too: a call may
   * have to go from one codec to another in the middle of a word. NULL: no state. */
  gpointer (*encoder_new) (guint rate);
  gpointer (*decoder_new) (guint rate);
  /* NULL, both: nothing can be wished. */
  void (*set_wishes) (gpointer encoder, const RtpWishes *wishes);
  /* @percent of the packets are lost on their way. */
  void (*set_loss) (gpointer encoder, guint percent);
  /* @n samples, 5 to 60 ms; the size of the payload, 0: nothing need be sent. */
  gsize (*encode) (gpointer encoder, const gint16 *samples, guint n,
      guint8 *payload);
  /* A whole payload, of which get_duration() told the length. */
  void (*decode) (gpointer decoder, const guint8 *payload, gsize size,
      gint16 *samples);
  /* Makes up @n samples where a payload is missing, with the help of the @next one if
   * that is there and the whole of one payload is made up, else it is NULL. NULL: it is
   * done without the codec. */
  void (*fill) (gpointer decoder, const guint8 *next, gsize size,
      gint16 *samples, guint n);
  /* @n samples were made up without it where a payload is missing: the decoder goes on
   * from there. NULL: it need not know. */
  void (*conceal) (gpointer decoder, const gint16 *samples, guint n);
};

/* How often audio is counted, Hz: ticks of the RTP clock, or samples where there are
 * fewer of these. */
static inline guint
rtp_codec_get_line_clock (const RtpCodec *self)
{
  return MIN (self->clock, self->rate);
}

extern const RtpCodec rtp_codec_pcmu;
extern const RtpCodec rtp_codec_pcma;
extern const RtpCodec rtp_codec_g722;
extern const RtpCodec rtp_codec_opus;

G_END_DECLS
