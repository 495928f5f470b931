/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The answer to one turn: its words, then rounds of the model, each of which is an answer
 * of the session's and may end with tools, whose results are the next round. */

#include "cascadeprivate.h"

#define MAX_ROUNDS 8 /* requests to the model for one turn */
#define MAX_SENTENCES 200 /* that are spoken for one turn */

struct _CascadeReply
{
  CascadeDialogue *dialogue;
  CascadeHearing *hearing; /* NULL: the words are known */
  CascadeChat *chat; /* NULL: the model is not at it */
  CascadeSpeech *speech; /* of this round; NULL: it says nothing as yet */
  guint speeches; /* of all rounds, not all handed over yet */
  guint rounds;
  gboolean waiting; /* for results of tools */
  GSource *filler;
  gboolean guess; /* the turn may not be over: all below is kept */
  gchar *caller; /* what the caller has said so far; NULL: not known */
  GQueue sentences; /* gchar: to be spoken */
  guint n_sentences; /* that were spoken */
  gboolean again; /* the model is to be asked when the turn is over */
  gboolean complete; /* it has answered */
  gint64 began, words, first_sentence,
      first_sound; /* monotonic, µs; 0 = not yet */
};

static void ask (CascadeReply *self);

static GstVoiceAgentBackend *
backend_of (const CascadeReply *self)
{
  return GST_VOICE_AGENT_BACKEND (self->dialogue->cascade);
}

static const gchar *
text_of (const CascadeReply *self, CascadeText text)
{
  const gchar *value = self->dialogue->setup->settings.texts[text];

  return value && *value ? value : NULL;
}

/* ---- The end */

static void
stop_filler (CascadeReply *self)
{
  if (!self->filler)
    return;
  g_source_destroy (self->filler);
  g_clear_pointer (&self->filler, g_source_unref);
}

CascadeTurn *
cascade_reply_cancel (CascadeReply *self)
{
  CascadeTurn *turn =
      self->hearing ? cascade_hearing_cancel (self->hearing) : NULL;

  stop_filler (self);
  if (self->chat)
    cascade_chat_cancel (self->chat);
  if (self->guess && self->caller)
    chat_memory_take_back (self->dialogue->memory);
  g_queue_clear_full (&self->sentences, g_free);
  g_free (self->caller);
  g_free (self);
  return turn;
}

/* It may be gone then. */
static void
end_if_over (CascadeReply *self)
{
  CascadeDialogue *dialogue = self->dialogue;

  if (self->guess || self->hearing || self->chat || self->waiting ||
      self->speeches)
    return;
  cascade_reply_cancel (self);
  cascade_dialogue_end_reply (dialogue);
}

static void
say_aside (CascadeReply *self, CascadeText text, CascadeSpeechType type)
{
  const gchar *words = text_of (self, text);

  if (!words)
    return;
  CascadeSpeech *speech = cascade_speech_new (self->dialogue, type, NULL, NULL);
  cascade_speech_add_text (speech, words);
  cascade_speech_finish (speech);
}

/* What was said up to now is heard; then the apology, and it is over. */
static void
give_up (CascadeReply *self, CascadeStage stage, const gchar *reason)
{
  CascadeDialogue *dialogue = self->dialogue;

  cascade_dialogue_tell_fault (dialogue, stage, reason);
  stop_filler (self);
  if (self->chat)
    cascade_chat_cancel (g_steal_pointer (&self->chat));
  self->waiting = FALSE;
  chat_memory_stop_waiting (dialogue->memory);
  say_aside (self, CASCADE_TEXT_APOLOGY,
      stage == CASCADE_TTS ? CASCADE_SPEECH_BUILT_IN : CASCADE_SPEECH_ASIDE);
  end_if_over (self);
}

/* ---- Speech */

static void
tell_stages (CascadeReply *self, guint answer)
{
  const gint64 transcriber = self->words - self->began,
               model = self->first_sentence - self->words,
               voice = self->first_sound - self->first_sentence;

  gst_voice_agent_backend_set_stages (backend_of (self), answer,
      (GstClockTime) transcriber * 1000, (GstClockTime) model * 1000,
      (GstClockTime) voice * 1000);
  CASCADE_LOG (self->dialogue, GST_LEVEL_DEBUG,
      "answer %u: recogniser %" G_GINT64_FORMAT " ms, model %" G_GINT64_FORMAT
      " ms, voice %" G_GINT64_FORMAT " ms",
      answer, transcriber / 1000, model / 1000, voice / 1000);
}

