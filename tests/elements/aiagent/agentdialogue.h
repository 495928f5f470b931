/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A dialogue in virtual time: the test brings the caller's frames and takes the
 * agent's, 20 ms each, as the elements would. */

#include "aiagent/backends/echo.h"
#include "aiagent/backends/script.h"
#include "aiagent/session/host/agentbackend.h"
#include "aiagent/session/agentsession.h"

#include "../../syntheticvoice.h"

#include <glib/gstdio.h>

#include <string.h>

#define RATE 8000
#define FRAME_TIME (20 * GST_MSECOND)

/* ---- A stand-in for the elements */

typedef struct
{
  GstElement parent;
} TestHalf;

typedef GstElementClass TestHalfClass;

static GType test_half_get_type (void);
G_DEFINE_TYPE (TestHalf, test_half, GST_TYPE_ELEMENT)

static const GEnumValue choices[] = { { 0, "0", "0" }, { 1, "1", "1" },
  { 2, "2", "2" }, { 3, "3", "3" }, { 0, NULL, NULL } };

static inline void
test_half_init (TestHalf *self)
{
}

static inline void
test_half_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
}

static inline void
test_half_class_init (TestHalfClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const gchar *const texts[] = { "tools-enabled", "tools",
    "tool-command", "tool-environment", "tool-phrase", "hold-music" };
  static const gchar *const limits[] = { "sessions-per-minute", "max-sessions",
    "max-duration" };
  GType type = g_enum_register_static ("TestChoice", choices);
  const GParamFlags flags = G_PARAM_READABLE;

  object_class->get_property = test_half_property;
  g_object_class_install_property (object_class, 1,
      g_param_spec_enum ("turn-detection", NULL, NULL, type, 0, flags));
  g_object_class_install_property (object_class, 2,
      g_param_spec_enum ("barge-in", NULL, NULL, type, 0, flags));
  g_object_class_install_property (object_class, 3,
      g_param_spec_uint ("end-of-turn-min", NULL, NULL, 0, 10000, 300, flags));
  g_object_class_install_property (object_class, 4,
      g_param_spec_uint ("min-speech", NULL, NULL, 0, 120, 60, flags));
  g_object_class_install_property (object_class, 5,
      g_param_spec_string ("context", NULL, NULL, NULL, flags));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_object_class_install_property (object_class, 6 + i,
        g_param_spec_string (texts[i], NULL, NULL, i == 0 ? "hang_up" : NULL,
            flags));
  g_object_class_install_property (object_class, 6 + G_N_ELEMENTS (texts),
      g_param_spec_uint ("tool-timeout", NULL, NULL, 0, 60000, 60000, flags));
  g_object_class_install_property (object_class, 7 + G_N_ELEMENTS (texts),
      g_param_spec_enum ("tool-wait", NULL, NULL, type, 0, flags));
  g_object_class_install_property (object_class, 8 + G_N_ELEMENTS (texts),
      g_param_spec_enum ("admit", NULL, NULL, type, 0, flags));
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    g_object_class_install_property (object_class, 9 + G_N_ELEMENTS (texts) + i,
        g_param_spec_uint (limits[i], NULL, NULL, 0, G_MAXUINT, 0, flags));
  /* What backends do with them is tested here. */
  g_object_class_install_property (object_class,
      9 + G_N_ELEMENTS (texts) + G_N_ELEMENTS (limits),
      g_param_spec_boolean ("caller-instructions", NULL, NULL, TRUE, flags));
  g_object_class_install_property (object_class,
      10 + G_N_ELEMENTS (texts) + G_N_ELEMENTS (limits),
      g_param_spec_uint ("latency-budget", NULL, NULL, 0, 60000, 0, flags));
  /* As the minimum: each turn ends in the same time. */
  g_object_class_install_property (object_class,
      11 + G_N_ELEMENTS (texts) + G_N_ELEMENTS (limits),
      g_param_spec_uint ("end-of-turn-max", NULL, NULL, 0, 10000, 0, flags));
  g_object_class_install_property (object_class,
      12 + G_N_ELEMENTS (texts) + G_N_ELEMENTS (limits),
      g_param_spec_uint ("barge-in-confirm", NULL, NULL, 0, 10000, 400, flags));
}

/* ---- The dialogue under test */

static AgentSession *session;
static GstElement *halves[AGENT_N_ROLES];
static GMutex
    facts_lock; /* of facts; backends tell some on threads of their own */
static GPtrArray *facts; /* GstStructure */
static GByteArray *looped;
static gboolean ticking;
static void (
    *on_ticking) (GstElement *element, gboolean value); /* may be NULL */
static guint n_ends, n_failures;
static GstClockTime now;
static guint end_of_turn_min,
    end_of_turn_max; /* ms; 0: as the stand-in has it */
static guint voice_at, rate;
static GByteArray *said; /* what the agent has said */
static guint n_spoken;
static GQueue controls; /* GstEvent */

static inline void
on_fact (GstElement *element, GstStructure *fact)
{
  g_mutex_lock (&facts_lock);
  g_ptr_array_add (facts, fact);
  g_mutex_unlock (&facts_lock);
}

