/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"

#include "voiceagent/gstvoiceagentformat.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* The audio that our pads carry (GstVoiceFormat), and the one converter between its
 * forms. Mono always; "frame" is 20 ms. */

/* For pad templates: all of them, raw first. */
#define GST_VOICE_CAPS \
  "audio/x-raw, format=(string)S16LE, layout=(string)interleaved, " \
  "rate=(int){ 8000, 16000, 24000, 48000 }, channels=(int)1; " \
  "audio/x-mulaw, rate=(int)8000, channels=(int)1; " \
  "audio/x-alaw, rate=(int)8000, channels=(int)1"

#define GST_VOICE_FRAME_SAMPLES(rate) ((rate) / 50)
/* The same, and packets of Opus, for those that can pass them on. */
#define GST_VOICE_PACKET_CAPS \
  GST_VOICE_CAPS "; audio/x-opus, channel-mapping-family=(int)0"
#define GST_VOICE_OPUS_RATE 48000
/* Bytes of one sample, of what is no packet. */
#define GST_VOICE_SAMPLE_SIZE(encoding) ((encoding) == GST_VOICE_S16 ? 2 : 1)
#define GST_VOICE_FRAME_SIZE(format) \
  (GST_VOICE_FRAME_SAMPLES ((format)->rate) * \
      GST_VOICE_SAMPLE_SIZE ((format)->encoding))

GstCaps *gst_voice_format_to_caps (const GstVoiceFormat *format);
gboolean gst_voice_format_from_caps (GstVoiceFormat *format,
    const GstCaps *caps);
gboolean gst_voice_format_equal (const GstVoiceFormat *a,
    const GstVoiceFormat *b);
/* GST_VOICE_CAPS with @first at the head (raw at its rate, then, if @first is a
 * law, that law directly after it); (transfer full). */
GstCaps *gst_voice_format_caps_preferring (const GstVoiceFormat *first);
/* The law that @caps prefer: one of their own, or that of gst_voice_format_caps_preferring(),
 * beside raw audio that is no better. FALSE: none, @law is untouched then. */
gboolean gst_voice_format_parse_preferred_law (GstVoiceFormat *law,
    const GstCaps *caps);
/* Digital silence: 0, 0xff (mu-law) or 0xd5 (A-law). */
void gst_voice_format_silence (GstVoiceEncoding encoding, guint8 *data,
    gsize size);

/* G.711 by table (spandsp's definition). @n samples. */
void gst_voice_law_decode (GstVoiceEncoding law, const guint8 *in, gint16 *out,
    gsize n);
void gst_voice_law_encode (GstVoiceEncoding law, const gint16 *in, guint8 *out,
    gsize n);

/* A stream converter: law by table, rate by GstAudioConverter with its history
 * kept over the calls (no clicks at frame edges). */
typedef struct _GstVoiceConverter GstVoiceConverter;

GstVoiceConverter *gst_voice_converter_new (const GstVoiceFormat *from,
    const GstVoiceFormat *to);
void gst_voice_converter_free (GstVoiceConverter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstVoiceConverter, gst_voice_converter_free)
/* TRUE: from == to, bytes may be passed on as they are. */
gboolean gst_voice_converter_is_passthrough (const GstVoiceConverter *self);
/* Forgets its history: a new talkspurt, a DISCONT. */
void gst_voice_converter_reset (GstVoiceConverter *self);
/* Converts @size bytes (whole samples) and appends the result to @out. */
void gst_voice_converter_process (GstVoiceConverter *self, gconstpointer data,
    gsize size, GByteArray *out);
/* How much later than its input a sample comes out (ns). */
GstClockTime gst_voice_converter_get_latency (const GstVoiceConverter *self);

VOICE_API_END
G_END_DECLS
