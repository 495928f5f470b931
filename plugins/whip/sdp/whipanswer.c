/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "whipofferprivate.h"

#include "logic/whipresource.h"

#include <string.h>

/* ---- Fingerprints */

static guchar *
der_of_pem (const gchar *pem, gsize *size)
{
  const gchar *begin = pem ? strstr (pem, "-----BEGIN CERTIFICATE-----") : NULL;
  const gchar *end = begin ? strstr (begin, "-----END CERTIFICATE-----") : NULL;

  if (!end)
    return NULL;
  begin += strlen ("-----BEGIN CERTIFICATE-----");
  g_autofree gchar *base64 = g_strndup (begin, (gsize) (end - begin));
  return g_base64_decode (base64, size);
}

static gboolean
checksum_of_name (const gchar *name, gsize length, GChecksumType *type)
{
  static const struct
  {
    const gchar *name;
    GChecksumType type;
  } known[] = {
    { "sha-256", G_CHECKSUM_SHA256 },
    { "sha-384", G_CHECKSUM_SHA384 },
    { "sha-512", G_CHECKSUM_SHA512 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strlen (known[i].name) == length &&
        !g_ascii_strncasecmp (name, known[i].name, length)) {
      *type = known[i].type;
      return TRUE;
    }
  return FALSE;
}

static gboolean
fingerprint_is (const gchar *value, const guchar *der, gsize size)
{
  const gchar *blank = strchr (value, ' ');
  GChecksumType type;

  /* RFC 8122 5: weaker digests are not to be trusted. */
  if (!blank || !checksum_of_name (value, (gsize) (blank - value), &type))
    return FALSE;
  g_autofree gchar *sum = g_compute_checksum_for_data (type, der, size);
  GString *plain = g_string_new (NULL);
  for (const gchar *c = blank + 1; *c; c++)
    if (*c != ':')
      g_string_append_c (plain, g_ascii_tolower (*c));
  gboolean same = !strcmp (plain->str, sum);
  g_string_free (plain, TRUE);
  return same;
}

/* Those of the media count where it has any. */
static gboolean
media_has_certificate (const GstSDPMessage *sdp, const GstSDPMedia *media,
    const guchar *der, gsize size)
{
  guint n = 0;

  for (;; n++) {
    const gchar *value =
        gst_sdp_media_get_attribute_val_n (media, "fingerprint", n);
    if (!value)
      break;
    if (fingerprint_is (value, der, size))
      return TRUE;
  }
  for (guint i = 0; !n; i++) {
    const gchar *value =
        gst_sdp_message_get_attribute_val_n (sdp, "fingerprint", i);
    if (!value)
      return FALSE;
    if (fingerprint_is (value, der, size))
      return TRUE;
  }
  return FALSE;
}

gboolean
whip_offer_has_certificate (const WhipOffer *self, const gchar *pem)
{
  gsize size = 0;
  g_autofree guchar *der = der_of_pem (pem, &size);

  if (!der || !size)
    return FALSE;
  for (guint i = 0; i < gst_sdp_message_medias_len (self->sdp); i++)
    if (!media_has_certificate (self->sdp,
            gst_sdp_message_get_media (self->sdp, i), der, size))
      return FALSE;
  return TRUE;
}

/* ---- The answer */

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