static inline void
on_failed (GstElement *element, const GError *error)
{
  n_failures++;
}

static inline void
on_set_ticking (GstElement *element, gboolean value)
{
  ticking = value;
  if (on_ticking)
    on_ticking (element, value);
}

static inline void
on_frame (GstElement *element, gconstpointer data, gsize size)
{
  g_byte_array_append (looped, data, (guint) size);
}

static inline void
on_end (GstElement *element)
{
  n_ends++;
}

static const AgentListener listener = { on_fact, on_failed, on_set_ticking,
  on_frame, on_end };

static inline void
free_fact (gpointer fact)
{
  gst_structure_free (fact);
}

static inline void
set_setting (GstPairSettings *settings, const gchar *name, guint value)
{
  GParamSpec *spec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (halves[AGENT_SINK]),
          name);
  g_auto (GValue) boxed = G_VALUE_INIT;

  g_value_init (&boxed, spec->value_type);
  if (G_VALUE_HOLDS_ENUM (&boxed))
    g_value_set_enum (&boxed, (gint) value);
  else if (G_VALUE_HOLDS_BOOLEAN (&boxed))
    g_value_set_boolean (&boxed, value != 0);
  else
    g_value_set_uint (&boxed, value);
  gst_pair_settings_set (settings, spec, &boxed);
}

static inline void
begin_session (GstVoiceAgentBackend *backend, const gchar *setting, guint value)
{
  g_autoptr (GstPairSettings) settings = gst_pair_settings_new ();
  g_autoptr (GstPairSettings) none = gst_pair_settings_new ();
  const AgentChoice chosen = { backend, AGENT_CHOSEN_AS_OBJECT };
  const AgentChoice nothing = { 0 };
  g_autoptr (GError) error = NULL;

  now = 0;
  voice_at = n_ends = n_failures = n_spoken = 0;
  rate = RATE;
  ticking = FALSE;
  facts = g_ptr_array_new_with_free_func (free_fact);
  looped = g_byte_array_new ();
  said = g_byte_array_new ();
  session = agent_session_new ("test");
  for (guint i = 0; i < AGENT_N_ROLES; i++)
    halves[i] =
        gst_object_ref_sink (g_object_new (test_half_get_type (), NULL));
  if (setting)
    set_setting (settings, setting, value);
  if (end_of_turn_min)
    set_setting (settings, "end-of-turn-min", end_of_turn_min);
  if (end_of_turn_max)
    set_setting (settings, "end-of-turn-max", end_of_turn_max);
  agent_session_attach (session, AGENT_SINK, halves[AGENT_SINK], settings,
      &chosen, &listener, &error);
  g_assert_no_error (error);
  agent_session_attach (session, AGENT_SRC, halves[AGENT_SRC], none, &nothing,
      &listener, &error);
  g_assert_no_error (error);
  g_clear_object (&backend);
}

static inline void
begin (GstVoiceAgentBackend *backend, const gchar *setting, guint value)
{
  const GstVoiceFormat caller = { GST_VOICE_S16, RATE };
  g_autoptr (GError) error = NULL;
  GstVoiceFormat format;

  begin_session (backend, setting, value);
  for (guint i = 0; i < AGENT_N_ROLES; i++) {
    agent_session_prepare (session, i, &error);
    g_assert_no_error (error);
  }
  agent_session_set_caller (session, &caller);
  agent_session_get_format (session, &format);
  rate = format.rate;
}

/* Whoever tells it something, on the agent loop, holds it for that long. */
static inline void
finalize (gpointer object)
{
  for (guint i = 0;
       i < 10000 && g_atomic_int_get (&G_OBJECT (object)->ref_count) > 1; i++)
    g_usleep (1000);
  g_assert_finalize_object (object);
}

static inline void
finish (void)
{
  GstEvent *event;

  for (guint i = 0; i < AGENT_N_ROLES; i++)
    agent_session_close (session, i);
  for (guint i = 0; i < AGENT_N_ROLES; i++) {
    agent_session_detach (session, i);
    gst_clear_object (&halves[i]);
  }
  finalize (session);
  g_ptr_array_unref (facts);
  g_byte_array_unref (looped);
  g_byte_array_unref (said);
  while ((event = g_queue_pop_head (&controls)))
    gst_event_unref (event);
}

static inline void
call_by (AgentRole role, const gchar *id, GstVoiceCallState state)
{
  const GstVoiceCall event = {
    .state = state,
    .call_id = id,
    .channel = "sip",
    .from = "sip:a@b",
    .to = "sip:c@d",
    .display_name = "Ann",
    .source = "127.0.0.1",
    .admitted = "local",
  };

  agent_session_call (session, role, &event);
}

static inline void
call (const gchar *id, gboolean started)
{
  call_by (AGENT_SINK, id,
      started ? GST_VOICE_CALL_ANSWERED : GST_VOICE_CALL_ENDED);
}