static void
on_started (gpointer user, guint answer)
{
  CascadeReply *self = user;

  stop_filler (self);
  if (self->first_sound)
    return;
  self->first_sound = g_get_monotonic_time ();
  tell_stages (self, answer);
}

/* Nothing more of this reply is made. */
static void
on_failed (gpointer user, CascadeStage stage, const gchar *reason)
{
  CascadeReply *self = user;
  CascadeDialogue *dialogue = self->dialogue;

  self->speeches = 0;
  self->speech = NULL;
  for (guint i = dialogue->speeches->len; i > 0; i--)
    if (cascade_speech_is_reply (g_ptr_array_index (dialogue->speeches, i - 1)))
      g_ptr_array_remove_index (dialogue->speeches, i - 1);
  give_up (self, stage, reason);
}

static void
on_over (gpointer user)
{
  CascadeReply *self = user;

  self->speeches--;
  end_if_over (self);
}

static const CascadeSpeechEvents speech_events = { on_started, on_failed,
  on_over };

static void
finish_speech (CascadeReply *self)
{
  CascadeSpeech *speech = g_steal_pointer (&self->speech);

  if (speech)
    cascade_speech_finish (speech);
}

static gboolean
on_filler (gpointer data)
{
  CascadeReply *self = data;

  g_clear_pointer (&self->filler, g_source_unref);
  say_aside (self, CASCADE_TEXT_FILLER, CASCADE_SPEECH_ASIDE);
  return G_SOURCE_REMOVE;
}

/* ---- The model */

/* What was said up to now is heard. It may be gone then. */
static void
end_without_end (CascadeReply *self)
{
  self->speeches++; /* it is not over before we say so */
  finish_speech (self);
  self->speeches--;
  give_up (self, CASCADE_LLM, "the answer has no end");
}

static void
on_sentence (gpointer user, const gchar *text)
{
  CascadeReply *self = user;

  if (self->guess) {
    g_queue_push_tail (&self->sentences, g_strdup (text));
    return;
  }
  if (++self->n_sentences > MAX_SENTENCES) {
    end_without_end (self);
    return;
  }
  if (!self->speech) {
    self->speech = cascade_speech_new (self->dialogue, CASCADE_SPEECH_REPLY,
        &speech_events, self);
    self->speeches++;
  }
  if (!self->first_sentence)
    self->first_sentence = g_get_monotonic_time ();
  cascade_speech_add (self->speech, text);
}

/* Results may come before this returns, and others' before the last is called. */
static void
call_tools (CascadeReply *self, const ChatReply *reply)
{
  CascadeDialogue *dialogue = self->dialogue;

  chat_memory_add_calls (dialogue->memory, reply);
  self->waiting = TRUE;
  for (guint i = 0; i < chat_reply_n_calls (reply); i++) {
    const ChatCall *call = chat_reply_get_call (reply, i);
    CASCADE_LOG (dialogue, GST_LEVEL_DEBUG, "the model calls a tool");
    agent_cascade_add_call (dialogue->cascade, call->id);
    gst_voice_agent_backend_call_tool (backend_of (self), dialogue->number,
        call->name, call->id,
        call->arguments->len ? call->arguments->str : "{}");
  }
}

static void
on_chat_ended (gpointer user, const ChatReply *reply, const gchar *reason)
{
  CascadeReply *self = user;
  const guint n_calls = reply ? chat_reply_n_calls (reply) : 0;

  self->chat = NULL;
  if (self->guess) {
    /* A fault, or tools: that is for when the turn is over. */
    self->again = reason || n_calls || !chat_reply_has_text (reply);
    self->complete = TRUE;
    return;
  }
  if (n_calls && self->rounds < MAX_ROUNDS)
    self->waiting = TRUE;
  else if (n_calls)
    reason = "it calls tools without an end";
  else if (reply && self->rounds == 1 && !chat_reply_has_text (reply))
    reason = "the answer is empty";
  self->speeches++; /* it is not over before we say so */
  finish_speech (self);
  self->speeches--;
  if (reason) {
    give_up (self, CASCADE_LLM, reason);
    return;
  }
  cascade_dialogue_tell_good (self->dialogue, CASCADE_LLM);
  if (n_calls)
    call_tools (self, reply);
  else
    end_if_over (self);
}

static const CascadeChatEvents chat_events = { on_sentence, on_chat_ended };

static void
ask (CascadeReply *self)
{
  self->rounds++;
  self->waiting = FALSE;
  self->chat = cascade_chat_new (self->dialogue, &chat_events, self);
}

void
cascade_reply_go_on (CascadeReply *self)
{
  if (self->waiting && !chat_memory_count_waiting (self->dialogue->memory))
    ask (self);
}

