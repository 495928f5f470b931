/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What comes of tools: by the channel, the keypad, or nobody in time; and dialogues that end
 * before. */

#include "agenttoolsprivate.h"

#include <string.h>

#define ANSWERED_WITHIN 5000 /* ms: by a channel */

/* ---- Timers */

typedef struct
{
  AgentTools *tools;
  guint64 serial;
} Timer;

static void
timer_free (gpointer data)
{
  Timer *self = data;

  agent_tools_unref (self->tools);
  g_free (self);
}

AgentToolCall *
agent_tools_steal (AgentTools *self, guint64 serial)
{
  g_mutex_lock (&self->host->lock);
  AgentToolCall *call = agent_tools_find_unlocked (self, serial);
  if (call)
    g_queue_remove (&self->calls, call);
  g_mutex_unlock (&self->host->lock);
  return call;
}

/* "timeout": no digit has come in time. */
static void
answer_digits (AgentTools *self, AgentToolCall *call, const ToolDigits *digits,
    const gchar *end)
{
  g_autofree gchar *json = tool_digits_to_json (digits, end, TRUE);
  g_autofree gchar *shown = tool_digits_to_json (digits, end, FALSE);

  agent_tools_answer (self, call, json, shown, NULL);
}

/* Nobody types before it was said what. */
static gboolean
waits_for_words (AgentTools *self, guint64 serial)
{
  g_mutex_lock (&self->host->lock);
  const AgentToolCall *call = agent_tools_find_unlocked (self, serial);
  const gboolean waits = call && call->stage == AGENT_TOOL_COLLECTING &&
      !self->digits.n && self->host->open &&
      playout_is_speaking (self->host->mouth.playout);
  g_mutex_unlock (&self->host->lock);
  return waits;
}

static gboolean
on_timer (gpointer data)
{
  Timer *timer = data;
  AgentTools *self = timer->tools;

  if (waits_for_words (self, timer->serial))
    return G_SOURCE_CONTINUE;
  AgentToolCall *call = agent_tools_steal (self, timer->serial);
  if (!call)
    return G_SOURCE_REMOVE;
  if (call->stage == AGENT_TOOL_COLLECTING) {
    g_mutex_lock (&self->host->lock);
    const ToolDigits digits = self->digits;
    g_mutex_unlock (&self->host->lock);
    answer_digits (self, call, &digits, "timeout");
  } else if (call->stage == AGENT_TOOL_APPLICATION) {
    agent_tools_answer_error (self, call, "Nobody has answered in time.");
  } else {
    agent_tools_answer_control (self, call, "unsupported",
        "Nobody is there who does that.");
  }
  return G_SOURCE_REMOVE;
}

static IoLoop *
dup_loop (AgentTools *self)
{
  g_mutex_lock (&self->host->lock);
  IoLoop *loop = self->loop ? io_loop_ref (self->loop) : NULL;
  g_mutex_unlock (&self->host->lock);
  if (loop)
    return loop;
  loop = io_loop_acquire ("agent");
  g_mutex_lock (&self->host->lock);
  IoLoop *other = self->loop;
  self->loop = loop;
  g_mutex_unlock (&self->host->lock);
  if (other)
    io_loop_unref (other); /* the same: two were here at once */
  return io_loop_ref (loop);
}

void
agent_tools_set_timer (AgentTools *self, guint64 serial, guint ms)
{
  g_autoptr (IoLoop) loop = dup_loop (self);
  Timer *timer = g_new (Timer, 1);
  GSource *source = g_timeout_source_new (ms);
  GSource *last = source;

  *timer = (Timer){ agent_tools_ref (self), serial };
  g_source_set_callback (source, on_timer, timer, timer_free);
  g_source_attach (source, io_loop_get_context (loop));
  g_mutex_lock (&self->host->lock);
  AgentToolCall *call = agent_tools_find_unlocked (self, serial);
  if (call) {
    last = call->timer;
    call->timer = source;
  }
  g_mutex_unlock (&self->host->lock);
  if (!last)
    return;
  g_source_destroy (last);
  g_source_unref (last);
}

/* ---- The channel */

/* 0: it is none of ours. */
static guint64
parse_serial (const gchar *id)
{
  return id && g_str_has_prefix (id, AGENT_TOOLS_ID)
      ? g_ascii_strtoull (id + strlen (AGENT_TOOLS_ID), NULL, 10)
      : 0;
}

/* NULL: it is none of a tool that waits for it. */
static AgentToolCall *
find_control_unlocked (AgentTools *self, GstEvent *event)
{
  GstVoiceControl control;

  return gst_voice_control_event_parse (event, &control)
      ? agent_tools_find_unlocked (self, parse_serial (control.id))
      : NULL;
}

void
agent_tools_note_sent_unlocked (AgentTools *self, const GQueue *events)
{
  for (GList *l = events->head; l; l = l->next) {
    AgentToolCall *call = find_control_unlocked (self, l->data);
    if (call)
      call->stage = AGENT_TOOL_SENT;
  }
}

/* A microphone does not answer: with it the stream ends. */
static void
wait_for_channel (AgentTools *self, guint64 serial, ToolKind kind,
    gboolean by_call)
{
  AgentToolCall *call = kind == TOOL_HANG_UP && !by_call
      ? agent_tools_steal (self, serial)
      : NULL;

  if (call)
    agent_tools_answer_control (self, call, "accepted", NULL);
  else
    agent_tools_set_timer (self, serial,
        kind == TOOL_TRANSFER ? AGENT_TOOLS_TRANSFERRED_WITHIN
                              : ANSWERED_WITHIN);
}

