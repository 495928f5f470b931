/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "webrtcvad.h"

/* libwebrtc-audio-processing 0.3, common_audio/vad */
void *WebRtcVad_Create (void);
int WebRtcVad_Init (void *handle);
int WebRtcVad_set_mode (void *handle, int mode);
int WebRtcVad_Process (void *handle, int rate, const gint16 *samples,
    gsize n_samples);
void WebRtcVad_Free (void *handle);

#define MODE_VERY_AGGRESSIVE 3

struct _WebrtcVad
{
  guint rate;
  void *handle;
};

WebrtcVad *
webrtc_vad_new (guint rate)
{
  WebrtcVad *self = g_new0 (WebrtcVad, 1);

  self->rate = rate;
  self->handle = WebRtcVad_Create ();
  if (!self->handle)
    g_error ("Out of memory");
  webrtc_vad_reset (self);
  return self;
}

void
webrtc_vad_free (WebrtcVad *self)
{
  WebRtcVad_Free (self->handle);
  g_free (self);
}

void
webrtc_vad_reset (WebrtcVad *self)
{
  WebRtcVad_Init (self->handle);
  WebRtcVad_set_mode (self->handle, MODE_VERY_AGGRESSIVE);
}

gboolean
webrtc_vad_is_speech (WebrtcVad *self, const gint16 *samples)
{
  return WebRtcVad_Process (self->handle, (int) self->rate, samples,
             self->rate / 100) == 1;
}

/* ---- The table */

static guint
choose_rate (guint rate)
{
  return rate == 24000 ? 8000 : rate;
}

static gpointer
create (guint rate, gconstpointer model)
{
  return webrtc_vad_new (rate);
}

static void
destroy (gpointer vad)
{
  webrtc_vad_free (vad);
}

static gdouble
judge (gpointer vad, const gint16 *samples)
{
  return webrtc_vad_is_speech (vad, samples);
}

const AgentVad webrtc_vad = {
  .name = "webrtc",
  .window = 10,
  .choose_rate = choose_rate,
  .create = create,
  .destroy = destroy,
  .judge = judge,
};
