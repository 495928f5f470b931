/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a line does when its time is up: it answers, gives up, hangs up. SIP loop.
 *
 * With answer-mode=agent the event that says that the agent is ready answers, and time
 * only in its place: AGENT_WAIT is what a caller takes for one ring, and an agent that
 * needs longer is better waited for by somebody who knows that he has been answered. A
 * pipeline without an agent, or one that the event does not reach, answers then, too. */

#include "siplineprivate.h"
#include "signalling/siploop.h"

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define AGENT_WAIT 3000 /* ms */

static void
start_timer (SipLine *self, GSource **timer, guint interval, GSourceFunc func)
{
  io_loop_clear_timeout (timer);
  *timer = io_loop_add_timeout (sip_loop_get (), interval, func, self);
}

static void
log_timer (SipLine *self, const gchar *what)
{
  if (self->dialog)
    GST_DEBUG ("%s: %s", sip_dialog_log_id (self->dialog), what);
}

static gboolean
on_ring_time (gpointer data)
{
  SipLine *self = data;

  log_timer (self, "ring-time is over");
  io_loop_clear_timeout (&self->ring_timer);
  if (self->dialog)
    sip_dialog_answer (self->dialog);
  return G_SOURCE_REMOVE;
}

static gboolean
on_agent_late (gpointer data)
{
  SipLine *self = data;

  log_timer (self, "the agent is not ready yet: answered without it");
  io_loop_clear_timeout (&self->ring_timer);
  if (self->dialog)
    sip_dialog_answer (self->dialog);
  return G_SOURCE_REMOVE;
}

static gboolean
on_ring_timeout (gpointer data)
{
  SipLine *self = data;
  const SipDialogEnd end = { SIP_CALL_BY_US, 408, "Nobody answered",
    GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE };
  const gchar *cause = self->config.answer_mode == SIP_ANSWER_MODE_CALLEE
      ? "Nobody answered: answer-mode is callee, and whom sipsrc is linked to "
        "(dial=call) calls nobody, or that one did not answer"
      : "Nobody answered";
  const SipDialogEnd missed = { SIP_CALL_BY_US, 480, cause, 0, 0 };

  log_timer (self, "ring-timeout is over");
  io_loop_clear_timeout (&self->ring_timer);
  if (self->dialog)
    sip_dialog_end (self->dialog,
        sip_dialog_is_outgoing (self->dialog) ? &end : &missed);
  return G_SOURCE_REMOVE;
}

static gboolean
on_max_duration (gpointer data)
{
  SipLine *self = data;
  const SipDialogEnd end = { SIP_CALL_BY_US, 0,
    "The call reached its maximum duration", 0, 0 };

  log_timer (self, "max-duration is over");
  io_loop_clear_timeout (&self->duration_timer);
  sip_line_end_call (self, &end);
  return G_SOURCE_REMOVE;
}

static gboolean
on_hang_up_delay (gpointer data)
{
  SipLine *self = data;

  log_timer (self, "hang-up-delay is over");
  io_loop_clear_timeout (&self->hang_up_timer);
  sip_line_hang_up_now (self);
  return G_SOURCE_REMOVE;
}

void
sip_line_start_ring (SipLine *self)
{
  switch (self->config.answer_mode) {
    case SIP_ANSWER_MODE_AUTO:
      start_timer (self, &self->ring_timer, self->config.ring_time,
          on_ring_time);
      break;
    case SIP_ANSWER_MODE_AGENT:
      start_timer (self, &self->ring_timer, AGENT_WAIT, on_agent_late);
      break;
    case SIP_ANSWER_MODE_CALLEE:
    case SIP_ANSWER_MODE_MANUAL:
      if (self->config.timers.ring_timeout)
        sip_line_start_ring_timeout (self);
      break;
  }
}

void
sip_line_start_ring_timeout (SipLine *self)
{
  start_timer (self, &self->ring_timer, self->config.timers.ring_timeout,
      on_ring_timeout);
}

void
sip_line_stop_ring (SipLine *self)
{
  io_loop_clear_timeout (&self->ring_timer);
}

void
sip_line_start_duration (SipLine *self)
{
  if (self->config.timers.max_duration)
    start_timer (self, &self->duration_timer, self->config.timers.max_duration,
        on_max_duration);
}

void
sip_line_start_hang_up (SipLine *self)
{
  start_timer (self, &self->hang_up_timer, self->config.timers.hang_up_delay,
      on_hang_up_delay);
}

void
sip_line_stop_timers (SipLine *self)
{
  io_loop_clear_timeout (&self->ring_timer);
  io_loop_clear_timeout (&self->duration_timer);
  io_loop_clear_timeout (&self->hang_up_timer);
}

void
sip_line_media_lost (SipLine *self)
{
  g_autofree gchar *any_more =
      g_strdup_printf ("No audio came from the far end any more, for %.3g s",
          self->config.media_timeout / 1000.0);
  SipDialogEnd end = { .by = SIP_CALL_BY_NETWORK,
    .status = 408,
    .cause = any_more };

  if (!self->dialog)
    return;
  if (!sip_dialog_was_answered (self->dialog))
    end.cause = SIP_DIALOG_NO_ACK;
  else if (!rtp_stream_was_heard (self->stream))
    end.cause = "No audio ever came from the far end";
  sip_dialog_end (self->dialog, &end);
}

void
sip_line_keys_failed (SipLine *self)
{
  const SipDialogEnd end = { SIP_CALL_BY_NETWORK, 488,
    rtp_stream_get_failure (self->stream), GST_RESOURCE_ERROR,
    GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  if (self->dialog)
    sip_dialog_end (self->dialog, &end);
}
