/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Connections. Decisions:
 * - The socket's BIO is replaced by one of ours. The library frees its own where it
 *   forgets the SSL: that is how we know when to free this. And before each read or
 *   write ours empties OpenSSL's queue of errors, in which the failure of another
 *   connection may stand: the library never looks, and would close this one for it.
 * - Whoever calls must be verified unless we say otherwise: what was forgotten fails.
 * - No sessions are resumed: a changed certificate counts at once. */

#include "tlscause.h"
#include "tlsportprivate.h"

#include "common/base/gstvoicelog.h"

#include <gst/gst.h>
#include <openssl/err.h>
#include <sys/socket.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

guint tls_port_handshake = 8000;

typedef struct
{
  TlsPort *port; /* NULL: it is gone */
  SSL *ssl;
  PacketAddress peer; /* once it is known */
  gboolean ready; /* ours, the BIOs are replaced */
  gboolean done; /* the handshake is */
  gboolean failed; /* and that was told */
  gchar *why; /* for a person */
  GSource *deadline;
} TlsLink;

static gint context_index = -1, link_index = -1;

static TlsLink *
find_link (const SSL *ssl)
{
  return SSL_get_ex_data (ssl, link_index);
}

/* ---- Life */

static void
link_free (TlsLink *self)
{
  io_loop_clear_timeout (&self->deadline);
  if (self->port)
    g_queue_remove (&self->port->links, self);
  g_free (self->why);
  g_free (self);
}

/* OpenSSL: the library has freed its BIO, the last that it does with a connection. */
static long
on_library_bio (BIO *bio, int operation, const char *data, size_t size,
    int number, long argument, int result, size_t *processed)
{
  if (operation == BIO_CB_FREE)
    SSL_free ((SSL *) BIO_get_callback_arg (bio));
  return result;
}

static long
on_own_bio (BIO *bio, int operation, const char *data, size_t size, int number,
    long argument, int result, size_t *processed)
{
  if (operation == BIO_CB_READ || operation == BIO_CB_WRITE)
    ERR_clear_error ();
  return result;
}

static void
find_peer (TlsLink *self)
{
  socklen_t size = sizeof self->peer;

  if (getpeername (SSL_get_fd (self->ssl), &self->peer.any, &size) < 0)
    self->peer = (PacketAddress){ 0 };
}

static gboolean
on_deadline (gpointer data)
{
  TlsLink *self = data;

  g_clear_pointer (&self->deadline, g_source_unref);
  if (self->done)
    return G_SOURCE_REMOVE;
  if (!self->failed && !SSL_is_server (self->ssl)) {
    self->failed = TRUE;
    tls_port_tell (self->port, &self->peer, "it does not finish the handshake");
  }
  /* The library hears of it and closes. */
  shutdown (SSL_get_fd (self->ssl), SHUT_RDWR);
  return G_SOURCE_REMOVE;
}

static void
prepare_link (TlsLink *self)
{
  BIO *theirs = SSL_get_rbio (self->ssl);
  const gint fd = SSL_get_fd (self->ssl);

  if (self->ready || !theirs || fd < 0)
    return;
  self->ready = TRUE;
  BIO *own = BIO_new_socket (fd, BIO_NOCLOSE);
  BIO_set_callback_ex (own, on_own_bio);
  BIO_up_ref (theirs); /* what is left of its references is the library's own */
  /* It frees the context with each connection, of which it has no reference. */
  SSL_CTX_up_ref (SSL_get_SSL_CTX (self->ssl));
  SSL_set_bio (self->ssl, own, own);
  BIO_set_callback_arg (theirs, (char *) self->ssl);
  BIO_set_callback_ex (theirs, on_library_bio);
  find_peer (self);
}

static gboolean
on_made (gpointer data)
{
  TlsLink *self = data;

  prepare_link (self);
  g_clear_pointer (&self->deadline, g_source_unref);
  self->deadline = io_loop_add_timeout (self->port->loop, tls_port_handshake,
      on_deadline, self);
  return G_SOURCE_REMOVE;
}

/* OpenSSL, any thread: @parent is being made; of somebody else's context there is
 * nothing to do. Its socket comes next. */
