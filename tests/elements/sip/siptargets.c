/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A name that has several servers: which is called when, and what becomes of a call that
 * one did not take. */

#include "sip/gstsip.h"
#include "sip/dialog/sipdialog.h"
#include "sip/signalling/sipresolver.h"
#include "sip/target/sipprobe.h"
#include "sip/tls/tlsport.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <stdio.h>
#include <string.h>

#define NAME "pbx.example"

/* ---- A name service: SRV records of NAME in this order, all of 127.0.0.1 */

static guint ports[4];
static guint n_ports;
static guint dead; /* whose name has no address, from 1 on; 0: none */
static guint delayed; /* the same, whose name is not looked up before... */
static GTask *lookup; /* ... this is answered */
static gchar *asked; /* the last service */
static const gchar
    *absent; /* a service of which there is none, NULL: each is there */

G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver
{
  GResolver parent;
};

G_DEFINE_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
test_resolver_service_async (GResolver *resolver, const gchar *name,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);
  GList *all = NULL;

  g_free (asked);
  asked = g_strdup (name);
  for (guint i = 0; i < n_ports && g_strcmp0 (name, absent); i++)
    all = g_list_prepend (all,
        g_srv_target_new (i + 1 == dead ? "dead.example"
                : i + 1 == delayed      ? "slow.example"
                                        : "server.example",
            ports[i], 10 * (i + 1), 0));
  if (all)
    g_task_return_pointer (task, all, NULL);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
        "no such service");
}

static GList *
test_resolver_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_name_async (GResolver *resolver, const gchar *name,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);
  GList *all = NULL;
  guint count = 1;

  if (g_str_equal (name, "dead.example")) {
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
        "no such name");
    return;
  }
  if (g_str_equal (name, "slow.example")) {
    g_atomic_pointer_set (&lookup, g_steal_pointer (&task));
    return;
  }
  sscanf (name, "a%u.example", &count);
  for (guint i = 1; i <= count; i++) {
    const guint8 bytes[] = { 127, 0, (guint8) (i / 256), (guint8) i };
    all = g_list_prepend (all,
        g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4));
  }
  if (g_str_equal (name, "a2.example")) /* no way leads to everybody */
    all = g_list_prepend (all,
        g_inet_address_new_from_string ("255.255.255.255"));
  g_task_return_pointer (task, all, NULL);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  GResolverClass *resolver = G_RESOLVER_CLASS (klass);

  resolver->lookup_by_name_async = test_resolver_name_async;
  resolver->lookup_by_name_finish = test_resolver_finish;
  resolver->lookup_service_async = test_resolver_service_async;
  resolver->lookup_service_finish = test_resolver_finish;
}

static void
test_resolver_init (TestResolver *self)
{
}

/* ---- Calls */

static void
set_servers (guint n, ...)
{
  va_list args;

  va_start (args, n);
  for (n_ports = 0; n_ports < n; n_ports++)
    ports[n_ports] = va_arg (args, guint);
  va_end (args);
}

static void
call_name (Line *line, const gchar *parameters)
{
  g_autofree gchar *settings =
      g_strdup_printf ("local-uri=sip:127.0.0.1:PORT uri=sip:you@" NAME
                       "%s on-hangup=wait",
          parameters);

  line_start_on (line, free_port (), settings);
}

static void
answer (SipPeer *peer)
{
  g_autofree gchar *invite = assert_message (peer, "INVITE sip:you@" NAME);

  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
}

/* The next voice/try. */
static void
assert_try (Line *line, const gchar *state, guint port, guint status,
    guint avoided)
{
  const gint64 end = g_get_monotonic_time () + SOON * 1000;
  g_autofree gchar *address = g_strdup_printf ("127.0.0.1:%u", port);

  while (g_get_monotonic_time () < end) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        50 * GST_MSECOND, GST_MESSAGE_ELEMENT);
    const GstStructure *s =
        message ? gst_message_get_structure (message) : NULL;
    guint found_status, found_avoided;
    if (!s || !gst_structure_has_name (s, "voice/try"))
      continue;
    g_assert_cmpstr (gst_structure_get_string (s, "state"), ==, state);
    g_assert_cmpstr (gst_structure_get_string (s, "address"), ==, address);
    g_assert_true (gst_structure_get (s, "status", G_TYPE_UINT, &found_status,
        "avoided", G_TYPE_UINT, &found_avoided, NULL));
    g_assert_cmpuint (found_status, ==, status);
    g_assert_cmpuint (found_avoided, ==, avoided);
    return;
  }
  g_error ("no try of %s", address);
}

