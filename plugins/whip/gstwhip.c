/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstwhip.h"

#include "line/whiplog.h"

#include "common/base/gstvoiceenum.h"
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

GstMessage *
gst_whip_message_new_session (GstElement *element, const gchar *line,
    GstClockTime running_time, const WhipSessionEvent *event)
{
  static const gchar *const states[] = { "connecting", "connected", "ended",
    "refused" };
  static const gchar *const by[] = { "us", "peer", "network" };
  GstStructure *s = gst_structure_new ("whip/session", "session", G_TYPE_STRING,
      text_of (event->id), "call-id", G_TYPE_STRING, text_of (event->id),
      "running-time", G_TYPE_UINT64, running_time, "state", G_TYPE_STRING,
      states[event->state], "line", G_TYPE_STRING, text_of (line), "from",
      G_TYPE_STRING, text_of (event->from), "user-agent", G_TYPE_STRING,
      text_of (event->user_agent), NULL);

  if (event->state == WHIP_SESSION_ENDED)
    gst_structure_set (s, "by", G_TYPE_STRING, by[event->by], "cause",
        G_TYPE_STRING, text_of (event->cause), NULL);
  if (event->state == WHIP_SESSION_REFUSED)
    gst_structure_set (s, "line", G_TYPE_STRING, text_of (event->line),
        "address", G_TYPE_STRING, text_of (event->address), "transport",
        G_TYPE_STRING, text_of (event->transport), "http-status", G_TYPE_UINT,
        event->http_status, "untold", G_TYPE_UINT, event->untold, "cause",
        G_TYPE_STRING, text_of (event->cause), NULL);
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
