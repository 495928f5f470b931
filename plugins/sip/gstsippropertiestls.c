/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Properties of encrypted signalling. */

#include "gstsip.h"
#include "gstsipproperties.h"
#include "logic/sipuri.h"
#include "tls/tlsfiles.h"

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

/**
 * GstSipSrc:tls-certificate:
 *
 * PEM file with our certificate, and behind it those that lead to who signed it. Shown to
 * whoever calls by TLS, and to whoever is called and asks for one. Read again when it has
 * changed, for the next connection. Lines of one address that set it must agree. Default:
 * unset, none: calls out by TLS need none. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:tls-key:
 *
 * PEM file with the key of #GstSipSrc:tls-certificate, without a passphrase; others on this
 * machine may not read it. Default: unset, it is in that file, too. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:tls-ca:
 *
 * PEM file with the certificates of those who may sign the far ends'. Default: unset, whom
 * the system believes. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:tls-verify:
 *
 * Whom TLS is to prove: `server`, whoever is called: its certificate must be signed by
 * somebody in #GstSipSrc:tls-ca, be valid today and have the host of the called
 * address for a name (a wildcard may stand for its first part); `mutual`, also
 * whoever calls, who needs a certificate by #GstSipSrc:tls-ca; `none`, nobody. Default:
 * server. Changeable in READY.
 *
 * Since: 0.1
 */

void
gst_sip_properties_make_tls (GParamSpec **specs)
{
  specs[GST_SIP_PROP_TLS_CERTIFICATE] = g_param_spec_string ("tls-certificate",
      "TLS certificate",
      "PEM file with this side's certificate for TLS, and what leads to who "
      "signed it",
      NULL, FLAGS_READY);
  specs[GST_SIP_PROP_TLS_KEY] = g_param_spec_string ("tls-key", "TLS key",
      "PEM file with the key of tls-certificate; unset, it is in that file",
      NULL, FLAGS_READY);
  specs[GST_SIP_PROP_TLS_CA] = g_param_spec_string ("tls-ca", "TLS CA",
      "PEM file with the certificates of those who may sign the far ends'; "
      "unset takes whom the system believes",
      NULL, FLAGS_READY);
  specs[GST_SIP_PROP_TLS_VERIFY] = g_param_spec_enum ("tls-verify",
      "TLS verify", "Whom TLS is to prove by certificate and name",
      GST_TYPE_SIP_TLS_VERIFY, TLS_VERIFY_SERVER, FLAGS_READY);
}

/* A line that is called by TLS has something to show. */
gboolean
gst_sip_settings_check_tls (const GstPairSettings *settings,
    GObjectClass *klass, const gchar *local_uri, GError **error)
{
  g_autofree gchar *certificate =
      gst_pair_settings_dup_string (settings, klass, "tls-certificate");
  g_autofree gchar *key =
      gst_pair_settings_dup_string (settings, klass, "tls-key");
  g_autofree gchar *ca =
      gst_pair_settings_dup_string (settings, klass, "tls-ca");
  const TlsSettings tls = { certificate, key, ca,
    (TlsVerify) gst_pair_settings_get_enum (settings, klass, "tls-verify") };

  g_autofree gchar *account =
      gst_pair_settings_dup_string (settings, klass, "account");

  /* A registrar calls by the connection that we have made. */
  if (sip_uri_is_secure (local_uri) && !certificate && !account) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "local-uri is \"%s\", but to be called by TLS takes a certificate: "
        "set tls-certificate and tls-key.",
        local_uri);
    return FALSE;
  }
  /* Without any of it nothing is read. */
  return (!certificate && !key && !ca && tls.verify != TLS_VERIFY_MUTUAL) ||
      tls_settings_check (&tls, error);
}
