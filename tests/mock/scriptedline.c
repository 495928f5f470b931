/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "scriptedline.h"

struct _SipLine
{
  GObject parent;

  MediaLoop *loop;
  GstElement *elements[SIP_LINE_N_ROLES];
  const SipLineListener *listeners[SIP_LINE_N_ROLES];
  gboolean in_call;
  gchar *call_id; /* of a call that is up or rings, or NULL */

  GMutex lock; /* protects everything below */
  GString *log;
  GByteArray *sent;
  GstVoiceEncoding sent_encoding;
  GstVoiceFormat taken;
  GstClockTime sent_time;
};

G_DEFINE_FINAL_TYPE (SipLine, sip_line, G_TYPE_OBJECT)

static SipLine *last;

static void
note (SipLine *self, const gchar *what)
{
  g_mutex_lock (&self->lock);
  if (self->log->len > 0)
    g_string_append_c (self->log, ' ');
  g_string_append (self->log, what);
  g_mutex_unlock (&self->lock);
}

/* ---- The test's side */

SipLine *
scripted_line_get (void)
{
  return last;
}

void
scripted_line_event (SipLine *self, const SipCallEvent *event)
{
  self->in_call =
      event->state >= SIP_CALL_ANSWERED && event->state <= SIP_CALL_CHANGED;
  const gboolean over =
      event->state == SIP_CALL_ENDED || event->state == SIP_CALL_FAILED;
  g_free (self->call_id);
  self->call_id = over ? NULL : g_strdup (event->call_id);
  for (guint i = 0; i < SIP_LINE_N_ROLES; i++)
    if (self->listeners[i] != NULL)
      self->listeners[i]->state (event, self->elements[i]);
}

void
scripted_line_answered (SipLine *self, GstVoiceEncoding law)
{
  const SipCallEvent event = { .state = SIP_CALL_ANSWERED,
    .call_id = "call-1",
    .from = "sip:caller@192.0.2.1",
    .to = "sip:us@192.0.2.2",
    .format = { law, 8000 } };

  scripted_line_event (self, &event);
}

void
scripted_line_ended (SipLine *self, gboolean is_last)
{
  const SipCallEvent event = { .state = SIP_CALL_ENDED,
    .call_id = "call-1",
    .from = "sip:caller@192.0.2.1",
    .to = "sip:us@192.0.2.2",
    .was_answered = TRUE,
    .is_last = is_last,
    .by = SIP_CALL_BY_PEER,
    .cause = "The far end hung up." };

  scripted_line_event (self, &event);
}

void
scripted_line_frame (SipLine *self, GstVoiceEncoding law, gint16 sample,
    gint64 time, gboolean discont, gboolean silence)
{
  const SipLineListener *listener = self->listeners[SIP_LINE_SRC];
  gint16 samples[160];
  guint8 payload[160];

  for (guint i = 0; i < 160; i++)
    samples[i] = sample;
  gst_voice_law_encode (law, samples, payload, 160);
  const RtpStreamFrame frame = { .samples = samples,
    .n_samples = 160,
    .format = { law, 8000 },
    .audio = payload,
    .audio_size = 160,
    .time = time,
    .discont = discont,
    .silence = silence };
  listener->frame (&frame, self->elements[SIP_LINE_SRC]);
}

void
scripted_line_path (SipLine *self, gint64 delay)
{
  self->listeners[SIP_LINE_SINK]->path (delay, self->elements[SIP_LINE_SINK]);
}

void
scripted_line_dtmf (SipLine *self, gchar digit)
{
  for (guint i = 0; i < SIP_LINE_N_ROLES; i++)
    if (self->listeners[i] != NULL) {
      self->listeners[i]->dtmf (digit, FALSE, 0, self->elements[i]);
      self->listeners[i]->dtmf (digit, TRUE, 160, self->elements[i]);
    }
}

gchar *
scripted_line_take_log (SipLine *self)
{
  g_mutex_lock (&self->lock);
  gchar *log = g_strdup (self->log->str);
  g_string_truncate (self->log, 0);
  g_mutex_unlock (&self->lock);
  return log;
}

GBytes *
scripted_line_take_sent (SipLine *self, GstVoiceEncoding *encoding)
{
  g_mutex_lock (&self->lock);
  GBytes *sent = g_byte_array_free_to_bytes (self->sent);
  self->sent = g_byte_array_new ();
  *encoding = self->sent_encoding;
  g_mutex_unlock (&self->lock);
  return sent;
}

GstClockTime
scripted_line_get_sent_time (SipLine *self)
{
  g_mutex_lock (&self->lock);
  GstClockTime time = self->sent_time;
  g_mutex_unlock (&self->lock);
  return time;
}

/* ---- The elements' side */

