/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a model asks for is not what the line's owner has written: a tool that is built in
 * is done only if `tools-enabled` names it, one of the user's own only with arguments as its
 * schema wants them, and no more than so many. The actions of a dialogue file, of a
 * script and of an application are the owner's text: they are controls of the backend's
 * (gst_voice_agent_backend_control()), and `tools-enabled` says nothing of them.
 *
 * A name that is neither built in nor in a file of tools goes to the application, as ever,
 * where there is no such file: whoever has one has said which there are.
 *
 * A control stands behind the words that were written before it, in the playout queue, and
 * goes with them if they are cut off: the model is told so. Each call that waits for
 * somebody ends by a timer, if not by its answer. */

#include "agenttoolsprivate.h"

#include "logic/tools/tooljson.h"

#include <string.h>

#define POSTED \
  4096 /* bytes of arguments and results: more is for those concerned only */
#define DIGITS_TIMEOUT 5000 /* ms */

/* ---- Calls; lock held */

AgentToolCall *
agent_tools_add_unlocked (AgentTools *self, const Tool *tool, const gchar *id,
    AgentToolStage stage)
{
  AgentToolCall *call = g_new0 (AgentToolCall, 1);

  call->serial = ++self->serial;
  call->dialogue = self->host->dialogues;
  call->kind = tool->kind;
  call->stage = stage;
  call->id = g_strdup (id);
  call->name = g_strdup (agent_tools_get_name (tool->name));
  g_queue_push_tail (&self->calls, call);
  return call;
}

AgentToolCall *
agent_tools_find_unlocked (AgentTools *self, guint64 serial)
{
  for (GList *l = self->calls.head; l; l = l->next) {
    AgentToolCall *call = l->data;
    if (call->serial == serial)
      return call;
  }
  return NULL;
}

static AgentToolCall *
find_stage_unlocked (const AgentTools *self, AgentToolStage stage)
{
  for (GList *l = self->calls.head; l; l = l->next) {
    AgentToolCall *call = l->data;
    if (call->stage == stage)
      return call;
  }
  return NULL;
}

void
agent_tool_call_free (gpointer data)
{
  AgentToolCall *self = data;

  if (self->timer) {
    g_source_destroy (self->timer);
    g_source_unref (self->timer);
  }
  if (self->child)
    agent_child_drop (self->child);
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

gboolean
agent_tools_is_waiting_unlocked (const AgentTools *self)
{
  return find_stage_unlocked (self, AGENT_TOOL_CHILD) ||
      find_stage_unlocked (self, AGENT_TOOL_APPLICATION);
}

/* ---- What is told */

/* Whoever does it: one word for one deed. */
const gchar *
agent_tools_get_name (const gchar *tool)
{
  static const gchar *const deeds[] = { "hang-up", "transfer", "send-dtmf",
    "hold", "resume", "collect-digits" };

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++) {
    g_autofree gchar *name = g_strdelimit (g_strdup (deeds[i]), "-", '_');
    if (g_str_equal (name, tool))
      return deeds[i];
  }
  return tool;
}

gchar *
agent_tools_shorten (const gchar *text)
{
  gsize n = text ? strlen (text) : 0;

  if (n > POSTED)
    n = (gsize) (g_utf8_find_prev_char (text, text + POSTED + 1) - text);
  return text ? g_strndup (text, n) : NULL;
}

static void
tell_called (AgentTools *self, const gchar *name, const gchar *id,
    const gchar *arguments)
{
  g_autofree gchar *shown = agent_tools_shorten (arguments);
  const GstAiAgentTool fact = { .name = agent_tools_get_name (name),
    .id = id,
    .arguments = shown };

  agent_report_tool (&self->host->report, &fact);
}

static void
tell_result (AgentTools *self, guint64 dialogue, const gchar *id,
    const gchar *json)
{
  g_mutex_lock (&self->host->lock);
  g_autoptr (GstVoiceAgentBackend) backend =
      self->host->open && self->host->dialogues == dialogue
      ? g_object_ref (self->host->backend)
      : NULL;
  g_mutex_unlock (&self->host->lock);
  if (backend)
    agent_backend_tool_result (backend, id, json);
}

void
agent_tools_answer (AgentTools *self, AgentToolCall *call, const gchar *json,
    const gchar *shown, const gchar *reason)
{
  g_autofree gchar *posted = agent_tools_shorten (shown ? shown : json);
  const GstAiAgentTool fact = { .name = call->name,
    .id = call->id,
    .result = posted,
    .reason = reason };

  agent_report_tool (&self->host->report, &fact);
  tell_result (self, call->dialogue, call->id, json);
  agent_tool_call_free (call);
}