/* One says nothing, one has no line free, the third takes it; the next call goes there
 * at once. What the silent one says at last is ended. */
static void
test_three (void)
{
  g_autoptr (SipPeer) silent = sip_peer_new (FALSE);
  g_autoptr (SipPeer) full = sip_peer_new (FALSE);
  g_autoptr (SipPeer) good = sip_peer_new (FALSE);
  const gint64 before = g_get_monotonic_time ();
  Line line;

  set_servers (3, sip_peer_get_port (silent), sip_peer_get_port (full),
      sip_peer_get_port (good));
  call_name (&line, "");
  g_autofree gchar *unheard = assert_message (silent, "INVITE sip:you@" NAME);
  g_autofree gchar *refused = assert_message (full, "INVITE sip:you@" NAME);
  sip_peer_respond (full, refused, "503 Full", "Retry-After: 7\r\n", NULL);
  skip_message (full, "ACK ");
  answer (good);
  g_assert_cmpstr (asked, ==, "_sip._udp." NAME);
  assert_try (&line, "trying", sip_peer_get_port (silent), 0, 0);
  assert_try (&line, "failed", sip_peer_get_port (silent), 408, 60);
  assert_try (&line, "trying", sip_peer_get_port (full), 0, 0);
  assert_try (&line, "failed", sip_peer_get_port (full), 503, 7);
  assert_try (&line, "trying", sip_peer_get_port (good), 0, 0);
  skip_state (&line, "answered");
  g_assert_cmpint (g_get_monotonic_time () - before, <,
      20 * G_TIME_SPAN_SECOND);
  sip_peer_respond (silent, unheard, "200 OK", NULL,
      sip_peer_sdp (silent, 0, "sendrecv"));
  skip_message (silent, "ACK ");
  g_autofree gchar *request = assert_message (silent, "BYE ");
  sip_peer_respond (silent, request, "200 OK", NULL, NULL);
  bye (good);
  assert_ended (&line, "peer", 0);
  line_stop (&line);

  call_name (&line, "");
  answer (good);
  assert_try (&line, "trying", sip_peer_get_port (good), 0, 0);
  line_stop (&line);
}

/* The first a=crypto of @message; (transfer full). */
static gchar *
dup_key (const gchar *message)
{
  const gchar *found = strstr (message, "\na=crypto:");

  g_assert_nonnull (found);
  return g_strndup (found, strcspn (found, "\r"));
}

/* Who had the first offer knows no key of the second. */
static void
test_keys (void)
{
  g_autoptr (SipPeer) full = sip_peer_new (FALSE);
  g_autoptr (SipPeer) other = sip_peer_new (FALSE);
  Line line;

  set_servers (2, sip_peer_get_port (full), sip_peer_get_port (other));
  call_name (&line, " srtp=optional");
  g_autofree gchar *refused = assert_message (full, "INVITE ");
  sip_peer_respond (full, refused, "503 Full", NULL, NULL);
  skip_message (full, "ACK ");
  g_autofree gchar *invite = assert_message (other, "INVITE ");
  g_autofree gchar *first = dup_key (refused);
  g_autofree gchar *second = dup_key (invite);
  g_assert_cmpstr (first, !=, second);
  sip_peer_respond (other, invite, "486 Busy", NULL, NULL);
  skip_message (other, "ACK ");
  line_stop (&line);
}

