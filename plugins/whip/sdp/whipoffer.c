/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "whipofferprivate.h"

#include "logic/whipresource.h"

#include <string.h>

#define MAX_MEDIA 8 /* that are answered */
#define MAX_OFFERED 32 /* with those that are refused */
#define MAX_FORMATS 128
#define MAX_LINE 2048

const gchar *const whip_directions[] = { "sendrecv", "sendonly", "recvonly",
  "inactive" };

/* RFC 8829 5.1.2: all of them mean the first, whose name alone webrtcbin knows. */
static const gchar *const rtp_profiles[] = { "UDP/TLS/RTP/SAVPF",
  "UDP/TLS/RTP/SAVP", "TCP/DTLS/RTP/SAVPF", "TCP/DTLS/RTP/SAVP", "RTP/SAVPF",
  "RTP/SAVP", "RTP/AVPF", "RTP/AVP", NULL };
static const gchar *const data_profiles[] = { "UDP/DTLS/SCTP", "TCP/DTLS/SCTP",
  "DTLS/SCTP", NULL };

/* ---- Reading */

static gboolean
refuse (GError **error, gint status, const gchar *why)
{
  g_set_error_literal (error, WHIP_ERROR, status, why);
  return FALSE;
}

/* Each line is "x=...", and the last one is whole. */
static gboolean
check_lines (const gchar *text, gsize size, GError **error)
{
  if (!size || size > WHIP_MAX_BODY || memchr (text, 0, size) ||
      !g_utf8_validate (text, (gssize) size, NULL))
    return refuse (error, 400, "The offer is not SDP text.");
  if (text[size - 1] != '\n')
    return refuse (error, 400, "The offer ends in the middle of a line.");
  for (const gchar *line = text; line < text + size;) {
    const gchar *end = memchr (line, '\n', (gsize) (text + size - line));
    if (end - line > MAX_LINE)
      return refuse (error, 400, "The offer has a line that is too long.");
    if (end > line && *line != '\r' &&
        (!g_ascii_islower (line[0]) || line[1] != '='))
      return refuse (error, 400, "The offer has a line that is not SDP.");
    line = end + 1;
  }
  return TRUE;
}

/* Each of them costs time, and a place in the answer: so before all else. */
static gboolean
check_count (const gchar *text, gsize size, GError **error)
{
  guint media = 0;

  for (const gchar *line = text; line < text + size;
       line =
           (const gchar *) memchr (line, '\n', (gsize) (text + size - line)) +
           1)
    if (g_str_has_prefix (line, "m=") && ++media > MAX_OFFERED)
      return refuse (error, 422, "The offer has too many m= lines.");
  return TRUE;
}

static const gchar *
attribute (const GstSDPMessage *sdp, const GstSDPMedia *media,
    const gchar *name)
{
  const gchar *own = gst_sdp_media_get_attribute_val (media, name);

  return own ? own : gst_sdp_message_get_attribute_val (sdp, name);
}

static gboolean
has_length (const gchar *text, gsize min, gsize max)
{
  return text && strlen (text) >= min && strlen (text) <= max;
}

static gboolean
check_security (const GstSDPMessage *sdp, const GstSDPMedia *media,
    GError **error)
{
  const gchar *setup = attribute (sdp, media, "setup");
  const gchar *fingerprint = attribute (sdp, media, "fingerprint");

  /* RFC 8839 5.4 */
  if (!has_length (attribute (sdp, media, "ice-ufrag"), 4, 256) ||
      !has_length (attribute (sdp, media, "ice-pwd"), 22, 256))
    return refuse (error, 422,
        "The offer has no ICE credentials: it is not an offer of WebRTC.");
  if (!fingerprint || !strchr (fingerprint, ' '))
    return refuse (error, 422,
        "The offer has no DTLS fingerprint: audio is never sent in clear.");
  if (!setup ||
      (strcmp (setup, "actpass") && strcmp (setup, "active") &&
          strcmp (setup, "passive")))
    return refuse (error, 422, "The offer has no usable a=setup.");
  return TRUE;
}

static gboolean
is_data (const GstSDPMedia *media)
{
  return !strcmp (gst_sdp_media_get_media (media), "application");
}

static gboolean
is_usable_data (const GstSDPMedia *media)
{
  const gchar *port = gst_sdp_media_get_attribute_val (media, "sctp-port");

  return g_strv_contains (data_profiles, gst_sdp_media_get_proto (media)) &&
      port && g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, NULL, NULL);
}

static gboolean
is_usable_rtp (const GstSDPMedia *media)
{
  const gchar *kind = gst_sdp_media_get_media (media);

  return (!strcmp (kind, "audio") || !strcmp (kind, "video")) &&
      g_strv_contains (rtp_profiles, gst_sdp_media_get_proto (media));
}

