/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Fragments that a browser sends in a session: candidates that it found late, and
 * restarts of ICE (RFC 9725 4.3). HTTP loop. */

#include "webrtcpeerprivate.h"
#include "webrtcice.h"

#include "line/whiplog.h"
#include "logic/whipresource.h"

static gboolean
patch_error (GError **error, gint status, const gchar *why)
{
  g_set_error_literal (error, WHIP_ERROR, status, why);
  return FALSE;
}

#define MAX_RESTARTS 64

/* All or nothing: a fragment that is refused has changed nothing. */
static gboolean
check_candidates (WebrtcPeer *self, const WhipFragment *fragment,
    GError **error)
{
  if (self->candidates + fragment->candidates->len > WHIP_MAX_CANDIDATES)
    return patch_error (error, 413, "The session has too many candidates.");
  for (guint i = 0; i < fragment->candidates->len; i++) {
    const WhipCandidate *c = g_ptr_array_index (fragment->candidates, i);
    if (whip_offer_find_mid (self->offer, c->mid) < 0)
      return patch_error (error, 400, "The fragment names an unknown a=mid.");
  }
  return TRUE;
}

/* Browsers go on to name the fragment's ICE session when they trickle into it. */
static gboolean
is_restart (WebrtcPeer *self, const WhipFragment *fragment)
{
  if (!fragment->ufrag)
    return FALSE;
  return self->remote_ufrag
      ? g_strcmp0 (self->remote_ufrag, fragment->ufrag)
      : whip_offer_is_restart (self->offer, fragment->ufrag);
}

/* Our candidates stay what they were. */
static gchar *
restart_reply (WebrtcPeer *self, const gchar *ufrag, const gchar *password)
{
  return g_strdup_printf ("a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n"
                          "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:%s\r\n%s"
                          "a=end-of-candidates\r\n",
      ufrag, password, whip_offer_get_first_mid (self->offer),
      self->own_candidates ? self->own_candidates : "");
}

static gboolean
restart_ice (WebrtcPeer *self, GstElement *webrtc, WhipFragment *fragment,
    gchar **reply, GError **error)
{
  g_autofree gchar *remote = g_strdup (fragment->ufrag);

  if (!whip_fragment_has_credentials (fragment))
    return patch_error (error, 400,
        "The fragment's ICE credentials are not as RFC 8839 has them.");
  if (self->restarts == MAX_RESTARTS)
    return patch_error (error, 413, "The session was restarted too often.");
  if (!webrtc_restart_ice (webrtc, &fragment->ufrag, &fragment->password))
    return patch_error (error, 501, "This ICE agent cannot be restarted.");
  g_free (self->remote_ufrag);
  self->remote_ufrag = g_steal_pointer (&remote);
  *reply = restart_reply (self, fragment->ufrag, fragment->password);
  g_free (self->etag);
  self->etag = g_strdup_printf ("\"%.8s-%u\"", self->id, ++self->restarts);
  return TRUE;
}

static gboolean
apply (WebrtcPeer *self, const gchar *text, gsize size, gchar **reply,
    GError **error)
{
  g_autoptr (WhipFragment) fragment = whip_fragment_parse (text, size, error);
  g_autoptr (GstElement) webrtc = webrtc_graph_dup_webrtc (self->graph);

  *reply = NULL;
  if (!fragment)
    return FALSE;
  if (!webrtc)
    return patch_error (error, 404, "The session is over.");
  if (!check_candidates (self, fragment, error) ||
      (is_restart (self, fragment) &&
          !restart_ice (self, webrtc, fragment, reply, error)))
    return FALSE;
  for (guint i = 0; i < fragment->candidates->len; i++) {
    const WhipCandidate *c = g_ptr_array_index (fragment->candidates, i);
    g_signal_emit_by_name (webrtc, "add-ice-candidate",
        (guint) whip_offer_find_mid (self->offer, c->mid), c->candidate);
    self->candidates++;
  }
  return TRUE;
}

gboolean
webrtc_peer_patch (gpointer peer, const gchar *text, gsize size, gchar **reply,
    GError **error)
{
  WebrtcPeer *self = peer;
  g_autoptr (GError) wrong = NULL;
  guint before = self->candidates;

  if (apply (self, text, size, reply, &wrong)) {
    GST_DEBUG_OBJECT (self->element, "%s: a fragment with %u candidates%s",
        self->id, self->candidates - before, *reply ? " restarts ICE" : "");
    return TRUE;
  }
  GST_WARNING_OBJECT (self->element, "%s: a fragment is refused: %s", self->id,
      wrong->message);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}
