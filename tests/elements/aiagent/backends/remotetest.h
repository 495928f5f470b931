/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A backend of the network with a protocol that is as simple as can be, between a server
 * and a session that the test plays: what it is told goes to the server as text, what
 * the server tells it to do it does. */

#include "../../../mock/agentloop.h"

#include "aiagent/remote/agentremote.h"
#include "aiagent/session/host/agentbackend.h"
#include "aiagent/session/host/agentlog.h"
#include "mock/agentserver.h"
#include "voiceagent/gstvoiceagentbackendprivate.h"

#include <stdlib.h>
#include <string.h>

#define PATIENCE (60 * G_USEC_PER_SEC)
#define MS 8 /* samples of one */

/* ---- The protocol */

typedef struct
{
  AgentRemote parent;

  gboolean slow; /* it is ready when the server says "welcome", not at once */
  gboolean stubborn; /* it wants to go on when it is over */
  gboolean silent; /* it does not send what it hears */
  guint answer;
} Tester;

typedef AgentRemoteClass TesterClass;

static GType tester_get_type (void);
G_DEFINE_TYPE (Tester, tester, AGENT_TYPE_REMOTE)

static G_GNUC_PRINTF (2, 3) void tester_send (AgentRemote *self,
    const gchar *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree gchar *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  agent_socket_send_text (agent_remote_get_socket (self), text);
}

static gboolean
tester_get_address (AgentRemote *self, AgentRemoteAddress *address,
    GError **error)
{
  address->uri = agent_remote_dup_uri (self);
  address->secret = g_strdup ("canary-of-a-key");
  if (address->uri)
    return TRUE;
  g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "There is no uri.");
  return FALSE;
}

static void
tester_connected (AgentRemote *self, const gchar *protocol)
{
  AgentHistory *history = agent_remote_get_history (self);
  g_autoptr (GString) said = g_string_new (NULL);

  for (guint i = 0; i < agent_history_get_length (history); i++)
    g_string_append_printf (said, " %s", agent_history_get (history, i)->text);
  tester_send (self, "hello owes=%d%s", agent_remote_owes_answer (self),
      said->str);
  if (!((Tester *) self)->slow)
    agent_remote_set_ready (self);
}

static void
tester_disconnected (AgentRemote *self)
{
  if (!((Tester *) self)->stubborn)
    return;
  agent_remote_give_up (self, TRUE, "it wants to go on");
  agent_remote_set_ready (self);
}

static void
tester_say (AgentRemote *self, guint ms)
{
  g_autofree guint8 *sound = g_malloc (2000 * MS * 2);
  guint answer = ((Tester *) self)->answer;
  GstVoiceFormat format;

  agent_remote_get_format (self, &format);
  const guint sample = format.encoding == GST_VOICE_S16 ? 2 : 1;
  memset (sound, 3, 2000 * MS * 2);
  for (guint at = 0, n; at < ms; at += n) {
    n = MIN (ms - at, 2000);
    if (!agent_remote_write (self, answer, sound, n * MS * sample))
      return;
  }
}

static void
tester_text (AgentRemote *self, const gchar *text, gsize size)
{
  Tester *tester = (Tester *) self;
  const gchar *rest = strchr (text, ' ') ? strchr (text, ' ') + 1 : "";

  if (g_str_has_prefix (text, "welcome"))
    agent_remote_set_ready (self);
  else if (g_str_has_prefix (text, "begin"))
    tester->answer = agent_remote_begin_answer (self, TRUE);
  else if (g_str_has_prefix (text, "say"))
    tester_say (self, (guint) atoi (rest));
  else if (g_str_has_prefix (text, "end"))
    agent_remote_end_answer (self, tester->answer);
  else if (g_str_has_prefix (text, "renew"))
    agent_remote_renew (self);
  else if (g_str_has_prefix (text, "lose"))
    agent_remote_give_up (self, TRUE, rest);
  else if (g_str_has_prefix (text, "quit"))
    agent_remote_give_up (self, FALSE, rest);
  else if (g_str_has_prefix (text, "caller"))
    agent_history_add_caller (agent_remote_get_history (self), rest);
  else if (g_str_has_prefix (text, "agent"))
    agent_history_add_agent (agent_remote_get_history (self), tester->answer,
        rest);
}

