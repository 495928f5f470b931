/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "certificates.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY (24 * 60 * 60)

static gchar *
make_path (const gchar *folder, const gchar *name)
{
  g_autofree gchar *file = g_strdup_printf ("%s.pem", name);

  return g_build_filename (folder, file, NULL);
}

/* What was made of @name before. */
static X509 *
read_issuer (const gchar *folder, const gchar *name, EVP_PKEY **key)
{
  g_autofree gchar *path = make_path (folder, name);
  BIO *file = BIO_new_file (path, "r");

  g_assert_nonnull (file);
  *key = PEM_read_bio_PrivateKey (file, NULL, NULL, NULL);
  X509 *issuer = PEM_read_bio_X509 (file, NULL, NULL, NULL);
  g_assert_nonnull (*key);
  g_assert_nonnull (issuer);
  BIO_free (file);
  return issuer;
}

static void
add_extension (X509 *x509, X509 *issuer, gint kind, const gchar *value)
{
  X509V3_CTX context;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, x509, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, &context, kind, value);
  g_assert_nonnull (extension);
  X509_add_ext (x509, extension, -1);
  X509_EXTENSION_free (extension);
}

static X509 *
make_unsigned (const TestCertificate *self, EVP_PKEY *key)
{
  static glong serial = 1000;
  X509 *x509 = X509_new ();
  X509_NAME *subject = X509_get_subject_name (x509);

  X509_set_version (x509, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (x509), ++serial);
  X509_gmtime_adj (X509_getm_notBefore (x509), -400 * DAY);
  X509_gmtime_adj (X509_getm_notAfter (x509), (glong) self->days * DAY);
  X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_ASC,
      (const guchar *) self->name, -1, -1, 0);
  X509_set_pubkey (x509, key);
  return x509;
}

static void
write_file (const gchar *path, X509 *x509, EVP_PKEY *key)
{
  g_autofree gchar *fresh = g_strconcat (path, ".new", NULL);
  BIO *file = BIO_new_file (fresh, "w");

  g_assert_nonnull (file);
  g_chmod (fresh, 0600);
  PEM_write_bio_PrivateKey (file, key, NULL, NULL, 0, NULL, NULL);
  PEM_write_bio_X509 (file, x509);
  BIO_free (file);
  g_assert_cmpint (g_rename (fresh, path), ==, 0);
}

void
test_certificate_make (const gchar *folder, const TestCertificate *self)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256"), *issuer_key = NULL;
  X509 *x509 = make_unsigned (self, key);
  X509 *issuer =
      self->issuer ? read_issuer (folder, self->issuer, &issuer_key) : NULL;
  g_autofree gchar *path = make_path (folder, self->name);

  X509_set_issuer_name (x509, X509_get_subject_name (issuer ? issuer : x509));
  add_extension (x509, issuer ? issuer : x509, NID_basic_constraints,
      self->names ? "CA:FALSE" : "critical,CA:TRUE");
  if (self->names)
    add_extension (x509, issuer ? issuer : x509, NID_subject_alt_name,
        self->names);
  X509_sign (x509, issuer_key ? issuer_key : key, EVP_sha256 ());
  write_file (path, x509, key);
  X509_free (x509);
  X509_free (issuer);
  EVP_PKEY_free (key);
  EVP_PKEY_free (issuer_key);
}
