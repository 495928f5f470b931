/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "rtpcodec.h"

G_BEGIN_DECLS

/* All the codecs there are, by name and by number. */

#define RTP_CODECS_MAX 16

typedef struct
{
  const RtpCodec *codecs[RTP_CODECS_MAX]; /* in order of preference */
  guint n;
} RtpCodecList;

/* The @n-th of them, NULL behind the last; the first is what a call has before
 * anything else is known. */
const RtpCodec *codec_table_get (guint n);
/* In any case of letters; NULL: there is none. */
const RtpCodec *codec_table_find (const gchar *name);
/* By the payload type of our offers; NULL: there is none. */
const RtpCodec *codec_table_find_type (guint8 payload_type);
/* Whose packets caps of @encoding have; NULL: those are no packets. */
const RtpCodec *codec_table_find_packets (GstVoiceEncoding encoding);
/* "PCMU,PCMA" in order of preference, each once. None at all, and names that are
 * not known, are an error (GST_RESOURCE_ERROR_SETTINGS), which lists them all. */
gboolean codec_table_parse (const gchar *names, RtpCodecList *list,
    GError **error);
/* "PCMU, PCMA and G722" of @list, or of all (NULL); (transfer full). */
gchar *codec_table_describe (const RtpCodecList *list);

/* What a @codec gives to pads without conversion; NULL is the first codec. */
GstVoiceFormat codec_table_get_format (const RtpCodec *codec);

G_END_DECLS
