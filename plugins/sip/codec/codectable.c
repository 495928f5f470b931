/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "codectable.h"

static const RtpCodec *const table[] = {
  &rtp_codec_pcmu,
  &rtp_codec_pcma,
  &rtp_codec_g722,
  &rtp_codec_opus,
};

G_STATIC_ASSERT (G_N_ELEMENTS (table) <= RTP_CODECS_MAX);

const RtpCodec *
codec_table_get (guint n)
{
  return n < G_N_ELEMENTS (table) ? table[n] : NULL;
}

const RtpCodec *
codec_table_find (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (!g_ascii_strcasecmp (table[i]->name, name))
      return table[i];
  return NULL;
}

const RtpCodec *
codec_table_find_type (guint8 payload_type)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i]->payload_type == payload_type)
      return table[i];
  return NULL;
}

const RtpCodec *
codec_table_find_packets (GstVoiceEncoding encoding)
{
  for (guint i = 0; encoding != GST_VOICE_S16 && i < G_N_ELEMENTS (table); i++)
    if (table[i]->packet_encoding == encoding)
      return table[i];
  return NULL;
}

static gboolean
contains (const RtpCodecList *list, const RtpCodec *codec)
{
  for (guint i = 0; i < list->n; i++)
    if (list->codecs[i] == codec)
      return TRUE;
  return FALSE;
}

static gboolean
refuse (GError **error, const gchar *what)
{
  g_autofree gchar *all = codec_table_describe (NULL);

  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "codecs %s; there are %s.", what, all);
  return FALSE;
}

gboolean
codec_table_parse (const gchar *names, RtpCodecList *list, GError **error)
{
  g_auto (GStrv) words = g_strsplit (names ? names : "", ",", -1);

  list->n = 0;
  for (gchar **word = words; *word; word++) {
    const RtpCodec *codec = codec_table_find (g_strstrip (*word));
    if (!codec) {
      g_autofree gchar *what =
          g_strdup_printf ("names \"%s\", which is none", *word);
      return refuse (error, what);
    }
    if (!contains (list, codec))
      list->codecs[list->n++] = codec;
  }
  return list->n || refuse (error, "names none");
}

gchar *
codec_table_describe (const RtpCodecList *list)
{
  GString *text = g_string_new (NULL);
  const guint n = list ? list->n : G_N_ELEMENTS (table);

  for (guint i = 0; i < n; i++) {
    if (i)
      g_string_append (text, i + 1 < n ? ", " : " and ");
    g_string_append (text, (list ? list->codecs[i] : table[i])->name);
  }
  return g_string_free (text, FALSE);
}

GstVoiceFormat
codec_table_get_format (const RtpCodec *codec)
{
  if (!codec)
    codec = table[0];
  return (GstVoiceFormat){ codec->encoding, codec->rate };
}
