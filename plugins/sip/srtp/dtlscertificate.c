/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "dtlscertificate.h"
#include "securecontext.h"

#include "sip/logic/security/rtpdtls.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#define CM_PROFILE "SRTP_AES128_CM_SHA1_80"
#define GCM_PROFILE "SRTP_AEAD_AES_128_GCM"
#define SECONDS_VALID (365 * 24 * 3600L)

static SSL_CTX *context;
static guint8 own_fingerprint[RTP_FINGERPRINT_SIZE];

static X509 *
make_certificate (EVP_PKEY *key)
{
  X509 *self = X509_new ();
  X509_NAME *name = X509_get_subject_name (self);
  guint64 serial = 0;

  RAND_bytes ((guint8 *) &serial, sizeof serial);
  X509_set_version (self, 2);
  ASN1_INTEGER_set_uint64 (X509_get_serialNumber (self), serial >> 1);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC,
      (const guint8 *) "gst-voice-agent", -1, -1, 0);
  X509_set_issuer_name (self, name);
  /* A far end's clock may be late. */
  X509_gmtime_adj (X509_getm_notBefore (self), -24 * 3600L);
  X509_gmtime_adj (X509_getm_notAfter (self), SECONDS_VALID);
  X509_set_pubkey (self, key);
  if (X509_sign (self, key, EVP_sha256 ()) > 0)
    return self;
  X509_free (self);
  return NULL;
}

/* Whoever shows a certificate is let in by its fingerprint, after the handshake. */
static int
on_verify (int good, X509_STORE_CTX *store)
{
  return 1;
}

static const gchar *
get_profiles (void)
{
  return secure_context_get_suites () >> RTP_SUITE_AEAD_AES_128_GCM & 1
      ? GCM_PROFILE ":" CM_PROFILE
      : CM_PROFILE;
}

static SSL_CTX *
make_context (void)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *certificate = key ? make_certificate (key) : NULL;
  SSL_CTX *self = SSL_CTX_new (DTLS_method ());

  /* RFC 8827 6.5: DTLS 1.2 */
  gboolean good = certificate && self &&
      SSL_CTX_set_min_proto_version (self, DTLS1_2_VERSION) &&
      SSL_CTX_use_certificate (self, certificate) == 1 &&
      SSL_CTX_use_PrivateKey (self, key) == 1 &&
      SSL_CTX_set_tlsext_use_srtp (self, get_profiles ()) == 0 && /* so: 0 */
      X509_digest (certificate, EVP_sha256 (), own_fingerprint, NULL) == 1;
  if (good) {
    SSL_CTX_set_verify (self, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
        on_verify);
    SSL_CTX_set_session_cache_mode (self, SSL_SESS_CACHE_OFF);
  } else {
    g_clear_pointer (&self, SSL_CTX_free);
  }
  X509_free (certificate);
  EVP_PKEY_free (key);
  return self;
}

SSL_CTX *
dtls_certificate_get_context (void)
{
  static gsize ready = 0;

  if (g_once_init_enter (&ready)) {
    context = make_context ();
    g_once_init_leave (&ready, 1);
  }
  return context;
}

const guint8 *
dtls_certificate_get_fingerprint (void)
{
  return dtls_certificate_get_context () ? own_fingerprint : NULL;
}

gboolean
dtls_certificate_digest (SSL *ssl, guint8 *fingerprint)
{
  X509 *certificate = SSL_get1_peer_certificate (ssl);
  gboolean good = certificate &&
      X509_digest (certificate, EVP_sha256 (), fingerprint, NULL) == 1;

  X509_free (certificate);
  return good;
}