/* Nobody listens there: no time is lost. */
static void
test_refused (gconstpointer parameters)
{
  const gboolean tcp = *(const gchar *) parameters != '\0';
  g_autoptr (SipPeer) good = sip_peer_new (tcp);
  const guint closed = free_port ();
  Line line;

  set_servers (2, closed, sip_peer_get_port (good));
  sip_dialog_try_wait = SOON;
  call_name (&line, parameters);
  answer (good);
  sip_dialog_try_wait = 300;
  g_assert_cmpstr (asked, ==, tcp ? "_sip._tcp." NAME : "_sip._udp." NAME);
  assert_try (&line, "trying", closed, 0, 0);
  assert_try (&line, "failed", closed, 503, 60);
  line_stop (&line);
}

/* Whoever is there has the last word. */
static void
test_last_word (void)
{
  g_autoptr (SipPeer) busy = sip_peer_new (FALSE);
  g_autoptr (SipPeer) other = sip_peer_new (FALSE);
  Line line;

  set_servers (2, sip_peer_get_port (busy), sip_peer_get_port (other));
  call_name (&line, "");
  g_autofree gchar *invite = assert_message (busy, "INVITE ");
  sip_peer_respond (busy, invite, "100 Trying", NULL, NULL);
  /* longer than a silent one is waited for */
  g_assert_null (sip_peer_wait (other, "INVITE ", 600));
  sip_peer_respond (busy, invite, "486 Busy", NULL, NULL);
  skip_message (busy, "ACK ");
  assert_ended (&line, "peer", 486);
  g_assert_null (sip_peer_wait (other, "INVITE ", 100));
  line_stop (&line);
}

static void
test_none (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  SipPeer *const peers[] = { first, second };
  Line line;

  set_servers (2, sip_peer_get_port (first), sip_peer_get_port (second));
  call_name (&line, "");
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    g_autofree gchar *invite = assert_message (peers[i], "INVITE ");
    sip_peer_respond (peers[i], invite, "503 Full", NULL, NULL);
    skip_message (peers[i], "ACK ");
    assert_try (&line, "trying", sip_peer_get_port (peers[i]), 0, 0);
    assert_try (&line, "failed", sip_peer_get_port (peers[i]), 503, 30);
  }
  assert_ended (&line, "peer", 503);
  line_stop (&line);
}

/* The caller hangs up between two of them. */
static void
test_hang_up (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  Line line;

  set_servers (2, sip_peer_get_port (first), sip_peer_get_port (second));
  call_name (&line, "");
  g_autofree gchar *invite = assert_message (second, "INVITE ");
  sip_peer_respond (second, invite, "180 Ringing", NULL, NULL);
  skip_state (&line, "ringing");
  line_stop (&line);
  g_autofree gchar *cancel = assert_message (second, "CANCEL ");
  sip_peer_respond (second, cancel, "200 OK", NULL, NULL);
  sip_peer_respond (second, invite, "487 Cancelled", NULL, NULL);
  skip_message (second, "ACK ");
}

/* Without records it is the name itself. */
static void
test_no_records (void)
{
  g_autofree gchar *settings = NULL;
  Line line;

  set_servers (0);
  g_clear_pointer (&asked, g_free);
  call_name (&line, "");
  assert_try (&line, "trying", 5060, 0, 0);
  g_assert_cmpstr (asked, ==, "_sip._tcp." NAME); /* behind UDP */
  line_stop (&line);
  g_clear_pointer (&asked, g_free);
  call_name (&line, ";transport=udp");
  assert_try (&line, "trying", 5060, 0, 0);
  g_assert_cmpstr (asked, ==, "_sip._udp." NAME);
  line_stop (&line);
  g_clear_pointer (&asked, g_free);
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  settings =
      g_strdup_printf ("local-uri=sip:127.0.0.1:PORT uri=sip:you@" NAME ":%u",
          sip_peer_get_port (peer));
  line_start_on (&line, free_port (), settings);
  answer (peer);
  g_assert_null (asked); /* nor are there any where there is a port */
  line_stop (&line);
}

/* Who has servers by TCP alone is called by that, where the address does not say how. */
static void
test_tcp_only (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (TRUE);
  Line line;

  set_servers (1, sip_peer_get_port (peer));
  absent = "_sip._udp." NAME;
  call_name (&line, "");
  g_autofree gchar *invite = assert_message (peer, "INVITE sip:you@" NAME);
  g_autofree gchar *contact = sip_peer_header (invite, "Contact");
  g_assert_nonnull (strstr (invite, "Via: SIP/2.0/TCP "));
  g_assert_true (g_str_has_suffix (contact, ";transport=tcp>"));
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  skip_message (peer, "ACK ");
  assert_try (&line, "trying", sip_peer_get_port (peer), 0, 0);
  assert_ended (&line, "peer", 486);
  absent = NULL;
  line_stop (&line);
}

