/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Speech to text: by a request, or, of built-in phrases, by the recogniser that has
 * listened all along. */

#include "cascadeprivate.h"

#include "aiagent/logic/cascade/chatrequest.h"
#include "aiagent/logic/cascade/chatwav.h"
#include "common/frame/gstvoiceformat.h"

#define POLL 10 /* ms between looks at a recogniser */
#define SENT_RATE 16000 /* Hz, at most: more says no more */
#define MAX_ANSWER 65536 /* bytes */

struct _CascadeHearing
{
  CascadeDialogue *dialogue;
  CascadeTurn *turn;
  CascadeHeard heard;
  gpointer user;
  CascadeRequest *request; /* NULL: none, or over */
  GString *answer;
  GSource *poll;
};

static void
hearing_free (CascadeHearing *self)
{
  if (self->poll) {
    g_source_destroy (self->poll);
    g_source_unref (self->poll);
  }
  if (self->request)
    cascade_request_cancel (self->request);
  g_clear_pointer (&self->turn, cascade_turn_free);
  g_string_free (self->answer, TRUE);
  g_free (self);
}

static void
end (CascadeHearing *self, const CascadeWords *words, const gchar *reason)
{
  const CascadeHeard heard = self->heard;
  const gpointer user = self->user;

  hearing_free (self);
  heard (user, words, reason);
}

CascadeTurn *
cascade_hearing_cancel (CascadeHearing *self)
{
  CascadeTurn *turn = self->turn->sound ? g_steal_pointer (&self->turn) : NULL;

  hearing_free (self);
  return turn;
}

/* ---- Built in */

static gboolean
on_poll (gpointer data)
{
  CascadeHearing *self = data;
  RecognizerResult result;

  if (!utterance_take_result (self->turn->utterance, &result))
    return G_SOURCE_CONTINUE;
  cascade_ear_set_channel (&self->dialogue->cascade->ear, &result.channel);
  const CascadeWords words = { result.words, result.confidence,
    result.rejected };
  end (self, result.failed ? NULL : &words, result.rejected);
  recognizer_result_clear (&result);
  return G_SOURCE_REMOVE;
}

/* ---- By request */

static gboolean
on_data (gpointer user, const gchar *data, gsize size)
{
  CascadeHearing *self = user;

  if (self->answer->len + size <= MAX_ANSWER) {
    g_string_append_len (self->answer, data, (gssize) size);
    return FALSE; /* all of it has to come in time */
  }
  cascade_request_cancel (g_steal_pointer (&self->request));
  end (self, NULL, "the answer has no end");
  return FALSE;
}

static void
on_ended (gpointer user, guint status, const gchar *reason)
{
  CascadeHearing *self = user;

  self->request = NULL;
  g_autofree gchar *text = reason
      ? NULL
      : chat_answer_dup_transcript (self->answer->str, self->answer->len);
  const CascadeWords words = { text, -1, text && *text ? NULL : "no words" };
  end (self, text ? &words : NULL,
      reason ? reason : "the answer is no transcription");
}

static const CascadeRequestEvents request_events = { on_data, on_ended };

static GBytes *
make_file (const CascadeTurn *turn)
{
  const guint rate = MIN (turn->rate, SENT_RATE);
  const GstVoiceFormat from = { GST_VOICE_S16, turn->rate },
                       to = { GST_VOICE_S16, rate };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&from, &to);
  g_autoptr (GByteArray) sound = g_byte_array_new ();

  gst_voice_converter_process (converter, turn->sound->data, turn->sound->len,
      sound);
  return chat_wav_new ((const gint16 *) (gpointer) sound->data, sound->len,
      rate);
}

static SoupMessage *
make_message (const CascadeSetup *setup, const CascadeTurn *turn)
{
  static const struct
  {
    const gchar *name;
    CascadeText text;
  } fields[] = { { "model", CASCADE_TEXT_STT_MODEL },
    { "language", CASCADE_TEXT_LANGUAGE } };
  g_autoptr (SoupMultipart) form = soup_multipart_new ("multipart/form-data");
  g_autoptr (GBytes) file = make_file (turn);
  g_autofree gchar *uri =
      g_strconcat (setup->uris[CASCADE_STT], "/audio/transcriptions", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    const gchar *value = setup->settings.texts[fields[i].text];
    if (value && *value)
      soup_multipart_append_form_string (form, fields[i].name, value);
  }
  soup_multipart_append_form_string (form, "response_format", "json");
  soup_multipart_append_form_file (form, "file", "turn.wav", "audio/wav", file);
  return soup_message_new_from_multipart (uri, form);
}

/* ---- A hearing */

CascadeHearing *
cascade_hearing_new (CascadeDialogue *dialogue, CascadeTurn *turn,
    CascadeHeard heard, gpointer user)
{
  CascadeHearing *self = g_new0 (CascadeHearing, 1);
  const CascadeSetup *setup = dialogue->setup;

  self->dialogue = dialogue;
  self->turn = turn;
  self->heard = heard;
  self->user = user;
  self->answer = g_string_new (NULL);
  if (turn->utterance)
    self->poll =
        io_loop_add_timeout (agent_net_get_loop (), POLL, on_poll, self);
  else
    self->request = cascade_request_send (make_message (setup, turn),
        setup->keys[CASCADE_STT],
        cascade_setup_get_timeout (setup, CASCADE_STT), &request_events, self);
  return self;
}
