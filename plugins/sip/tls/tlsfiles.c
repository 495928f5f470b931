/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "tlsfiles.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define N_FILES 3
#define DAY (24 * 60 * 60)

/* Which state of a file was read. */
typedef struct
{
  ino_t inode;
  off_t size;
  struct timespec changed;
} FileMark;

struct _TlsFiles
{
  TlsSettings settings;
  FileMark marks[N_FILES];
  X509 *certificate;
  gboolean is_own; /* made here, for none was set */
  STACK_OF (X509) * chain;
  EVP_PKEY *key;
  X509_STORE *store; /* NULL: the system's, not read yet */
  STACK_OF (X509_NAME) *
      issuers; /* NULL: nobody is asked, or whom the system has */
};

/* ---- Settings */

void
tls_settings_copy (TlsSettings *to, const TlsSettings *from)
{
  *to = (TlsSettings){ g_strdup (from->certificate), g_strdup (from->key),
    g_strdup (from->ca), from->verify };
}

void
tls_settings_clear (TlsSettings *self)
{
  g_clear_pointer (&self->certificate, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->ca, g_free);
}

gboolean
tls_settings_equal (const TlsSettings *a, const TlsSettings *b)
{
  return !g_strcmp0 (a->certificate, b->certificate) &&
      !g_strcmp0 (a->key, b->key) && !g_strcmp0 (a->ca, b->ca) &&
      a->verify == b->verify;
}

/* ---- Reading */

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, gint code, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, GST_RESOURCE_ERROR, code, text);
  ERR_clear_error ();
  return FALSE;
}

static BIO *
open_file (const gchar *name, const gchar *path, GError **error)
{
  BIO *file =
      g_file_test (path, G_FILE_TEST_IS_DIR) ? NULL : BIO_new_file (path, "r");

  if (file)
    return file;
  const gint reason = g_file_test (path, G_FILE_TEST_IS_DIR) ? EISDIR : errno;
  refuse (error,
      reason == ENOENT ? GST_RESOURCE_ERROR_NOT_FOUND
                       : GST_RESOURCE_ERROR_OPEN_READ,
      "%s is \"%s\", which cannot be read: %s.", name, path,
      g_strerror (reason));
  return NULL;
}

/* A key with a passphrase cannot be read: nobody is there to be asked. */
static int
no_passphrase (char *buffer, int size, int writing, void *user)
{
  return -1;
}

/* The first is ours, the others lead to who signed it. */
static gboolean
read_certificate (TlsFiles *self, GError **error)
{
  const gchar *path = self->settings.certificate;
  BIO *file = open_file ("tls-certificate", path, error);
  X509 *next;

  if (!file)
    return FALSE;
  self->certificate = PEM_read_bio_X509 (file, NULL, no_passphrase, NULL);
  self->chain = sk_X509_new_null ();
  while (self->certificate &&
      (next = PEM_read_bio_X509 (file, NULL, no_passphrase, NULL)))
    sk_X509_push (self->chain, next);
  BIO_free (file);
  ERR_clear_error (); /* the end of the file is one */
  return self->certificate ||
      refuse (error, GST_RESOURCE_ERROR_SETTINGS,
          "tls-certificate is \"%s\", in which there is no certificate (PEM).",
          path);
}

/* A stranger on this machine could be us. */
static gboolean
check_key_mode (const gchar *name, const gchar *path, GError **error)
{
  GStatBuf about;

  if (g_stat (path, &about) || !(about.st_mode & (S_IROTH | S_IWOTH)))
    return TRUE;
  return refuse (error, GST_RESOURCE_ERROR_SETTINGS,
      "%s is \"%s\", which has a key that everybody on this machine can read: "
      "chmod o-rw.",
      name, path);
}

static gboolean
read_key (TlsFiles *self, GError **error)
{
  const TlsSettings *settings = &self->settings;
  const gchar *path = settings->key ? settings->key : settings->certificate;
  const gchar *name = settings->key ? "tls-key" : "tls-certificate";
  BIO *file = open_file (name, path, error);

  if (!file)
    return FALSE;
  self->key = PEM_read_bio_PrivateKey (file, NULL, no_passphrase, NULL);
  BIO_free (file);
  if (!self->key)
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS,
        "%s is \"%s\", in which there is no private key without a passphrase "
        "(PEM)%s.",
        name, path,
        settings->key ? "" : "; tls-key names a file of its own for it");
  if (!check_key_mode (name, path, error))
    return FALSE;
  return X509_check_private_key (self->certificate, self->key) == 1 ||
      refuse (error, GST_RESOURCE_ERROR_SETTINGS,
          "The key in \"%s\" does not belong to the certificate in \"%s\" "
          "(tls-key, tls-certificate).",
          path, settings->certificate);
}

