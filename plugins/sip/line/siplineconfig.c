/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The settings of a line, from the properties of its elements, which have checked
 * them. */

#include "siplineprivate.h"
#include "logic/ice/externaladdress.h"
#include "logic/sipuri.h"
#include "signalling/sipport.h"

#include <sofia-sip/url.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_USER "agent"

void
sip_line_config_clear (SipLineConfig *self)
{
  sip_agent_address_clear (&self->local);
  g_free (self->local_user);
  g_free (self->uri);
  g_clear_pointer (&self->allow_from, address_list_free);
  g_clear_pointer (&self->users, sip_users_close);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
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

  self->local.secure = uri && sip_uri_is_secure (uri);
  self->local.host = host[0] == '[' && length > 2
      ? g_strndup (host + 1, length - 2)
      : g_strdup (host);
  self->local.port = self->local.secure ? 5061 : 5060;
  if (url && url->url_port)
    self->local.port = (guint16) atoi (url->url_port);
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

static void
read_tls (TlsSettings *self, const GstPairSettings *settings,
    GObjectClass *klass)
{
  self->certificate =
      gst_pair_settings_dup_string (settings, klass, "tls-certificate");
  self->key = gst_pair_settings_dup_string (settings, klass, "tls-key");
  self->ca = gst_pair_settings_dup_string (settings, klass, "tls-ca");
  self->verify =
      (TlsVerify) gst_pair_settings_get_enum (settings, klass, "tls-verify");
}

static AddressList *
read_allow_from (const GstPairSettings *settings, GObjectClass *klass)
{
  g_autofree gchar *text =
      gst_pair_settings_dup_string (settings, klass, "allow-from");

  return text ? address_list_new (text, NULL) : NULL;
}

static gboolean
read_dials (const GstPairSettings *settings, GObjectClass *klass)
{
  g_autofree gchar *text =
      gst_pair_settings_dup_string (settings, klass, "dial-allow");

  return text && *text;
}

static void
read_timers (SipTimers *self, const GstPairSettings *settings,
    GObjectClass *klass)
{
  g_autoptr (GstStructure) said =
      gst_pair_settings_dup_structure (settings, klass, "timers");

  sip_timers_read (self, said, NULL);
}

static void
read_external (SipDialogSettings *self, const GstPairSettings *settings,
    GObjectClass *klass)
{
  g_autofree gchar *text =
      gst_pair_settings_dup_string (settings, klass, "external-address");
  g_auto (ExternalAddress) external = { 0 };

  external_address_parse (&external, text ? text : "");
  self->external_address = g_steal_pointer (&external.addresses);
  self->stun =
      external.server ? sip_stun_new (external.server, external.port) : NULL;
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
  read_external (self, settings, klass);
  self->user = g_strdup (*user ? user : DEFAULT_USER);
  self->headers = gst_pair_settings_dup_structure (settings, klass, "headers");
  self->srtp = (SipSrtp) gst_pair_settings_get_enum (settings, klass, "srtp");
  self->srtp_keys =
      (SipSrtpKeys) gst_pair_settings_get_enum (settings, klass, "srtp-keys");
  self->dtmf = (SipDtmf) gst_pair_settings_get_enum (settings, klass, "dtmf");
  self->follows_refer =
      gst_pair_settings_get_enum (settings, klass, "refer") == SIP_REFER_FOLLOW;
}

/* The same file. */
static gboolean
read_users (SipLineConfig *self, const GstPairSettings *settings,
    GObjectClass *klass, GError **error)
{
  g_autofree gchar *file =
      gst_pair_settings_dup_string (settings, klass, "auth-file");

  if (file)
    self->users = sip_users_open (file, error);
  return !file || self->users;
}

/* Small files of this machine, once when a line opens. */
static gboolean
read_accounts (SipLineConfig *self, const GstPairSettings *settings,
    GObjectClass *klass, GError **error)
{
  g_autofree gchar *account =
      gst_pair_settings_dup_string (settings, klass, "account");
  g_autofree gchar *file =
      gst_pair_settings_dup_string (settings, klass, "password-file");

  self->accounts = sip_account_settings_load (account, file, error);
  return self->accounts != NULL;
}

gboolean
sip_line_config_read (SipLineConfig *self, const GstPairSettings *settings,
    GObjectClass *klass, GError **error)
{
  g_autofree gchar *local =
      gst_pair_settings_dup_string (settings, klass, "local-uri");
  const struct
  {
    const gchar *name;
    guint *value;
  } numbers[] = { { "ring-time", &self->ring_time },
    { "media-timeout", &self->media_timeout }, { "latency", &self->latency } };

  read_local_uri (self, local);
  read_tls (&self->local.tls, settings, klass);
  self->uri = gst_pair_settings_dup_string (settings, klass, "uri");
  self->dial = (SipDial) gst_pair_settings_get_enum (settings, klass, "dial");
  self->answer_mode = (SipAnswerMode) gst_pair_settings_get_enum (settings,
      klass, "answer-mode");
  self->on_hangup =
      (SipOnHangup) gst_pair_settings_get_enum (settings, klass, "on-hangup");
  self->early_media = (SipEarlyMedia) gst_pair_settings_get_enum (settings,
      klass, "early-media");
  self->voice_processing =
      (SipVoiceProcessing) gst_pair_settings_get_enum (settings, klass,
          "voice-processing");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i].value =
        gst_pair_settings_get_uint (settings, klass, numbers[i].name);
  read_timers (&self->timers, settings, klass);
  self->allow_from = read_allow_from (settings, klass);
  self->dials = read_dials (settings, klass);
  read_dialog_settings (&self->dialog, settings, klass, self->local_user);
  tls_settings_copy (&self->dialog.tls, &self->local.tls);
  return read_users (self, settings, klass, error) &&
      read_accounts (self, settings, klass, error);
}

const gchar *
sip_line_config_admits (const SipLineConfig *self, const SipIncoming *call)
{
  if (self->allow_from)
    return "address";
  if (call->known_to)
    return "digest";
  /* Only who is on this machine reaches it. */
  return g_str_has_prefix (self->local.host, "127.") ||
          g_str_equal (self->local.host, "::1")
      ? "local"
      : "";
}

gboolean
sip_line_config_trusts (const PacketAddress *remote, gpointer line)
{
  const SipLineConfig *self = &((SipLine *) line)->config;
  const SipCallee callee = { .allow_from = self->allow_from };

  return self->allow_from && sip_callee_lets_in (&callee, remote);
}
