/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the line says itself while its agent is away: a phrase once, or music for as long
 * as it takes.
 *
 * It is handed over AHEAD of what is heard, and no more: so that it ends where the agent's
 * first audio comes, and nothing has to be cut off. */

#include "agentremoteprivate.h"

#define VOICE "slt"
#define AHEAD 160 /* ms */
#define PACE 40 /* ms between what is handed over */

static void
clear_music (gpointer music)
{
  g_byte_array_unref (((AgentRemoteMusic *) music)->samples);
}

void
agent_remote_music_unref (AgentRemoteMusic *self)
{
  g_atomic_rc_box_release_full (self, clear_music);
}

/* ---- What is said */

static void
stop (AgentRemoteVoice *self)
{
  if (self->timer) {
    g_source_destroy (self->timer);
    g_clear_pointer (&self->timer, g_source_unref);
  }
  g_clear_pointer (&self->speech, speech_drop);
  g_clear_pointer (&self->music, agent_remote_music_unref);
  g_clear_pointer (&self->ready, g_byte_array_unref);
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  *self = (AgentRemoteVoice){ 0 };
}

void
agent_remote_hush (AgentRemote *self)
{
  AgentRemoteVoice *voice = &agent_remote_get_priv (self)->voice;

  if (voice->answer)
    gst_voice_agent_backend_end_answer (GST_VOICE_AGENT_BACKEND (self),
        voice->answer);
  stop (voice);
}

/* FALSE: no more has been made yet. */
static gboolean
take_speech (AgentRemote *self, AgentRemoteVoice *voice)
{
  g_autofree gchar *words = NULL;

  if (voice->made)
    return FALSE;
  g_autoptr (GByteArray) audio =
      speech_take (voice->speech, &words, &voice->made);
  if (words)
    gst_voice_agent_backend_begin_clause (GST_VOICE_AGENT_BACKEND (self),
        voice->answer, words);
  if (audio->len)
    gst_voice_converter_process (voice->converter, audio->data, audio->len,
        voice->ready);
  return words != NULL;
}

static gboolean
take_music (AgentRemoteVoice *voice)
{
  const GByteArray *all = voice->music->samples;
  const gsize piece =
      MIN ((gsize) voice->music->rate * PACE / 1000 * 2, all->len - voice->at);

  gst_voice_converter_process (voice->converter, all->data + voice->at, piece,
      voice->ready);
  voice->at = (voice->at + piece) % all->len;
  return TRUE;
}

/* Samples that are to be handed over now. The last words of a call are, as soon as they are
 * made. */
static gsize
get_due (const AgentRemotePrivate *priv)
{
  const AgentRemoteVoice *voice = &priv->voice;
  if (voice->last)
    return G_MAXINT32; /* nothing takes its place */
  const guint64 due = (guint64) (agent_remote_now () - voice->began + AHEAD) *
      priv->format.rate / 1000;

  return due > voice->written ? due - voice->written : 0;
}

/* FALSE: nobody wants to hear it. */
static gboolean
write_due (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  AgentRemoteVoice *voice = &priv->voice;
  const gsize size = GST_VOICE_SAMPLE_SIZE (priv->format.encoding);
  gsize due;

  if (!voice->written)
    voice->began = agent_remote_now (); /* it may have been made only now */
  while ((due = get_due (priv)) > 0) {
    if (!voice->ready->len &&
        !(voice->music ? take_music (voice) : take_speech (self, voice)))
      break;
    const gsize n = MIN (due, voice->ready->len / size);
    if (n &&
        !gst_voice_agent_backend_write (GST_VOICE_AGENT_BACKEND (self),
            voice->answer, voice->ready->data, n * size))
      return FALSE;
    g_byte_array_remove_range (voice->ready, 0, (guint) (n * size));
    voice->written += n;
  }
  return TRUE;
}

static void
hang_up (AgentRemote *self)
{
  const GstVoiceControl control = { .action = GST_VOICE_CONTROL_HANG_UP,
    .id = AGENT_REMOTE_CONTROL };

  gst_voice_agent_backend_control (GST_VOICE_AGENT_BACKEND (self),
      agent_remote_get_priv (self)->dialogue, &control);
}

static gboolean
on_pace (gpointer data)
{
  AgentRemote *self = data;
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  AgentRemoteVoice *voice = &priv->voice;
  const gboolean music = voice->music != NULL, last = voice->last;
  const gboolean heard = write_due (self);

  if (heard && (music || !voice->made || voice->ready->len))
    return G_SOURCE_CONTINUE;
  agent_remote_hush (self);
  if (last)
    hang_up (self);
  else if (music)
    vigil_bridge_over (&priv->vigil, agent_remote_now ());
  agent_remote_watch (self);
  return G_SOURCE_REMOVE;
}

static gboolean
begin (AgentRemote *self, guint from, gboolean interruptible)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  AgentRemoteVoice *voice = &priv->voice;
  const GstVoiceFormat format = { GST_VOICE_S16, from };

  agent_remote_hush (self);
  const guint answer =
      gst_voice_agent_backend_begin_answer (GST_VOICE_AGENT_BACKEND (self),
          priv->dialogue, interruptible);
  if (!answer)
    return FALSE;
  agent_remote_note_own (self, answer);
  voice->answer = answer;
  voice->ready = g_byte_array_new ();
  voice->converter = gst_voice_converter_new (&format, &priv->format);
  voice->timer =
      io_loop_add_timeout (agent_net_get_loop (), PACE, on_pace, self);
  return TRUE;
}

void
agent_remote_speak (AgentRemote *self, const gchar *text, gboolean last)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (!begin (self, priv->format.rate, !last))
    return;
  const GstVoiceAgentTranscript transcript = { .agent = TRUE,
    .text = text,
    .final = TRUE,
    .confidence = -1,
    .answer = priv->voice.answer };
  priv->voice.speech = speech_new (VOICE, text, priv->format.rate);
  priv->voice.last = last;
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self),
      priv->dialogue, &transcript);
}

/* ---- The bridge */

static AgentRemoteMusic *
dup_music (AgentRemotePrivate *priv)
{
  g_mutex_lock (&priv->lock);
  AgentRemoteMusic *music =
      priv->music ? g_atomic_rc_box_acquire (priv->music) : NULL;
  g_mutex_unlock (&priv->lock);
  return music;
}

static void
play (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  AgentRemoteMusic *music = dup_music (priv);

  if (!music)
    return;
  if (begin (self, music->rate, TRUE))
    priv->voice.music = music;
  else
    agent_remote_music_unref (music);
}

void
agent_remote_bridge (AgentRemote *self)
{
  const AgentRemoteSettings *set = &agent_remote_get_priv (self)->set;

  AGENT_REMOTE_LOG (self, GST_LEVEL_DEBUG, "the caller waits for the agent");
  if (set->bridge == AGENT_BRIDGE_MUSIC)
    play (self);
  else if (set->bridge == AGENT_BRIDGE_PHRASE && set->bridge_phrase &&
      *set->bridge_phrase)
    agent_remote_speak (self, set->bridge_phrase, FALSE);
}
