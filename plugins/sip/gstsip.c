/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstsip.h"
#include "line/sipline.h"
#include "tls/tlsfiles.h"

#include "common/base/gstvoiceenum.h"
#include "config.h"

GType
gst_sip_tls_verify_get_type (void)
{
  static const GEnumValue values[] = {
    { TLS_VERIFY_NONE, "Encrypted, but whoever is there may be anybody",
        "none" },
    { TLS_VERIFY_SERVER,
        "Whoever is called must have a certificate for that name", "server" },
    { TLS_VERIFY_MUTUAL, "Whoever calls must have a certificate, too",
        "mutual" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstSipTlsVerify", values));
  return type;
}

GType
gst_sip_dtmf_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_DTMF_AUTO, "The best form that the far end has", "auto" },
    { SIP_DTMF_RFC4733, "As events beside the audio", "rfc4733" },
    { SIP_DTMF_INFO, "By INFO requests of the signalling", "info" },
    { SIP_DTMF_INBAND, "As tones in the audio", "inband" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstSipDtmf", values));
  return type;
}

GType
gst_sip_early_media_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_EARLY_MEDIA_NONE, "None: who calls hears it ring", "none" },
    { SIP_EARLY_MEDIA_AGENT, "Calls in: who calls hears the agent", "agent" },
    { SIP_EARLY_MEDIA_OUTGOING, "Calls out: the agent begins with early media",
        "outgoing" },
    { SIP_EARLY_MEDIA_BOTH, "Calls in and out", "both" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstSipEarlyMedia", values));
  return type;
}

GType
gst_sip_answer_mode_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_ANSWER_MODE_AUTO, "Answered when ring-time is over", "auto" },
    { SIP_ANSWER_MODE_MANUAL,
        "Rings until the application answers or rejects it", "manual" },
    { SIP_ANSWER_MODE_AGENT,
        "Rings until the agent behind it can begin, 3 s at most", "agent" },
    { SIP_ANSWER_MODE_CALLEE,
        "Rings until whom the sipsink behind it calls has answered", "callee" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstSipAnswerMode", values));
  return type;
}

GType
gst_sip_dial_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_DIAL_START, "When the pipeline starts, once", "start" },
    { SIP_DIAL_CALL,
        "For each call that comes to sipsink from upstream, and no calls are "
        "taken",
        "call" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstSipDial", values));
  return type;
}

GType
gst_sip_srtp_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_SRTP_OFF, "Plain audio only", "off" },
    { SIP_SRTP_OPTIONAL, "Encrypted audio, or plain where the far end has none",
        "optional" },
    { SIP_SRTP_REQUIRED, "Encrypted audio only", "required" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstSipSrtp", values));
  return type;
}

GType
gst_sip_srtp_keys_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_SRTP_KEYS_SDES, "In the signalling (a=crypto)", "sdes" },
    { SIP_SRTP_KEYS_DTLS, "By a handshake of DTLS on the way of the audio",
        "dtls" },
    { SIP_SRTP_KEYS_BOTH, "Either, as a caller offers; calls out offer DTLS",
        "both" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstSipSrtpKeys", values));
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

GType
gst_sip_refer_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_REFER_REFUSE, "Nobody else is called", "refuse" },
    { SIP_REFER_FOLLOW,
        "Whom the far end names is called, if dial-allow has it, and has the "
        "call then",
        "follow" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstSipRefer", values));
  return type;
}

GType
gst_sip_voice_processing_get_type (void)
{
  static const GEnumValue values[] = {
    { SIP_VOICE_PROCESSING_AUTO,
        "The echo of what is sent is taken out, where there is one", "auto" },
    { SIP_VOICE_PROCESSING_OFF, "What comes stays as it came", "off" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstSipVoiceProcessing", values));
  return type;
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  gst_voice_enum_register (GST_TYPE_SIP_TLS_VERIFY);
  gst_voice_enum_register (GST_TYPE_SIP_DTMF);
  gst_voice_enum_register (GST_TYPE_SIP_EARLY_MEDIA);
  gst_voice_enum_register (GST_TYPE_SIP_ANSWER_MODE);
  gst_voice_enum_register (GST_TYPE_SIP_DIAL);
  gst_voice_enum_register (GST_TYPE_SIP_REFER);
  gst_voice_enum_register (GST_TYPE_SIP_ON_HANGUP);
  gst_voice_enum_register (GST_TYPE_SIP_SRTP);
  gst_voice_enum_register (GST_TYPE_SIP_SRTP_KEYS);
  gst_voice_enum_register (GST_TYPE_SIP_VOICE_PROCESSING);
  return GST_ELEMENT_REGISTER (sipsrc, plugin) &&
      GST_ELEMENT_REGISTER (sipsink, plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, sip,
    "Telephone calls by SIP and RTP", plugin_init, PACKAGE_VERSION, GST_LICENSE,
    PACKAGE_NAME, PACKAGE_ORIGIN)