static void
tester_audio (AgentRemote *self, const guint8 *data, gsize size,
    GstClockTime time, gboolean speaking)
{
  if (!((Tester *) self)->silent)
    agent_socket_send_audio (agent_remote_get_socket (self), data, size);
}

static void
tester_turn_changed (AgentRemote *self, gboolean began, GstClockTime time)
{
  tester_send (self, "turn %d", began);
}

static void
tester_key (AgentRemote *self, gchar digit)
{
  tester_send (self, "key %c", digit);
}

static void
tester_interrupted (AgentRemote *self, guint answer, guint heard)
{
  tester_send (self, "interrupted %u %u", answer, heard);
}

static void
tester_played (AgentRemote *self, guint answer)
{
  tester_send (self, "played %u", answer);
}

static void
tester_control_done (AgentRemote *self, const gchar *id, const gchar *result,
    const gchar *reason)
{
  tester_send (self, "control %s %s", id, result);
}

static void
tester_on_hold (AgentRemote *self, gboolean held)
{
  tester_send (self, "hold %d", held);
}

static void
tester_speak (AgentRemote *self, const gchar *text)
{
  tester_send (self, "speak %s", text);
}

static void
tester_begun (AgentRemote *self)
{
  tester_send (self, "begun %" G_GUINT64_FORMAT,
      agent_remote_get_dialogue (self));
}

static void
tester_ending (AgentRemote *self)
{
  tester_send (self, "bye");
  if (((Tester *) self)->stubborn)
    agent_remote_give_up (self, FALSE, "it cannot say good-bye");
}

static void
tester_init (Tester *self)
{
}

static void
tester_class_init (TesterClass *klass)
{
  klass->get_address = tester_get_address;
  klass->connected = tester_connected;
  klass->disconnected = tester_disconnected;
  klass->text = tester_text;
  klass->audio = tester_audio;
  klass->turn_changed = tester_turn_changed;
  klass->key = tester_key;
  klass->interrupted = tester_interrupted;
  klass->played = tester_played;
  klass->control_done = tester_control_done;
  klass->on_hold = tester_on_hold;
  klass->speak = tester_speak;
  klass->begun = tester_begun;
  klass->ending = tester_ending;
}

/* ---- The session */

typedef struct
{
  guint number;
  gboolean interruptible, ended, cut;
  GByteArray *audio;
  gint64 ended_at; /* monotonic, µs */
  gchar *text;
} Answer;

static void
answer_free (gpointer data)
{
  Answer *self = data;

  g_byte_array_unref (self->audio);
  g_free (self->text);
  g_free (self);
}

typedef struct
{
  GObject parent;

  GstVoiceFormat format; /* set before a dialogue */

  GMutex lock; /* protects everything below */
  GCond changed;
  guint64 dialogue;
  GString *states; /* "connecting ready " */
  gchar *reason; /* of the last */
  GError *warning; /* the last */
  GPtrArray *answers; /* Answer */
  guint n_turns_ended; /* by the backend */
  GString *controls; /* "hang-up " */
  gchar *control; /* id of the last */
} Host;

typedef GObjectClass HostClass;

static GType host_get_type (void);
G_DEFINE_TYPE (Host, host, G_TYPE_OBJECT)

static void
host_finalize (GObject *object)
{
  Host *self = (Host *) object;

  g_string_free (self->states, TRUE);
  g_string_free (self->controls, TRUE);
  g_free (self->reason);
  g_free (self->control);
  g_clear_error (&self->warning);
  g_ptr_array_unref (self->answers);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (host_parent_class)->finalize (object);
}

