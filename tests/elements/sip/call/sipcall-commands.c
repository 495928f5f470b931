/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Commands that come at odd moments, against a scripted peer over loopback. */

#include "sip/gstsip.h"
#include "sip/line/siplineprivate.h"
#include "sip/signalling/sipagent.h"
#include "sip/signalling/siplinger.h"
#include "sip/signalling/siploop.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gio/gio.h>

#define TIMEOUT 2000 /* ms: T1x64 here */
#define A_WHILE 150 /* ms in which nothing may happen */

/* Knows the phone's name; while it is slow it answers to cancellation only. */
#define PHONE "phone.test"

G_DECLARE_FINAL_TYPE (SlowResolver, slow_resolver, SLOW, RESOLVER, GResolver)

struct _SlowResolver
{
  GResolver parent;
  gboolean slow;
};

G_DEFINE_TYPE (SlowResolver, slow_resolver, G_TYPE_RESOLVER)

static void
give_up (GCancellable *cancellable, gpointer task)
{
  g_task_return_error_if_cancelled (task);
}

static void
slow_resolver_lookup_async (GResolver *resolver, const gchar *name,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);

  g_assert_cmpstr (name, ==, PHONE);
  if (SLOW_RESOLVER (resolver)->slow)
    g_cancellable_connect (cancellable, G_CALLBACK (give_up),
        g_steal_pointer (&task), g_object_unref);
  else
    g_task_return_pointer (task,
        g_list_append (NULL, g_inet_address_new_from_string ("127.0.0.1")),
        NULL);
}

static GList *
slow_resolver_lookup_finish (GResolver *resolver, GAsyncResult *result,
    GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
slow_resolver_class_init (SlowResolverClass *klass)
{
  GResolverClass *resolver = G_RESOLVER_CLASS (klass);

  resolver->lookup_by_name_async = slow_resolver_lookup_async;
  resolver->lookup_by_name_finish = slow_resolver_lookup_finish;
}

static void
slow_resolver_init (SlowResolver *self)
{
}

static SlowResolver *resolver;

static gboolean
dial_port (Line *line, guint port)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  g_autofree gchar *uri = g_strdup_printf ("sip:you@" PHONE ":%u", port);
  gboolean done = FALSE;

  g_signal_emit_by_name (src, "call", uri, &done);
  return done;
}

static SipLine *
get_session (Line *line)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");

  return gst_pair_half_dup_session (gst_pair_half_of (src));
}

static void
assert_quiet (SipPeer *peer, const gchar *start)
{
  g_autofree gchar *message = sip_peer_wait (peer, start, A_WHILE);

  g_assert_null (message);
}

static void
expect_bye (SipPeer *peer)
{
  g_autofree gchar *request = assert_message (peer, "BYE ");

  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
}

/* ---- call */

/* After the last call there is none. */
static void
test_call_when_finished (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line,
      "local-uri=sip:127.0.0.1:PORT on-hangup=eos dial-allow=sip:you@*:*");
  call_in (peer, line.port);
  skip_state (&line, "answered");
  bye (peer);
  assert_ended (&line, "peer", 0);
  g_assert_false (dial_port (&line, sip_peer_get_port (peer)));
  assert_quiet (peer, "INVITE ");
  /* A new start is a new line. */
  gst_element_set_state (line.pipeline, GST_STATE_READY);
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  g_assert_true (dial_port (&line, sip_peer_get_port (peer)));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  assert_ended (&line, "peer", 486);
  line_stop (&line);
}

/* While the name is looked up there is a call. */
static void
test_call_then_hang_up (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  guint port = sip_peer_get_port (peer);
  Line line;

  line_start (&line, WAITING);
  resolver->slow = TRUE;
  for (guint i = 0; i < 2; i++) {
    g_assert_true (dial_port (&line, port));
    g_assert_false (dial_port (&line, port));
    g_assert_true (emit (&line, "hang-up"));
    assert_ended (&line, "us", 0);
    g_assert_false (emit (&line, "hang-up"));
  }
  resolver->slow = FALSE;
  g_assert_true (dial_port (&line, port));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  assert_ended (&line, "peer", 486);
  line_stop (&line);
}

