/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Text to speech: sentences come as they are written, and are made in order, the next one
 * while the one before it is handed over. What was made in time is heard without a gap:
 * the session's queue takes whatever comes, which is not much: no sentence is begun while
 * there is a lot to be heard, and what a model says without an end has one here. */

#include "cascadeprivate.h"

#include "aiagent/backends/local/synthesizer.h"
#include "aiagent/logic/cascade/chatrequest.h"
#include "aiagent/logic/cascade/chatsentences.h"
#include "common/frame/gstvoiceformat.h"

#include <string.h>

#define AHEAD 2 /* sentences that are made at once */
#define MAX_AHEAD 20 /* s of sound that is to be heard still: no more is made */
#define MAX_SPEECH 120 /* s of sound of an answer: there it ends */
#define POLL 10 /* ms between looks at the built-in voice */
#define MAX_SENTENCE 120 /* s of sound */
#define DEFAULT_VOICE "slt"

typedef struct
{
  CascadeSpeech *speech;
  gchar *text;
  gboolean begun; /* it is being made, or is */
  gboolean complete;
  Speech *made; /* in the built-in voice */
  CascadeRequest *request; /* NULL: over, or none */
  GstVoiceConverter *converter;
  GByteArray *came; /* half a sample that came */
  GByteArray *sound; /* to be handed over */
  gsize size; /* bytes that came */
  gboolean told; /* its words are handed over */
} Sentence;

struct _CascadeSpeech
{
  CascadeDialogue *dialogue;
  CascadeSpeechType type;
  const CascadeSpeechEvents *events;
  gpointer user;
  guint place; /* in the memory; 0 = it is not remembered */
  guint answer; /* 0: not begun */
  GQueue sentences; /* Sentence: not handed over yet */
  gboolean finished;
  gsize size; /* bytes that were handed over */
  guint unmarked; /* the last of them, behind the last mark */
  GSource *poll;
};

/* ---- Sentences */

static void
sentence_free (gpointer data)
{
  Sentence *self = data;

  if (self->request)
    cascade_request_cancel (self->request);
  g_clear_pointer (&self->made, speech_drop);
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  g_byte_array_unref (self->came);
  g_byte_array_unref (self->sound);
  g_free (self->text);
  g_free (self);
}

static const gchar *
built_in_voice (const CascadeSetup *setup)
{
  const gchar *voice = setup->settings.texts[CASCADE_TEXT_VOICE];

  if (!setup->uris[CASCADE_TTS] && voice && *voice)
    return voice;
  return setup->mind ? local_mind_get_file (setup->mind)->voice : DEFAULT_VOICE;
}

static void pump (CascadeSpeech *self);
static gboolean on_poll (gpointer data);

static void
make_built_in (Sentence *self)
{
  CascadeSpeech *speech = self->speech;

  self->begun = TRUE;
  self->made = speech_new (built_in_voice (speech->dialogue->setup), self->text,
      speech->dialogue->rate);
  if (!speech->poll)
    speech->poll =
        io_loop_add_timeout (agent_net_get_loop (), POLL, on_poll, speech);
}

/* ---- ... by request */

/* What is no sound is played by nobody. */
static gboolean
is_sound (const Sentence *self, const gchar *data, gsize size)
{
  const gchar *type = cascade_request_get_type (self->request);

  if (type &&
      (g_str_has_prefix (type, "text/") ||
          g_str_has_prefix (type, "application/json") ||
          g_str_has_prefix (type, "audio/mpeg")))
    return FALSE;
  return self->size || size < 4 ||
      (memcmp (data, "RIFF", 4) && memcmp (data, "OggS", 4) &&
          memcmp (data, "ID3", 3));
}

static void
convert (Sentence *self, const gchar *data, gsize size)
{
  g_byte_array_append (self->came, (const guint8 *) data, (guint) size);
  const guint whole = self->came->len & ~1u;
  gst_voice_converter_process (self->converter, self->came->data, whole,
      self->sound);
  g_byte_array_remove_range (self->came, 0, whole);
  self->size += size;
}

static void
fail (Sentence *self, const gchar *reason)
{
  CascadeSpeech *speech = self->speech;

  if (self->request)
    cascade_request_cancel (g_steal_pointer (&self->request));
  if (speech->type == CASCADE_SPEECH_REPLY) {
    speech->events->failed (speech->user, CASCADE_TTS,
        reason); /* it may be gone */
    return;
  }
  cascade_dialogue_tell_fault (speech->dialogue, CASCADE_TTS, reason);
  if (self->size)
    self->complete = TRUE;
  else
    make_built_in (self);
  pump (speech);
}

