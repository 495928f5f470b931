/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "vad.h"

/* libwebrtc-audio-processing 0.3, common_audio/vad */
void *WebRtcVad_Create (void);
int WebRtcVad_Init (void *handle);
int WebRtcVad_set_mode (void *handle, int mode);
int WebRtcVad_Process (void *handle, int rate, const gint16 *samples,
    gsize n_samples);
void WebRtcVad_Free (void *handle);

#define MODE_VERY_AGGRESSIVE 3

struct _Vad
{
  guint rate;
  void *handle;
};

Vad *
vad_new (guint rate)
{
  Vad *self = g_new0 (Vad, 1);

  self->rate = rate;
  self->handle = WebRtcVad_Create ();
  if (!self->handle)
    g_error ("Out of memory");
  vad_reset (self);
  return self;
}

void
vad_free (Vad *self)
{
  WebRtcVad_Free (self->handle);
  g_free (self);
}

void
vad_reset (Vad *self)
{
  WebRtcVad_Init (self->handle);
  WebRtcVad_set_mode (self->handle, MODE_VERY_AGGRESSIVE);
}

gboolean
vad_is_speech (Vad *self, const gint16 *samples)
{
  return WebRtcVad_Process (self->handle, (int) self->rate, samples,
             self->rate / 100) == 1;
}
