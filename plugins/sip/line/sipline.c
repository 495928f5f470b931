/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Three threads meet here. Applications and state changes call in; what they want
 * is done on the SIP loop; what they should know is told on the media loop, in
 * order with the frames. Nothing waits for another thread, but for the one wait of
 * the last detach.
 *
 * A line that is in use is kept alive by its stream and by what is under way to
 * either loop; its elements are only pointed to, and referenced while they are
 * told something. */

#include "common/event/gstvoicerefusals.h"
#include "log/siplog.h"
#include "siplineprivate.h"
#include "signalling/siploop.h"

#include <string.h>

#define BYE_WAIT 100 /* ms */

G_DEFINE_FINAL_TYPE (SipLine, sip_line, G_TYPE_OBJECT)

static void
sip_line_finalize (GObject *object)
{
  SipLine *self = SIP_LINE (object);

  gst_pair_clear (&self->pair);
  g_clear_pointer (&self->last_stream, rtp_stream_unref);
  g_clear_pointer (&self->loop, media_loop_unref);
  g_clear_pointer (&self->pending_uri, g_free);
  g_clear_pointer (&self->end_cause, g_free);
  g_clear_pointer (&self->call_id, g_free);
  g_clear_pointer (&self->place, g_free);
  g_clear_pointer (&self->home, g_free);
  g_clear_pointer (&self->transfer, sip_line_transfer_free);
  g_clear_pointer (&self->hold_id, g_free);
  dial_count_clear (&self->dials);
  g_free (self->caller);
  sip_line_config_clear (&self->config);
  g_free (self->name);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (sip_line_parent_class)->finalize (object);
}

static void
sip_line_init (SipLine *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  sip_line_init_call (self);
}

static void
sip_line_class_init (SipLineClass *klass)
{
  sip_log_init ();
  G_OBJECT_CLASS (klass)->finalize = sip_line_finalize;
}

SipLine *
sip_line_new (const gchar *name)
{
  SipLine *self = g_object_new (SIP_TYPE_LINE, NULL);

  self->name = g_strdup (name);
  return self;
}

/* ---- Halves */

static gboolean
attach_unlocked (SipLine *self, SipLineRole role, GstElement *element,
    const GstPairSettings *settings, const SipLineListener *listener,
    GError **error)
{
  if (!gst_pair_attach_unlocked (&self->pair, role, element, settings, error))
    return FALSE;
  self->halves[role].listener = *listener;
  return TRUE;
}

gboolean
sip_line_attach (SipLine *self, SipLineRole role, GstElement *element,
    const GstPairSettings *settings, const SipLineListener *listener,
    GError **error)
{
  g_mutex_lock (&self->lock);
  gboolean ok =
      attach_unlocked (self, role, element, settings, listener, error);
  g_mutex_unlock (&self->lock);
  return ok;
}

gboolean
sip_line_change (SipLine *self, SipLineRole role,
    const GstPairSettings *settings, GError **error)
{
  g_mutex_lock (&self->lock);
  /* What the other half has from its last run may change, too: it is compared when
   * that half comes here. */
  gboolean ok = !self->halves[!role].prepared ||
      gst_pair_agrees_unlocked (&self->pair, role, settings, error);
  if (ok) {
    gst_pair_change_unlocked (&self->pair, role,
        gst_pair_settings_copy (settings));
    self->halves[role].prepared = TRUE;
  }
  g_mutex_unlock (&self->lock);
  return ok;
}

void
sip_line_detach (SipLine *self, SipLineRole role)
{
  g_mutex_lock (&self->lock);
  gst_pair_detach_unlocked (&self->pair, role);
  self->halves[role] = (SipLineHalf){ .prepared = FALSE };
  const gboolean last = !self->pair.members[!role].element;
  const gboolean shuts = last && self->used;
  if (last)
    self->used = self->draining = FALSE;
  if (shuts)
    sip_line_add_step_unlocked (self, sip_line_shut);
  g_mutex_unlock (&self->lock);
  if (!shuts)
    return;
  sip_line_run_steps (self);
  sip_loop_settle (BYE_WAIT);
}

static gboolean
any_active_unlocked (SipLine *self)
{
  return self->halves[0].active || self->halves[1].active;
}

static gboolean
any_playing_unlocked (SipLine *self)
{
  return self->halves[0].playing || self->halves[1].playing;
}

void
sip_line_set_playing (SipLine *self, SipLineRole role, gboolean playing)
{
  g_mutex_lock (&self->lock);
  const gboolean before = any_playing_unlocked (self);
  self->halves[role].playing = playing;
  if (playing)
    self->halves[role].active = self->used = TRUE;
  const gboolean after = any_playing_unlocked (self);
  if (after && !before)
    sip_line_add_open_unlocked (self);
  else if (before && !after)
    sip_line_add_step_unlocked (self, sip_line_pause);
  g_mutex_unlock (&self->lock);
  if (after != before)
    sip_line_run_steps (self);
}