static gboolean
check_rtp (const GstSDPMedia *media, GError **error)
{
  guint n = gst_sdp_media_formats_len (media);

  if (!n || n > MAX_FORMATS)
    return refuse (error, 422, "The offer has media without formats.");
  for (guint i = 0; i < n; i++)
    if (!g_ascii_string_to_unsigned (gst_sdp_media_get_format (media, i), 10, 0,
            127, NULL, NULL))
      return refuse (error, 400, "The offer has a format that is no number.");
  return TRUE;
}

static gboolean
is_token (const gchar *text)
{
  for (const gchar *c = text; *c; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  return has_length (text, 1, 64);
}

static gboolean
check_media (const GstSDPMessage *sdp, guint index, GHashTable *mids,
    GError **error)
{
  const GstSDPMedia *media = gst_sdp_message_get_media (sdp, index);
  const gchar *mid = gst_sdp_media_get_attribute_val (media, "mid");

  if (!mid || !is_token (mid) || !g_hash_table_add (mids, (gpointer) mid))
    return refuse (error, 422,
        "The offer has media without an a=mid of its "
        "own.");
  if (!is_data (media) && !check_rtp (media, error))
    return FALSE;
  return check_security (sdp, media, error);
}

static gboolean
is_bundle (const GstSDPAttribute *a)
{
  return !strcmp (a->key, "group") && g_str_has_prefix (a->value, "BUNDLE");
}

/* Two of them mean two transports. */
static gboolean
check_one_bundle (const GstSDPMessage *sdp, GError **error)
{
  guint n = 0;

  for (guint i = 0; i < gst_sdp_message_attributes_len (sdp); i++)
    n += is_bundle (gst_sdp_message_get_attribute (sdp, i));
  return n < 2 || refuse (error, 422, "The offer has several BUNDLE groups.");
}

/* RFC 8843: one transport for all; webrtcbin trusts the mids in the group. */
static gboolean
check_bundle (const GstSDPMessage *sdp, GHashTable *mids, GError **error)
{
  guint n = 0;

  for (guint i = 0; i < gst_sdp_message_attributes_len (sdp); i++) {
    const GstSDPAttribute *a = gst_sdp_message_get_attribute (sdp, i);
    if (!is_bundle (a))
      continue;
    g_auto (GStrv) words = g_strsplit (a->value, " ", 64);
    for (gchar **word = words + 1; *word; word++, n++)
      if (!g_hash_table_contains (mids, *word))
        return refuse (error, 422, "The offer bundles media it does not have.");
  }
  if (n != g_hash_table_size (mids) && g_hash_table_size (mids) > 1)
    return refuse (error, 422,
        "The offer does not bundle all its media on one transport.");
  return TRUE;
}

static gboolean
check_message (const GstSDPMessage *sdp, GError **error)
{
  g_autoptr (GHashTable) mids = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = gst_sdp_message_medias_len (sdp), rtp = 0;

  if (n > MAX_MEDIA)
    return refuse (error, 422, "The offer has too many m= lines.");
  for (guint i = 0; i < n; i++) {
    if (!check_media (sdp, i, mids, error))
      return FALSE;
    rtp += !is_data (gst_sdp_message_get_media (sdp, i));
  }
  if (!rtp)
    return refuse (error, 422,
        "The offer has neither audio nor video that can be answered.");
  return check_bundle (sdp, mids, error);
}

/* ---- What is answered by port 0, and takes no further part */

static gboolean
is_bundle_only (const GstSDPMedia *media)
{
  return gst_sdp_media_get_attribute_val (media, "bundle-only") != NULL;
}

/* RFC 3264 6: whoever offers port 0 wants nothing, and need not say more about it;
 * RFC 9143 6 has an exception. */
static gboolean
is_of_use (const GstSDPMedia *media)
{
  if (gst_sdp_media_get_port (media) == 0 && !is_bundle_only (media))
    return FALSE;
  return is_data (media) ? is_usable_data (media) : is_usable_rtp (media);
}

static gboolean
is_whole (const GstSDPMedia *media)
{
  const gchar *kind = gst_sdp_media_get_media (media);
  const gchar *profile = gst_sdp_media_get_proto (media);

  return kind && *kind && profile && *profile;
}

static gboolean
sort_media (WhipOffer *self, GError **error)
{
  guint n = gst_sdp_message_medias_len (self->sdp);

  if (!n)
    return refuse (error, 400, "The offer has no m= line.");
  for (guint i = 0; i < n; i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (self->sdp, i);
    if (!is_whole (media))
      return refuse (error, 400, "The offer has an m= line that is not whole.");
    g_ptr_array_add (self->profiles,
        g_strdup (gst_sdp_media_get_proto (media)));
  }
  while (n-- > 0)
    if (!is_of_use (gst_sdp_message_get_media (self->sdp, n)))
      whip_offer_take_out (self, n);
  return TRUE;
}

/* ---- Mending */

static gboolean
is_troublesome (const gchar *parameter)
{
  g_autofree gchar *name = g_strstrip (g_strdup (parameter));

  return g_str_has_prefix (name, "sprop-stereo") ||
      g_str_has_prefix (name, "sprop-maxcapturerate");
}

/* "111 minptime=10;sprop-stereo=1" without the second. */
static gchar *
mend_fmtp (const gchar *value)
{
  const gchar *blank = strchr (value, ' ');

  if (!blank)
    return NULL;
  g_auto (GStrv) list = g_strsplit (blank + 1, ";", 64);
  GString *out = g_string_new_len (value, blank - value);
  for (gchar **one = list; *one; one++)
    if (!is_troublesome (*one))
      g_string_append_printf (out, "%c%s", one == list ? ' ' : ';', *one);
  return g_string_free (out, FALSE);
}

/* RFC 9143 6: port 0 means bundled here, and not refused. */
static void
mend_port (GstSDPMedia *media)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
    if (!strcmp (gst_sdp_media_get_attribute (media, i)->key, "bundle-only")) {
      gst_sdp_media_remove_attribute (media, i);
      gst_sdp_media_set_port_info (media, 9, 1);
      return;
    }
}