/* @result: as in voice-control-result. */
void
agent_tools_answer_control (AgentTools *self, AgentToolCall *call,
    const gchar *result, const gchar *reason)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "result", result);
  if (reason && *reason)
    json_object_set_string_member (object, "reason", reason);
  json_node_set_object (node, object);
  g_autofree gchar *json = json_to_string (node, FALSE);
  agent_tools_answer (self, call, json, result, reason);
}

void
agent_tools_answer_error (AgentTools *self, AgentToolCall *call,
    const gchar *message)
{
  g_autofree gchar *json = tool_json_error (message);

  agent_tools_answer (self, call, json, NULL, NULL);
}

/* Nothing is done. */
static void
refuse (AgentTools *self, guint64 dialogue, const gchar *name, const gchar *id,
    const gchar *message)
{
  AgentToolCall *call = g_new0 (AgentToolCall, 1);

  call->dialogue = dialogue;
  call->id = g_strdup (id);
  call->name = g_strdup (agent_tools_get_name (name));
  agent_tools_answer_error (self, call, message);
}

/* ---- What is built in */

static void
mark_unlocked (AgentTools *self, AgentToolCall *call,
    GstVoiceControlAction action, const gchar *target)
{
  g_autofree gchar *id =
      g_strdup_printf (AGENT_TOOLS_ID "%" G_GUINT64_FORMAT, call->serial);
  const GstVoiceControl control = { .action = action,
    .id = id,
    .target = target };

  call->mark = playout_mark (self->host->mouth.playout,
      gst_voice_control_event_new (&control));
}

static const gchar *
get_text (JsonObject *arguments, const gchar *name)
{
  return json_object_get_string_member_with_default (arguments, name, NULL);
}

/* The place for a policy of which numbers may be called: none of these comes from the
 * line's own text. */
static gboolean
may_dial (const gchar *target)
{
  for (const gchar *c = target; *c; c++)
    if (g_ascii_iscntrl (*c) || *c == ' ')
      return FALSE;
  return TRUE;
}

static const gchar *
check_control (ToolKind kind, const gchar *target)
{
  if (kind == TOOL_TRANSFER && !may_dial (target))
    return "arguments.target: this is no number and no address.";
  if (kind == TOOL_SEND_DTMF && target[strspn (target, "0123456789*#ABCDabcd")])
    return "arguments.digits: there are 0 to 9, *, #, A to D.";
  return NULL;
}

static void
control (AgentTools *self, guint64 dialogue, const Tool *tool, const gchar *id,
    JsonObject *arguments)
{
  static const GstVoiceControlAction actions[] = {
    [TOOL_HANG_UP] = GST_VOICE_CONTROL_HANG_UP,
    [TOOL_TRANSFER] = GST_VOICE_CONTROL_TRANSFER,
    [TOOL_SEND_DTMF] = GST_VOICE_CONTROL_SEND_DTMF,
    [TOOL_HOLD] = GST_VOICE_CONTROL_HOLD,
    [TOOL_RESUME] = GST_VOICE_CONTROL_RESUME,
  };
  const gchar *target =
      get_text (arguments, tool->kind == TOOL_TRANSFER ? "target" : "digits");
  const gchar *fault = check_control (tool->kind, target);

  if (fault) {
    refuse (self, dialogue, tool->name, id, fault);
    return;
  }
  g_mutex_lock (&self->host->lock);
  if (self->host->open && self->host->dialogues == dialogue)
    mark_unlocked (self,
        agent_tools_add_unlocked (self, tool, id, AGENT_TOOL_QUEUED),
        actions[tool->kind], target);
  g_mutex_unlock (&self->host->lock);
}

static void
collect (AgentTools *self, guint64 dialogue, const Tool *tool, const gchar *id,
    JsonObject *arguments)
{
  const gchar *terminator = get_text (arguments, "terminator");
  const ToolDigits digits = {
    .max = (guint) json_object_get_int_member_with_default (arguments, "max",
        TOOL_DIGITS_MAX),
    .terminator = terminator ? *terminator : '#',
    .timeout = (guint) json_object_get_int_member_with_default (arguments,
        "timeout", DIGITS_TIMEOUT),
  };
  guint64 serial = 0;

  g_mutex_lock (&self->host->lock);
  const gboolean busy =
      find_stage_unlocked (self, AGENT_TOOL_COLLECTING) != NULL;
  if (!busy && self->host->open && self->host->dialogues == dialogue) {
    self->digits = digits;
    serial = agent_tools_add_unlocked (self, tool, id, AGENT_TOOL_COLLECTING)
                 ->serial;
  }
  g_mutex_unlock (&self->host->lock);
  if (busy)
    refuse (self, dialogue, tool->name, id,
        "Digits are being collected already.");
  else if (serial)
    agent_tools_set_timer (self, serial, digits.timeout);
}

