/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstwhip.h"

#include "line/whiplog.h"

#include "common/base/gstvoiceenum.h"
#include "common/event/gstvoicemessages.h"
#include "config.h"

GType
gst_whip_on_hangup_get_type (void)
{
  static const GEnumValue values[] = {
    { WHIP_ON_HANGUP_EOS, "The stream ends", "eos" },
    { WHIP_ON_HANGUP_WAIT, "The line waits for the next call", "wait" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstWhipOnHangup", values));
  return type;
}

static const gchar *
text_of (const gchar *text)
{
  return text && g_utf8_validate (text, -1, NULL) ? text : "";
}

/* What a browser has to say beyond what every call has. */
static void
add_facts (GstStructure *s, const WhipSessionEvent *event)
{
  gst_structure_set (s, "user-agent", G_TYPE_STRING,
      text_of (event->user_agent), NULL);
  if (event->state == GST_VOICE_CALL_ANSWERED)
    gst_structure_set (s, "setup-time", G_TYPE_UINT64, event->setup_time, NULL);
  if (event->state == GST_VOICE_CALL_REFUSED)
    gst_structure_set (s, "address", G_TYPE_STRING, text_of (event->address),
        "transport", G_TYPE_STRING, text_of (event->transport), "untold",
        G_TYPE_UINT, event->untold, NULL);
}

GstMessage *
gst_whip_message_new_call (GstElement *element, const gchar *line,
    const gchar *admitted, GstClockTime running_time,
    const WhipSessionEvent *event)
{
  const gboolean refused = event->state == GST_VOICE_CALL_REFUSED;
  const gchar *called = refused ? event->line : line;
  const GstVoiceCall call = {
    .state = event->state,
    .call_id = event->id,
    .channel = "webrtc",
    .session = event->id,
    .line = called,
    .from = event->from,
    .to = called,
    .source = refused ? NULL : event->from,
    .admitted = refused ? NULL : admitted,
    .abilities = refused ? NULL : "hang-up",
    .by = event->by,
    .cause = event->cause,
    .status = event->status,
  };
  GstStructure *s = gst_voice_call_facts_new (&call, running_time);

  add_facts (s, event);
  return gst_message_new_element (GST_OBJECT (element), s);
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  whip_log_init ();
  gst_voice_enum_register (GST_TYPE_WHIP_ON_HANGUP);
  return GST_ELEMENT_REGISTER (whipserver, plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, whip,
    "Calls from browsers: signalling and call page for webrtcbin", plugin_init,
    PACKAGE_VERSION, GST_LICENSE, PACKAGE_NAME, PACKAGE_ORIGIN)