void
agent_tools_sent (AgentTools *self, const GQueue *events, gboolean by_call)
{
  for (GList *l = events->head; l; l = l->next) {
    g_mutex_lock (&self->host->lock);
    const AgentToolCall *call = find_control_unlocked (self, l->data);
    const guint64 serial = call ? call->serial : 0;
    const ToolKind kind = call ? call->kind : TOOL_OWN;
    g_mutex_unlock (&self->host->lock);
    if (serial)
      wait_for_channel (self, serial, kind, by_call);
  }
}

gboolean
agent_tools_take_result (AgentTools *self, const GstVoiceControlResult *result)
{
  const guint64 serial = parse_serial (result->id);
  AgentToolCall *call =
      serial && gst_voice_control_result_is_final (result->result)
      ? agent_tools_steal (self, serial)
      : NULL;

  if (call)
    agent_tools_answer_control (self, call, result->result, result->reason);
  return serial != 0;
}

/* ---- Cut off */

static AgentToolCall *
steal_cut (AgentTools *self)
{
  AgentToolCall *cut = NULL;

  g_mutex_lock (&self->host->lock);
  for (GList *l = self->calls.head; l && !cut; l = l->next) {
    AgentToolCall *call = l->data;
    if (call->stage == AGENT_TOOL_QUEUED && self->host->open &&
        !playout_has_mark (self->host->mouth.playout, call->mark))
      cut = call;
  }
  if (cut)
    g_queue_remove (&self->calls, cut);
  g_mutex_unlock (&self->host->lock);
  return cut;
}

void
agent_tools_cut (AgentTools *self)
{
  AgentToolCall *call;

  while ((call = steal_cut (self)))
    agent_tools_answer_control (self, call, "interrupted",
        "The caller spoke before it was done; it is not done.");
}

/* ---- The keypad */

void
agent_tools_note_input (AgentTools *self)
{
  g_mutex_lock (&self->host->lock);
  self->inputs++;
  g_mutex_unlock (&self->host->lock);
}

static AgentToolCall *
find_collecting_unlocked (AgentTools *self)
{
  for (GList *l = self->calls.head; l; l = l->next)
    if (((AgentToolCall *) l->data)->stage == AGENT_TOOL_COLLECTING)
      return l->data;
  return NULL;
}

gboolean
agent_tools_take_digit (AgentTools *self, gchar digit)
{
  ToolDigitsEnd end = TOOL_DIGITS_GO_ON;
  ToolDigits digits;
  guint64 serial = 0;

  g_mutex_lock (&self->host->lock);
  self->inputs++;
  AgentToolCall *call = find_collecting_unlocked (self);
  if (call) {
    serial = call->serial;
    end = tool_digits_take (&self->digits, digit);
    digits = self->digits;
    if (end != TOOL_DIGITS_GO_ON)
      g_queue_remove (&self->calls, call);
  }
  g_mutex_unlock (&self->host->lock);
  if (serial && end != TOOL_DIGITS_GO_ON)
    answer_digits (self, call, &digits,
        end == TOOL_DIGITS_TERMINATOR ? "terminator" : "max");
  else if (serial)
    agent_tools_set_timer (self, serial, digits.timeout);
  return serial != 0;
}

/* ---- Dialogues */

void
agent_tools_begin_unlocked (AgentTools *self)
{
  self->count = (ToolCount){ 0 };
}

void
agent_tools_set_abilities_unlocked (AgentTools *self, const gchar *abilities)
{
  static const ToolKind asked[] = { [GST_VOICE_CONTROL_HANG_UP] = TOOL_HANG_UP,
    [GST_VOICE_CONTROL_TRANSFER] = TOOL_TRANSFER,
    [GST_VOICE_CONTROL_HOLD] = TOOL_HOLD,
    [GST_VOICE_CONTROL_RESUME] = TOOL_RESUME,
    [GST_VOICE_CONTROL_SEND_DTMF] = TOOL_SEND_DTMF };
  g_auto (GStrv) words = g_strsplit (abilities ? abilities : "", ",", -1);

  self->unable = 0;
  for (guint i = 0; *words && i < G_N_ELEMENTS (asked); i++)
    if (!g_strv_contains ((const gchar *const *) words,
            gst_voice_control_action_to_string ((GstVoiceControlAction) i)))
      self->unable |= 1u << asked[i];
}

/* Of any dialogue but the one that is on. */
static AgentToolCall *
steal_late (AgentTools *self)
{
  AgentToolCall *late = NULL;

  g_mutex_lock (&self->host->lock);
  for (GList *l = self->calls.head; l && !late; l = l->next) {
    AgentToolCall *call = l->data;
    if (!self->host->open || call->dialogue != self->host->dialogues)
      late = call;
  }
  if (late)
    g_queue_remove (&self->calls, late);
  g_mutex_unlock (&self->host->lock);
  return late;
}

void
agent_tools_end (AgentTools *self)
{
  AgentToolCall *call;

  while ((call = steal_late (self)))
    agent_tool_call_free (call);
}