static gboolean
on_data (gpointer user, const gchar *data, gsize size)
{
  Sentence *self = user;
  const gsize limit = (gsize) self->speech->dialogue->setup->settings
                          .numbers[CASCADE_NUMBER_TTS_RATE] *
      2 * MAX_SENTENCE;

  if (!is_sound (self, data, size)) {
    fail (self, "what came is no pcm");
  } else if (self->size + size > limit) {
    fail (self, "the sound has no end");
  } else {
    convert (self, data, size);
    pump (self->speech);
    return TRUE;
  }
  return FALSE;
}

static void
on_ended (gpointer user, guint status, const gchar *reason)
{
  Sentence *self = user;

  self->request = NULL;
  if (reason || (!self->told && !self->sound->len)) {
    fail (self, reason ? reason : "the answer is empty");
    return;
  }
  cascade_dialogue_tell_good (self->speech->dialogue, CASCADE_TTS);
  self->complete = TRUE;
  pump (self->speech);
}

static const CascadeRequestEvents request_events = { on_data, on_ended };

static void
request (Sentence *self)
{
  const CascadeDialogue *dialogue = self->speech->dialogue;
  const CascadeSetup *setup = dialogue->setup;
  const GstVoiceFormat from = { GST_VOICE_S16,
    setup->settings.numbers[CASCADE_NUMBER_TTS_RATE] };
  const GstVoiceFormat to = { GST_VOICE_S16, dialogue->rate };
  g_autofree gchar *body =
      chat_request_new_speech (setup->settings.texts[CASCADE_TEXT_TTS_MODEL],
          setup->settings.texts[CASCADE_TEXT_VOICE], self->text);

  self->begun = TRUE;
  self->converter = gst_voice_converter_new (&from, &to);
  self->request = cascade_request_send (cascade_message_new (setup, CASCADE_TTS,
                                            "/audio/speech", body),
      setup->keys[CASCADE_TTS], cascade_setup_get_timeout (setup, CASCADE_TTS),
      &request_events, self);
}

/* ---- Handing over */

static gsize
bytes_of (const CascadeSpeech *self, guint seconds)
{
  return (gsize) self->dialogue->rate * 2 * seconds;
}

/* FALSE: it must not be heard. */
static gboolean
begin_answer (CascadeSpeech *self)
{
  CascadeDialogue *dialogue = self->dialogue;
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (dialogue->cascade);

  if (self->answer)
    return TRUE;
  if (cascade_dialogue_is_cut (dialogue))
    return FALSE; /* we are about to be told */
  self->answer =
      gst_voice_agent_backend_begin_answer (backend, dialogue->number, TRUE);
  if (self->answer && cascade_dialogue_is_cut (dialogue)) {
    /* The interruption may have come just before. */
    gst_voice_agent_backend_cut (backend, dialogue->number);
    return FALSE;
  }
  if (self->answer && self->events)
    self->events->started (self->user, self->answer);
  return self->answer != 0;
}

static void
tell_words (CascadeSpeech *self, const gchar *text)
{
  CascadeDialogue *dialogue = self->dialogue;
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (dialogue->cascade);
  /* Clause by clause: the answer's number would make it all that it says. */
  const GstVoiceAgentTranscript said = { .agent = TRUE,
    .text = text,
    .confidence = -1 };

  gst_voice_agent_backend_begin_clause (backend, self->answer, text);
  gst_voice_agent_backend_transcript (backend, dialogue->number, &said);
  if (self->place)
    chat_memory_add_agent (dialogue->memory, self->place, self->answer, text);
}

/* Not more than half a second behind one mark: the last of them may never be told while
 * the answer is open, as less than a frame is not played, and must not hold up the next
 * sentence. Nor less: a mark for each piece, of a server that drips, would be many. */
static void
write_sound (CascadeSpeech *self, const guint8 *sound, gsize size)
{
  const gsize most = bytes_of (self, 1) / 2;

  for (gsize at = 0; at < size;) {
    const gsize piece = MIN (size - at, most - self->unmarked);
    gst_voice_agent_backend_write (GST_VOICE_AGENT_BACKEND (
                                       self->dialogue->cascade),
        self->answer, sound + at, piece);
    at += piece;
    self->size += piece;
    self->unmarked += (guint) piece;
    if (self->unmarked < most)
      return;
    cascade_dialogue_add_ahead (self->dialogue, self->answer, self->unmarked);
    self->unmarked = 0;
  }
}

static void
hand_over (CascadeSpeech *self, const gchar *words, const GByteArray *sound)
{
  if (!begin_answer (self))
    return;
  if (words)
    tell_words (self, words);
  write_sound (self, sound->data, sound->len);
}

