/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sdpformats.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FORMATS 64 /* each is looked up in all attributes */
#define FIRST_DYNAMIC 96 /* payload type, RFC 3551 6 */
#define EVENTS "telephone-event"

/* ---- Reading */

/* Decimal digits only, below 128; -1 otherwise. */
static gint
read_type (const gchar *text)
{
  gchar *end;

  if (!text || !g_ascii_isdigit (*text))
    return -1;
  gulong value = strtoul (text, &end, 10);
  return *end == '\0' && value < 128 ? (gint) value : -1;
}

/* "PCMU/8000" of the rtpmap of @type; NULL if there is none. */
static const gchar *
rtpmap (const GstSDPMedia *media, gint type)
{
  /* Not by gst_sdp_media_get_attribute_val_n(), which begins anew each time. */
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
    const gchar *value = attribute->value;
    gchar *end;
    if (!value || g_strcmp0 (attribute->key, "rtpmap"))
      continue;
    gulong number = strtoul (value, &end, 10);
    if (end != value && *end == ' ' && number == (gulong) type)
      return end + 1;
  }
  return NULL;
}

/* @channels: 0 and 1 are the same, and need not stand there. */
static gboolean
is_encoding (const gchar *map, const gchar *name, guint clock, guint channels)
{
  gsize length = strlen (name);
  gchar *end;

  if (g_ascii_strncasecmp (map, name, length) || map[length] != '/' ||
      !g_ascii_isdigit (map[length + 1]) ||
      strtoul (map + length + 1, &end, 10) != clock)
    return FALSE;
  if (*end == '\0')
    return channels <= 1;
  return end[0] == '/' && (guint) (end[1] - '0') == MAX (channels, 1) &&
      end[2] == '\0';
}

static gboolean
is_codec (const GstSDPMedia *media, gint type, const RtpCodec *codec)
{
  const gchar *map = rtpmap (media, type);

  if (map)
    return is_encoding (map, codec->name, codec->clock, codec->channels);
  return type == codec->payload_type && type < FIRST_DYNAMIC;
}

/* The payload type under which @media lists keys of that clock; -1 if it does not. */
static gint
find_events_of (const GstSDPMedia *media, guint clock)
{
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
    gint type = read_type (gst_sdp_media_get_format (media, i));
    const gchar *map = type < 0 ? NULL : rtpmap (media, type);
    if (map && is_encoding (map, EVENTS, clock, 0))
      return type;
  }
  return -1;
}

/* They have the clock of the codec (RFC 4733 2.1); but there are phones which list them at
 * 8000 Hz beside any codec, and count so. */
gint
sdp_formats_find_events (const GstSDPMedia *media, const RtpCodec *codec,
    guint *clock)
{
  const gint type = find_events_of (media, *clock = codec->clock);

  return type >= 0 ? type : find_events_of (media, *clock = 8000);
}

const RtpCodec *
sdp_formats_choose (const GstSDPMedia *media, const RtpCodecList *codecs,
    guint8 *payload_type)
{
  if (gst_sdp_media_formats_len (media) > MAX_FORMATS)
    return NULL;
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
    gint type = read_type (gst_sdp_media_get_format (media, i));
    for (guint k = 0; type >= 0 && k < codecs->n; k++) {
      if (!is_codec (media, type, codecs->codecs[k]))
        continue;
      *payload_type = (guint8) type;
      return codecs->codecs[k];
    }
  }
  return NULL;
}

const gchar *
sdp_formats_get_parameters (const GstSDPMedia *media, gint type)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
    gchar *end;
    if (attribute->value && !g_strcmp0 (attribute->key, "fmtp") &&
        strtoul (attribute->value, &end, 10) == (gulong) type && *end == ' ')
      return end + 1;
  }
  return NULL;
}

/* ---- Writing */

static void
add_format (GstSDPMedia *media, guint type, const gchar *encoding,
    const gchar *parameters)
{
  g_autofree gchar *format = g_strdup_printf ("%u", type);
  g_autofree gchar *map = g_strdup_printf ("%u %s", type, encoding);
  g_autofree gchar *said = g_strdup_printf ("%u %s", type, parameters);

  gst_sdp_media_add_format (media, format);
  gst_sdp_media_add_attribute (media, "rtpmap", map);
  if (parameters)
    gst_sdp_media_add_attribute (media, "fmtp", said);
}

void
sdp_formats_add (GstSDPMedia *media, guint type, const RtpCodec *codec)
{
  g_autofree gchar *encoding = codec->channels
      ? g_strdup_printf ("%s/%u/%u", codec->name, codec->clock, codec->channels)
      : g_strdup_printf ("%s/%u", codec->name, codec->clock);

  add_format (media, type, encoding, codec->parameters);
}

void
sdp_formats_add_events (GstSDPMedia *media, gint type, guint clock)
{
  g_autofree gchar *encoding = g_strdup_printf (EVENTS "/%u", clock);

  if (type >= 0)
    add_format (media, (guint) type, encoding, "0-15");
}

void
sdp_formats_add_all_events (GstSDPMedia *media, const RtpCodecList *list)
{
  for (guint i = 0; i < list->n; i++) {
    const RtpCodec *codec = list->codecs[i];
    guint k = 0;
    while (list->codecs[k]->clock != codec->clock)
      k++;
    if (k == i)
      sdp_formats_add_events (media, codec->event_type, codec->clock);
  }
}