static void
host_init (Host *self)
{
  self->format = (GstVoiceFormat){ GST_VOICE_S16, 8000 };
  self->states = g_string_new (NULL);
  self->controls = g_string_new (NULL);
  self->answers = g_ptr_array_new_with_free_func (answer_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

static void
host_class_init (HostClass *klass)
{
  klass->finalize = host_finalize;
}

static inline Answer *
find_answer_unlocked (Host *self, guint number)
{
  return number ? g_ptr_array_index (self->answers, number - 1) : NULL;
}

static guint
host_begin (gpointer host, guint64 dialogue, gboolean interruptible)
{
  Host *self = host;
  Answer *answer = g_new0 (Answer, 1);

  g_mutex_lock (&self->lock);
  answer->number = self->answers->len + 1;
  answer->interruptible = interruptible;
  answer->audio = g_byte_array_new ();
  answer->cut = !dialogue || dialogue != self->dialogue;
  g_ptr_array_add (self->answers, answer);
  const guint number = answer->cut ? 0 : answer->number;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return number;
}

static gboolean
host_write (gpointer host, guint number, gconstpointer data, gsize size)
{
  Host *self = host;

  g_mutex_lock (&self->lock);
  Answer *answer = find_answer_unlocked (self, number);
  const gboolean taken = answer && !answer->ended && !answer->cut;
  if (taken)
    g_byte_array_append (answer->audio, data, (guint) size);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return taken;
}

static gboolean
host_end (gpointer host, guint number)
{
  Host *self = host;

  g_mutex_lock (&self->lock);
  Answer *answer = find_answer_unlocked (self, number);
  const gboolean taken = answer && !answer->ended && !answer->cut;
  if (taken) {
    answer->ended = TRUE;
    answer->ended_at = g_get_monotonic_time ();
  }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return taken;
}

static void
host_clause (gpointer host, guint number, const gchar *text)
{
}

static gboolean
host_turn (gpointer host, guint64 dialogue, gboolean began, GstClockTime time)
{
  Host *self = host;

  g_mutex_lock (&self->lock);
  self->n_turns_ended += !began && dialogue == self->dialogue;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static guint64
host_dialogue (gpointer host)
{
  Host *self = host;

  g_mutex_lock (&self->lock);
  const guint64 dialogue = self->dialogue;
  g_mutex_unlock (&self->lock);
  return dialogue;
}

static void
host_format (gpointer host, GstVoiceFormat *format)
{
  *format = ((Host *) host)->format;
}

static void
host_control (gpointer host, guint64 dialogue, const GstVoiceControl *control)
{
  Host *self = host;

  g_mutex_lock (&self->lock);
  g_string_append_printf (self->controls, "%s%s%s ",
      gst_voice_control_action_to_string (control->action),
      control->target ? ":" : "", control->target ? control->target : "");
  g_free (self->control);
  self->control = g_strdup (control->id);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
host_transcript (gpointer host, guint64 dialogue,
    const GstVoiceAgentTranscript *transcript)
{
  Host *self = host;

  g_mutex_lock (&self->lock);
  Answer *answer = find_answer_unlocked (self, transcript->answer);
  if (answer) {
    g_free (answer->text);
    answer->text = g_strdup (transcript->text);
  }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
host_state (gpointer host, GstVoiceAgentState state, const gchar *reason)
{
  static const gchar *const names[] = { "connecting", "ready", "retrying",
    "failed" };
  Host *self = host;

  g_mutex_lock (&self->lock);
  g_string_append_printf (self->states, "%s ", names[state]);
  g_free (self->reason);
  self->reason = g_strdup (reason);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
host_warn (gpointer host, const GError *error)
{
  Host *self = host;

  g_mutex_lock (&self->lock);
  g_clear_error (&self->warning);
  self->warning = g_error_copy (error);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static const GstVoiceAgentHost host_functions = {
  .begin = host_begin,
  .write = host_write,
  .end = host_end,
  .clause = host_clause,
  .turn = host_turn,
  .dialogue = host_dialogue,
  .format = host_format,
  .control = host_control,
  .transcript = host_transcript,
  .state = host_state,
  .warn = host_warn,
};

/* ---- Both */

typedef struct
{
  AgentServer *server;
  Host *host;
  GstVoiceAgentBackend *backend;
  Tester *tester; /* the same */
} Fixture;

static inline void
set_up (Fixture *self, gconstpointer data)
{
  agent_log_init ();
  self->server = agent_server_new (NULL);
  self->host = g_object_new (host_get_type (), NULL);
  self->tester = g_object_new (tester_get_type (), "uri",
      agent_server_get_uri (self->server), "bridge", 0, NULL);
  self->backend = GST_VOICE_AGENT_BACKEND (self->tester);
  g_assert_true (gst_voice_agent_backend_set_host (self->backend,
      &host_functions, G_OBJECT (self->host)));
}

static inline void
open_call (Fixture *self, const gchar *call_id)
{
  const GstVoiceCall call = { .call_id = call_id,
    .channel = "sip",
    .from = "sip:a@b",
    .to = "sip:c@d" };

  g_mutex_lock (&self->host->lock);
  self->host->dialogue++;
  g_mutex_unlock (&self->host->lock);
  agent_backend_open (self->backend, &call, self->host->format.rate);
}

static inline void
ring (Fixture *self, const gchar *call_id)
{
  const GstVoiceCall call = { .call_id = call_id, .channel = "sip" };

  GST_VOICE_AGENT_BACKEND_GET_CLASS (self->backend)
      ->ring (self->backend, &call);
}

static inline void
close_call (Fixture *self)
{
  agent_backend_close (self->backend);
}

static inline void
tear_down (Fixture *self, gconstpointer data)
{
  close_call (self);
  settle ();
  gst_voice_agent_backend_clear_host (self->backend, G_OBJECT (self->host));
  g_assert_finalize_object (self->tester); /* nothing holds it: no source */
  g_assert_finalize_object (self->host);
  agent_server_free (self->server);
}

static inline void
send_frame (Fixture *self, gint16 value, gboolean speaking)
{
  gint16 samples[20 * MS];

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = value;
  agent_backend_send_audio (self->backend, samples, G_N_ELEMENTS (samples), 0,
      speaking);
}

/* The caller says something. */
static inline void
take_turn (Fixture *self)
{
  send_frame (self, 1, TRUE);
  agent_backend_turn (self->backend, TRUE, 0);
  send_frame (self, 1, FALSE);
  agent_backend_turn (self->backend, FALSE, 0);
}

/* Waits until EXPRESSION is true of `host`, which is locked then. */
#define WAIT(self, expression) \
  G_STMT_START \
  { \
    Host *host = (self)->host; \
    const gint64 until_ = g_get_monotonic_time () + PATIENCE; \
    g_mutex_lock (&host->lock); \
    while (!(expression)) \
      if (!g_cond_wait_until (&host->changed, &host->lock, until_)) \
        g_error ("%s:%d waits in vain for %s: states \"%s\", reason \"%s\", " \
                 "controls \"%s\", %u answers", \
            __FILE__, __LINE__, #expression, host->states->str, host->reason, \
            host->controls->str, host->answers->len); \
    g_mutex_unlock (&host->lock); \
  } \
  G_STMT_END

#define WAIT_STATES(self, text) \
  WAIT (self, g_str_has_prefix (host->states->str, text))
#define ASSERT_STATES(self, text) \
  g_assert_cmpstr ((self)->host->states->str, ==, text)

static inline void
expect_text (Fixture *self, const gchar *text)
{
  g_autoptr (AgentServerEvent) event =
      agent_server_wait (self->server, AGENT_SERVER_TEXT);

  g_assert_cmpstr (event->text, ==, text);
}

static inline void
await (Fixture *self, AgentServerEventType type, guint connection)
{
  g_autoptr (AgentServerEvent) event = agent_server_wait (self->server, type);

  g_assert_cmpuint (event->connection, ==, connection);
}