/* Its registrar, too. */
static void
test_tcp_registrar (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (TRUE);
  Line line;

  set_servers (1, sip_peer_get_port (peer));
  absent = "_sip._udp." NAME;
  line_start_on (&line, free_port (),
      "local-uri=sip:127.0.0.1:PORT account=sip:me@" NAME " on-hangup=wait");
  g_autofree gchar *request = assert_message (peer, "REGISTER sip:" NAME);
  g_autofree gchar *contact = sip_peer_header (request, "Contact");
  g_assert_true (g_str_has_suffix (contact, ";transport=tcp>"));
  sip_peer_respond (peer, request, "404 Nobody", NULL, NULL);
  absent = NULL;
  line_stop (&line);
}

/* The only one that has an address is not given up for one that has none. */
static void
test_dead_name (void)
{
  g_autoptr (SipPeer) slow = sip_peer_new (FALSE);
  Line line;

  set_servers (2, sip_peer_get_port (slow), 5070);
  dead = 2;
  call_name (&line, "");
  g_autofree gchar *invite = assert_message (slow, "INVITE ");
  g_assert_null (sip_peer_wait (slow, "CANCEL ", 2 * sip_dialog_try_wait));
  sip_peer_respond (slow, invite, "200 OK", NULL,
      sip_peer_sdp (slow, 0, "sendrecv"));
  skip_message (slow, "ACK ");
  skip_state (&line, "answered");
  dead = 0;
  line_stop (&line);
}

/* What becomes later of the connection to a server that was given up is nothing to the
 * call, which waits for the address of the next one. */
static void
test_given_up (void)
{
  g_autoptr (SipPeer) mute = sip_peer_new (TRUE);
  const guint port = sip_peer_get_port (mute), handshake = tls_port_handshake;
  g_autofree gchar *settings =
      g_strdup_printf ("local-uri=sip:127.0.0.1:PORT uri=sips:you@127.0.0.1:%u "
                       "on-hangup=wait",
          port);
  Line line, other;

  tls_port_handshake = 200;
  set_servers (2, port, 5070);
  delayed = 2;
  line_start_on (&line, free_port (),
      "local-uri=sip:127.0.0.1:PORT uri=sips:you@" NAME " on-hangup=wait");
  assert_try (&line, "trying", port, 0, 0);
  assert_try (&line, "failed", port, 0, 60);
  line_start_on (&other, line.port, settings);
  skip_state (&other, "ended");
  g_task_return_pointer (lookup,
      g_list_prepend (NULL, g_inet_address_new_from_string ("127.0.0.1")),
      NULL);
  g_clear_object (&lookup);
  assert_try (&line, "trying", 5070, 0, 0);
  line_stop (&other);
  line_stop (&line);
  delayed = 0;
  tls_port_handshake = handshake;
}

static void
on_resolved (GArray *addresses, const GError *error, gpointer user)
{
  g_assert_no_error (error);
  *(guint *) user = addresses->len;
}

/* A name may have as many addresses as its owner likes. */
static void
test_many_addresses (void)
{
  static const struct
  {
    const gchar *name;
    guint used;
  } names[] = { { "a2.example", 2 }, { "a4000.example", 16 } };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    guint used = 0;
    sip_resolver_all (names[i].name, 5060, 0, NULL, on_resolved, &used);
    while (!used)
      g_main_context_iteration (NULL, TRUE);
    g_assert_cmpuint (used, ==, names[i].used);
  }
}

/* ---- Who we are, at one after another */

#define QUESTION \
  "Proxy-Authenticate: Digest realm=\"x\", nonce=\"n\", algorithm=MD5, " \
  "qop=\"auth\"\r\n"

