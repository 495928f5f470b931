/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

/* The files that encrypted signalling goes by: our certificate with its key, and whom
 * we believe. Read again when they have changed. */

typedef enum
{
  TLS_VERIFY_NONE, /* nobody: encrypted, to whomever */
  TLS_VERIFY_SERVER, /* whom we call: certificate and name */
  TLS_VERIFY_MUTUAL, /* and who calls: certificate */
} TlsVerify;

/* Paths of PEM files, NULL: none. */
typedef struct
{
  gchar *certificate; /* ours, and what leads from it to its issuer's */
  gchar *key; /* NULL: it is in that file, too */
  gchar *ca; /* who may sign others', NULL: whom the system believes */
  TlsVerify verify;
} TlsSettings;

void tls_settings_copy (TlsSettings *to, const TlsSettings *from);
void tls_settings_clear (TlsSettings *self);
gboolean tls_settings_equal (const TlsSettings *a, const TlsSettings *b);
/* Whether all of it can be used. FALSE with GST_RESOURCE_ERROR (SETTINGS, NOT_FOUND,
 * OPEN_READ) and a sentence. */
gboolean tls_settings_check (const TlsSettings *self, GError **error);

/* What is in them, of one thread. */
typedef struct _TlsFiles TlsFiles;

/* NULL with @error, as above. */
TlsFiles *tls_files_new (const TlsSettings *settings, GError **error);
void tls_files_free (TlsFiles *self);
const TlsSettings *tls_files_get_settings (const TlsFiles *self);
/* Reads again what has changed; what then cannot be used does not count: what was good
 * goes on, and the log says so. Takes a few system calls. */
void tls_files_refresh (TlsFiles *self);
/* Gives @ssl our certificate; who is called gets one that proves nothing if none was
 * set. */
gboolean tls_files_apply (const TlsFiles *self, SSL *ssl);
/* Whom we believe; another one after a change. */
X509_STORE *tls_files_get_store (TlsFiles *self);
/* Names for whoever is asked for a certificate; borrowed, may be NULL. */
STACK_OF (X509_NAME) * tls_files_get_issuers (const TlsFiles *self);

G_END_DECLS
