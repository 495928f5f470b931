/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lossycall.h"

#include "mock/rtpcall.h"

#include <string.h>

#define RATE 16000
#define BLOCK (RATE / 50)
#define JITTER 30 /* ms */
#define REST 15 /* blocks until all has come */

struct _LossyCall
{
  MediaLoop *loop;
  End *caller, *agent;
  guint n_blocks; /* sent so far */
};

static void
set_media (End *end, const gchar *host, guint16 port, const RtpCodec *codec)
{
  end->codec = codec;
  end->wishes.mends = TRUE;
  end_set_media (end, host, port, TRUE, TRUE);
}

LossyCall *
lossy_call_new (const gchar *codec, guint loss)
{
  LossyCall *self = g_new0 (LossyCall, 1);

  self->loop = media_loop_new_manual (START);
  self->caller = end_new (self->loop, "192.0.2.1", 4000, 0);
  self->agent = end_new (self->loop, "192.0.2.2", 5000, 0);
  self->caller->rtp->peer = self->agent->rtp;
  self->agent->rtp->peer = self->caller->rtp;
  self->caller->rtcp->peer = self->agent->rtcp;
  self->agent->rtcp->peer = self->caller->rtcp;
  self->caller->rtp->impairment =
      (Impairment){ 14, .loss = loss * 10, .jitter = JITTER };
  self->agent->n_heard_most = 60 * RATE;
  self->agent->heard = g_new0 (gint16, self->agent->n_heard_most);
  set_media (self->caller, "192.0.2.2", 5000, codec_table_find (codec));
  set_media (self->agent, "192.0.2.1", 4000, codec_table_find (codec));
  run_to (self->loop, 0);
  return self;
}

void
lossy_call_free (LossyCall *self)
{
  self->caller->rtcp->peer = self->agent->rtcp->peer = NULL;
  g_free (end_free (self->caller));
  g_free (end_free (self->agent));
  media_loop_unref (self->loop);
  g_free (self);
}

gdouble
lossy_call_get_lost (const LossyCall *self)
{
  const Port *port = self->caller->rtp;

  return port->n_sent ? 100.0 * port->n_dropped / port->n_sent : 0;
}

static void
say_block (LossyCall *self, const gint16 *samples)
{
  const GstVoiceFormat format = { GST_VOICE_S16, RATE };
  const gint64 time = self->n_blocks++ * 20 * MS;

  g_assert_cmpuint (self->caller->codec->rate, ==, RATE);
  rtp_stream_send (self->caller->stream, &format, samples,
      BLOCK * sizeof *samples, (GstClockTime) time, FALSE, TRUE);
  run_to (self->loop, time + 20 * MS);
}

gint16 *
lossy_call_say (LossyCall *self, const gint16 *samples, gsize n, gsize *n_heard)
{
  static const gint16 silence[BLOCK];

  self->agent->n_heard = 0;
  for (gsize at = 0; at + BLOCK <= n; at += BLOCK)
    say_block (self, samples + at);
  for (guint i = 0; i < REST; i++)
    say_block (self, silence);
  *n_heard = self->agent->n_heard;
  return g_memdup2 (self->agent->heard, *n_heard * sizeof *samples);
}