/* (transfer full): the INVITE that shows who we are. */
static gchar *
ask (SipPeer *peer)
{
  g_autofree gchar *invite = assert_message (peer, "INVITE ");

  sip_peer_respond (peer, invite, "407 Who", QUESTION, NULL);
  skip_message (peer, "ACK ");
  gchar *again = assert_message (peer, "INVITE ");
  g_autofree gchar *said = sip_peer_header (again, "Proxy-Authorization");
  g_assert_nonnull (said);
  return again;
}

static gchar *
write_account (const gchar *options)
{
  gchar *file = NULL;
  const gint fd = g_file_open_tmp ("accounts-XXXXXX", &file, NULL);
  g_autofree gchar *text =
      g_strdup_printf ("[trunk]\naor=sip:me@" NAME "\nexpires=0\n%s\n",
          options);

  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  return file;
}

/* One that asks is there, and is waited for; the next one asks for itself. */
static void
test_asked (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autofree gchar *password = NULL;
  g_assert_true (
      g_close (g_file_open_tmp ("password-XXXXXX", &password, NULL), NULL));
  g_assert_true (g_file_set_contents_full (password, "secret", -1,
      G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_autofree gchar *file = write_account ("");
  g_autofree gchar *parameters =
      g_strdup_printf (" account=%s#trunk password-file=%s", file, password);
  Line line;

  set_servers (2, sip_peer_get_port (first), sip_peer_get_port (second));
  call_name (&line, parameters);
  g_autofree gchar *invite = ask (first);
  g_assert_null (sip_peer_wait (second, "INVITE ", 2 * sip_dialog_try_wait));
  sip_peer_respond (first, invite, "503 Full", NULL, NULL);
  skip_message (first, "ACK ");
  g_autofree gchar *other = ask (second);
  sip_peer_respond (second, other, "200 OK", NULL,
      sip_peer_sdp (second, 0, "sendrecv"));
  skip_message (second, "ACK ");
  skip_state (&line, "answered");
  line_stop (&line);
  g_unlink (password);
  g_unlink (file);
}

/* ---- Registrars */

static void
assert_account (Line *line, const gchar *state)
{
  const gint64 end = g_get_monotonic_time () + SOON * 1000;

  while (g_get_monotonic_time () < end) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        50 * GST_MSECOND, GST_MESSAGE_ELEMENT);
    const GstStructure *s =
        message ? gst_message_get_structure (message) : NULL;
    if (!s || !gst_structure_has_name (s, "voice/account"))
      continue;
    g_assert_cmpstr (gst_structure_get_string (s, "state"), ==, state);
    return;
  }
  g_error ("the account is not %s", state);
}

static void
accept_register (SipPeer *peer, const gchar *expires)
{
  g_autofree gchar *request = assert_message (peer, "REGISTER sip:" NAME);

  sip_peer_respond (peer, request, "200 OK", expires, NULL);
}

/* One is full, one says nothing, the third has us, and keeps us. */
static void
test_registrar (void)
{
  g_autoptr (SipPeer) full = sip_peer_new (FALSE);
  g_autoptr (SipPeer) silent = sip_peer_new (FALSE);
  g_autoptr (SipPeer) good = sip_peer_new (FALSE);
  Line line;

  set_servers (3, sip_peer_get_port (full), sip_peer_get_port (silent),
      sip_peer_get_port (good));
  line_start_on (&line, free_port (),
      "local-uri=sip:127.0.0.1:PORT account=sip:me@" NAME " on-hangup=wait");
  g_autofree gchar *request = assert_message (full, "REGISTER sip:" NAME);
  sip_peer_respond (full, request, "503 Full", NULL, NULL);
  skip_message (silent, "REGISTER sip:" NAME);
  accept_register (good, "Expires: 2\r\n");
  assert_account (&line, "registering");
  assert_account (&line, "registered"); /* nor was it lost before */
  accept_register (good, "Expires: 600\r\n");
  assert_account (&line, "registered");
  g_assert_null (sip_peer_wait (full, "REGISTER ", 0));
  line_stop (&line);
  accept_register (good, NULL); /* our end */
}

/* ---- Servers that are asked before there is a call */

