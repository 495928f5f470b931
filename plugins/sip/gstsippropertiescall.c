/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Properties of what a call is like for its far end. */

#include "gstsip.h"
#include "gstsipproperties.h"
#include "line/sipline.h"

#include <string.h>

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

/**
 * GstSipSrc:dtmf:
 *
 * In which form keys (#GstSipSrc::send-dtmf) go to the far end. rfc4733, events in packets of
 * their own; info, `application/dtmf-relay` in INFO requests; inband, tones in the audio;
 * auto, the first of these that the far end has: events where its SDP has them, INFO where
 * its Allow has that, else tones. Events and INFO of the far end are always understood. Its
 * tones are listened to with auto and inband, where it has no events. Default: auto.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:early-media:
 *
 * Which calls an agent may speak in before they are answered. Default: none. agent, those
 * that come in: the caller gets 183 with SDP in place of 180, reliably where its phone can (RFC 3262),
 * and what comes to #GstSipSink goes out at once, from `early` on; an agent may begin its
 * dialogue there. The call is answered as #GstSipSrc:answer-mode says, and nothing of it
 * changes then; for one that is answered at once, as by default, there is nothing before.
 * outgoing, those that go out: an agent begins with the far end's early media. That is for
 * lines that never answer, as announcement services of the network; else it is ring-back and
 * "the number has changed" that an agent talks to. both, all. Changeable in READY.
 *
 * Since: 0.1
 */

void
gst_sip_properties_make_call (GParamSpec **specs)
{
  specs[GST_SIP_PROP_DTMF] = g_param_spec_enum ("dtmf", "DTMF",
      "In which form keys go to the far end, and whether its audio is listened "
      "to for keys",
      GST_TYPE_SIP_DTMF, SIP_DTMF_AUTO, FLAGS_READY);
  specs[GST_SIP_PROP_EARLY_MEDIA] =
      g_param_spec_enum ("early-media", "Early media",
          "Which calls an agent may hear and speak in before they are answered",
          GST_TYPE_SIP_EARLY_MEDIA, SIP_EARLY_MEDIA_NONE, FLAGS_READY);
}

/* ---- Header fields of the application's own */

/* What makes a call what it is, or is said of it by us; and their short forms. */
static gboolean
is_ours (const gchar *name)
{
  static const gchar *const ours[] = { "via", "v", "from", "f", "to", "t",
    "call-id", "i", "cseq", "contact", "m", "max-forwards", "route",
    "record-route", "path", "content-length", "l", "content-type", "c",
    "content-encoding", "e", "content-disposition", "mime-version", "require",
    "proxy-require", "supported", "k", "unsupported", "allow", "allow-events",
    "u", "accept", "session-expires", "x", "min-se", "rseq", "rack", "expires",
    "authorization", "proxy-authorization", "www-authenticate",
    "proxy-authenticate", "authentication-info", "replaces", "refer-to", "r",
    "event", "o", "subscription-state", "retry-after", "user-agent", NULL };

  for (const gchar *const *own = ours; *own != NULL; own++)
    if (g_ascii_strcasecmp (name, *own) == 0)
      return TRUE;
  return FALSE;
}

/* RFC 3261 25.1 */
static gboolean
is_token (const gchar *name)
{
  for (const gchar *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-.!%*_+`'~", *c) == NULL)
      return FALSE;
  return *name != '\0';
}

static gboolean
check_header (GQuark id, const GValue *value, gpointer user)
{
  GError **error = user;
  const gchar *name = g_quark_to_string (id);

  if (!is_token (name))
    return gst_sip_settings_refuse (error,
        "headers has a field whose name no header can have.");
  if (is_ours (name))
    return gst_sip_settings_refuse (error,
        "headers sets \"%s\", which belongs to the call itself and cannot "
        "be replaced.",
        name);
  if (!G_VALUE_HOLDS_STRING (value) || g_value_get_string (value) == NULL)
    return gst_sip_settings_refuse (error,
        "headers sets \"%s\" to something that is no string; "
        "write %s=(string)\"text\".",
        name, name);
  for (const gchar *c = g_value_get_string (value); *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return gst_sip_settings_refuse (error,
          "headers sets \"%s\" to text with a line break or control "
          "character.",
          name);
  return TRUE;
}

gboolean
gst_sip_settings_check_call (const GstPairSettings *settings,
    GObjectClass *klass, GError **error)
{
  g_autoptr (GstStructure) headers =
      gst_pair_settings_dup_structure (settings, klass, "headers");

  return headers == NULL ||
      gst_structure_foreach (headers, check_header, error);
}