/* The line is not there yet. */
static void
test_call_before_playing (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  guint port = sip_peer_get_port (peer);
  Line line;

  line_start (&line, WAITING);
  gst_element_set_state (line.pipeline, GST_STATE_READY);
  g_assert_true (dial_port (&line, port));
  g_assert_false (dial_port (&line, port));
  g_assert_true (emit (&line, "hang-up"));
  assert_ended (&line, "us", 0);
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  assert_quiet (peer, "INVITE ");
  gst_element_set_state (line.pipeline, GST_STATE_READY);
  g_assert_true (dial_port (&line, port));
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  assert_ended (&line, "peer", 486);
  line_stop (&line);
}

/* Statistics of a call that never was are not those of the call before. */
static void
test_call_stats (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autoptr (GstStructure) stats = NULL;
  guint64 duration = 1;
  Line line;

  line_start (&line, WAITING);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  g_usleep (2000);
  bye (peer);
  assert_ended (&line, "peer", 0);
  resolver->slow = TRUE;
  g_assert_true (dial_port (&line, sip_peer_get_port (peer)));
  g_assert_true (emit (&line, "hang-up"));
  g_autoptr (GstMessage) message = expect_state (&line, "ended");
  const gchar *call_id =
      gst_structure_get_string (gst_message_get_structure (message), "call-id");
  resolver->slow = FALSE;
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line.pipeline), "s");
  g_object_get (src, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, "duration", &duration));
  g_assert_cmpuint (duration, ==, 0);
  g_assert_cmpstr (gst_structure_get_string (stats, "call-id"), ==, call_id);
  g_assert_cmpstr (gst_structure_get_string (stats, "direction"), ==,
      "outgoing");
  g_assert_cmpstr (gst_structure_get_string (stats, "codec"), ==, "");
  line_stop (&line);
}

static void
test_call_nonsense (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  gboolean done = TRUE;
  Line line;

  line_start (&line, WAITING);
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line.pipeline), "s");
  g_autofree gchar *uri = g_strdup_printf ("sip:you@127.0.0.1:%u;x=1\r\nX: y",
      sip_peer_get_port (peer));
  g_signal_emit_by_name (src, "call", uri, &done);
  g_assert_false (done);
  line_stop (&line);
}

/* A call came in between: whoever asked for one hears that it will not be, and
 * the other goes on. */
static void
test_call_taken (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  g_autoptr (SipLine) session = get_session (&line);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  g_mutex_lock (&session->lock);
  sip_line_add_dial_unlocked (session, "sip:you@" PHONE);
  g_mutex_unlock (&session->lock);
  sip_line_run_steps (session);
  g_autoptr (GstMessage) message = expect_state (&line, "ended");
  const GstStructure *s = gst_message_get_structure (message);
  g_assert_cmpstr (gst_structure_get_string (s, "direction"), ==, "outgoing");
  g_assert_cmpstr (gst_structure_get_string (s, "by"), ==, "us");
  g_assert_cmpstr (gst_structure_get_string (s, "cause"), ==,
      "The line was taken by another call");
  assert_quiet (peer, "BYE ");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* ---- reject */

static gboolean
reject (Line *line, guint status)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gboolean done = FALSE;

  g_signal_emit_by_name (src, "reject", status, &done);
  return done;
}

static void
test_reject (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " answer-mode=manual");
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_state (&line, "ringing");
  g_assert_false (reject (&line, 299));
  g_assert_false (reject (&line, 200));
  g_assert_false (reject (&line, 700));
  g_assert_true (reject (&line, 302));
  skip_message (peer, "SIP/2.0 302");
  assert_ended (&line, "us", 302);
  line_stop (&line);
}

/* ---- hang-up before the ACK */

static void
hang_up_early (SipPeer *peer, Line *line)
{
  line_start (line, WAITING);
  sip_peer_begin (peer, "anybody", line->port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  g_assert_true (emit (line, "hang-up"));
  assert_ended (line, "us", 0);
}

static void
test_late_ack (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  hang_up_early (peer, &line);
  assert_quiet (peer, "BYE ");
  sip_peer_request (peer, "ACK", NULL, NULL);
  expect_bye (peer);
  /* The line is free again. */
  call_in (peer, line.port);
  skip_state (&line, "answered");
  bye (peer);
  line_stop (&line);
}

/* None comes: the stack says BYE, and the end of the process waits no more. */
static void
test_no_ack (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  hang_up_early (peer, &line);
  line_stop (&line);
  gint64 start = g_get_monotonic_time ();
  sip_linger_wait (A_WHILE);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, A_WHILE * 1000);
  expect_bye (peer);
  start = g_get_monotonic_time ();
  sip_linger_wait (2 * SOON);
  g_assert_cmpint (g_get_monotonic_time () - start, <, SOON * 1000);
}