static void
answer_options (SipPeer *peer, const gchar *status)
{
  g_autofree gchar *options = assert_message (peer, "OPTIONS sip:" NAME);

  sip_peer_respond (peer, options, status, NULL, NULL);
}

static void
call_again (Line *line)
{
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gboolean called = FALSE;

  g_signal_emit_by_name (element, "call", "sip:you@" NAME, &called);
  g_assert_true (called);
}

/* The first one is down, and is there again. */
static void
test_probe (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autofree gchar *file = write_account ("options=1");
  Line line;

  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:127.0.0.1:PORT account=%s#trunk on-hangup=wait "
      "dial-allow=sip:*@" NAME,
      file);
  set_servers (2, sip_peer_get_port (first), sip_peer_get_port (second));
  line_start_on (&line, free_port (), settings);
  skip_message (first, "OPTIONS sip:" NAME); /* and no answer */
  answer_options (second, "404 Nobody");
  /* The next round begins after the verdict. */
  skip_message (second, "OPTIONS ");
  call_again (&line);
  answer (second);
  assert_try (&line, "trying", sip_peer_get_port (second), 0, 0);
  skip_state (&line, "answered");
  bye (second);
  assert_ended (&line, "peer", 0);
  gchar *before;
  while ((before = sip_peer_wait (first, "OPTIONS ", 0)))
    g_free (before);
  answer_options (first, "200 OK");
  skip_message (first, "OPTIONS "); /* it has read the answer before that */
  call_again (&line);
  answer (first);
  line_stop (&line);
  g_unlink (file);
}

/* That it answers does not say that it has a line free again. */
static void
test_probe_full (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autofree gchar *file = write_account ("options=3600");
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:127.0.0.1:PORT account=%s#trunk on-hangup=wait "
      "dial-allow=sip:*@" NAME,
      file);
  Line line;

  sip_probe_wait = SOON;
  set_servers (2, sip_peer_get_port (first), sip_peer_get_port (second));
  line_start_on (&line, free_port (), settings);
  g_autofree gchar *options = assert_message (first, "OPTIONS sip:" NAME);
  call_again (&line);
  g_autofree gchar *invite = assert_message (first, "INVITE ");
  sip_peer_respond (first, invite, "503 Full", "Retry-After: 30\r\n", NULL);
  skip_message (first, "ACK ");
  answer (second);
  skip_state (&line, "answered");
  bye (second);
  skip_state (&line, "ended");
  sip_peer_respond (first, options, "200 OK", NULL, NULL);
  wait_for_line (line.port); /* it has read that */
  call_again (&line);
  answer (second);
  assert_try (&line, "trying", sip_peer_get_port (second), 0, 0);
  line_stop (&line);
  sip_probe_wait = 200;
  g_unlink (file);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_autoptr (GResolver) resolver =
      g_object_new (test_resolver_get_type (), NULL);
  g_resolver_set_default (resolver);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  sip_dialog_try_wait = 300;
  sip_probe_wait = 200;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/siptargets/three", test_three);
  g_test_add_func ("/siptargets/keys", test_keys);
  g_test_add_data_func ("/siptargets/refused/tcp", ";transport=tcp",
      test_refused);
  g_test_add_data_func ("/siptargets/refused/udp", "", test_refused);
  g_test_add_func ("/siptargets/last-word", test_last_word);
  g_test_add_func ("/siptargets/none", test_none);
  g_test_add_func ("/siptargets/hang-up", test_hang_up);
  g_test_add_func ("/siptargets/no-records", test_no_records);
  g_test_add_func ("/siptargets/tcp-only", test_tcp_only);
  g_test_add_func ("/siptargets/tcp-registrar", test_tcp_registrar);
  g_test_add_func ("/siptargets/dead-name", test_dead_name);
  g_test_add_func ("/siptargets/given-up", test_given_up);
  g_test_add_func ("/siptargets/many-addresses", test_many_addresses);
  g_test_add_func ("/siptargets/asked", test_asked);
  g_test_add_func ("/siptargets/probe", test_probe);
  g_test_add_func ("/siptargets/probe-full", test_probe_full);
  g_test_add_func ("/siptargets/registrar", test_registrar);
  const int code = g_test_run ();
  g_free (asked);
  return code;
}
