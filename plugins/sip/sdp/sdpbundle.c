/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sdpbundle.h"

#include <stdlib.h>
#include <string.h>

#define BUNDLE "BUNDLE"
#define NAME "mid"
#define EXTENSION "extmap"
#define EXTENSION_URI "urn:ietf:params:rtp-hdrext:sdes:mid"

/* The m-line's a=mid; NULL: it has none that can be one (RFC 5888 4: a token). */
static const gchar *
get_name (const GstSDPMedia *media)
{
  const gchar *name = gst_sdp_media_get_attribute_val (media, NAME);

  return name && *name && !strchr (name, ' ') ? name : NULL;
}

void
sdp_bundle_copy_name (GstSDPMedia *media, const GstSDPMedia *named)
{
  const gchar *name = get_name (named);

  if (name)
    gst_sdp_media_add_attribute (media, NAME, name);
}

/* @group: the value of a=group. */
static gboolean
is_in (const gchar *group, const gchar *name)
{
  g_auto (GStrv) words = g_strsplit (group, " ", -1);

  return !g_strcmp0 (words[0], BUNDLE) &&
      g_strv_contains ((const gchar *const *) words + 1, name);
}

static gboolean
is_bundled (const GstSDPMessage *message, const gchar *name)
{
  for (guint i = 0; name && i < gst_sdp_message_attributes_len (message); i++) {
    const GstSDPAttribute *attribute =
        gst_sdp_message_get_attribute (message, i);
    if (attribute->value && !g_strcmp0 (attribute->key, "group") &&
        is_in (attribute->value, name))
      return TRUE;
  }
  return FALSE;
}

/* "1 urn:...", both ways; a direction (RFC 8285 6) that is not both is none of ours. */
static guint8
read_extension (const gchar *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 3);

  if (g_strv_length (words) < 2 || !g_str_equal (words[1], EXTENSION_URI))
    return 0;
  gchar *end;
  const gulong id = strtoul (words[0], &end, 10);
  const gboolean both = !*end || g_str_equal (end, "/sendrecv");
  return both && id >= 1 && id <= 14 ? (guint8) id : 0; /* of one byte */
}

RtpName
sdp_bundle_read_name (const GstSDPMessage *message, const GstSDPMedia *media)
{
  RtpName found = { 0 };
  const gchar *name = get_name (media);

  if (!is_bundled (message, name) || strlen (name) >= sizeof found.mid)
    return found;
  g_strlcpy (found.mid, name, sizeof found.mid);
  for (guint i = 0; i < gst_sdp_media_attributes_len (media) && !found.id;
       i++) {
    const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
    if (attribute->value && !g_strcmp0 (attribute->key, EXTENSION))
      found.id = read_extension (attribute->value);
  }
  return found;
}

void
sdp_bundle_accept (GstSDPMessage *message, GstSDPMedia *media,
    const GstSDPMessage *offer, const GstSDPMedia *accepted)
{
  const gchar *name = get_name (accepted);

  if (!is_bundled (offer, name))
    return;
  g_autofree gchar *group = g_strconcat (BUNDLE, " ", name, NULL);
  gst_sdp_message_add_attribute (message, "group", group);
  const RtpName wanted = sdp_bundle_read_name (offer, accepted);
  if (!wanted.id)
    return;
  g_autofree gchar *extension =
      g_strdup_printf ("%u %s", wanted.id, EXTENSION_URI);
  gst_sdp_media_add_attribute (media, EXTENSION, extension);
}
