/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstsip.h"
#include "sipline.h"

#include "common/base/gstvoiceenum.h"
#include "config.h"

GType
gst_sip_transport_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_TRANSPORT_UDP, "UDP, and TCP for messages too long for it", "udp" },
    { SIP_TRANSPORT_TCP, "TCP", "tcp" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstSipTransport", values));
  return type;
}

GType
gst_sip_answer_mode_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_ANSWER_MODE_AUTO, "Answered when ring-time is over", "auto" },
    { SIP_ANSWER_MODE_MANUAL,
        "Rings until the application answers or rejects it", "manual" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstSipAnswerMode", values));
  return type;
}

GType
gst_sip_on_hangup_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_ON_HANGUP_EOS, "The stream ends", "eos" },
    { SIP_ON_HANGUP_WAIT, "The elements wait for the next call", "wait" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstSipOnHangup", values));
  return type;
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  gst_voice_enum_register (GST_TYPE_SIP_TRANSPORT);
  gst_voice_enum_register (GST_TYPE_SIP_ANSWER_MODE);
  gst_voice_enum_register (GST_TYPE_SIP_ON_HANGUP);
  return GST_ELEMENT_REGISTER (sipsrc, plugin) &&
      GST_ELEMENT_REGISTER (sipsink, plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, sip,
    "Telephone calls by SIP and RTP", plugin_init, PACKAGE_VERSION, GST_LICENSE,
    PACKAGE_NAME, PACKAGE_ORIGIN)
