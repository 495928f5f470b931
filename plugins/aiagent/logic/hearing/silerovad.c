/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "silerovad.h"
#include "noisegate.h"

G_STATIC_ASSERT (NOISE_GATE_WINDOW_MS == SILERO_WINDOW_MS);

typedef struct
{
  Silero silero;
  NoiseGate gate;
  guint window; /* samples */
} SileroVad;

static guint
choose_rate (guint rate)
{
  return rate < 16000 ? 8000 : 16000;
}

static gpointer
create (guint rate, gconstpointer model)
{
  SileroVad *self = g_new0 (SileroVad, 1);

  silero_init (&self->silero, silero_weights_get (model, rate));
  noise_gate_init (&self->gate);
  self->window = rate / 1000 * SILERO_WINDOW_MS;
  return self;
}

static gdouble
judge (gpointer vad, const gint16 *samples)
{
  SileroVad *self = vad;

  return noise_gate_push (&self->gate, samples, self->window)
      ? silero_judge (&self->silero, samples)
      : 0;
}

AgentVad
silero_vad_make (const SileroWeights *weights)
{
  return (AgentVad){
    .name = "silero",
    .window = SILERO_WINDOW_MS,
    .choose_rate = choose_rate,
    .create = create,
    .destroy = g_free,
    .judge = judge,
    .sure = TRUE,
    .model = weights,
  };
}
