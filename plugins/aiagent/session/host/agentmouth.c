/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentmouth.h"

#include "common/event/gstvoiceevents.h"
#include "common/frame/gstvoiceformat.h"

#define AUDIBLE \
  100 /* mean of 32767: less is a pause of the agent's, or its noise */
#define WINDOW_MS 5
#define WINDOW (WINDOW_MS * GST_MSECOND)
#define WINDOWS (20 / WINDOW_MS)
#define LAW_FRAME GST_VOICE_FRAME_SAMPLES (8000)

/* ---- Dialogues */

static void
free_event (gpointer event)
{
  gst_event_unref (event);
}

void
agent_mouth_begin (AgentMouth *self, const GstVoiceFormat *format)
{
  guint8 silence;

  gst_voice_format_silence (format->encoding, &silence, 1);
  Playout *playout =
      playout_new (GST_VOICE_FRAME_SIZE (format), silence, free_event);

  if (self->playout)
    playout_number_after (playout, self->playout);
  else
    playout_number_answers_after (playout, self->last_answer);
  g_clear_pointer (&self->playout, playout_free);
  self->playout = playout;
  self->format = *format;
  turn_meter_begin (&self->meter, 0);
  self->starting = self->holds_all = FALSE;
  self->answering = 0;
  self->sound_item = 0;
  self->passing = 0;
  self->idle_frames = 0;
  self->audible = GST_CLOCK_TIME_NONE;
  self->path = GST_CLOCK_TIME_NONE;
}

void
agent_mouth_clear (AgentMouth *self)
{
  g_clear_pointer (&self->playout, playout_free);
}

void
agent_mouth_move_back (AgentMouth *self, GstClockTime by, GstClockTime now)
{
  self->meter.speech_start -= MIN (self->meter.speech_start, by);
  if (GST_CLOCK_TIME_IS_VALID (self->audible))
    self->audible = MIN (self->audible, now);
  self->sound_start = MIN (self->sound_start, now);
}

/* ---- Turns */

GstAiAgentTurn
agent_mouth_get_turn (const AgentMouth *self, const gchar *state)
{
  const TurnMeter *meter = &self->meter;

  return (GstAiAgentTurn){
    .state = state,
    .speech_start = meter->speech_start,
    .speech_end = meter->speech_end,
    .decision = meter->decision,
    .first_in = meter->first_in,
    .first_out = meter->first_out,
    .turn_around = meter->turn_around,
    .respond_by = turn_meter_get_respond_by (meter),
    .turn_id = self->turns,
  };
}

void
agent_mouth_begin_turn (AgentMouth *self, GstClockTime start)
{
  const guint64 id = ++self->turns;

  turn_meter_begin (&self->meter, start);
  self->recent[id % AGENT_MOUTH_RECENT] = (AgentRecentTurn){ id, start };
}

void
agent_mouth_end_turn (AgentMouth *self, GstClockTime end, GstClockTime decision,
    gboolean counts)
{
  turn_meter_end (&self->meter, end, decision);
  if (counts)
    self->answering = self->turns;
}

void
agent_mouth_take_writing (AgentMouth *self)
{
  turn_meter_begin (&self->meter, 0);
  self->answering = 0;
}

/* The turn that began at @start; 0 if it is not known. */
static guint64
find_turn (const AgentMouth *self, GstClockTime start)
{
  for (guint i = 0; i < AGENT_MOUTH_RECENT; i++)
    if (self->recent[i].id && self->recent[i].start == start)
      return self->recent[i].id;
  return 0;
}

guint64
agent_mouth_complete (const AgentMouth *self,
    GstVoiceAgentTranscript *transcript)
{
  if (transcript->agent)
    return self->answering;
  const guint64 turn_id =
      transcript->start ? find_turn (self, transcript->start) : self->turns;
  if (!transcript->start)
    transcript->start = self->meter.speech_start;
  if (!transcript->end)
    transcript->end = self->meter.speech_end;
  return turn_id;
}

/* ---- In */

guint
agent_mouth_begin_answer (AgentMouth *self, gboolean interruptible)
{
  const guint answer = playout_begin (self->playout, interruptible);
  PlayoutCut cut;

  playout_tag (self->playout, answer, self->answering);
  if (self->holds_all && interruptible)
    playout_hold (self->playout, &cut);
  return answer;
}

gboolean
agent_mouth_write (AgentMouth *self, guint answer, gconstpointer data,
    gsize size, GstClockTime now)
{
  if (!playout_write (self->playout, answer, data, size))
    return FALSE;
  turn_meter_audio_in (&self->meter, now);
  return TRUE;
}

gboolean
agent_mouth_mark (AgentMouth *self, guint answer, guint mark)
{
  return playout_point (self->playout, answer, mark);
}

void
agent_mouth_set_stages (AgentMouth *self, guint answer, const TurnTold *told)
{
  self->staged = answer;
  self->told = *told;
  turn_meter_tell (&self->meter, told);
}