/* ---- Calls come in */

static AgentToolsSettings *
dup_settings (AgentTools *self)
{
  g_mutex_lock (&self->host->lock);
  AgentToolsSettings *set =
      self->set ? g_atomic_rc_box_acquire (self->set) : NULL;
  g_mutex_unlock (&self->host->lock);
  return set;
}

/* NULL: it may be run; else why not. */
static const gchar *
check_name (const AgentToolsSettings *set, const Tool *tool, const gchar *name,
    guint unable)
{
  if (tool)
    return unable & 1u << tool->kind ? "The line of this call cannot do that."
                                     : NULL;
  if (tool_list_is_built_in (name))
    return "This tool is not enabled here.";
  return tool_list_has_own (set->list) ? "There is no such tool." : NULL;
}

static void
run (AgentTools *self, const AgentToolsSettings *set, guint64 dialogue,
    const Tool *tool, const gchar *id, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = tool_parse_arguments (tool, text, &error);

  if (!node)
    refuse (self, dialogue, tool->name, id, error->message);
  else if (tool->kind == TOOL_OWN)
    agent_tools_run_own (self, set, dialogue, tool, id, node);
  else if (tool->kind == TOOL_COLLECT_DIGITS)
    collect (self, dialogue, tool, id, json_node_get_object (node));
  else
    control (self, dialogue, tool, id, json_node_get_object (node));
}

/* A name that nobody knows: it may be the application's, or nobody's, and then the time
 * is what answers. */
static void
leave_to_application (AgentTools *self, const AgentToolsSettings *set,
    guint64 dialogue, const gchar *name, const gchar *id)
{
  const Tool tool = { .kind = TOOL_OWN, .name = (gchar *) name };
  guint64 serial = 0;

  g_mutex_lock (&self->host->lock);
  if (id && self->host->open && self->host->dialogues == dialogue &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (self->host->backend)->tool_result)
    serial = agent_tools_add_unlocked (self, &tool, id, AGENT_TOOL_APPLICATION)
                 ->serial;
  g_mutex_unlock (&self->host->lock);
  if (serial)
    agent_tools_set_timer (self, serial, set->timeout);
}

void
agent_tools_call (AgentTools *self, guint64 dialogue, const gchar *name,
    const gchar *id, const gchar *arguments)
{
  AgentToolsSettings *set = dup_settings (self);
  const Tool *tool = set ? tool_list_find (set->list, name) : NULL;
  const gchar *fault = NULL;

  g_mutex_lock (&self->host->lock);
  const guint64 now = self->host->dialogues;
  const guint unable = self->unable;
  const gboolean on = set && self->host->open &&
      (dialogue ? dialogue : self->host->opened) == now;
  if (on)
    fault =
        tool_count_take (&self->count, self->host->mouth.turns + self->inputs);
  g_mutex_unlock (&self->host->lock);
  if (on && !fault)
    fault = check_name (set, tool, name, unable);
  if (on && !fault && !tool) /* who is told may answer at once */
    leave_to_application (self, set, now, name, id);
  tell_called (self, name, id, arguments);
  if (on && fault)
    refuse (self, now, name, id, fault);
  else if (on && tool)
    run (self, set, now, tool, id, arguments);
  if (set)
    agent_tools_settings_unref (set);
}

gchar *
agent_tools_dup_list (AgentTools *self)
{
  AgentToolsSettings *set = dup_settings (self);

  if (!set)
    return g_strdup ("[]");
  g_mutex_lock (&self->host->lock);
  const guint unable = self->unable;
  g_mutex_unlock (&self->host->lock);
  gchar *list = tool_list_to_json (set->list, ~unable);
  agent_tools_settings_unref (set);
  return list;
}

/* ---- The application */

gboolean
agent_tools_let_application (AgentTools *self, const gchar *id)
{
  AgentToolCall *ours = NULL;
  gboolean others = FALSE;

  g_mutex_lock (&self->host->lock);
  for (GList *l = self->calls.head, *next; l && !ours; l = next) {
    AgentToolCall *call = l->data;
    next = l->next;
    if (!g_str_equal (call->id, id))
      continue;
    if (call->stage == AGENT_TOOL_APPLICATION) {
      g_queue_delete_link (&self->calls, l);
      ours = call;
    } else {
      others = TRUE;
    }
  }
  g_mutex_unlock (&self->host->lock);
  if (ours)
    agent_tool_call_free (ours);
  return ours || !others;
}