/* 20 ms of both directions. TRUE: the agent spoke. */
static inline gboolean
step (gboolean voice)
{
  gint16 in[960] = { 0 };
  guint8 out[1920];
  guint n = rate / 50;

  for (guint i = 0; voice && i < n; i++)
    in[i] = synthetic_voice (voice_at++, rate);
  agent_session_hear (session, in, n, now, !voice);
  gboolean spoken =
      ticking && agent_session_speak (session, out, now, &controls);
  if (spoken)
    g_byte_array_append (said, out, n * 2);
  n_spoken += spoken;
  now += FRAME_TIME;
  return spoken;
}

/* How many frames of @ms the agent spoke. */
static inline guint
run (guint ms, gboolean voice)
{
  guint n = 0;

  for (guint i = 0; i < ms / 20; i++)
    n += step (voice);
  return n;
}

static inline const GstStructure *
find_fact (const gchar *name, const gchar *state)
{
  const GstStructure *found = NULL;

  g_mutex_lock (&facts_lock);
  for (guint i = 0; i < facts->len && !found; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    const gchar *its = gst_structure_get_string (fact, "state");
    if (gst_structure_has_name (fact, name) &&
        (!state || !g_strcmp0 (its, state)))
      found = fact;
  }
  g_mutex_unlock (&facts_lock);
  return found;
}

static inline guint
count_facts (const gchar *name, const gchar *state)
{
  guint n = 0;

  g_mutex_lock (&facts_lock);
  for (guint i = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    n += gst_structure_has_name (fact, name) &&
        !g_strcmp0 (gst_structure_get_string (fact, "state"), state);
  }
  g_mutex_unlock (&facts_lock);
  return n;
}

/* What came to pass, for whoever reads why a test failed. */
static inline void
print_facts (void)
{
  g_mutex_lock (&facts_lock);
  for (guint i = 0; i < facts->len; i++) {
    g_autofree gchar *text =
        gst_structure_to_string (g_ptr_array_index (facts, i));
    g_test_message ("%s", text);
  }
  g_mutex_unlock (&facts_lock);
}

/* Something that must be told to nobody was. */
static inline gboolean
is_in_facts (const gchar *part)
{
  gboolean found = FALSE;

  g_mutex_lock (&facts_lock);
  for (guint i = 0; i < facts->len && !found; i++) {
    g_autofree gchar *text =
        gst_structure_to_string (g_ptr_array_index (facts, i));
    found = strstr (text, part) != NULL;
  }
  g_mutex_unlock (&facts_lock);
  return found;
}

/* Of the agent, what it has begun to say. */
static inline guint
count_texts (const gchar *role, const gchar *part)
{
  const gboolean agent = g_str_equal (role, "agent");
  guint n = 0;

  g_mutex_lock (&facts_lock);
  for (guint i = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    gboolean final = FALSE;
    gst_structure_get_boolean (fact, "final", &final);
    n += gst_structure_has_name (fact, "aiagent/transcript") &&
        final == !agent &&
        !g_strcmp0 (gst_structure_get_string (fact, "role"), role) &&
        strstr (gst_structure_get_string (fact, "text"), part);
  }
  g_mutex_unlock (&facts_lock);
  return n;
}

static inline guint64
turn_ms (const gchar *state, const gchar *field)
{
  const GstStructure *fact = find_fact ("aiagent/turn", state);
  guint64 value;

  g_assert_nonnull (fact);
  g_assert_true (gst_structure_get_uint64 (fact, field, &value));
  return value / GST_MSECOND;
}

static inline guint64
counter (const gchar *field)
{
  g_autoptr (GstStructure) stats = agent_session_get_stats (session);
  guint64 value = 0;

  g_assert_true (gst_structure_get_uint64 (stats, field, &value));
  return value;
}

/* ---- Backends */

static inline GstVoiceAgentBackend *
echo (const gchar *mode)
{
  GstVoiceAgentBackend *backend = g_object_new (AGENT_TYPE_ECHO, NULL);

  gst_util_set_object_arg (G_OBJECT (backend), "mode", mode);
  return backend;
}

static inline GstVoiceAgentBackend *
with_file (GType type, const gchar *text)
{
  GstVoiceAgentBackend *backend = g_object_new (type, NULL);
  g_autofree gchar *path = NULL;
  gint fd = g_file_open_tmp ("script-XXXXXX.ini", &path, NULL);

  g_assert_true (fd >= 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_object_set (backend, "agent-file", path, NULL);
  /* It is read by prepare, in begin(). */
  g_object_set_data_full (G_OBJECT (backend), "path", g_steal_pointer (&path),
      g_free);
  return backend;
}

static inline GstVoiceAgentBackend *
script (const gchar *text)
{
  return with_file (AGENT_TYPE_SCRIPT, text);
}

static inline void
begin_with_file (GType type, const gchar *text, const gchar *setting,
    guint value)
{
  GstVoiceAgentBackend *backend = with_file (type, text);
  g_autofree gchar *path =
      g_strdup (g_object_get_data (G_OBJECT (backend), "path"));

  begin (backend, setting, value);
  g_remove (path);
}

static inline void
begin_script (const gchar *text, const gchar *setting, guint value)
{
  begin_with_file (AGENT_TYPE_SCRIPT, text, setting, value);
}