static void
name_answer (const AgentMouth *self, GstAiAgentTurn *turn, guint answer)
{
  turn->answer = answer;
  if (!answer || answer != self->staged)
    return;
  turn->transcriber = self->told.transcriber;
  turn->model = self->told.model;
  turn->voice = self->told.voice;
}

/* What the turn whose answer has just begun waited for. */
static void
name_stages (const AgentMouth *self, GstAiAgentTurn *turn)
{
  const TurnMeter *meter = &self->meter;
  const guint64 *spent = meter->stages.spent;

  if (!meter->first_out)
    return;
  turn->request = meter->decision + spent[TURN_STAGE_TRANSCRIBER];
  turn->detection = spent[TURN_STAGE_DETECTION];
  turn->backend = spent[TURN_STAGE_BACKEND];
  turn->playout = spent[TURN_STAGE_PLAYOUT];
  turn->stage = turn_stage_get_name (turn_stages_get_binding (&meter->stages));
  turn->budget = meter->budget;
}

void
agent_mouth_rewind (AgentMouth *self)
{
  /* How long an answer takes then says nothing about the agent. */
  turn_meter_begin (&self->meter, self->meter.speech_start);
  playout_rewind (self->playout);
}

/* ---- Out: sound */

gboolean
agent_mouth_look (const AgentMouth *self, AgentMouthNext *next, guint8 *frame)
{
  gsize before = 0;
  guint item;

  if (!playout_peek (self->playout, &item, &before, frame))
    return FALSE;
  if (next->known && next->item == item && next->before == before)
    return FALSE;
  *next = (AgentMouthNext){ TRUE, item, before, 0 };
  return TRUE;
}

static gboolean
is_audible (const gint16 *samples, guint n)
{
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (guint) ABS (samples[i]);
  return sum > AUDIBLE * n;
}

void
agent_mouth_measure (AgentMouthNext *next, const guint8 *frame,
    const GstVoiceFormat *format)
{
  const gint16 *samples = (const gint16 *) (gconstpointer) frame;
  const guint n = format->rate * WINDOW_MS / 1000;
  gint16 decoded[LAW_FRAME];

  next->sound = 0;
  if (next->item && format->encoding != GST_VOICE_S16) {
    gst_voice_law_decode (format->encoding, frame, decoded, LAW_FRAME);
    samples = decoded;
  }
  for (guint i = 0; next->item && i < WINDOWS; i++)
    next->sound |= (guint) is_audible (samples + i * n, n) << i;
}

/* @sent: when the frame that was just read is sent. FALSE: it is silent. */
static gboolean
note_sound (AgentMouth *self, const AgentMouthNext *next, GstClockTime sent,
    GstClockTime *first)
{
  if (!next->sound)
    return FALSE;
  const guint end = 32 - (guint) __builtin_clz (next->sound);
  *first = sent + (guint) __builtin_ctz (next->sound) * WINDOW;
  if (self->sound_item != next->item)
    self->sound_start = *first;
  self->sound_item = next->item;
  self->sound_heard = gst_util_uint64_scale_int (next->before /
                              GST_VOICE_SAMPLE_SIZE (self->format.encoding),
                          GST_SECOND, (gint) self->format.rate) +
      end * WINDOW;
  self->audible = sent + end * WINDOW;
  return TRUE;
}

/* ---- Out: what becomes true */

static gboolean
is_hang_up (GstEvent *event)
{
  GstVoiceControl control;

  return gst_voice_control_event_parse (event, &control) &&
      control.action == GST_VOICE_CONTROL_HANG_UP;
}

/* The answer that began is audible now, at @time; @audible FALSE: it will not be. */
static void
add_started (AgentMouth *self, GstClockTime time, gboolean audible,
    AgentMouthFacts *out)
{
  const gboolean first = turn_meter_audio_out (&self->meter, time);
  self->starting = FALSE;
  AgentMouthFact *fact = &out->facts[out->n++];
  fact->turn = agent_mouth_get_turn (self, "response-started");
  fact->turn.turn_id = self->starting_turn;
  if (first)
    name_stages (self, &fact->turn);
  if (audible && !fact->turn.first_out)
    fact->turn.first_out = time; /* of a greeting, which nobody waited for */
  if (fact->turn.first_out && GST_CLOCK_TIME_IS_VALID (self->path))
    fact->turn.first_far = fact->turn.first_out + self->path;
  name_answer (self, &fact->turn, self->starting_item);
}

/* Takes the words of @note. */
static void
add_done (AgentMouth *self, const PlayoutNote *note, GstClockTime time,
    AgentMouthFacts *out)
{
  if (self->starting)
    add_started (self, time, FALSE, out);
  AgentMouthFact *fact = &out->facts[out->n++];
  fact->turn = agent_mouth_get_turn (self, "response-done");
  fact->turn.turn_id = note->tag;
  name_answer (self, &fact->turn, note->item);
  fact->turn.heard = fact->turn.total = note->heard * GST_MSECOND;
  fact->done = note->item;
  fact->words = note->words;
  if (self->sound_item == note->item) {
    fact->start = self->sound_start;
    fact->end = self->audible;
  }
}

