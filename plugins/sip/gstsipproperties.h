/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/pair/gstpairsettings.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The property table that sipsrc and sipsink both install. */

typedef enum
{
  GST_SIP_PROP_SESSION = 1,
  GST_SIP_PROP_CONTEXT,
  GST_SIP_PROP_LOCAL_URI,
  GST_SIP_PROP_URI,
  GST_SIP_PROP_DIAL,
  GST_SIP_PROP_CODECS,
  GST_SIP_PROP_LATENCY,
  GST_SIP_PROP_RTP_PORT_RANGE,
  GST_SIP_PROP_EXTERNAL_ADDRESS,
  GST_SIP_PROP_ANSWER_MODE,
  GST_SIP_PROP_RING_TIME,
  GST_SIP_PROP_ON_HANGUP,
  GST_SIP_PROP_TIMERS,
  GST_SIP_PROP_MEDIA_TIMEOUT,
  GST_SIP_PROP_VOICE_PROCESSING,
  GST_SIP_PROP_HEADERS,
  GST_SIP_PROP_ALLOW_FROM,
  GST_SIP_PROP_AUTH_FILE,
  GST_SIP_PROP_DIAL_ALLOW,
  GST_SIP_PROP_MAX_DIALS,
  GST_SIP_PROP_REFER,
  GST_SIP_PROP_ACCOUNT,
  GST_SIP_PROP_PASSWORD_FILE,
  GST_SIP_PROP_SRTP,
  GST_SIP_PROP_SRTP_KEYS,
  GST_SIP_PROP_TLS_CERTIFICATE,
  GST_SIP_PROP_TLS_KEY,
  GST_SIP_PROP_TLS_CA,
  GST_SIP_PROP_TLS_VERIFY,
  GST_SIP_PROP_DTMF,
  GST_SIP_PROP_EARLY_MEDIA,
  GST_SIP_PROP_STATS,
  GST_SIP_N_PROPS,
} GstSipProperty;

void gst_sip_properties_install (GObjectClass *klass);

/* FALSE with GST_RESOURCE_ERROR_SETTINGS and a sentence for the user when a
 * value that was set cannot work. */
gboolean gst_sip_settings_check (const GstPairSettings *settings,
    GObjectClass *klass, GError **error);

/* ---- gstsippropertiesaccess.c: the same of who may call it */

void gst_sip_properties_make_access (GParamSpec **specs);
gboolean gst_sip_settings_check_access (const GstPairSettings *settings,
    GObjectClass *klass, GError **error);

/* ---- gstsippropertiescall.c: how a call goes on, of the table and the check above */

void gst_sip_properties_make_call (GParamSpec **specs);
gboolean gst_sip_settings_check_call (const GstPairSettings *settings,
    GObjectClass *klass, GError **error);

/* FALSE, with GST_RESOURCE_ERROR_SETTINGS and that sentence. */
gboolean gst_sip_settings_refuse (GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

/* ---- gstsippropertiesdial.c: those of whom a line calls, of the table and the check above */

void gst_sip_properties_make_dial (GParamSpec **specs);
gboolean gst_sip_settings_check_dial (const GstPairSettings *settings,
    GObjectClass *klass, GError **error);

/* ---- gstsippropertiesnat.c: part of the check above */

gboolean gst_sip_settings_check_external (const gchar *list, GError **error);

/* ---- gstsippropertiessrtp.c: those of encrypted audio, of the table */

void gst_sip_properties_make_srtp (GParamSpec **specs);

/* ---- gstsippropertiestimers.c: how long calls may take, of the table and the check above */

void gst_sip_properties_make_timers (GParamSpec **specs);
gboolean gst_sip_settings_check_timers (const GstPairSettings *settings,
    GObjectClass *klass, GError **error);

/* ---- gstsippropertiestls.c: the same of encryption */

void gst_sip_properties_make_tls (GParamSpec **specs);
gboolean gst_sip_settings_check_tls (const GstPairSettings *settings,
    GObjectClass *klass, const gchar *local_uri, GError **error);

G_END_DECLS
