/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call in a room can be followed in the log, by its call-id and by the pads. */

#include "common/event/gstvoiceevents.h"

#include <gst/check/gstharness.h>
#include <string.h>

#define CALL "room-7"
#define RAW(rate) \
  "audio/x-raw,format=S16LE,rate=" #rate ",channels=1,layout=interleaved"
#define LONGEST 500 /* frames: more than anything here needs */

static GMutex lock; /* protects the following */
static GString *lines; /* of the mixer and its outputs: level, object, text */

static void
on_log (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint number, GObject *object,
    GstDebugMessage *message, gpointer user)
{
  const gchar *name = gst_debug_category_get_name (category);

  if (strcmp (name, "voicemixer") && strcmp (name, "framepad"))
    return;
  g_autofree gchar *padded = g_strdup (gst_debug_level_get_name (level));
  g_mutex_lock (&lock);
  g_string_append_printf (lines, "%s %s %s\n", g_strchomp (padded),
      object ? GST_OBJECT_NAME (object) : "-", gst_debug_message_get (message));
  g_mutex_unlock (&lock);
}

static gboolean
is_logged (const gchar *words)
{
  g_mutex_lock (&lock);
  const gboolean found = strstr (lines->str, words) != NULL;
  g_mutex_unlock (&lock);
  return found;
}

static void
push_call (GstHarness *harness, GstVoiceCallState state)
{
  const GstVoiceCall call = { .state = state,
    .call_id = CALL,
    .channel = "sip",
    .from = "sip:a@b",
    .to = "sip:c@d" };

  gst_harness_push_event (harness, gst_voice_call_event_new (&call));
}

/* @caller speaks, or is silent, until @words are in the log; the room's ticks, which
 * @listener hears, are its pace. */
static void
speak_until (GstHarness *caller, GstHarness *listener, gint16 level,
    const gchar *words)
{
  for (guint i = 0; !is_logged (words); i++) {
    gint16 samples[160];
    for (guint s = 0; s < G_N_ELEMENTS (samples); s++)
      samples[s] = (gint16) (s & 4 ? level : -level);
    if (i == LONGEST)
      g_error ("no \"%s\" in:\n%s", words, lines->str);
    gst_harness_push (caller, gst_buffer_new_memdup (samples, sizeof samples));
    gst_buffer_unref (gst_harness_pull (listener));
  }
}

/* A key and a hang-up, and what the caller's channel says to that. */
static void
exchange_events (GstHarness *caller, GstHarness *agent)
{
  const GstVoiceControl hang_up = { .action = GST_VOICE_CONTROL_HANG_UP,
    .id = "1",
    .to = CALL };
  const GstVoiceControlResult result = { GST_VOICE_CONTROL_HANG_UP, "1",
    "accepted", NULL };

  gst_harness_push_event (caller,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
          gst_structure_new ("dtmf-event", "type", G_TYPE_INT, 1, "number",
              G_TYPE_INT, 7, "method", G_TYPE_INT, 1, "start", G_TYPE_BOOLEAN,
              TRUE, NULL)));
  speak_until (caller, agent, 0, CALL ": is given dtmf-event");
  gst_harness_push_event (agent, gst_voice_control_event_new (&hang_up));
  speak_until (caller, agent, 0, CALL ": is asked to hang-up");
  gst_harness_push_upstream_event (caller,
      gst_voice_control_result_event_new (&result));
}

static void
hold_call (void)
{
  GstElement *mixer =
      gst_object_ref_sink (gst_element_factory_make ("voicemixer", "room"));
  GstHarness *caller =
      gst_harness_new_with_element (mixer, "sink_0", "minus_0");
  GstHarness *agent = gst_harness_new_with_element (mixer, "sink_1", "minus_1");

  gst_child_proxy_set (GST_CHILD_PROXY (mixer), "sink_1::relay-dtmf", TRUE,
      NULL);
  gst_harness_use_systemclock (caller);
  gst_harness_play (caller);
  gst_harness_set_src_caps_str (caller, RAW (8000));
  gst_harness_set_src_caps_str (agent, RAW (16000));
  push_call (caller, GST_VOICE_CALL_RINGING);
  push_call (caller, GST_VOICE_CALL_ANSWERED);
  speak_until (caller, agent, 8000, "has started to speak");
  speak_until (caller, agent, 0, "has stopped to speak");
  exchange_events (caller, agent);
  push_call (caller, GST_VOICE_CALL_HELD);
  speak_until (caller, agent, 0, "that the talk is held");
  push_call (caller, GST_VOICE_CALL_ENDED);
  speak_until (caller, agent, 0, "that the talk is ended");
  gst_harness_teardown (caller);
  gst_harness_teardown (agent);
  gst_object_unref (mixer);
}

/* Each of @words stands in the log, behind the one before. */
static void
assert_order (const gchar *const *words, guint n)
{
  const gchar *at = lines->str;

  for (guint i = 0; i < n; i++) {
    const gchar *found = strstr (at, words[i]);
    if (!found)
      g_error ("\"%s\" is not where it should be in:\n%s", words[i],
          lines->str);
    at = found;
  }
}

static guint
count (const gchar *words)
{
  guint n = 0;

  for (const gchar *at = lines->str; (at = strstr (at, words)); at++)
    n++;
  return n;
}

static void
test_followed (void)
{
  static const gchar *const words[] = { "INFO sink_0 joins the room",
    "DEBUG sink_0 : speaks at 8000 Hz",
    "DEBUG sink_0 " CALL ": its call is ringing",
    "INFO sink_0 " CALL ": is in the room, from sip:a@b to sip:c@d by sip",
    "DEBUG minus_1 " CALL ": is told that the talk is answered",
    "DEBUG room " CALL ": sink_0 has started to speak",
    "DEBUG room " CALL ": sink_0 has stopped to speak",
    "DEBUG minus_1 " CALL ": is given dtmf-event",
    "DEBUG minus_0 " CALL ": is asked to hang-up",
    "DEBUG sink_1 " CALL ": is told that hang-up is accepted",
    "DEBUG sink_0 " CALL ": its call is held",
    "DEBUG minus_1 " CALL ": is told that the talk is held",
    "DEBUG minus_1 " CALL ": is told that the talk is ended" };
  static const gchar *const others[] = { "INFO sink_1 joins the room",
    "DEBUG sink_1 : speaks at 16000 Hz", "DEBUG room mixes at 16000 Hz",
    "DEBUG room wakes at", "DEBUG minus_1 no agent hears it",
    "INFO minus_1 format is audio/x-raw" };

  lines = g_string_new (NULL);
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (on_log, NULL, NULL);
  gst_debug_set_threshold_from_string ("*:5", TRUE);
  hold_call ();
  gst_debug_remove_log_function (on_log);
  assert_order (words, G_N_ELEMENTS (words));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    assert_order (&others[i], 1);
  g_assert_cmpuint (count ("INFO sink_0 " CALL), ==, 1);
  g_assert_cmpuint (count ("LOG "), ==, 0);
  g_assert_null (strstr (lines->str, "number")); /* of the key */
  g_string_free (lines, TRUE);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mixlog/followed", test_followed);
  return g_test_run ();
}
