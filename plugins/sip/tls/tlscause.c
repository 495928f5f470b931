/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "tlscause.h"

#include <gio/gio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#define MAX_NAMES 4 /* of a certificate, in a sentence */

/* ---- Names */

/* RFC 5922 7.1: "sip:example.com", without a user. */
static gboolean
is_sip_uri_of (const GENERAL_NAME *alternative, const gchar *name)
{
  if (alternative->type != GEN_URI)
    return FALSE;
  const ASN1_IA5STRING *text = alternative->d.uniformResourceIdentifier;
  g_autofree gchar *uri =
      g_strndup ((const gchar *) ASN1_STRING_get0_data (text),
          (gsize) ASN1_STRING_length (text));
  return strlen (uri) == (gsize) ASN1_STRING_length (text) &&
      !g_ascii_strncasecmp (uri, "sip:", 4) &&
      !g_ascii_strcasecmp (uri + 4, name);
}

static gboolean
has_sip_uri (X509 *certificate, const gchar *name)
{
  GENERAL_NAMES *all =
      X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);
  gboolean found = FALSE;

  for (gint i = 0; i < sk_GENERAL_NAME_num (all) && !found; i++)
    found = is_sip_uri_of (sk_GENERAL_NAME_value (all, i), name);
  GENERAL_NAMES_free (all);
  return found;
}

gboolean
tls_cause_is_name (X509 *certificate, const gchar *name)
{
  if (g_hostname_is_ip_address (name))
    return X509_check_ip_asc (certificate, name, 0) == 1;
  return X509_check_host (certificate, name, 0,
             X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1 ||
      has_sip_uri (certificate, name);
}

static void
append_name (GPtrArray *names, const GENERAL_NAME *alternative)
{
  if (alternative->type == GEN_DNS) {
    const ASN1_STRING *text = alternative->d.dNSName;
    g_ptr_array_add (names,
        g_strndup ((const gchar *) ASN1_STRING_get0_data (text),
            (gsize) ASN1_STRING_length (text)));
  } else if (alternative->type == GEN_IPADD) {
    const ASN1_STRING *bytes = alternative->d.iPAddress;
    const gint size = ASN1_STRING_length (bytes);
    if (size != 4 && size != 16)
      return;
    g_autoptr (GInetAddress) address =
        g_inet_address_new_from_bytes (ASN1_STRING_get0_data (bytes),
            size == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
    g_ptr_array_add (names, g_inet_address_to_string (address));
  }
}

/* Of a certificate that a stranger made: as text, whatever it is. */
static gchar *
describe_names (X509 *certificate)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GENERAL_NAMES *all =
      X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);
  gchar common[128];

  for (gint i = 0; i < sk_GENERAL_NAME_num (all) && names->len < MAX_NAMES; i++)
    append_name (names, sk_GENERAL_NAME_value (all, i));
  GENERAL_NAMES_free (all);
  if (!names->len &&
      X509_NAME_get_text_by_NID (X509_get_subject_name (certificate),
          NID_commonName, common, sizeof common) > 0)
    g_ptr_array_add (names, g_strdup (common));
  g_ptr_array_add (names, NULL);
  g_autofree gchar *text = g_strjoinv (", ", (gchar **) names->pdata);
  return *text ? g_utf8_make_valid (text, -1) : g_strdup ("nobody");
}

/* ---- Certificates */

static gchar *
describe_time (const ASN1_TIME *time)
{
  struct tm parts;

  if (!ASN1_TIME_to_tm (time, &parts))
    return g_strdup ("an unknown day");
  return g_strdup_printf ("%04d-%02d-%02d", parts.tm_year + 1900,
      parts.tm_mon + 1, parts.tm_mday);
}

static gchar *
describe_issuer (X509 *certificate)
{
  X509_NAME *issuer = X509_get_issuer_name (certificate);
  gchar text[128];

  if (X509_NAME_get_text_by_NID (issuer, NID_commonName, text, sizeof text) <=
          0 &&
      X509_NAME_get_text_by_NID (issuer, NID_organizationName, text,
          sizeof text) <= 0)
    return g_strdup ("somebody without a name");
  return g_utf8_make_valid (text, -1);
}

static gchar *
explain_issuer (X509 *certificate)
{
  g_autofree gchar *issuer = describe_issuer (certificate);

  return g_strdup_printf (
      "its certificate was signed by %s, whom nobody here knows "
      "(tls-ca says who may sign)",
      issuer);
}

static gchar *
explain (X509 *certificate, gint code, const gchar *name)
{
  g_autofree gchar *names = describe_names (certificate);
  g_autofree gchar *begin = describe_time (X509_get0_notBefore (certificate));
  g_autofree gchar *end = describe_time (X509_get0_notAfter (certificate));

  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return g_strdup_printf ("its certificate expired on %s", end);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return g_strdup_printf ("its certificate is valid from %s only", begin);
    case X509_V_ERR_HOSTNAME_MISMATCH:
      return g_strdup_printf ("its certificate is for %s, not for %s", names,
          name);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return g_strdup ("its certificate is signed by itself, and by nobody who "
                       "is known here (tls-ca says who may sign)");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return explain_issuer (certificate);
    case X509_V_ERR_INVALID_PURPOSE:
      return g_strdup ("its certificate is not made for servers");
    default:
      return g_strdup_printf ("its certificate cannot be believed: %s",
          X509_verify_cert_error_string (code));
  }
}

gchar *
tls_cause_of_certificate (X509 *certificate, gint code, const gchar *name)
{
  if (!certificate)
    return g_strdup ("it has no certificate");
  return explain (certificate, code, name);
}

/* ---- Handshakes */

const gchar *
tls_cause_of_alert (gint alert)
{
  switch (alert) {
    case TLS1_AD_PROTOCOL_VERSION:
      return "it speaks neither TLS 1.2 nor 1.3";
    case SSL3_AD_HANDSHAKE_FAILURE:
      return "it has no encryption that this side knows, or no certificate";
    case TLS13_AD_CERTIFICATE_REQUIRED:
    case SSL3_AD_NO_CERTIFICATE:
      return "it wants a certificate of this side (tls-certificate)";
    case SSL3_AD_BAD_CERTIFICATE:
    case SSL3_AD_UNSUPPORTED_CERTIFICATE:
    case SSL3_AD_CERTIFICATE_UNKNOWN:
    case TLS1_AD_UNKNOWN_CA:
      return "it does not believe the certificate of this side "
             "(tls-certificate)";
    case SSL3_AD_CERTIFICATE_REVOKED:
      return "it says that the certificate of this side is revoked";
    case SSL3_AD_CERTIFICATE_EXPIRED:
      return "it says that the certificate of this side has expired";
    case TLS1_AD_ACCESS_DENIED:
      return "it does not let this side in";
    case TLS1_AD_UNRECOGNIZED_NAME:
      return "it does not know the name that it was called by";
    default:
      return "it broke off the handshake";
  }
}

const gchar *
tls_cause_of_error (gulong code)
{
  switch (ERR_GET_REASON (code)) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
      return "what it says is no TLS";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
      return "it speaks neither TLS 1.2 nor 1.3";
    case SSL_R_NO_SHARED_CIPHER:
      return "there is no encryption that both sides know, or no certificate "
             "here (tls-certificate)";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "it has no certificate";
    default:
      break;
  }
  return code && ERR_GET_REASON (code) != SSL_R_UNEXPECTED_EOF_WHILE_READING
      ? "the handshake failed"
      : "it closed the connection during the handshake";
}
