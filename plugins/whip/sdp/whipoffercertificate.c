/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whose offer it was: RFC 8122. */
#include "whipofferprivate.h"

#include <string.h>

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
