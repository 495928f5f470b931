/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What is left of an offer when the line has said what it can. */
#include "whipofferprivate.h"

#include <stdlib.h>
#include <string.h>

static void
set_direction (GstSDPMedia *media, const gchar *direction)
{
  for (guint i = gst_sdp_media_attributes_len (media); i-- > 0;)
    for (guint d = 0; d < WHIP_N_DIRECTIONS; d++)
      if (!strcmp (gst_sdp_media_get_attribute (media, i)->key,
              whip_directions[d])) {
        gst_sdp_media_remove_attribute (media, i);
        break;
      }
  gst_sdp_media_add_attribute (media, direction, "");
}

static gboolean
is_of_format (const GstSDPAttribute *a, gint payload)
{
  static const gchar *const names[] = { "rtpmap", "fmtp", "rtcp-fb", NULL };
  gchar *end;

  return g_strv_contains (names, a->key) &&
      g_ascii_strtoull (a->value, &end, 10) == (guint64) payload &&
      (*end == ' ' || *end == '\0') && end != a->value;
}

static void
remove_format (GstSDPMedia *media, guint index)
{
  gint payload = atoi (gst_sdp_media_get_format (media, index));

  for (guint i = gst_sdp_media_attributes_len (media); i-- > 0;)
    if (is_of_format (gst_sdp_media_get_attribute (media, i), payload))
      gst_sdp_media_remove_attribute (media, i);
  gst_sdp_media_remove_format (media, index);
}

/* An m= line needs one at least. */
static void
keep_formats (GstSDPMedia *media, gint heard, gint spoken)
{
  for (guint i = gst_sdp_media_formats_len (media); i-- > 0;) {
    gint payload = atoi (gst_sdp_media_get_format (media, i));
    gboolean last = gst_sdp_media_formats_len (media) == 1;
    if (payload != heard && payload != spoken && !last)
      remove_format (media, i);
  }
}

/* "BUNDLE 0 1" without a mid. */
static void
leave_bundle (GstSDPMessage *sdp, const gchar *mid)
{
  for (guint i = 0; i < gst_sdp_message_attributes_len (sdp); i++) {
    const GstSDPAttribute *a = gst_sdp_message_get_attribute (sdp, i);
    if (strcmp (a->key, "group") || !g_str_has_prefix (a->value, "BUNDLE"))
      continue;
    g_auto (GStrv) words = g_strsplit (a->value, " ", 64);
    GString *rest = g_string_new (words[0]);
    for (gchar **word = words + 1; *word; word++)
      if (strcmp (*word, mid))
        g_string_append_printf (rest, " %s", *word);
    GstSDPAttribute mended = { 0 };
    gst_sdp_attribute_set (&mended, "group", rest->str);
    gst_sdp_message_replace_attribute (sdp, i, &mended);
    g_string_free (rest, TRUE);
  }
}

void
whip_offer_take_out (WhipOffer *self, guint index)
{
  GstSDPMedia *media =
      (GstSDPMedia *) gst_sdp_message_get_media (self->sdp, index);
  const gchar *format = gst_sdp_media_get_format (media, 0);
  const Refused refused = { index, g_strdup (gst_sdp_media_get_media (media)),
    g_strdup (format ? format : "0"),
    g_strdup (gst_sdp_media_get_attribute_val (media, "mid")) };

  if (refused.mid)
    leave_bundle (self->sdp, refused.mid);
  g_array_append_val (self->refused, refused);
  gst_sdp_media_uninit (media);
  g_array_remove_index (self->sdp->medias, index);
}

void
whip_offer_restrict (WhipOffer *self, const gchar *kind, gint heard,
    gint spoken)
{
  const GstSDPMedia *first = whip_sdp_find_media (self->sdp, kind);
  gboolean sends = heard >= 0 && whip_offer_sends (self, kind);
  gboolean receives = spoken >= 0 && whip_offer_receives (self, kind);

  if (first && (sends || receives)) {
    keep_formats ((GstSDPMedia *) first, heard, spoken);
    set_direction ((GstSDPMedia *) first,
        sends && receives ? "sendrecv"
            : sends       ? "sendonly"
                          : "recvonly");
  } else {
    first = NULL;
  }
  for (guint i = gst_sdp_message_medias_len (self->sdp); i-- > 0;) {
    const GstSDPMedia *media = gst_sdp_message_get_media (self->sdp, i);
    if (media == first || strcmp (gst_sdp_media_get_media (media), kind))
      continue;
    whip_offer_take_out (self, i);
    if (first && first > media)
      first--; /* they moved up */
  }
}

/* ---- Words for it */

static const gchar *
name_format (const GstSDPMedia *media, const gchar *format)
{
  for (guint i = 0;; i++) {
    const gchar *map = gst_sdp_media_get_attribute_val_n (media, "rtpmap", i);
    if (!map)
      return "as RFC 3551 has it";
    gsize length = strlen (format);
    if (!strncmp (map, format, length) && map[length] == ' ')
      return map + length + 1;
  }
}

gchar *
whip_offer_describe (const WhipOffer *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < gst_sdp_message_medias_len (self->sdp); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (self->sdp, i);
    const gchar *kind = gst_sdp_media_get_media (media);
    const gchar *format = gst_sdp_media_get_format (media, 0);
    g_string_append_printf (text, "%s%s", i ? ", " : "", kind);
    if (!strcmp (kind, "application"))
      continue;
    for (guint d = 0; d < WHIP_N_DIRECTIONS; d++)
      if (gst_sdp_media_get_attribute_val (media, whip_directions[d]))
        g_string_append_printf (text, " %s", whip_directions[d]);
    g_string_append_printf (text, " %s (%s)", name_format (media, format),
        format);
  }
  return g_string_free (text, FALSE);
}
