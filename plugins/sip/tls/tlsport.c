/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "tlsportprivate.h"

static gint capture_index = -1;
/* Who makes contexts just now, on this thread. */
static __thread TlsPort *capturing;

/* OpenSSL, any thread: @parent is being made. */
static void
on_new_context (void *parent, void *pointer, CRYPTO_EX_DATA *data, int index,
    long number, void *argument)
{
  if (capturing)
    g_ptr_array_add (capturing->contexts, parent);
}

/* It was not made after all, or the library had no use for it. */
static void
on_freed_context (void *parent, void *pointer, CRYPTO_EX_DATA *data, int index,
    long number, void *argument)
{
  if (capturing)
    g_ptr_array_remove (capturing->contexts, parent);
}

static void
init_once (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  capture_index = SSL_CTX_get_ex_new_index (0, NULL, on_new_context, NULL,
      on_freed_context);
  tls_port_init_links ();
  g_once_init_leave (&done, 1);
}

TlsPort *
tls_port_new (IoLoop *loop, const TlsSettings *settings, GError **error)
{
  init_once ();
  TlsFiles *files = tls_files_new (settings, error);
  if (!files)
    return NULL;
  TlsPort *self = g_new0 (TlsPort, 1);
  self->loop = loop;
  self->files = files;
  self->contexts = g_ptr_array_new ();
  return self;
}

void
tls_port_free (TlsPort *self)
{
  for (guint i = 0; i < self->contexts->len; i++) {
    SSL_CTX *context = g_ptr_array_index (self->contexts, i);
    tls_port_let_go (self, context);
    SSL_CTX_free (context);
  }
  g_assert (g_queue_is_empty (&self->watches));
  g_ptr_array_unref (self->contexts);
  tls_files_free (self->files);
  g_free (self);
}

const TlsSettings *
tls_port_get_settings (TlsPort *self)
{
  return tls_files_get_settings (self->files);
}

void
tls_port_begin (TlsPort *self)
{
  capturing = self;
}

gboolean
tls_port_end (TlsPort *self)
{
  capturing = NULL;
  for (guint i = 0; i < self->contexts->len; i++) {
    SSL_CTX *context = g_ptr_array_index (self->contexts, i);
    SSL_CTX_up_ref (context);
    tls_port_set_up (self, context);
  }
  return self->contexts->len > 0;
}

/* ---- Watches */

static gboolean
tell (gpointer data)
{
  TlsWatch *self = data;
  g_autofree gchar *why = g_steal_pointer (&self->why);

  g_clear_pointer (&self->telling, g_source_unref);
  self->failed (why, self->user);
  return G_SOURCE_REMOVE;
}

/* Later: now the library is in the middle of it. */
static void
tell_later (TlsWatch *self, const gchar *why)
{
  if (self->telling)
    return;
  self->why = g_strdup (why);
  self->telling = io_loop_add_timeout (self->port->loop, 0, tell, self);
}

void
tls_port_tell (TlsPort *self, const PacketAddress *peer, const gchar *why)
{
  for (GList *l = self->watches.head; l; l = l->next) {
    TlsWatch *watch = l->data;
    if (packet_address_equal (&watch->peer, peer))
      tell_later (watch, why);
  }
}

TlsWatch *
tls_watch_new (TlsPort *port, const PacketAddress *peer, const gchar *name,
    TlsFailed failed, gpointer user, gchar **why)
{
  *why = tls_port_find_other (port, peer, name);
  if (*why)
    return NULL;
  TlsWatch *self = g_new (TlsWatch, 1);
  *self = (TlsWatch){ .port = port,
    .peer = *peer,
    .name = g_strdup (name),
    .failed = failed,
    .user = user };
  g_queue_push_tail (&port->watches, self);
  return self;
}

const gchar *
tls_watch_get_failure (const TlsWatch *self)
{
  return self->why;
}

void
tls_watch_free (TlsWatch *self)
{
  io_loop_clear_timeout (&self->telling);
  g_queue_remove (&self->port->watches, self);
  g_free (self->why);
  g_free (self->name);
  g_free (self);
}