gboolean
sip_line_change (SipLine *self, SipLineRole role,
    const GstPairSettings *settings, GError **error)
{
  return TRUE;
}

SipLine *
sip_line_new (const gchar *name)
{
  last = g_object_new (SIP_TYPE_LINE, NULL);
  return last;
}

gboolean
sip_line_attach (SipLine *self, SipLineRole role, GstElement *element,
    const GstPairSettings *settings, const SipLineListener *listener,
    GError **error)
{
  self->elements[role] = element;
  self->listeners[role] = listener;
  return TRUE;
}

void
sip_line_detach (SipLine *self, SipLineRole role)
{
  self->listeners[role] = NULL;
}

void
sip_line_set_playing (SipLine *self, SipLineRole role, gboolean playing)
{
  note (self, playing ? "play" : "stop");
}

void
sip_line_close (SipLine *self, SipLineRole role)
{
  note (self, "close");
}

MediaLoop *
sip_line_dup_loop (SipLine *self)
{
  return media_loop_ref (self->loop);
}

GstClockTime
sip_line_get_latency (SipLine *self)
{
  return 40 * GST_MSECOND;
}

gboolean
sip_line_dial (SipLine *self, const gchar *uri)
{
  note (self, "dial");
  return TRUE;
}

gboolean
sip_line_answer (SipLine *self)
{
  note (self, "answer");
  return TRUE;
}

gboolean
sip_line_has_call (SipLine *self, const gchar *call_id)
{
  return self->call_id && !g_strcmp0 (self->call_id, call_id);
}

void
sip_line_set_agent_ready (SipLine *self, const gchar *call_id)
{
  note (self, "agent-ready");
}

gboolean
sip_line_reject (SipLine *self, guint status)
{
  note (self, "reject");
  return TRUE;
}

guint
sip_line_connect (SipLine *self)
{
  note (self, "connect");
  return 0;
}

void
sip_line_disconnect (SipLine *self, guint call, guint status)
{
  note (self, "disconnect");
}

gboolean
sip_line_hang_up (SipLine *self)
{
  note (self, "hang-up");
  return self->in_call;
}

gboolean
sip_line_transfer (SipLine *self, const gchar *target, const gchar *id)
{
  g_autofree gchar *text =
      g_strconcat ("transfer:", target, id ? "=" : "", id, NULL);

  note (self, text);
  return self->in_call;
}

gboolean
sip_line_hold (SipLine *self, SipHoldMode mode, const gchar *id)
{
  g_autofree gchar *text =
      g_strconcat (mode != SIP_HOLD_MODE_NONE ? "hold" : "resume",
          id ? "=" : "", id, NULL);

  note (self, text);
  return self->in_call;
}

gboolean
sip_line_send_dtmf (SipLine *self, const gchar *digits)
{
  g_autofree gchar *text = g_strconcat ("dtmf:", digits, NULL);

  note (self, text);
  return self->in_call;
}

gboolean
sip_line_hang_up_after_audio (SipLine *self)
{
  note (self, "hang-up-after-audio");
  return self->call_id != NULL;
}

gboolean
sip_line_send (SipLine *self, const GstVoiceFormat *format, gconstpointer data,
    gsize size, GstClockTime pts, gboolean gap, gboolean live)
{
  g_mutex_lock (&self->lock);
  g_byte_array_append (self->sent, data, size);
  self->sent_encoding = format->encoding;
  self->sent_time = pts;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

void
sip_line_set_taken (SipLine *self, const GstVoiceFormat *format)
{
  g_mutex_lock (&self->lock);
  self->taken = *format;
  g_mutex_unlock (&self->lock);
}

void
sip_line_unlock (SipLine *self, gboolean unlock)
{
}

void
sip_line_drain (SipLine *self, gboolean draining)
{
  note (self, draining ? "drain" : "take");
}

void
sip_line_flush (SipLine *self)
{
  note (self, "flush");
}

GstStructure *
sip_line_get_stats (SipLine *self)
{
  return gst_structure_new_empty ("application/x-sip-stats");
}

static void
sip_line_finalize (GObject *object)
{
  SipLine *self = SIP_LINE (object);

  media_loop_unref (self->loop);
  g_free (self->call_id);
  g_string_free (self->log, TRUE);
  g_byte_array_unref (self->sent);
  g_mutex_clear (&self->lock);
  if (last == self)
    last = NULL;
  G_OBJECT_CLASS (sip_line_parent_class)->finalize (object);
}

static void
sip_line_init (SipLine *self)
{
  g_mutex_init (&self->lock);
  self->loop = media_loop_new_manual (0);
  self->log = g_string_new (NULL);
  self->sent = g_byte_array_new ();
}

static void
sip_line_class_init (SipLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sip_line_finalize;
}
