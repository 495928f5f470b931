/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The settings of a line, from the properties of its elements, which have checked
 * them. */

#include "siplineprivate.h"
#include "signalling/sipport.h"

#include <sofia-sip/url.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_USER "agent"

void
sip_line_config_clear (SipLineConfig *self)
{
  g_free (self->local_host);
  g_free (self->local_user);
  g_free (self->uri);
  sip_dialog_settings_clear (&self->dialog);
  *self = (SipLineConfig){ 0 };
}

/* Checked by the elements: cannot fail but for nonsense, which gets defaults. */
static void
read_local_uri (SipLineConfig *self, const gchar *uri)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const url_t *url = url_make (home, uri ? uri : "");
  const gchar *host = url && url->url_host ? url->url_host : SIP_PORT_ANY_HOST;
  gsize length = strlen (host);

  self->local_host = host[0] == '[' && length > 2
      ? g_strndup (host + 1, length - 2)
      : g_strdup (host);
  self->local_port =
      (guint16) (url && url->url_port ? atoi (url->url_port) : 5060);
  self->local_user = g_strdup (url && url->url_user ? url->url_user : "");
  su_home_deinit (home);
}

static void
read_port_range (SipDialogSettings *self, const gchar *range)
{
  guint first = 10000, last = 20000;

  if (range)
    sscanf (range, "%5u-%5u", &first, &last);
  self->first_port = (guint16) first;
  self->last_port = (guint16) last;
}

static GstStructure *
read_headers (const GstPairSettings *settings, GObjectClass *klass)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_STRUCTURE);
  gst_pair_settings_get (settings,
      g_object_class_find_property (klass, "headers"), &value);
  return g_value_dup_boxed (&value);
}

static void
read_dialog_settings (SipDialogSettings *self, const GstPairSettings *settings,
    GObjectClass *klass, const gchar *user)
{
  g_autofree gchar *codecs =
      gst_pair_settings_dup_string (settings, klass, "codecs");
  g_autofree gchar *range =
      gst_pair_settings_dup_string (settings, klass, "rtp-port-range");

  codec_table_parse (codecs, &self->codecs.codecs, NULL);
  read_port_range (self, range);
  self->external_address =
      gst_pair_settings_dup_string (settings, klass, "external-address");
  self->user = g_strdup (*user ? user : DEFAULT_USER);
  self->headers = read_headers (settings, klass);
  self->transport =
      (SipTransport) gst_pair_settings_get_enum (settings, klass, "transport");
}

void
sip_line_config_read (SipLineConfig *self, const GstPairSettings *settings,
    GObjectClass *klass)
{
  g_autofree gchar *local =
      gst_pair_settings_dup_string (settings, klass, "local-uri");
  const struct
  {
    const gchar *name;
    guint *value;
  } numbers[] = { { "ring-time", &self->ring_time },
    { "ring-timeout", &self->ring_timeout },
    { "media-timeout", &self->media_timeout },
    { "max-duration", &self->max_duration },
    { "hang-up-delay", &self->hang_up_delay }, { "latency", &self->latency },
    { "max-calls", &self->max_calls }, { "busy-wait", &self->busy_wait } };

  read_local_uri (self, local);
  self->uri = gst_pair_settings_dup_string (settings, klass, "uri");
  self->answer_mode = (SipAnswerMode) gst_pair_settings_get_enum (settings,
      klass, "answer-mode");
  self->on_hangup =
      (SipOnHangup) gst_pair_settings_get_enum (settings, klass, "on-hangup");
  self->speak_early =
      gst_pair_settings_get_boolean (settings, klass, "speak-early");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i].value =
        gst_pair_settings_get_uint (settings, klass, numbers[i].name);
  read_dialog_settings (&self->dialog, settings, klass, self->local_user);
}
