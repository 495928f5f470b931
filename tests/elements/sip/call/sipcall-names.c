/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Names in SDP that the resolver is slow with: what strangers wrote does not take the
 * threads that the rest of the process needs. */

#include "sip/gstsip.h"
#include "sip/dialog/sipdialogprivate.h"

#include "mock/sipline.h"

#include <gst/gst.h>
#include <string.h>

/* ---- A resolver that ends when the test says so */

G_DECLARE_FINAL_TYPE (HeldResolver, held_resolver, HELD, RESOLVER, GResolver)

struct _HeldResolver
{
  GResolver parent;
};

G_DEFINE_TYPE (HeldResolver, held_resolver, G_TYPE_RESOLVER)

static GMutex lock; /* protects: */
static GQueue running = G_QUEUE_INIT; /* of GTask */
static guint n_asked, most_running;

static void
held_resolver_lookup_async (GResolver *resolver, const gchar *name,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_mutex_lock (&lock);
  g_queue_push_tail (&running, g_task_new (resolver, NULL, callback, data));
  n_asked++;
  most_running = MAX (most_running, running.length);
  g_mutex_unlock (&lock);
}

static GList *
held_resolver_lookup_finish (GResolver *resolver, GAsyncResult *result,
    GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
held_resolver_class_init (HeldResolverClass *klass)
{
  GResolverClass *resolver = G_RESOLVER_CLASS (klass);

  resolver->lookup_by_name_async = held_resolver_lookup_async;
  resolver->lookup_by_name_finish = held_resolver_lookup_finish;
}

static void
held_resolver_init (HeldResolver *self)
{
}

static guint
count_asked (void)
{
  g_mutex_lock (&lock);
  guint n = n_asked;
  g_mutex_unlock (&lock);
  return n;
}

static void
wait_asked (guint n)
{
  gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;

  while (count_asked () < n) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_usleep (2000);
  }
}

/* Ends the lookup that began first: with @host, or, if that is NULL, without. */
static void
end_lookup (const gchar *host)
{
  g_mutex_lock (&lock);
  g_autoptr (GTask) task = g_queue_pop_head (&running);
  g_mutex_unlock (&lock);
  g_assert_nonnull (task);
  if (host)
    g_task_return_pointer (task,
        g_list_append (NULL, g_inet_address_new_from_string (host)), NULL);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
        "no such name");
}

static void
begin (void)
{
  g_mutex_lock (&lock);
  g_assert_true (g_queue_is_empty (&running));
  n_asked = most_running = 0;
  g_mutex_unlock (&lock);
}

/* ---- Calls */

/* An INVITE, the first or another, that wants its audio at @name. */
static void
offer (SipPeer *peer, const gchar *name)
{
  g_auto (GStrv) parts = g_strsplit (sip_peer_sdp (peer, 0, "sendrecv"),
      "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=", 2);
  g_autofree gchar *sdp = g_strconcat (parts[0], "c=IN IP4 ", name,
      "\r\nt=0 0\r\nm=", parts[1], NULL);

  sip_peer_request (peer, "INVITE", NULL, sdp);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
}

static void
call_with (SipPeer *peer, Line *line, const gchar *name)
{
  sip_peer_begin (peer, "anybody", line->port);
  offer (peer, name);
}

static void
offer_number (SipPeer *peer, guint i)
{
  g_autofree gchar *name = g_strdup_printf ("n%u.test", i);

  offer (peer, name);
}

/* That the machine had no time says nothing of a name. */
static gboolean
is_of_time (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  return strstr (error->message, "the machine had no time") != NULL;
}

/* Warnings on the bus before the end of the call. */
static guint
count_warnings (Line *line)
{
  guint n = 0;

  for (;;) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        SOON * GST_MSECOND, GST_MESSAGE_WARNING | GST_MESSAGE_ELEMENT);
    g_assert_nonnull (message);
    const GstStructure *s = gst_message_get_structure (message);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
      n += !is_of_time (message);
    else if (!g_strcmp0 (gst_structure_get_string (s, "state"), "ended"))
      return n;
  }
}

/* The name of the last offer is what counts, when the resolver has time for it. */
static void
test_one_at_a_time (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  begin ();
  line_start (&line, WAITING);
  call_with (peer, &line, "first.test");
  for (guint i = 0; i < 20; i++)
    offer_number (peer, i);
  g_assert_cmpuint (count_asked (), ==, 1);
  end_lookup ("127.0.0.1");
  wait_asked (2);
  end_lookup ("127.0.0.1");
  offer (peer, "n19.test"); /* known, and so is the first */
  offer (peer, "first.test");
  bye (peer);
  g_assert_cmpuint (count_warnings (&line), ==, 0);
  g_assert_cmpuint (count_asked (), ==, 2);
  line_stop (&line);
}

static void
test_so_many_names (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  begin ();
  line_start (&line, WAITING);
  call_with (peer, &line, "first.test");
  for (guint i = 1; i < 20; i++) {
    if (i <= SIP_DIALOG_NAMES) {
      wait_asked (i);
      end_lookup (NULL);
    }
    offer_number (peer, i);
  }
  bye (peer);
  g_assert_cmpuint (count_warnings (&line), ==, 1);
  g_assert_cmpuint (count_asked (), ==, SIP_DIALOG_NAMES);
  line_stop (&line);
}

/* What has begun counts until it has ended, and not until its call has. */
static void
test_in_the_process (void)
{
  SipPeer *peers[SIP_NAMES_RUNNING + 3];
  Line lines[SIP_NAMES_RUNNING + 3];
  const guint n = G_N_ELEMENTS (lines);

  begin ();
  for (guint i = 0; i < n; i++) {
    peers[i] = sip_peer_new (FALSE);
    line_start (&lines[i], WAITING);
    call_with (peers[i], &lines[i], "slow.test");
  }
  for (guint i = 0; i < n - 1; i++) { /* the last one stays */
    bye (peers[i]);
    skip_state (&lines[i], "ended");
  }
  g_assert_cmpuint (count_asked (), ==, SIP_NAMES_RUNNING);
  end_lookup (NULL);
  wait_asked (SIP_NAMES_RUNNING + 1); /* not for those that hung up meanwhile */
  for (guint i = 0; i < SIP_NAMES_RUNNING; i++)
    end_lookup (NULL);
  g_autoptr (GstMessage) warning = gst_bus_timed_pop_filtered (lines[n - 1].bus,
      SOON * GST_MSECOND, GST_MESSAGE_WARNING);
  g_assert_nonnull (warning);
  bye (peers[n - 1]);
  for (guint i = 0; i < n; i++) {
    line_stop (&lines[i]);
    sip_peer_free (peers[i]);
  }
  g_assert_cmpuint (count_asked (), ==, SIP_NAMES_RUNNING + 1);
  g_assert_cmpuint (most_running, ==, SIP_NAMES_RUNNING);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_autoptr (GResolver) resolver =
      g_object_new (held_resolver_get_type (), NULL);
  g_resolver_set_default (resolver);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-names/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/sipcall-names/so-many-names", test_so_many_names);
  g_test_add_func ("/sipcall-names/in-the-process", test_in_the_process);
  return g_test_run ();
}