/* ---- hang-up behind the audio (end of stream at sipsink) */

static void
test_after_audio_calling (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  g_autoptr (SipLine) session = get_session (&line);
  g_assert_true (dial_port (&line, sip_peer_get_port (peer)));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "180 Ringing", NULL, NULL);
  skip_state (&line, "ringing");
  g_assert_true (sip_line_hang_up_after_audio (session));
  g_autofree gchar *cancel = assert_message (peer, "CANCEL ");
  sip_peer_respond (peer, cancel, "200 OK", NULL, NULL);
  sip_peer_respond (peer, invite, "487 Cancelled", NULL, NULL);
  assert_ended (&line, "us", 0);
  line_stop (&line);
}

/* @answered: with its 200 there is audio, which is heard to its end. */
static void
test_after_audio_ringing (gconstpointer answered)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line,
      WAITING " answer-mode=manual timers=timers,hang-up-delay=500");
  g_autoptr (SipLine) session = get_session (&line);
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_state (&line, "ringing");
  if (answered) {
    g_assert_true (emit (&line, "answer"));
    skip_message (peer, "SIP/2.0 200");
  }
  g_assert_true (sip_line_hang_up_after_audio (session));
  if (answered) {
    sip_peer_request (peer, "ACK", NULL, NULL);
    skip_state (&line, "answered");
    assert_quiet (peer, "BYE ");
    expect_bye (peer);
  } else {
    skip_message (peer, "SIP/2.0 480");
  }
  assert_ended (&line, "us", 0);
  line_stop (&line);
}

/* ---- What comes late from a call does nothing to the next one */

static guint
serial_of (SipLine *session)
{
  g_mutex_lock (&session->lock);
  guint serial = session->serial;
  g_mutex_unlock (&session->lock);
  return serial;
}

static void
test_next_call (gconstpointer func)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " timers=timers,hang-up-delay=0");
  g_autoptr (SipLine) session = get_session (&line);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  guint first = serial_of (session);
  bye (peer);
  assert_ended (&line, "peer", 0);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  sip_line_invoke_for (session, first, (void (*) (SipLine *)) func);
  assert_quiet (peer, "BYE ");
  sip_line_invoke_for (session, serial_of (session),
      (void (*) (SipLine *)) func);
  expect_bye (peer);
  line_stop (&line);
}

/* ---- Early media */

static void
test_early_media (gconstpointer status)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  g_assert_true (dial_port (&line, sip_peer_get_port (peer)));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, status, NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_state (&line, "early");
  sip_peer_respond (peer, invite, "200 OK", NULL, NULL); /* lenient */
  skip_message (peer, "ACK ");
  skip_state (&line, "answered");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* Silence is no loss until the call is answered: then it is, whether or not the
 * answer says again what the 183 said. */
static void
test_early_silence (gconstpointer repeated)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " media-timeout=200");
  g_assert_true (dial_port (&line, sip_peer_get_port (peer)));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "183 Progress", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_state (&line, "early");
  g_autofree gchar *cancel = sip_peer_wait (peer, "CANCEL ", 700);
  g_assert_null (cancel);
  sip_peer_respond (peer, invite, "200 OK", NULL,
      repeated ? sip_peer_sdp (peer, 0, "sendrecv") : NULL);
  skip_message (peer, "ACK ");
  expect_bye (peer);
  assert_ended (&line, "network", 408);
  line_stop (&line);
}

/* What the application is told of a call, one after another, until it ends. */
static gchar *
states_until_end (Line *line)
{
  GString *states = g_string_new (NULL);

  while (!g_str_has_suffix (states->str, "ended ")) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        SOON * GST_MSECOND, GST_MESSAGE_ELEMENT);
    g_assert_nonnull (message);
    const GstStructure *s = gst_message_get_structure (message);
    if (gst_structure_has_name (s, "voice/call"))
      g_string_append_printf (states, "%s ",
          gst_structure_get_string (s, "state"));
  }
  return g_string_free (states, FALSE);
}