/* What webrtcbin would stumble over (a=ssrc:0), and candidates that are none, or lead
 * to more than one host. */
static gboolean
is_unwanted (const GstSDPAttribute *a, guint *candidates)
{
  if (!strcmp (a->key, "ssrc"))
    return !strtoul (a->value, NULL, 10);
  if (strcmp (a->key, "candidate"))
    return FALSE;
  g_autofree gchar *candidate = g_strconcat ("candidate:", a->value, NULL);
  return !whip_candidate_is_valid (candidate) ||
      ++*candidates > WHIP_MAX_CANDIDATES;
}

static void
drop_unwanted (GstSDPMedia *media)
{
  guint candidates = 0;

  for (guint i = 0; i < gst_sdp_media_attributes_len (media);)
    if (is_unwanted (gst_sdp_media_get_attribute (media, i), &candidates))
      gst_sdp_media_remove_attribute (media, i);
    else
      i++;
}

static void
mend_media (GstSDPMedia *media)
{
  mend_port (media);
  gst_sdp_media_set_proto (media,
      is_data (media) ? data_profiles[0] : rtp_profiles[0]);
  drop_unwanted (media);
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *a = gst_sdp_media_get_attribute (media, i);
    if (strcmp (a->key, "fmtp") || !strstr (a->value, "sprop-"))
      continue;
    g_autofree gchar *value = mend_fmtp (a->value);
    GstSDPAttribute mended = { 0 };
    if (value && gst_sdp_attribute_set (&mended, "fmtp", value) == GST_SDP_OK)
      gst_sdp_media_replace_attribute (media, i, &mended);
  }
}

/* ---- The offer */

static void
refused_clear (gpointer data)
{
  Refused *refused = data;

  g_free (refused->media);
  g_free (refused->format);
  g_free (refused->mid);
}

WhipOffer *
whip_offer_parse (const gchar *text, gsize size, GError **error)
{
  if (!check_lines (text, size, error) || !check_count (text, size, error))
    return NULL;
  g_autoptr (WhipOffer) self = g_new0 (WhipOffer, 1);
  self->ref_count = 1;
  self->refused = g_array_new (FALSE, FALSE, sizeof (Refused));
  g_array_set_clear_func (self->refused, refused_clear);
  self->profiles = g_ptr_array_new_with_free_func (g_free);
  if (gst_sdp_message_new (&self->sdp) != GST_SDP_OK ||
      gst_sdp_message_parse_buffer ((const guint8 *) text, (guint) size,
          self->sdp) != GST_SDP_OK) {
    refuse (error, 400, "The offer cannot be read as SDP.");
    return NULL;
  }
  if (!check_one_bundle (self->sdp, error) || !sort_media (self, error) ||
      !check_message (self->sdp, error))
    return NULL;
  for (guint i = 0; i < gst_sdp_message_medias_len (self->sdp); i++)
    mend_media ((GstSDPMedia *) gst_sdp_message_get_media (self->sdp, i));
  return g_steal_pointer (&self);
}