void
sip_line_close (SipLine *self, SipLineRole role)
{
  SipLineHalf *half = &self->halves[role];

  g_mutex_lock (&self->lock);
  const gboolean before = any_active_unlocked (self);
  half->prepared = half->active = half->playing = FALSE;
  const gboolean last = before && !any_active_unlocked (self);
  if (last) {
    self->finished = FALSE;
    sip_line_add_step_unlocked (self, sip_line_shut);
  }
  g_mutex_unlock (&self->lock);
  if (last)
    sip_line_run_steps (self);
}

MediaLoop *
sip_line_dup_loop (SipLine *self)
{
  g_mutex_lock (&self->lock);
  if (!self->loop) {
    g_autoptr (GstPairSettings) settings =
        gst_pair_merge_unlocked (&self->pair, NULL);
    g_autofree gchar *context =
        gst_pair_settings_dup_string (settings, self->pair.klass, "context");
    self->loop = media_loop_acquire (context);
  }
  MediaLoop *loop = media_loop_ref (self->loop);
  g_mutex_unlock (&self->lock);
  return loop;
}

GstClockTime
sip_line_get_latency (SipLine *self)
{
  g_mutex_lock (&self->lock);
  g_autoptr (GstPairSettings) settings =
      gst_pair_merge_unlocked (&self->pair, NULL);
  guint latency =
      gst_pair_settings_get_uint (settings, self->pair.klass, "latency");
  g_mutex_unlock (&self->lock);
  return latency * GST_MSECOND;
}

/* ---- Commands */

void
sip_line_drain (SipLine *self, gboolean draining)
{
  g_mutex_lock (&self->lock);
  self->draining = draining;
  sip_line_add_step_unlocked (self, sip_line_update_draining);
  g_mutex_unlock (&self->lock);
  sip_line_run_steps (self);
}

static gboolean
rings_unlocked (const SipLine *self)
{
  return !self->outgoing &&
      (self->state == SIP_CALL_RINGING || self->state == SIP_CALL_EARLY);
}

gboolean
sip_line_answer (SipLine *self)
{
  g_mutex_lock (&self->lock);
  const gboolean rings = rings_unlocked (self);
  if (rings)
    sip_line_add_call_step_unlocked (self, sip_line_answer_now);
  g_mutex_unlock (&self->lock);
  if (rings)
    sip_line_run_steps (self);
  return rings;
}

gboolean
sip_line_has_call (SipLine *self, const gchar *call_id)
{
  g_mutex_lock (&self->lock);
  const gboolean has =
      self->state != SIP_CALL_ENDED && !g_strcmp0 (self->call_id, call_id);
  g_mutex_unlock (&self->lock);
  return has;
}

void
sip_line_set_agent_ready (SipLine *self, const gchar *call_id)
{
  g_mutex_lock (&self->lock);
  const gboolean rings =
      rings_unlocked (self) && !g_strcmp0 (self->call_id, call_id);
  if (rings)
    sip_line_add_call_step_unlocked (self, sip_line_agent_ready_now);
  g_mutex_unlock (&self->lock);
  if (rings)
    sip_line_run_steps (self);
}

gboolean
sip_line_reject (SipLine *self, guint status)
{
  if (status == 0)
    status = 486;
  if (status < 300 || status > 699)
    return FALSE;
  g_mutex_lock (&self->lock);
  const gboolean rings = rings_unlocked (self);
  if (rings)
    sip_line_add_reject_unlocked (self, status);
  g_mutex_unlock (&self->lock);
  if (rings)
    sip_line_run_steps (self);
  return rings;
}

gboolean
sip_line_hang_up (SipLine *self)
{
  g_mutex_lock (&self->lock);
  const gboolean any = self->state != SIP_CALL_ENDED;
  if (any)
    sip_line_add_call_step_unlocked (self, sip_line_hang_up_now);
  g_mutex_unlock (&self->lock);
  if (any)
    sip_line_run_steps (self);
  return any;
}

gboolean
sip_line_hang_up_after_audio (SipLine *self)
{
  g_mutex_lock (&self->lock);
  RtpStream *stream = self->stream ? rtp_stream_ref (self->stream) : NULL;
  self->hang_up_when_drained = stream != NULL;
  g_mutex_unlock (&self->lock);
  gboolean drains = stream && rtp_stream_drain (stream);
  g_clear_pointer (&stream, rtp_stream_unref);
  if (drains)
    return TRUE;
  /* Nothing is said before there is media: a call that rings ends at once. */
  g_mutex_lock (&self->lock);
  self->hang_up_when_drained = FALSE;
  g_mutex_unlock (&self->lock);
  return sip_line_hang_up (self);
}

static RtpStream *
dup_stream (SipLine *self)
{
  g_mutex_lock (&self->lock);
  RtpStream *stream = self->stream ? rtp_stream_ref (self->stream) : NULL;
  g_mutex_unlock (&self->lock);
  return stream;
}

gboolean
sip_line_send_dtmf (SipLine *self, const gchar *digits)
{
  RtpStream *stream = dup_stream (self);

  if (!stream)
    return FALSE;
  gboolean ok = rtp_stream_send_dtmf (stream, digits, 0);
  rtp_stream_unref (stream);
  return ok;
}