/* Servers repeat what they said of a call that is not answered yet. */
static void
test_progress_is_told_once (void)
{
  static const gchar *const rings[] = { "180 Ringing", "181 Forwarded" };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  g_assert_true (dial_port (&line, sip_peer_get_port (peer)));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  for (guint i = 0; i < G_N_ELEMENTS (rings); i++)
    sip_peer_respond (peer, invite, rings[i], NULL, NULL);
  for (guint i = 0; i < 2; i++)
    sip_peer_respond (peer, invite, "183 Progress", NULL,
        sip_peer_sdp (peer, 0, "sendrecv"));
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  g_autofree gchar *states = states_until_end (&line);
  g_assert_cmpstr (states, ==, "calling ringing early ended ");
  line_stop (&line);
}

static gboolean warned;

static void
note_warning (GstDebugCategory *category, GstDebugLevel level,
    const gchar *file, const gchar *function, gint number, GObject *object,
    GstDebugMessage *message, gpointer call_id)
{
  if (level == GST_LEVEL_WARNING &&
      strstr (gst_debug_message_get (message), "183") &&
      strstr (gst_debug_message_get (message), call_id))
    g_atomic_int_set (&warned, TRUE);
}

/* Early media that cannot be had: the call rings all the same. */
static void
test_unusable_early_media (void)
{
  static const gchar *const bodies[] = {
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
    "t=0 0\r\nm=audio 9000 RTP/AVP 18\r\n",
    "v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\n"
    "t=0 0\r\nm=audio 9000 RTP/AVP 0\r\n",
    "nonsense"
  };

  gst_debug_set_threshold_for_name ("sip", GST_LEVEL_WARNING);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
    Line line;

    line_start (&line, WAITING);
    g_assert_true (dial_port (&line, sip_peer_get_port (peer)));
    g_autofree gchar *invite = assert_message (peer, "INVITE ");
    g_autofree gchar *call_id = sip_peer_header (invite, "Call-ID");
    g_atomic_int_set (&warned, FALSE);
    gst_debug_add_log_function (note_warning, call_id, NULL);
    sip_peer_respond (peer, invite, "183 Progress", NULL, bodies[i]);
    sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
    g_autofree gchar *states = states_until_end (&line);
    gst_debug_remove_log_function (note_warning);
    g_assert_cmpstr (states, ==, "calling ringing ended ");
    g_assert_true (g_atomic_int_get (&warned));
    line_stop (&line);
  }
}

/* ---- Two state changes in one moment */

/* As many as there is time for: a round takes a switch of threads where others have the
 * cores. */
#define ROUNDS 5000
#define ROUNDS_TIME (8 * G_USEC_PER_SEC)

typedef struct
{
  SipLine *session;
  gint round, done; /* atomic */
} Halves;

/* Meets the other thread in the same moment where there are cores for both; where others
 * have them, it does not wait out its time slice. FALSE: that was the last round. */
static gboolean
wait_for_round (Halves *self, gint round)
{
  for (guint spins = 0; g_atomic_int_get (&self->round) < round; spins++)
    if (spins > 2000)
      g_thread_yield ();
  return g_atomic_int_get (&self->round) == round;
}

/* FALSE: there was time for no more, and the other thread has been told. */
static gboolean
begin_round (Halves *self, gint round, gint64 until)
{
  const gboolean more = round <= ROUNDS && g_get_monotonic_time () < until;

  g_atomic_int_set (&self->round, more ? round : G_MAXINT);
  return more;
}

/* The half that begins, in turns. */
static gpointer
begin_halves (gpointer data)
{
  Halves *self = data;

  for (gint i = 1; wait_for_round (self, i); i++) {
    sip_line_set_playing (self->session, i % 2 ? SIP_LINE_SINK : SIP_LINE_SRC,
        TRUE);
    g_atomic_int_set (&self->done, i);
  }
  return NULL;
}

static void
assert_registered (gpointer session)
{
  g_assert_true (((SipLine *) session)->registered);
}

/* One half ends as the other begins: whichever is first, one plays, and the line
 * takes calls. What was decided first must not be done last. */
static void
test_halves_take_turns (void)
{
  Halves halves = { NULL, 0, 0 };
  Line line;

  line_start (&line, WAITING);
  halves.session = get_session (&line);
  GThread *thread = g_thread_new ("begin", begin_halves, &halves);
  const gint64 until = g_get_monotonic_time () + ROUNDS_TIME;
  for (gint i = 1; begin_round (&halves, i, until); i++) {
    for (volatile gint wait = 0; wait < i % 64 * 8; wait++)
      ;
    sip_line_set_playing (halves.session, i % 2 ? SIP_LINE_SRC : SIP_LINE_SINK,
        FALSE);
    while (g_atomic_int_get (&halves.done) < i)
      g_thread_yield ();
    g_assert_true (io_loop_invoke_wait (sip_loop_get (), assert_registered,
        halves.session, NULL, SOON));
  }
  g_thread_join (thread);
  g_object_unref (halves.session);
  line_stop (&line);
}

