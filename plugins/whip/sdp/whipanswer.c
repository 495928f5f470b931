/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "whipanswer.h"

#include "whipofferprivate.h"

#include "logic/whipresource.h"

#include <string.h>

/* "candidate:1 1 UDP 2015 10.0.0.1 4000 typ host" with another address. */
static gchar *
with_address (const gchar *value, const gchar *address)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 9);

  /* One of another family stays what it is. */
  if (g_strv_length (words) < 8 || strcmp (words[7], "host") ||
      !strchr (words[4], ':') != !strchr (address, ':'))
    return NULL;
  g_free (words[4]);
  words[4] = g_strdup (address);
  return g_strjoinv (" ", words);
}

static guint
readdress (GstSDPMedia *media, const gchar *address)
{
  guint n = 0;

  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *a = gst_sdp_media_get_attribute (media, i);
    if (strcmp (a->key, "candidate"))
      continue;
    n++;
    g_autofree gchar *value = address ? with_address (a->value, address) : NULL;
    if (!value)
      continue;
    GstSDPAttribute mended = { 0 };
    gst_sdp_attribute_set (&mended, "candidate", value);
    gst_sdp_media_replace_attribute (media, i, &mended);
  }
  return n;
}

static void
add_stream (const GstSDPMessage *sdp, const WhipStream *stream)
{
  GstSDPMedia *media = (GstSDPMedia *) whip_sdp_find_media (sdp, stream->media);

  if (!media || !whip_sdp_has_direction (sdp, stream->media, "sendonly") ||
      gst_sdp_media_get_attribute_val (media, "ssrc"))
    return;
  g_autofree gchar *cname =
      g_strdup_printf ("%u cname:voice-agent", stream->ssrc);
  g_autofree gchar *msid = g_strdup_printf ("voice-agent %s", stream->media);
  gst_sdp_media_add_attribute (media, "msid", msid);
  gst_sdp_media_add_attribute (media, "ssrc", cname);
}

/* RFC 9429 5.3.1: port 0. */
static void
put_back (GstSDPMessage *sdp, const Refused *refused)
{
  GstSDPMedia *media;

  gst_sdp_media_new (&media);
  gst_sdp_media_set_media (media, refused->media);
  gst_sdp_media_set_port_info (media, 0, 1);
  gst_sdp_media_add_format (media, refused->format);
  gst_sdp_media_add_connection (media, "IN", "IP4", "0.0.0.0", 0, 0);
  if (refused->mid)
    gst_sdp_media_add_attribute (media, "mid", refused->mid);
  gst_sdp_media_add_attribute (media, "inactive", "");
  g_array_insert_val (sdp->medias, refused->index, *media);
  g_free (media); /* what it holds has moved */
}

/* RFC 8829 5.1.2: as offered. */
static void
name_profiles (const WhipOffer *self, GstSDPMessage *sdp)
{
  for (guint i = 0;
       i < MIN (gst_sdp_message_medias_len (sdp), self->profiles->len); i++)
    gst_sdp_media_set_proto ((GstSDPMedia *) gst_sdp_message_get_media (sdp, i),
        g_ptr_array_index (self->profiles, i));
}

static gboolean
is_opus (const GstSDPMedia *media, const gchar *format)
{
  g_autofree gchar *opus = g_strconcat (format, " opus/", NULL);

  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *a = gst_sdp_media_get_attribute (media, i);
    if (!strcmp (a->key, "rtpmap") &&
        !g_ascii_strncasecmp (a->value, opus, strlen (opus)))
      return TRUE;
  }
  return FALSE;
}

/* "109 minptime=10;useinbandfec=1" with or without the second. */
static gchar *
mend_fec (const gchar *format, const gchar *parameters, gboolean reads)
{
  g_auto (GStrv) list = g_strsplit (parameters, ";", 64);
  GString *out = g_string_new (format);
  gchar separator = ' ';

  for (gchar **one = list; *one; one++) {
    g_strstrip (*one);
    if (!**one || g_str_has_prefix (*one, "useinbandfec"))
      continue;
    g_string_append_printf (out, "%c%s", separator, *one);
    separator = ';';
  }
  if (reads)
    g_string_append_printf (out, "%cuseinbandfec=1", separator);
  if (separator == ' ' && !reads)
    g_string_truncate (out, 0);
  return g_string_free (out, FALSE);
}

/* The parameters of @format, which are taken out; "" if there are none. */
static gchar *
take_parameters (GstSDPMedia *media, const gchar *format)
{
  gsize length = strlen (format);

  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *a = gst_sdp_media_get_attribute (media, i);
    if (strcmp (a->key, "fmtp") || strncmp (a->value, format, length) ||
        a->value[length] != ' ')
      continue;
    gchar *parameters = g_strdup (a->value + length + 1);
    gst_sdp_media_remove_attribute (media, i);
    return parameters;
  }
  return g_strdup ("");
}

/* RFC 7587 6.1: who names it wants to get it. webrtcbin repeats what was offered. */
static void
announce_fec (GstSDPMessage *sdp, gboolean reads)
{
  GstSDPMedia *media = (GstSDPMedia *) whip_sdp_find_media (sdp, "audio");

  for (guint i = 0; media && i < gst_sdp_media_formats_len (media); i++) {
    const gchar *format = gst_sdp_media_get_format (media, i);
    if (!is_opus (media, format))
      continue;
    g_autofree gchar *parameters = take_parameters (media, format);
    g_autofree gchar *value = mend_fec (format, parameters, reads);
    if (*value)
      gst_sdp_media_add_attribute (media, "fmtp", value);
  }
}

gchar *
whip_offer_write_answer (const WhipOffer *self, const GstSDPMessage *answer,
    const WhipOwn *own, GError **error)
{
  GstSDPMessage *copy = NULL;
  guint n = 0;

  gst_sdp_message_copy (answer, &copy);
  for (guint i = 0; i < gst_sdp_message_medias_len (copy); i++)
    n += readdress ((GstSDPMedia *) gst_sdp_message_get_media (copy, i),
        own->external_address);
  for (guint i = 0; i < own->n_streams; i++)
    add_stream (copy, &own->streams[i]);
  announce_fec (copy, own->reads_fec);
  for (guint i = self->refused->len; i-- > 0;)
    put_back (copy, &g_array_index (self->refused, Refused, i));
  name_profiles (self, copy);
  gchar *text = n ? gst_sdp_message_as_text (copy) : NULL;
  gst_sdp_message_free (copy);
  if (!text)
    g_set_error_literal (error, WHIP_ERROR, 503,
        "There is no free port, or no network address to be reached at.");
  return text;
}

gboolean
whip_answer_sends (const GstSDPMessage *answer, const gchar *media)
{
  return whip_sdp_has_direction (answer, media, "sendonly");
}