/* ---- The words */

static void
take_text (CascadeReply *self, const gchar *text)
{
  self->words = g_get_monotonic_time ();
  chat_memory_add_caller (self->dialogue->memory, text);
  ask (self);
}

/* A dialogue file has words for who was not understood. */
static void
say_not_understood (CascadeReply *self)
{
  const LocalMind *mind = self->dialogue->setup->mind;
  const gchar *const *texts = mind
      ? (const gchar *const *) local_mind_get_file ((LocalMind *) mind)
            ->not_understood
      : NULL;

  if (!texts || !texts[0])
    return;
  CascadeSpeech *speech =
      cascade_speech_new (self->dialogue, CASCADE_SPEECH_ASIDE, NULL, NULL);
  cascade_speech_add_text (speech, texts[0]);
  cascade_speech_finish (speech);
}

static void
tell_words (CascadeReply *self, const CascadeWords *words)
{
  const GstVoiceAgentTranscript transcript = { .text = words->words,
    .final = TRUE,
    .confidence = words->confidence,
    .rejected = words->rejected };

  gst_voice_agent_backend_transcript (backend_of (self), self->dialogue->number,
      &transcript);
}

/* What is no speech is heard again when the turn is over. */
static void
guess_words (CascadeReply *self, const CascadeWords *words)
{
  if (!words || words->rejected) {
    self->again = TRUE;
    return;
  }
  self->caller = g_strdup (words->words);
  take_text (self, words->words);
}

static void
on_heard (gpointer user, const CascadeWords *words, const gchar *reason)
{
  CascadeReply *self = user;

  self->hearing = NULL;
  if (self->guess) {
    guess_words (self, words);
    return;
  }
  if (!words) {
    give_up (self, CASCADE_STT, reason);
    return;
  }
  cascade_dialogue_tell_good (self->dialogue, CASCADE_STT);
  tell_words (self, words);
  if (!words->rejected) {
    take_text (self, words->words);
    return;
  }
  stop_filler (self);
  if (*words->words)
    say_not_understood (self);
  end_if_over (self);
}

/* ---- A reply */

static void
begin_waiting (CascadeReply *self)
{
  const guint delay =
      self->dialogue->setup->settings.numbers[CASCADE_NUMBER_FILLER_DELAY];

  self->began = g_get_monotonic_time ();
  if (delay)
    self->filler =
        io_loop_add_timeout (agent_net_get_loop (), delay, on_filler, self);
}

CascadeReply *
cascade_reply_new (CascadeDialogue *dialogue, CascadeTurn *turn,
    const gchar *text, gboolean guess)
{
  CascadeReply *self = g_new0 (CascadeReply, 1);

  self->dialogue = dialogue;
  self->guess = guess;
  g_queue_init (&self->sentences);
  if (!guess)
    begin_waiting (self);
  if (turn)
    self->hearing = cascade_hearing_new (dialogue, turn, on_heard, self);
  else
    take_text (self, text);
  return self;
}

/* ---- ... that was begun before its time */

gboolean
cascade_reply_is_guess (const CascadeReply *self)
{
  return self->guess;
}

gboolean
cascade_reply_is_void (const CascadeReply *self)
{
  return self->guess && !self->hearing && !self->caller;
}

/* FALSE: there is no end of it. */
static gboolean
speak_kept (CascadeReply *self)
{
  gchar *sentence;

  while (self->n_sentences <= MAX_SENTENCES &&
      (sentence = g_queue_pop_head (&self->sentences))) {
    on_sentence (self, sentence);
    g_free (sentence);
  }
  return self->n_sentences <= MAX_SENTENCES;
}

/* The model's guess was of no use: it is asked now. */
static void
ask_again (CascadeReply *self)
{
  g_queue_clear_full (&self->sentences, g_free);
  self->rounds = 0;
  ask (self);
}

void
cascade_reply_release (CascadeReply *self)
{
  self->guess = FALSE;
  begin_waiting (self);
  if (!self->caller)
    return; /* it is still being made out */
  const CascadeWords words = { self->caller, -1, NULL };
  self->words = self->began;
  cascade_dialogue_tell_good (self->dialogue, CASCADE_STT);
  tell_words (self, &words);
  if (self->again) {
    ask_again (self);
    return;
  }
  self->speeches++; /* it is not over before we say so */
  const gboolean ends = speak_kept (self);
  if (ends && self->complete)
    finish_speech (self);
  self->speeches--;
  if (ends && !self->complete)
    return;
  if (ends)
    cascade_dialogue_tell_good (self->dialogue, CASCADE_LLM);
  end_if_over (self);
}