static void
take_note (AgentMouth *self, const PlayoutNote *note, GstClockTime time,
    GQueue *events, AgentMouthFacts *out)
{
  switch (note->type) {
    case PLAYOUT_ITEM_STARTED:
      self->answers++;
      self->starting = TRUE;
      self->starting_item = note->item;
      self->starting_turn = note->tag;
      break;
    case PLAYOUT_ITEM_DONE:
      add_done (self, note, time, out);
      break;
    case PLAYOUT_MARK:
      out->hangs_up |= is_hang_up (note->data);
      g_queue_push_tail (events, note->data);
      break;
    case PLAYOUT_POINT:
      self->passing = note->point;
      break;
  }
}

gboolean
agent_mouth_read (AgentMouth *self, const AgentMouthNext *next, guint8 *frame,
    GstClockTime sent, GQueue *events, AgentMouthFacts *facts)
{
  const gboolean spoken = playout_read (self->playout, frame);
  GstClockTime first = sent;
  PlayoutNote note;

  const gboolean audible = spoken && note_sound (self, next, sent, &first);
  /* What was taken last time has been heard by now. */
  facts->mark = self->passing;
  self->passing = 0;
  /* Two of each may be added by one note. */
  while (facts->n + 2 < G_N_ELEMENTS (facts->facts) &&
      playout_next_note (self->playout, &note)) {
    take_note (self, &note, first, events, facts);
    if (audible && self->starting)
      add_started (self, first, TRUE, facts);
  }
  if (audible && self->starting)
    add_started (self, first, TRUE, facts);
  return spoken;
}

gboolean
agent_mouth_check_budget (AgentMouth *self, GstClockTime now,
    GstAiAgentOverBudget *out)
{
  const TurnMeter *meter = &self->meter;
  TurnStages stages;

  if (!turn_meter_check (&self->meter, now, &stages))
    return FALSE;
  const TurnStage binding = turn_stages_get_binding (&stages);
  *out = (GstAiAgentOverBudget){
    .turn_id = self->answering,
    .budget = meter->budget,
    .waited = (meter->first_out ? meter->first_out : now) - meter->speech_end,
    .stage = turn_stage_get_name (binding),
    .spent = stages.spent[binding],
  };
  return TRUE;
}

void
agent_mouth_count (AgentMouth *self, gboolean spoken, gboolean thinking)
{
  self->frames_out++;
  self->frames_spoken += spoken;
  if (spoken)
    self->heard += 20 * GST_MSECOND;
  self->idle_frames = spoken || thinking || playout_is_speaking (self->playout)
      ? 0
      : self->idle_frames + 1;
}

/* ---- Cut off */

/* The fact of a cut that may be taken back ("held") or not ("interrupted"). */
static void
describe (AgentMouth *self, const gchar *state, AgentMouthCut *out)
{
  const PlayoutCut *cut = &out->cut;

  self->starting = FALSE;
  out->turn = agent_mouth_get_turn (self, state);
  out->turn.turn_id = cut->tag;
  name_answer (self, &out->turn, cut->item);
  out->turn.heard = cut->item && cut->item == self->sound_item
      ? MIN (self->sound_heard, cut->heard * GST_MSECOND)
      : 0;
  out->turn.total = cut->total * GST_MSECOND;
}

static gboolean
describe_interruption (AgentMouth *self, gboolean any, AgentMouthCut *out)
{
  if (any) {
    self->interruptions++;
    describe (self, "interrupted", out);
  }
  out->start = self->sound_start;
  out->end = self->audible;
  return any;
}

gboolean
agent_mouth_cut (AgentMouth *self, AgentMouthCut *out)
{
  self->holds_all = FALSE;
  const gboolean any = playout_interrupt (self->playout, &out->cut);

  return describe_interruption (self, any, out);
}

guint
agent_mouth_hold (AgentMouth *self, gboolean all, AgentMouthCut *out,
    gboolean *any)
{
  self->holds_all = all;
  *any = playout_hold (self->playout, &out->cut);
  if (*any)
    describe (self, "held", out);
  /* What is held still is so for this turn now: what was decided of the one before
   * must not let it go on into the caller. */
  return playout_get_hold (self->playout);
}

gboolean
agent_mouth_resume (AgentMouth *self, guint hold, gboolean over,
    GstAiAgentTurn *turn)
{
  const gboolean any = playout_resume (self->playout,
      hold ? hold : playout_get_hold (self->playout));

  if (any || !hold)
    self->holds_all = FALSE;
  if (over && (any || !hold))
    turn_meter_begin (&self->meter, 0);
  *turn = agent_mouth_get_turn (self, "response-resumed");
  return any;
}

gboolean
agent_mouth_drop (AgentMouth *self, guint hold, AgentMouthCut *out)
{
  const gboolean any = playout_drop (self->playout, hold, &out->cut);

  return describe_interruption (self, any, out);
}

void
agent_mouth_stop (AgentMouth *self, AgentMouthCut *out)
{
  playout_stop (self->playout, &out->cut);
  if (out->cut.item != self->sound_item)
    return;
  out->start = self->sound_start;
  out->end = self->audible;
}
