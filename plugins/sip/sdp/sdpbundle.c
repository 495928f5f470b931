/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sdpbundle.h"

#include <string.h>

#define BUNDLE "BUNDLE"
#define NAME "mid"

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

void
sdp_bundle_accept (GstSDPMessage *message, const GstSDPMessage *offer,
    const GstSDPMedia *accepted)
{
  const gchar *name = get_name (accepted);

  for (guint i = 0; name && i < gst_sdp_message_attributes_len (offer); i++) {
    const GstSDPAttribute *attribute = gst_sdp_message_get_attribute (offer, i);
    if (!attribute->value || g_strcmp0 (attribute->key, "group") ||
        !is_in (attribute->value, name))
      continue;
    g_autofree gchar *group = g_strconcat (BUNDLE, " ", name, NULL);
    gst_sdp_message_add_attribute (message, "group", group);
    return;
  }
}