static gboolean
read_issuers (TlsFiles *self, GError **error)
{
  const gchar *path = self->settings.ca;

  if (!path) /* those of the system: when somebody wants them */
    return TRUE;
  BIO *file = open_file ("tls-ca", path, error);
  if (!file)
    return FALSE;
  BIO_free (file);
  self->store = X509_STORE_new ();
  const gboolean found = X509_STORE_load_locations (self->store, path, NULL);
  ERR_clear_error ();
  if (!found)
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS,
        "tls-ca is \"%s\", in which there is no certificate (PEM).", path);
  if (self->settings.verify == TLS_VERIFY_MUTUAL)
    self->issuers = SSL_load_client_CA_file (path);
  return TRUE;
}

/* Who calls out needs no certificate; but not every far end sends its BYE by the
 * connection that there is, and some want to make one, without asking who we are. */
static void
make_own (TlsFiles *self)
{
  self->key = EVP_EC_gen ("P-256");
  self->certificate = X509_new ();
  X509_set_version (self->certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (self->certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (self->certificate), -DAY);
  X509_gmtime_adj (X509_getm_notAfter (self->certificate), 3650 * DAY);
  X509_NAME *name = X509_get_subject_name (self->certificate);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC,
      (const guchar *) "gst-voice-agent", -1, -1, 0);
  X509_set_issuer_name (self->certificate, name);
  X509_set_pubkey (self->certificate, self->key);
  X509_sign (self->certificate, self->key, EVP_sha256 ());
  self->is_own = TRUE;
}

static gboolean
check_sense (const TlsSettings *settings, GError **error)
{
  if (settings->key && !settings->certificate)
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS,
        "tls-key is set, but tls-certificate is not.");
  if (settings->verify == TLS_VERIFY_MUTUAL && !settings->ca)
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS,
        "tls-verify=mutual needs tls-ca: who signs the certificates of those "
        "that may call.");
  return TRUE;
}

static void
mark_files (const TlsSettings *settings, FileMark *marks)
{
  const gchar *const paths[N_FILES] = { settings->certificate, settings->key,
    settings->ca };

  for (guint i = 0; i < N_FILES; i++) {
    struct stat about;
    marks[i] = (FileMark){ 0 };
    if (paths[i] && stat (paths[i], &about) == 0)
      marks[i] = (FileMark){ about.st_ino, about.st_size, about.st_mtim };
  }
}

static gboolean
read_all (TlsFiles *self, GError **error)
{
  const TlsSettings *settings = &self->settings;

  /* First: what changes while it is read is read again. */
  mark_files (settings, self->marks);
  if (!settings->certificate)
    make_own (self);
  return check_sense (settings, error) &&
      (!settings->certificate ||
          (read_certificate (self, error) && read_key (self, error))) &&
      read_issuers (self, error);
}

TlsFiles *
tls_files_new (const TlsSettings *settings, GError **error)
{
  TlsFiles *self = g_new0 (TlsFiles, 1);

  tls_settings_copy (&self->settings, settings);
  if (read_all (self, error))
    return self;
  tls_files_free (self);
  return NULL;
}

void
tls_files_free (TlsFiles *self)
{
  tls_settings_clear (&self->settings);
  X509_free (self->certificate);
  sk_X509_pop_free (self->chain, X509_free);
  EVP_PKEY_free (self->key);
  X509_STORE_free (self->store);
  sk_X509_NAME_pop_free (self->issuers, X509_NAME_free);
  g_free (self);
}

gboolean
tls_settings_check (const TlsSettings *self, GError **error)
{
  TlsFiles *files = tls_files_new (self, error);

  if (!files)
    return FALSE;
  tls_files_free (files);
  return TRUE;
}

/* ---- Use */

const TlsSettings *
tls_files_get_settings (const TlsFiles *self)
{
  return &self->settings;
}

void
tls_files_refresh (TlsFiles *self)
{
  g_autoptr (GError) error = NULL;
  FileMark marks[N_FILES];

  mark_files (&self->settings, marks);
  if (!memcmp (marks, self->marks, sizeof marks))
    return;
  TlsFiles *fresh = tls_files_new (&self->settings, &error);
  if (!fresh) {
    /* Not at each connection: when it changes again. */
    memcpy (self->marks, marks, sizeof marks);
    GST_WARNING ("TLS goes on with the files as they were: %s", error->message);
    return;
  }
  TlsFiles old = *self;
  *self = *fresh;
  *fresh = old;
  tls_files_free (fresh);
  GST_INFO ("TLS has read its changed files");
}

gboolean
tls_files_apply (const TlsFiles *self, SSL *ssl)
{
  return (self->is_own && !SSL_is_server (ssl)) ||
      SSL_use_cert_and_key (ssl, self->certificate, self->key, self->chain,
          1) == 1;
}

/* To read all of the system's takes 30 ms: not for a line that is only called. */
X509_STORE *
tls_files_get_store (TlsFiles *self)
{
  if (!self->store) {
    self->store = X509_STORE_new ();
    X509_STORE_set_default_paths (self->store);
    ERR_clear_error ();
  }
  return self->store;
}

STACK_OF (X509_NAME) * tls_files_get_issuers (const TlsFiles *self)
{
  return self->issuers;
}