/* ---- Audio */

/* Waits for a call unless @live. */
static RtpStream *
stream_for_sending (SipLine *self, gboolean may_wait)
{
  g_mutex_lock (&self->lock);
  while (may_wait && !self->stream && !self->unlocked)
    g_cond_wait (&self->changed, &self->lock);
  RtpStream *stream =
      self->stream && !self->unlocked ? rtp_stream_ref (self->stream) : NULL;
  g_mutex_unlock (&self->lock);
  return stream;
}

static gboolean
is_unlocked (SipLine *self)
{
  g_mutex_lock (&self->lock);
  gboolean unlocked = self->unlocked;
  g_mutex_unlock (&self->lock);
  return unlocked;
}

gboolean
sip_line_send (SipLine *self, const GstVoiceFormat *format, gconstpointer data,
    gsize size, GstClockTime pts, gboolean gap, gboolean live)
{
  RtpStream *stream =
      stream_for_sending (self, !live && media_loop_get_current () == NULL);

  if (stream) {
    rtp_stream_send (stream, format, data, size, pts, gap, live);
    rtp_stream_unref (stream);
  }
  return !is_unlocked (self);
}

void
sip_line_set_taken (SipLine *self, const GstVoiceFormat *format)
{
  g_mutex_lock (&self->lock);
  self->has_taken = TRUE;
  self->taken = *format;
  RtpStream *stream = self->stream ? rtp_stream_ref (self->stream) : NULL;
  g_mutex_unlock (&self->lock);
  if (stream) {
    rtp_stream_set_taken (stream, format);
    rtp_stream_unref (stream);
  }
}

void
sip_line_unlock (SipLine *self, gboolean unlock)
{
  g_mutex_lock (&self->lock);
  self->unlocked = unlock;
  RtpStream *stream = self->stream ? rtp_stream_ref (self->stream) : NULL;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (stream) {
    rtp_stream_unlock (stream, unlock);
    rtp_stream_unref (stream);
  }
}

void
sip_line_flush (SipLine *self)
{
  RtpStream *stream = dup_stream (self);

  if (!stream)
    return;
  rtp_stream_flush (stream);
  rtp_stream_unref (stream);
}

/* ---- Stats */

static const gchar *
state_name (SipCallState state, gboolean outgoing)
{
  switch (state) {
    case SIP_CALL_CALLING:
      return "calling";
    case SIP_CALL_RINGING:
      return "ringing";
    case SIP_CALL_EARLY:
      return "early";
    case SIP_CALL_ANSWERED:
    case SIP_CALL_RESUMED:
    case SIP_CALL_CHANGED:
      return "answered";
    case SIP_CALL_HELD:
      return "held";
    default:
      return "idle";
  }
}

static void
add_call_stats (SipLine *self, GstStructure *stats)
{
  static const gchar *const by[] = { "us", "peer", "network" };
  gint64 end = self->ended_at ? self->ended_at : g_get_monotonic_time ();
  guint64 duration =
      self->answered_at ? (guint64) (end - self->answered_at) * GST_USECOND : 0;
  const gchar *direction = "";

  if (self->call_id)
    direction = self->outgoing ? "outgoing" : "incoming";
  gst_structure_set (stats, "state", G_TYPE_STRING,
      state_name (self->state, self->outgoing), "call-id", G_TYPE_STRING,
      self->call_id ? self->call_id : "", "calls", G_TYPE_UINT64, self->calls,
      "direction", G_TYPE_STRING, direction, "signalling", G_TYPE_STRING,
      self->signalling ? self->signalling : "", "duration", G_TYPE_UINT64,
      duration, "ended-by", G_TYPE_STRING,
      self->end_cause ? by[self->ended_by] : "", "end-cause", G_TYPE_STRING,
      self->end_cause ? self->end_cause : "", "sip-status", G_TYPE_UINT,
      self->end_status, NULL);
}

GstStructure *
sip_line_get_stats (SipLine *self)
{
  GstStructure *stats = gst_structure_new_empty ("application/x-sip-stats");
  RtpStream *stream = NULL;

  if (self) {
    g_mutex_lock (&self->lock);
    add_call_stats (self, stats);
    if (self->last_stream)
      stream = rtp_stream_ref (self->last_stream);
    g_mutex_unlock (&self->lock);
  } else {
    gst_structure_set (stats, "state", G_TYPE_STRING, "idle", "call-id",
        G_TYPE_STRING, "", "calls", G_TYPE_UINT64, G_GUINT64_CONSTANT (0),
        "direction", G_TYPE_STRING, "", "signalling", G_TYPE_STRING, "",
        "duration", G_TYPE_UINT64, G_GUINT64_CONSTANT (0), "ended-by",
        G_TYPE_STRING, "", "end-cause", G_TYPE_STRING, "", "sip-status",
        G_TYPE_UINT, 0, NULL);
  }
  gst_voice_refusals_add (GST_VOICE_SIP, stats);
  rtp_stream_get_stats (stream, stats);
  g_clear_pointer (&stream, rtp_stream_unref);
  return stats;
}