static void
on_new_link (void *parent, void *pointer, CRYPTO_EX_DATA *data, int index,
    long number, void *argument)
{
  SSL_CTX *context = SSL_get_SSL_CTX (parent);
  TlsPort *port = context ? SSL_CTX_get_ex_data (context, context_index) : NULL;

  if (!port)
    return;
  TlsLink *self = g_new0 (TlsLink, 1);
  self->port = port;
  self->ssl = parent;
  self->deadline = io_loop_add_timeout (port->loop, 0, on_made, self);
  g_queue_push_tail (&port->links, self);
  CRYPTO_set_ex_data (data, index, self);
}

static void
on_freed_link (void *parent, void *pointer, CRYPTO_EX_DATA *data, int index,
    long number, void *argument)
{
  if (pointer)
    link_free (pointer);
}

void
tls_port_init_links (void)
{
  context_index = SSL_CTX_get_ex_new_index (0, NULL, NULL, NULL, NULL);
  link_index = SSL_get_ex_new_index (0, NULL, on_new_link, NULL, on_freed_link);
}

/* ---- Who is believed */

static TlsWatch *
find_watch (const TlsLink *self)
{
  for (GList *l = self->port->watches.head; l; l = l->next) {
    TlsWatch *watch = l->data;
    if (packet_address_equal (&watch->peer, &self->peer))
      return watch;
  }
  return NULL;
}

/* A name that it is wanted for and does not have; NULL: none. Where nobody said a name
 * its address is one. */
static gchar *
find_missing_name (const TlsLink *self, X509 *certificate)
{
  if (!find_watch (self)) {
    g_autofree gchar *host = packet_address_host_to_string (&self->peer);
    return tls_cause_is_name (certificate, host) ? NULL
                                                 : g_steal_pointer (&host);
  }
  for (GList *l = self->port->watches.head; l; l = l->next) {
    const TlsWatch *watch = l->data;
    if (packet_address_equal (&watch->peer, &self->peer) &&
        !tls_cause_is_name (certificate, watch->name))
      return g_strdup (watch->name);
  }
  return NULL;
}

static gboolean
check_name (TlsLink *self, X509_STORE_CTX *store, X509 *certificate)
{
  g_autofree gchar *missing = find_missing_name (self, certificate);

  if (!missing)
    return TRUE;
  X509_STORE_CTX_set_error (store, X509_V_ERR_HOSTNAME_MISMATCH);
  self->why = tls_cause_of_certificate (certificate,
      X509_V_ERR_HOSTNAME_MISMATCH, missing);
  return FALSE;
}

/* OpenSSL: in place of its own verification. */
static int
on_certificate (X509_STORE_CTX *store, void *unused)
{
  SSL *ssl =
      X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
  TlsLink *self = find_link (ssl);
  X509 *certificate = X509_STORE_CTX_get0_cert (store);

  if (!self || !self->port)
    return 0;
  if (!SSL_is_server (ssl) &&
      tls_port_get_settings (self->port)->verify == TLS_VERIFY_NONE)
    return 1;
  g_clear_pointer (&self->why, g_free);
  if (X509_verify_cert (store) == 1)
    return SSL_is_server (ssl) || check_name (self, store, certificate);
  /* Which one of the chain it is. */
  X509 *faulty = X509_STORE_CTX_get_current_cert (store);
  self->why = tls_cause_of_certificate (faulty ? faulty : certificate,
      X509_STORE_CTX_get_error (store), "");
  return 0;
}

gchar *
tls_port_find_other (TlsPort *self, const PacketAddress *peer,
    const gchar *name)
{
  if (tls_port_get_settings (self)->verify == TLS_VERIFY_NONE)
    return NULL;
  for (GList *l = self->links.head; l; l = l->next) {
    const TlsLink *link = l->data;
    X509 *certificate =
        link->done ? SSL_get0_peer_certificate (link->ssl) : NULL;
    if (link->done && packet_address_equal (&link->peer, peer) &&
        !(certificate && tls_cause_is_name (certificate, name)))
      return tls_cause_of_certificate (certificate,
          X509_V_ERR_HOSTNAME_MISMATCH, name);
  }
  return NULL;
}