/* A call that is asked for and hung up in one moment. */
static gpointer
dial_in_rounds (gpointer data)
{
  Halves *self = data;

  for (gint i = 1; wait_for_round (self, i); i++) {
    g_assert_true (sip_line_dial (self->session, "sip:you@" PHONE));
    g_atomic_int_set (&self->done, i);
  }
  return NULL;
}

static void
assert_nothing_pending (gpointer session)
{
  g_assert_null (((SipLine *) session)->pending_uri);
}

/* Whoever hangs up a call ends that call, also before the line has begun with it. The
 * line does not play: nothing is dialled before it is hung up. */
static void
test_hang_up_meanwhile (void)
{
  Halves halves = { NULL, 0, 0 };
  g_autoptr (GstElement) src =
      gst_object_ref_sink (gst_element_factory_make ("sipsrc", NULL));

  g_object_set (src, "dial-allow", "sip:*@*", NULL);
  gst_element_set_state (src, GST_STATE_READY);
  halves.session = gst_pair_half_dup_session (gst_pair_half_of (src));
  GThread *thread = g_thread_new ("dial", dial_in_rounds, &halves);
  const gint64 until = g_get_monotonic_time () + ROUNDS_TIME;
  for (gint i = 1; begin_round (&halves, i, until); i++) {
    while (!sip_line_hang_up (halves.session))
      ;
    while (g_atomic_int_get (&halves.done) < i)
      g_thread_yield ();
    g_assert_true (io_loop_invoke_wait (sip_loop_get (), assert_nothing_pending,
        halves.session, NULL, SOON));
  }
  g_thread_join (thread);
  g_object_unref (halves.session);
  gst_element_set_state (src, GST_STATE_NULL);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_timeout = TIMEOUT;
  resolver = g_object_new (slow_resolver_get_type (), NULL);
  g_resolver_set_default (G_RESOLVER (resolver));
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-commands/call/finished", test_call_when_finished);
  g_test_add_func ("/sipcall-commands/call/hang-up", test_call_then_hang_up);
  g_test_add_func ("/sipcall-commands/call/before-playing",
      test_call_before_playing);
  g_test_add_func ("/sipcall-commands/call/stats", test_call_stats);
  g_test_add_func ("/sipcall-commands/call/nonsense", test_call_nonsense);
  g_test_add_func ("/sipcall-commands/call/taken", test_call_taken);
  g_test_add_func ("/sipcall-commands/reject", test_reject);
  g_test_add_func ("/sipcall-commands/halves-take-turns",
      test_halves_take_turns);
  g_test_add_func ("/sipcall-commands/hang-up/meanwhile",
      test_hang_up_meanwhile);
  g_test_add_func ("/sipcall-commands/hang-up/late-ack", test_late_ack);
  g_test_add_func ("/sipcall-commands/hang-up/no-ack", test_no_ack);
  g_test_add_func ("/sipcall-commands/after-audio/calling",
      test_after_audio_calling);
  g_test_add_data_func ("/sipcall-commands/after-audio/ringing", NULL,
      test_after_audio_ringing);
  g_test_add_data_func ("/sipcall-commands/after-audio/answered", "",
      test_after_audio_ringing);
  g_test_add_data_func ("/sipcall-commands/next-call/drained",
      sip_line_audio_sent, test_next_call);
  g_test_add_data_func ("/sipcall-commands/next-call/media-lost",
      sip_line_media_lost, test_next_call);
  g_test_add_data_func ("/sipcall-commands/early-media/180", "180 Ringing",
      test_early_media);
  g_test_add_data_func ("/sipcall-commands/early-media/183", "183 Progress",
      test_early_media);
  g_test_add_data_func ("/sipcall-commands/early-media/silence", NULL,
      test_early_silence);
  g_test_add_data_func ("/sipcall-commands/early-media/silence-repeated", "",
      test_early_silence);
  g_test_add_func ("/sipcall-commands/early-media/told-once",
      test_progress_is_told_once);
  g_test_add_func ("/sipcall-commands/early-media/unusable",
      test_unusable_early_media);
  return g_test_run ();
}
