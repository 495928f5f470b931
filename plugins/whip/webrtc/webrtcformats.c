/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "webrtcformats.h"

#include "logic/whipresource.h"

#include <string.h>

static gint
find_payload (const WhipOffer *offer, const gchar *media, GStrv encodings)
{
  for (guint i = 0; encodings[i]; i++) {
    gint payload = whip_offer_find_payload (offer, media, encodings[i]);
    if (payload >= 0)
      return payload;
  }
  return -1;
}

/* The payload type that the line will send, -1: none. The first sender that can
 * speaks, all others are silent. */
static gint
choose_speech (const WebrtcBranches *branches, const WhipOffer *offer,
    const gchar *media)
{
  const GPtrArray *senders = branches->senders;
  gint spoken = -1;

  for (guint i = 0; i < senders->len; i++) {
    WebrtcSender *sender = g_ptr_array_index (senders, i);
    if (strcmp (sender->media, media))
      continue;
    g_auto (GStrv) encodings = webrtc_sender_dup_encodings (sender);
    gint payload = spoken < 0 ? find_payload (offer, media, encodings) : -1;
    sender->speaks = payload >= 0;
    if (!sender->speaks)
      continue;
    g_object_set (sender->payloader, "pt", (guint) payload, NULL);
    spoken = payload;
  }
  return spoken;
}

static gint
choose_hearing (const WebrtcBranches *branches, const WhipOffer *offer,
    const gchar *media)
{
  const GPtrArray *receivers = branches->receivers;
  gint payload = -1;

  for (guint i = 0; i < receivers->len && payload < 0; i++) {
    WebrtcReceiver *receiver = g_ptr_array_index (receivers, i);
    g_auto (GStrv) encodings = webrtc_receiver_dup_encodings (receiver);
    if (!strcmp (receiver->media, media))
      payload = find_payload (offer, media, encodings);
  }
  return payload;
}

/* FALSE: offer and line have nothing in common. */
static gboolean
choose (const WebrtcBranches *branches, WhipOffer *offer)
{
  static const gchar *const kinds[] = { "audio", "video" };
  gboolean any = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    gint heard = choose_hearing (branches, offer, kinds[i]);
    gint spoken = choose_speech (branches, offer, kinds[i]);
    whip_offer_restrict (offer, kinds[i], heard, spoken);
    any |= whip_offer_sends (offer, kinds[i]) ||
        whip_offer_receives (offer, kinds[i]);
  }
  return any;
}

static gchar *
describe (const WebrtcBranches *branches)
{
  const GPtrArray *senders = branches->senders;
  const GPtrArray *receivers = branches->receivers;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < senders->len; i++) {
    g_auto (GStrv) encodings =
        webrtc_sender_dup_encodings (g_ptr_array_index (senders, i));
    if (encodings[0])
      g_strv_builder_add (names, encodings[0]);
  }
  for (guint i = 0; !senders->len && i < receivers->len; i++) {
    g_auto (GStrv) encodings =
        webrtc_receiver_dup_encodings (g_ptr_array_index (receivers, i));
    if (encodings[0])
      g_strv_builder_add (names, encodings[0]);
  }
  g_auto (GStrv) list = g_strv_builder_end (names);
  return g_strjoinv (", ", list);
}

gboolean
webrtc_formats_choose (const WebrtcBranches *branches, WhipOffer *offer,
    GError **error)
{
  if (choose (branches, offer))
    return TRUE;
  g_autofree gchar *formats = describe (branches);
  g_set_error (error, WHIP_ERROR, 422,
      "The offer has no format in common with this line, which has: %s.",
      formats);
  return FALSE;
}
