/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "echocanceller.h"

#include <webrtc/modules/audio_processing/include/audio_processing.h>
#include <webrtc/modules/interface/module_common_types.h>

#include <cstring>
#include <memory>

/* Whoever calls has aligned both signals: to the library they are always as far apart. */
static const int delay_ms = 20;

struct _EchoCanceller
{
  std::unique_ptr<webrtc::AudioProcessing> processing;
  webrtc::AudioFrame sent, heard;
};

static void
set_format (webrtc::AudioFrame *frame, guint rate)
{
  frame->sample_rate_hz_ = static_cast<int> (rate);
  frame->num_channels_ = 1;
  frame->samples_per_channel_ = rate / 100;
}

EchoCanceller *
echo_canceller_new (guint rate)
{
  webrtc::Config config;
  config.Set<webrtc::ExtendedFilter> (new webrtc::ExtendedFilter (true));
  auto *self = new _EchoCanceller;

  self->processing.reset (webrtc::AudioProcessing::Create (config));
  webrtc::EchoCancellation *echo = self->processing->echo_cancellation ();
  echo->enable_drift_compensation (false);
  /* More of it costs words that are spoken over it, and gains nothing. */
  echo->set_suppression_level (webrtc::EchoCancellation::kLowSuppression);
  echo->Enable (true);
  set_format (&self->sent, rate);
  set_format (&self->heard, rate);
  return self;
}

void
echo_canceller_free (EchoCanceller *self)
{
  delete self;
}

void
echo_canceller_process (EchoCanceller *self, const gint16 *sent, gint16 *heard)
{
  const gsize size = self->heard.samples_per_channel_ * sizeof *heard;

  std::memcpy (self->sent.data_, sent, size);
  std::memcpy (self->heard.data_, heard, size);
  self->processing->AnalyzeReverseStream (&self->sent);
  self->processing->set_stream_delay_ms (delay_ms);
  if (self->processing->ProcessStream (&self->heard) ==
      webrtc::AudioProcessing::kNoError)
    std::memcpy (heard, self->heard.data_, size);
}
