/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* One call in the log: it can be followed by its id from offer to end, and tells no
 * secret. */

#include "whipcaller.h"

#define TOKEN "tok3n-of-this-test"
#define TURN_PASSWORD "w0rd-of-this-test"
#define TALKS \
  "webrtcbin name=web ! rtpopusdepay ! opusdec ! fakesink async=false " \
  "audiotestsrc is-live=true ! opusenc ! rtpopuspay ! web."

typedef struct
{
  GstDebugLevel level;
  gchar *text;
} Entry;

static GMutex lock; /* protects all below */
static GArray *entries; /* Entry */

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->text);
}

static void
on_log (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, GObject *object, GstDebugMessage *message,
    gpointer user)
{
  const gchar *name = gst_debug_category_get_name (category);

  if (strcmp (name, "whip") && strcmp (name, "whipserver"))
    return;
  const Entry entry = { level, g_strdup (gst_debug_message_get (message)) };
  g_mutex_lock (&lock);
  g_array_append_val (entries, entry);
  g_mutex_unlock (&lock);
}

static guint
count (GstDebugLevel level, const gchar *part)
{
  guint n = 0;

  g_mutex_lock (&lock);
  for (guint i = 0; i < entries->len; i++) {
    const Entry *entry = &g_array_index (entries, Entry, i);
    n += (level == GST_LEVEL_COUNT || entry->level == level) &&
        strstr (entry->text, part);
  }
  g_mutex_unlock (&lock);
  return n;
}

static void
wait_for (const gchar *part)
{
  for (guint i = 0; i < SOON / 5 && !count (GST_LEVEL_COUNT, part); i++)
    g_usleep (5000);
  if (!count (GST_LEVEL_COUNT, part))
    g_error ("nothing in the log of %s", part);
}

/* From offer to end. */
static void
assert_all_have (const gchar *id)
{
  gboolean within = FALSE;

  g_mutex_lock (&lock);
  for (guint i = 0; i < entries->len; i++) {
    const gchar *text = g_array_index (entries, Entry, i).text;
    within |= strstr (text, "offer from") != NULL;
    if (within && !strstr (text, id))
      g_error ("the log does not say of which call it tells: %s", text);
    within &= !strstr (text, "ended by");
  }
  g_mutex_unlock (&lock);
}

static void
patch (Line *line, Caller *caller)
{
  static const gchar *const bodies[] = {
    "a=mid:audio0\r\na=candidate:7 1 UDP 5 127.0.0.1 4711 typ host\r\n",
    "a=mid:nobody\r\na=candidate:7 1 UDP 5 127.0.0.1 4711 typ host\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autofree gchar *type =
        caller_type (caller, "application/trickle-ice-sdpfrag");
    g_autoptr (GSocketConnection) connection =
        request (line->port, "PATCH", caller->session, type, bodies[i]);
    g_free (read_answer (connection, SOON));
  }
}

static gchar *
ice_password (const gchar *answer)
{
  const gchar *at = strstr (answer, "a=ice-pwd:");

  g_assert_nonnull (at);
  at += strlen ("a=ice-pwd:");
  return g_strndup (at, strcspn (at, "\r"));
}

static void
assert_no_secret (const Caller *caller)
{
  g_autofree gchar *password = ice_password (caller->answer);

  g_assert_cmpuint (count (GST_LEVEL_COUNT, password), ==, 0);
  g_assert_cmpuint (count (GST_LEVEL_COUNT, TOKEN), ==, 0);
  g_assert_cmpuint (count (GST_LEVEL_COUNT, TURN_PASSWORD), ==, 0);
}

static void
test_call (void)
{
  static const gchar *const told[] = { "offer from 127.0.0.1", "answered after",
    "CONNECTED", "DTLS is up", "the line knows", "the page opened",
    "the page asks for text", "a fragment with 1 candidates", "ended by" };
  static const gchar *const early[] = {
    "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\","
    "\"role\":\"user\",\"content\":[{\"type\":\"input_text\","
    "\"text\":\"hello\"}]}}",
    "nonsense", NULL
  };
  Line line;
  Caller caller = { .at_open = early, .token = TOKEN };

  line_launch (&line, free_port (),
      WAITING " token=" TOKEN " turn-server=turn://user:" TURN_PASSWORD
              "@127.0.0.1:9",
      TALKS);
  line_wait (&line);
  caller_init (&caller, SPEAKS, 0, TRUE);
  caller_call (&caller, &line);
  const gchar *id = strrchr (caller.session, '/') + 1;
  patch (&line, &caller);
  wait_for ("is refused: The event");
  assert_no_secret (&caller);
  g_autofree gchar *session = g_strdup (id);
  caller_end (&caller, &line);
  wait_for ("ended by");
  line_stop (&line);

  g_assert_cmpuint (count (GST_LEVEL_INFO, session), ==, 1);
  g_assert_cmpuint (count (GST_LEVEL_INFO, "sendrecv OPUS/48000"), ==, 1);
  g_assert_cmpuint (count (GST_LEVEL_INFO, "call from 127.0.0.1, "), ==, 1);
  g_assert_cmpuint (count (GST_LEVEL_INFO, "(host, udp) to "), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    if (!count (GST_LEVEL_DEBUG, told[i]))
      g_error ("nothing in the log of \"%s\"", told[i]);
  g_assert_cmpuint (count (GST_LEVEL_WARNING, "unknown a=mid"), ==, 1);
  g_assert_cmpuint (count (GST_LEVEL_WARNING, "not JSON"), ==, 1);
  assert_all_have (session);
}

/* Whoever is refused has no id, and one line. */
static void
test_refused (void)
{
  Line line;

  line_start (&line, WAITING " line=a");
  g_mutex_lock (&lock);
  g_array_set_size (entries, 0);
  g_mutex_unlock (&lock);
  ask (line.port, "POST", "/whip/a", "application/sdp", "hello\r\n", 400);
  g_assert_cmpuint (count (GST_LEVEL_COUNT, "is refused with 400"), ==, 1);
  g_assert_cmpuint (count (GST_LEVEL_WARNING, "for line \"a\""), ==, 1);
  line_stop (&line);
}

/* A stranger begins no lines in the log, and moves no cursor. */
static void
test_forged (void)
{
  Line line;

  line_start (&line, WAITING " line=a");
  g_mutex_lock (&lock);
  g_array_set_size (entries, 0);
  g_mutex_unlock (&lock);
  ask (line.port, "POST", "/whip/%1b%5b2J%0aFORGED",
      "text/plain\r\nUser-Agent: \33[2Jx", "", 404);
  g_assert_cmpuint (count (GST_LEVEL_WARNING, "\\x1b[2J\\x0aFORGED"), ==, 1);
  g_assert_cmpuint (count (GST_LEVEL_WARNING, "\\x1b[2Jx"), ==, 1);
  g_assert_cmpuint (count (GST_LEVEL_COUNT, "\33"), ==, 0);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  whip_test_begin (&argc, &argv);
  entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (entries, entry_clear);
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (on_log, NULL, NULL);
  gst_debug_set_threshold_from_string ("*:5", TRUE);
  g_test_add_func ("/whiplog/call", test_call);
  g_test_add_func ("/whiplog/refused", test_refused);
  g_test_add_func ("/whiplog/forged", test_forged);
  return whip_test_run ();
}