gboolean
tls_port_has_peer (TlsPort *self, const PacketAddress *peer)
{
  for (GList *l = self->links.head; l; l = l->next) {
    const TlsLink *link = l->data;
    if (link->done && packet_address_equal (&link->peer, peer))
      return TRUE;
  }
  return FALSE;
}

/* ---- Handshakes */

/* OpenSSL: what we show. */
static int
on_our_certificate (SSL *ssl, void *unused)
{
  const TlsLink *self = find_link (ssl);

  return self && self->port && tls_files_apply (self->port->files, ssl);
}

/* The store is for whoever has to prove something. */
static void
refresh (TlsPort *self, gboolean with_store)
{
  tls_files_refresh (self->files);
  for (guint i = 0; i < self->contexts->len && with_store; i++)
    SSL_CTX_set1_cert_store (g_ptr_array_index (self->contexts, i),
        tls_files_get_store (self->files));
}

static void
begin_handshake (TlsLink *self)
{
  const TlsWatch *watch;

  prepare_link (self);
  find_peer (self);
  const TlsVerify verify = tls_port_get_settings (self->port)->verify;
  refresh (self->port,
      verify == TLS_VERIFY_MUTUAL ||
          (verify == TLS_VERIFY_SERVER && !SSL_is_server (self->ssl)));
  if (SSL_is_server (self->ssl)) {
    if (verify != TLS_VERIFY_MUTUAL)
      SSL_set_verify (self->ssl, SSL_VERIFY_NONE, NULL);
    else
      SSL_set0_CA_list (self->ssl,
          SSL_dup_CA_list (tls_files_get_issuers (self->port->files)));
  } else if ((watch = find_watch (self)) &&
      !g_hostname_is_ip_address (watch->name)) {
    SSL_set_tlsext_host_name (self->ssl, watch->name);
  }
}

static void
fail (TlsLink *self, const gchar *why)
{
  g_autofree gchar *address = packet_address_to_string (&self->peer);
  g_autofree gchar *text = gst_voice_log_text (self->why ? self->why : why);

  if (self->failed)
    return;
  self->failed = TRUE;
  GST_INFO ("no TLS %s %s: %s",
      SSL_is_server (self->ssl) ? "with caller" : "with", address, text);
  if (!SSL_is_server (self->ssl))
    tls_port_tell (self->port, &self->peer, self->why ? self->why : why);
}

static void
end_step (TlsLink *self, gint result)
{
  if (self->done || result > 0)
    return;
  switch (SSL_get_error (self->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      break;
    default:
      fail (self, tls_cause_of_error (ERR_peek_error ()));
      break;
  }
}

/* OpenSSL: how far a connection is. */
static void
on_progress (const SSL *ssl, int where, int result)
{
  TlsLink *self = find_link (ssl);

  if (!self || !self->port)
    return;
  if (where & SSL_CB_HANDSHAKE_START && !self->done)
    begin_handshake (self);
  else if (where & SSL_CB_HANDSHAKE_DONE)
    self->done = TRUE;
  else if (where & SSL_CB_ALERT && where & SSL_CB_READ &&
      result >> 8 == SSL3_AL_FATAL)
    fail (self, tls_cause_of_alert (result & 0xff));
  else if (where & SSL_CB_EXIT)
    end_step (self, result);
}

/* ---- Contexts */

void
tls_port_set_up (TlsPort *self, SSL_CTX *context)
{
  SSL_CTX_set_ex_data (context, context_index, self);
  SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list (context, OSSL_default_cipher_list ());
  SSL_CTX_set_options (context,
      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets (context, 0);
  SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_verify (context,
      SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  SSL_CTX_set_verify_depth (context, 9);
  SSL_CTX_set_cert_verify_callback (context, on_certificate, NULL);
  SSL_CTX_set_cert_cb (context, on_our_certificate, NULL);
  SSL_CTX_set_info_callback (context, on_progress);
}

void
tls_port_let_go (TlsPort *self, SSL_CTX *context)
{
  SSL_CTX_set_ex_data (context, context_index, NULL);
  for (GList *l = self->links.head; l; l = l->next) {
    TlsLink *link = l->data;
    io_loop_clear_timeout (&link->deadline);
    link->port = NULL;
  }
  g_queue_clear (&self->links);
}
