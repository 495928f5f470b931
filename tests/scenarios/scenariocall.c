/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "scenariocall.h"

#include "elements/aiagent/agentdialogue.h"
#include "mock/rtpcall.h"

#include <string.h>

typedef struct
{
  MediaLoop *loop;
  End *phone, *line;
  ScenarioCaller *caller;
  ScenarioTape *tape;
  guint n_stamped; /* facts */
} Call;

static const GstVoiceFormat format = { GST_VOICE_S16, SCENARIO_RATE };

/* ---- Tape */

/* Onto @tape where @time (ns) is; what it passes over is silence. */
static void
record (GArray *tape, GstClockTime time, const gint16 *samples, guint n)
{
  const guint at =
      (guint) gst_util_uint64_scale_round (time, SCENARIO_RATE, GST_SECOND);

  if (tape->len < at + n)
    g_array_set_size (tape, at + n);
  memcpy (&g_array_index (tape, gint16, at), samples, n * sizeof *samples);
}

void
scenario_tape_free (ScenarioTape *self)
{
  g_array_unref (self->sounds);
  g_array_unref (self->heard);
  g_array_unref (self->said);
  g_ptr_array_unref (self->facts);
  g_free (self->digest);
  g_free (self);
}

static void
digest_samples (GChecksum *sum, const GArray *samples)
{
  g_checksum_update (sum, (const guchar *) samples->data,
      (gssize) (samples->len * sizeof (gint16)));
}

static void
digest_tape (ScenarioTape *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  digest_samples (sum, self->heard);
  digest_samples (sum, self->said);
  for (guint i = 0; i < self->facts->len; i++) {
    g_autofree gchar *text =
        gst_structure_to_string (g_ptr_array_index (self->facts, i));
    g_checksum_update (sum, (const guchar *) text, -1);
  }
  self->digest = g_strdup (g_checksum_get_string (sum));
}

/* There is no clock that the session could ask. */
static void
stamp (Call *self, gint64 time)
{
  for (; self->n_stamped < facts->len; self->n_stamped++)
    gst_structure_set (g_ptr_array_index (facts, self->n_stamped),
        "running-time", G_TYPE_UINT64, (guint64) time, NULL);
}

/* ---- Both ends */

static void
line_hears (const RtpStreamFrame *frame, gpointer user)
{
  Call *self = user;
  /* A clock that is found to be early may put the first frame before the call. */
  const GstClockTime pts = (GstClockTime) MAX (frame->time - START, 0);

  record (self->tape->heard, pts, frame->samples, frame->n_samples);
  agent_session_hear (session, frame->samples, frame->n_samples, pts,
      frame->silence);
}

static void
phone_hears (const RtpStreamFrame *frame, gpointer user)
{
  Call *self = user;

  scenario_caller_play (self->caller, frame->samples, frame->n_samples);
}

static End *
new_end (Call *self, const gchar *host, guint16 port, const Scenario *set,
    void (*hears) (const RtpStreamFrame *frame, gpointer user))
{
  End *end = end_new (self->loop, host, port, 0);

  end->hears = hears;
  end->hearer = self;
  end->rtp->impairment = (Impairment){ .seed = set->seed + port,
    .loss = set->loss,
    .burst = set->burst,
    .duplicate = set->duplicate,
    .reorder = set->reorder,
    .jitter = set->jitter };
  return end;
}

static void
connect_ends (Call *self, const Scenario *set)
{
  self->loop = media_loop_new_manual (START);
  self->phone = new_end (self, "192.0.2.1", 4000, set, phone_hears);
  self->line = new_end (self, "192.0.2.2", 5000, set, line_hears);
  self->phone->rtp->peer = self->line->rtp;
  self->line->rtp->peer = self->phone->rtp;
  self->phone->rtcp->peer = self->line->rtcp;
  self->line->rtcp->peer = self->phone->rtcp;
  end_set_media (self->phone, "192.0.2.2", 5000, TRUE, TRUE);
  end_set_media (self->line, "192.0.2.1", 4000, TRUE, TRUE);
  run_to (self->loop, 0);
}

static void
free_ends (Call *self)
{
  self->phone->rtcp->peer = self->line->rtcp->peer = NULL;
  self->phone->rtp->peer = self->line->rtp->peer = NULL;
  g_free (end_free (self->phone));
  g_free (end_free (self->line));
  media_loop_unref (self->loop);
}

/* 20 ms of both directions, from @time on. */
static void
tick (Call *self, gint64 time)
{
  gint16 samples[SCENARIO_FRAME];
  const gboolean loud = scenario_caller_speak (self->caller, samples);

  rtp_stream_send (self->phone->stream, &format, samples, sizeof samples,
      (GstClockTime) time, !loud, TRUE);
  const gboolean spoken = ticking &&
      agent_session_speak (session, (guint8 *) samples, (GstClockTime) time,
          &controls);
  stamp (self, time);
  if (!spoken)
    memset (samples, 0, sizeof samples);
  record (self->tape->said, (GstClockTime) time, samples, SCENARIO_FRAME);
  rtp_stream_send (self->line->stream, &format, samples, sizeof samples,
      (GstClockTime) time, !spoken, TRUE);
  run_to (self->loop, time + SCENARIO_TICK * MS);
  stamp (self, time + SCENARIO_TICK * MS);
}

ScenarioTape *
scenario_call (const Scenario *scenario)
{
  ScenarioTape *tape = g_new0 (ScenarioTape, 1);
  Call self = { .tape = tape, .caller = scenario_caller_new (scenario) };

  tape->heard = g_array_new (FALSE, TRUE, sizeof (gint16));
  tape->said = g_array_new (FALSE, TRUE, sizeof (gint16));
  begin_script (scenario->agent, NULL, 0);
  connect_ends (&self, scenario);
  call ("1", TRUE);
  for (guint at = 0; at < scenario->duration * 1000; at += SCENARIO_TICK)
    tick (&self, at * MS);
  call ("1", FALSE);
  stamp (&self, scenario->duration * SECOND);
  tape->lost = self.phone->rtp->n_dropped + self.line->rtp->n_dropped;
  tape->facts = g_ptr_array_ref (facts);
  tape->sounds =
      g_array_copy ((GArray *) scenario_caller_get_sounds (self.caller));
  free_ends (&self);
  finish ();
  scenario_caller_free (self.caller);
  digest_tape (tape);
  return tape;
}