static void
hand_over_made (Sentence *self)
{
  for (;;) {
    gchar *clause = NULL;
    gboolean done = FALSE;
    g_autoptr (GByteArray) sound = speech_take (self->made, &clause, &done);
    if (clause)
      hand_over (self->speech, clause, sound);
    self->complete = done;
    if (!clause || done) {
      g_free (clause);
      return;
    }
    g_free (clause);
  }
}

static void
hand_over_sound (Sentence *self)
{
  if (!self->sound->len)
    return;
  hand_over (self->speech, self->told ? NULL : self->text, self->sound);
  self->told = TRUE;
  g_byte_array_set_size (self->sound, 0);
}

/* ---- All of it */

static void
begin_some (CascadeSpeech *self)
{
  const CascadeSetup *setup = self->dialogue->setup;
  guint n = 0;

  if (cascade_dialogue_get_ahead (self->dialogue) > bytes_of (self, MAX_AHEAD))
    return; /* it goes on when that was heard */
  for (GList *link = self->sentences.head; link && n < AHEAD;
       link = link->next, n++) {
    Sentence *sentence = link->data;
    if (sentence->begun)
      continue;
    if (setup->uris[CASCADE_TTS] && self->type != CASCADE_SPEECH_BUILT_IN)
      request (sentence);
    else
      make_built_in (sentence);
  }
}

void
cascade_speech_free (gpointer data)
{
  CascadeSpeech *self = data;

  if (self->poll) {
    g_source_destroy (self->poll);
    g_source_unref (self->poll);
  }
  g_queue_clear_full (&self->sentences, sentence_free);
  if (self->answer) /* open it would hold back the next one */
    gst_voice_agent_backend_end_answer (GST_VOICE_AGENT_BACKEND (
                                            self->dialogue->cascade),
        self->answer);
  g_free (self);
}

static void
end (CascadeSpeech *self)
{
  CascadeDialogue *dialogue = self->dialogue;
  const CascadeSpeechEvents *events = self->events;
  const gpointer user = self->user;

  g_ptr_array_remove (dialogue->speeches, self);
  if (events)
    events->over (user);
  else
    cascade_dialogue_update_thinking (dialogue);
}

/* It may be gone then. */
static void
pump (CascadeSpeech *self)
{
  Sentence *head;

  while ((head = g_queue_peek_head (&self->sentences))) {
    if (head->made)
      hand_over_made (head);
    else
      hand_over_sound (head);
    if (self->type == CASCADE_SPEECH_REPLY &&
        self->size > bytes_of (self, MAX_SPEECH)) {
      self->events->failed (self->user, CASCADE_LLM, "the answer has no end");
      return;
    }
    if (!head->complete)
      break;
    sentence_free (g_queue_pop_head (&self->sentences));
    begin_some (self);
  }
  if (!head && self->finished)
    end (self);
}

static gboolean
on_poll (gpointer data)
{
  CascadeSpeech *self = data;
  gboolean any = FALSE;

  for (GList *link = self->sentences.head; link; link = link->next)
    any |= ((Sentence *) link->data)->made != NULL;
  if (!any)
    g_clear_pointer (&self->poll, g_source_unref);
  else
    pump (self);
  return any;
}

/* ---- For replies */

CascadeSpeech *
cascade_speech_new (CascadeDialogue *dialogue, CascadeSpeechType type,
    const CascadeSpeechEvents *events, gpointer user)
{
  CascadeSpeech *self = g_new0 (CascadeSpeech, 1);

  self->dialogue = dialogue;
  self->type = type;
  self->events = events;
  self->user = user;
  if (type == CASCADE_SPEECH_REPLY || type == CASCADE_SPEECH_SAID)
    self->place = chat_memory_add_place (dialogue->memory);
  g_ptr_array_add (dialogue->speeches, self);
  return self;
}

void
cascade_speech_add (CascadeSpeech *self, const gchar *text)
{
  Sentence *sentence = g_new0 (Sentence, 1);

  sentence->speech = self;
  sentence->text = g_strdup (text);
  sentence->came = g_byte_array_new ();
  sentence->sound = g_byte_array_new ();
  g_queue_push_tail (&self->sentences, sentence);
  begin_some (self);
}

void
cascade_speech_go_on (CascadeSpeech *self)
{
  begin_some (self);
}

void
cascade_speech_finish (CascadeSpeech *self)
{
  self->finished = TRUE;
  pump (self);
}

void
cascade_speech_add_text (CascadeSpeech *self, const gchar *text)
{
  g_autoptr (ChatSentences) sentences = chat_sentences_new ();
  gchar *sentence;

  chat_sentences_push (sentences, text);
  while ((sentence = chat_sentences_next (sentences, TRUE))) {
    cascade_speech_add (self, sentence);
    g_free (sentence);
  }
}

gboolean
cascade_speech_is_reply (const CascadeSpeech *self)
{
  return self->type == CASCADE_SPEECH_REPLY;
}