WhipOffer *
whip_offer_ref (WhipOffer *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
whip_offer_unref (WhipOffer *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_clear_pointer (&self->sdp, gst_sdp_message_free);
  g_array_unref (self->refused);
  g_ptr_array_unref (self->profiles);
  g_free (self);
}

const GstSDPMessage *
whip_offer_get_message (const WhipOffer *self)
{
  return self->sdp;
}

/* The first m= line of @kind, port 0 being a refused one. */
const GstSDPMedia *
whip_sdp_find_media (const GstSDPMessage *sdp, const gchar *kind)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (sdp); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (sdp, i);
    if (!g_strcmp0 (gst_sdp_media_get_media (media), kind) &&
        gst_sdp_media_get_port (media) != 0)
      return media;
  }
  return NULL;
}

/* RFC 3551 6: these need no rtpmap. */
static gint
static_payload (const GstSDPMedia *media, const gchar *encoding)
{
  const gchar *format = !g_ascii_strcasecmp (encoding, "PCMU") ? "0"
      : !g_ascii_strcasecmp (encoding, "PCMA")                 ? "8"
                                                               : NULL;

  for (guint i = 0; format && i < gst_sdp_media_formats_len (media); i++)
    if (!strcmp (gst_sdp_media_get_format (media, i), format))
      return atoi (format);
  return -1;
}

static gboolean
has_format (const GstSDPMedia *media, guint64 payload)
{
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++)
    if (g_ascii_strtoull (gst_sdp_media_get_format (media, i), NULL, 10) ==
        payload)
      return TRUE;
  return FALSE;
}

gint
whip_offer_find_payload (const WhipOffer *self, const gchar *kind,
    const gchar *encoding)
{
  const GstSDPMedia *media = whip_sdp_find_media (self->sdp, kind);
  gsize length = strlen (encoding);

  if (!media)
    return -1;
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *a = gst_sdp_media_get_attribute (media, i);
    if (strcmp (a->key, "rtpmap"))
      continue;
    gchar *end;
    guint64 payload = g_ascii_strtoull (a->value, &end, 10);
    if (*end == ' ' && payload < 128 && has_format (media, payload) &&
        !g_ascii_strncasecmp (end + 1, encoding, length) &&
        end[1 + length] == '/')
      return (gint) payload;
  }
  return static_payload (media, encoding);
}

static const gchar *
direction_of (const GstSDPMessage *sdp, const GstSDPMedia *media)
{
  for (guint i = 0; i < WHIP_N_DIRECTIONS; i++)
    if (gst_sdp_media_get_attribute_val (media, whip_directions[i]))
      return whip_directions[i];
  for (guint i = 0; i < WHIP_N_DIRECTIONS; i++)
    if (gst_sdp_message_get_attribute_val (sdp, whip_directions[i]))
      return whip_directions[i];
  return "sendrecv";
}

gboolean
whip_sdp_has_direction (const GstSDPMessage *sdp, const gchar *kind,
    const gchar *one_way)
{
  const GstSDPMedia *media = whip_sdp_find_media (sdp, kind);
  const gchar *direction = media ? direction_of (sdp, media) : "inactive";

  return !strcmp (direction, "sendrecv") || !strcmp (direction, one_way);
}

gboolean
whip_offer_sends (const WhipOffer *self, const gchar *media)
{
  return whip_sdp_has_direction (self->sdp, media, "sendonly");
}

gboolean
whip_offer_receives (const WhipOffer *self, const gchar *media)
{
  return whip_sdp_has_direction (self->sdp, media, "recvonly");
}

gint
whip_offer_find_mid (const WhipOffer *self, const gchar *mid)
{
  if (!mid)
    return 0;
  for (guint i = 0; i < gst_sdp_message_medias_len (self->sdp); i++)
    if (!g_strcmp0 (gst_sdp_media_get_attribute_val (
                        gst_sdp_message_get_media (self->sdp, i), "mid"),
            mid))
      return (gint) i;
  for (guint i = 0; i < self->refused->len; i++)
    if (!g_strcmp0 (g_array_index (self->refused, Refused, i).mid, mid))
      return 0;
  return -1;
}

const gchar *
whip_offer_get_first_mid (const WhipOffer *self)
{
  return gst_sdp_media_get_attribute_val (gst_sdp_message_get_media (self->sdp,
                                              0),
      "mid");
}

gboolean
whip_offer_is_restart (const WhipOffer *self, const gchar *ufrag)
{
  const GstSDPMedia *media = gst_sdp_message_get_media (self->sdp, 0);

  return ufrag && g_strcmp0 (attribute (self->sdp, media, "ice-ufrag"), ufrag);
}
