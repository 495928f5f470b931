/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpstreamprivate.h"

#include <string.h>

#define MAX_FRAME (RTP_RECEIVER_MAX_FRAME / sizeof (gint16)) /* samples */
#define COMFORT_NOISE 13 /* RFC 3389 */
/* A mirror (sipp's rtp_echo) sends our own packets back: no collision. */
#define MIRROR_DEPTH 500
/* Reports alone are life for so many media timeouts. */
#define MAX_MUTED 10
/* How long after a packet the next one is to be looked for at least. */
#define NEXT_PACKET G_GINT64_CONSTANT (40000000)
/* What arrives so soon after SDP may have left before it. */
#define IN_FLIGHT G_GINT64_CONSTANT (200000000)

/* Nobody presses so many: each is a message, and something that an agent does. */
#define KEY_RATE 50.0 /* a second */

static gboolean
may_tell (RtpStream *self, const TelephoneEvent *event)
{
  if (event->end) /* as its beginning was */
    return self->key_told;
  self->key_told = token_bucket_take (&self->keys, media_loop_now (self->loop),
      KEY_RATE, KEY_RATE);
  if (!self->key_told)
    rtp_log_key_flood (&self->log);
  return self->key_told;
}

void
rtp_receive_report_keys (RtpStream *self, const TelephoneEvent *events, guint n)
{
  for (guint i = 0; i < n; i++) {
    if (!may_tell (self, &events[i]))
      continue;
    if (!events[i].end)
      self->counters.dtmf_received++;
    rtp_log_key (&self->log, events[i].end ? events[i].duration : 0);
    self->callbacks.dtmf (events[i].digit, events[i].end, events[i].duration,
        self->user);
  }
}

/* A law's bytes beside the samples; of any other codec these are the audio. */
static void
make_law (const RtpCodec *codec, RtpStreamFrame *out, const gint16 *samples,
    guint8 *law)
{
  if (codec->encoding == GST_VOICE_S16)
    return;
  out->audio = law;
  if (out->silence)
    gst_voice_format_silence (codec->encoding, law, out->n_samples);
  else
    codec->encode (NULL, samples, out->n_samples, law);
}

static void
hear (RtpStream *self, const RtpFrame *frame, RtpStreamFrame *out,
    gint16 *samples)
{
  const RtpCodec *codec = self->media.codec;

  if (codec->encoding == GST_VOICE_S16) {
    memcpy (samples, frame->audio, out->audio_size);
  } else {
    out->audio = frame->audio;
    codec->decode (NULL, frame->audio, out->audio_size, samples);
  }
  if (!codec->fill)
    concealment_hear (&self->concealment, samples);
}

static void
conceal (RtpStream *self, RtpStreamFrame *out, gint16 *samples)
{
  const RtpCodec *codec = self->media.codec;

  self->counters.concealed++;
  out->concealed = TRUE;
  if (codec->fill) {
    codec->fill (self->unpacker.decoder, NULL, 0, samples, out->n_samples);
    return;
  }
  out->silence = !concealment_fill (&self->concealment, samples);
  if (codec->conceal)
    codec->conceal (self->unpacker.decoder, samples, out->n_samples);
}

/* Samples and audio of @frame; what is made up is encoded, too. */
static void
make_audio (RtpStream *self, const RtpFrame *frame, RtpStreamFrame *out,
    gint16 *samples, guint8 *law)
{
  switch (frame->kind) {
    case RTP_FRAME_AUDIO:
      hear (self, frame, out, samples);
      return;
    case RTP_FRAME_MENDED:
      self->counters.concealed++;
      out->concealed = TRUE;
      hear (self, frame, out, samples);
      return;
    case RTP_FRAME_LOST:
      conceal (self, out, samples);
      break;
    case RTP_FRAME_SILENCE:
      self->counters.silent++;
      out->silence = TRUE;
      concealment_forget (&self->concealment);
      memset (samples, 0, out->n_samples * sizeof *samples);
      break;
  }
  make_law (self->media.codec, out, samples, law);
}

static void
arm (RtpStream *self, gint64 now)
{
  gint64 due = rtp_receiver_get_deadline (&self->receiver);
  gint64 event = telephone_event_get_deadline (&self->events);
  if (event >= 0)
    due = MIN (due, event);
  /* Each packet moves it. The timer follows only when it would fire before the
   * next one does that: in a clean call it costs little, and wakes nobody. */
  if (self->receive_timer.due < now + NEXT_PACKET ||
      due < self->receive_timer.due)
    media_timer_arm (&self->receive_timer, due);
}

static void
deliver (RtpStream *self, gint64 now)
{
  gint16 samples[MAX_FRAME];
  guint8 law[MAX_FRAME];
  const RtpCodec *codec = self->media.codec;
  const guint n = codec->rate / 50;
  guint8 packet[RTP_SEND_MAX_PAYLOAD];
  RtpFrame frame;

  while (rtp_receiver_pop (&self->receiver, now, &frame)) {
    if (frame.kind != RTP_FRAME_SILENCE)
      loss_meter_note (&self->counters.loss, frame.kind != RTP_FRAME_AUDIO);
    if (rtp_stream_is_sealed (self)) {
      rtp_stream_deliver_sealed (self, &frame);
      continue;
    }
    RtpStreamFrame out = { .samples = samples,
      .n_samples = n,
      .format = codec_table_get_format (codec),
      .audio = (const guint8 *) samples,
      .audio_size = n * GST_VOICE_SAMPLE_SIZE (codec->encoding),
      .time = frame.time,
      .discont = frame.discont };
    make_audio (self, &frame, &out, samples, law);
    rtp_tones_hear (self, &out, now);
    rtp_echo_clean (self, &out, samples, law);
    if (rtp_stream_make_packet (self, &out, packet))
      self->callbacks.frame (&out, self->user);
  }
  arm (self, now);
  rtp_stream_publish (self);
}

static void
receive_due (gint64 now, gpointer data)
{
  RtpStream *self = data;
  TelephoneEvent events[TELEPHONE_EVENT_MAX];
  rtp_receive_report_keys (self, events,
      telephone_event_expire (&self->events, now, events));
  deliver (self, now);
}

static void
timeout_due (gint64 now, gpointer data)
{
  RtpStream *self = data;
  /* On hold, whoever holds, nothing need come, nor before the answer. */
  if (!self->media.receive || !self->media.send || self->media.early)
    self->last_life = self->last_media = now;
  gint64 due = self->last_life + self->media_timeout;
  if (now < due) {
    media_timer_arm (&self->timeout_timer, due);
    return;
  }
  media_timer_arm (&self->timeout_timer, now + self->media_timeout);
  if (!self->timed_out) {
    rtp_stream_publish (self);
    self->callbacks.timeout (self->user);
  }
  self->timed_out = TRUE;
}

static void
note_media (RtpStream *self, gint64 arrival)
{
  self->last_life = self->last_media = arrival;
  self->timed_out = FALSE;
}

/* Of the one that speaks, if it has spoken since SDP named it: others may report
 * from its host, too. */
static gboolean
is_peer (const RtpStream *self, guint32 ssrc)
{
  const RtpLatch *latch = &self->latch;
  const JitterBuffer *buffer = &self->receiver.buffer;

  return latch->heard < latch->armed + IN_FLIGHT || ssrc == latch->last.ssrc ||
      (buffer->started && ssrc == buffer->ssrc);
}

static gboolean
has_sent (RtpStream *self)
{
  g_mutex_lock (&self->lock);
  const gboolean sent = self->packets_sent > 0;
  g_mutex_unlock (&self->lock);
  return sent;
}

/* Who has never been heard where our audio goes must be there itself, and have got some:
 * else anybody could have it sent to a third host. */
static gboolean
has_shown_itself (RtpStream *self, const RtcpSummary *report,
    const PacketAddress *from)
{
  const RtpLatch *latch = &self->latch;

  return latch->heard >= 0 || latch->settled ||
      (packet_address_same_host (from, &latch->active) &&
          (report->has_block || !has_sent (self)));
}

void
rtp_receive_life (RtpStream *self, const RtcpSummary *report,
    const PacketAddress *from, gint64 arrival)
{
  if (!is_peer (self, report->ssrc) || !has_shown_itself (self, report, from) ||
      arrival - self->last_media >= MAX_MUTED * self->media_timeout)
    return;
  self->last_life = arrival;
  self->timed_out = FALSE;
}

static RtpReceiverConfig
make_config (RtpStream *self)
{
  const RtpCodec *codec = self->media.codec;
  const guint clock = rtp_codec_get_line_clock (codec);
  const gboolean sealed = rtp_stream_is_sealed (self);

  return (RtpReceiverConfig){ .payload_type = self->media.payload_type,
    .event_payload_type = self->media.event_payload_type,
    .latency = self->latency,
    .clock = clock,
    .width = codec->rate / clock * GST_VOICE_SAMPLE_SIZE (codec->encoding),
    .get_clock = rtp_unpacker_get_clock,
    .unpack = rtp_unpacker_unpack,
    .mend = codec->fill ? rtp_unpacker_mend : NULL,
    .user = &self->unpacker,
    .form = sealed ? (gconstpointer) &self->unpacker : codec };
}

void
rtp_receive_listen (RtpStream *self)
{
  packet_transport_receive (self->rtp, self->loop, rtp_receive_packet, self);
  packet_transport_receive (self->rtcp, self->loop, rtp_control_received, self);
}

void
rtp_receive_close (RtpStream *self)
{
  packet_transport_receive (self->rtp, self->loop, NULL, NULL);
  packet_transport_receive (self->rtcp, self->loop, NULL, NULL);
}

void
rtp_receive_start (RtpStream *self, gint64 now)
{
  const RtpReceiverConfig config = make_config (self);
  rtp_receiver_init (&self->receiver, &config, now);
  telephone_event_receiver_init (&self->events);
  media_timer_init (&self->receive_timer, self->loop, receive_due, self);
  media_timer_init (&self->timeout_timer, self->loop, timeout_due, self);
}

void
rtp_receive_set_form (RtpStream *self)
{
  const RtpReceiverConfig config = make_config (self);
  const RtpStreamMedia *media = &self->media;

  if (self->concealment.frame != media->codec->rate / 50) {
    concealment_clear (&self->concealment);
    concealment_init (&self->concealment, media->codec->rate);
  }
  rtp_tones_set_media (self);
  rtp_echo_set_media (self);
  rtp_unpacker_set (&self->unpacker, media->codec, media->payload_type,
      media->offered);
  rtp_stream_set_packets (self);
  rtp_receiver_set_config (&self->receiver, &config);
  telephone_event_receiver_set_clock (&self->events,
      rtp_stream_media_get_event_clock (media), media->codec->clock);
}

/* A latch that stays keeps its RTCP too. */
static void
set_peer (RtpStream *self, gint64 now)
{
  const RtpStreamMedia *media = &self->media;
  const PacketAddress active = self->latch.active;

  if (self->is_chosen && !media->ice)
    self->latch.sdp = (PacketAddress){ 0 }; /* it counts again */
  self->is_chosen = self->is_chosen && media->ice;
  if (!self->is_chosen &&
      !packet_address_equal (&self->latch.sdp, &media->remote_rtp)) {
    self->control.to = media->remote_rtcp;
    self->control.mux = packet_address_is_set (&media->remote_rtp) &&
        packet_address_equal (&media->remote_rtp, &media->remote_rtcp);
  }
  rtp_latch_arm (&self->latch, &media->remote_rtp, &media->signalling,
      media->codec->clock, now);
  if (self->is_chosen) /* until ICE, begun anew or not, chooses another */
    rtp_latch_settle (&self->latch, &active);
}

void
rtp_receive_follow (RtpStream *self, guint component,
    const PacketAddress *remote)
{
  const gboolean mux = self->media.ice->mux;

  if (component == 1) {
    rtp_latch_settle (&self->latch, remote);
    self->is_chosen = TRUE;
    rtp_log_chosen (&self->log, remote);
  }
  if (component == 2 || mux) {
    self->control.to = *remote;
    self->control.mux = mux;
  }
}

void
rtp_receive_set_media (RtpStream *self, gint64 now)
{
  rtp_receive_set_form (self);
  set_peer (self, now);
  note_media (self, now);
  if (self->media_timeout && self->timeout_timer.due < 0)
    media_timer_arm (&self->timeout_timer, now + self->media_timeout);
  arm (self, now);
}

void
rtp_receive_stop (RtpStream *self)
{
  media_timer_cancel (&self->receive_timer);
  media_timer_cancel (&self->timeout_timer);
  rtp_receiver_clear (&self->receiver);
  rtp_tones_clear (self);
  rtp_echo_clear (self);
}

/* Digits that come by our offer's number get that of the answer. */
static void
translate (const RtpStreamMedia *media, RtpPacket *packet)
{
  if (media->offered && packet->payload_type == media->codec->event_type &&
      packet->payload_type != media->payload_type &&
      media->event_payload_type >= 0)
    packet->payload_type = (guint8) media->event_payload_type;
}

static gboolean
is_ours (const RtpStream *self, const RtpPacket *packet)
{
  return packet->payload_type == self->media.event_payload_type ||
      packet->payload_type == COMFORT_NOISE ||
      rtp_unpacker_knows (&self->unpacker, packet->payload_type);
}

/* RTCP goes where it does beside RTP of @from: behind the last port there is none. */
static void
set_rtcp_beside (RtpStream *self, const PacketAddress *from)
{
  guint16 port = packet_address_get_port (from);

  self->control.to = *from;
  if (self->control.mux)
    return;
  if (port == G_MAXUINT16)
    self->control.to = (PacketAddress){ 0 };
  else
    packet_address_set_port (&self->control.to, port + 1);
}

/* FALSE: not from the peer. */
static gboolean
check_source (RtpStream *self, const RtpPacket *packet,
    const PacketAddress *from, gint64 arrival)
{
  switch (rtp_latch_check (&self->latch, from, packet, arrival)) {
    case RTP_LATCH_DROP:
      self->counters.unlatched++;
      rtp_log_stranger (&self->log, from,
          packet_address_same_host (from, &self->media.signalling) ||
              packet_address_same_host (from, &self->media.remote_rtp));
      return FALSE;
    case RTP_LATCH_MOVED:
      set_rtcp_beside (self, from);
      rtp_log_latched (&self->log, from);
      self->callbacks.latched (from, self->user);
      return TRUE;
    case RTP_LATCH_ACCEPT:
      break;
  }
  return TRUE;
}

static void
check_collision (RtpStream *self, const RtpPacket *packet, gint64 arrival)
{
  if (packet->ssrc == self->ssrc &&
      (guint16) (self->sequence - packet->sequence) > MIRROR_DEPTH)
    rtp_control_collision (self, arrival);
}

static gboolean
is_event (const RtpStream *self, const RtpPacket *packet)
{
  return packet->payload_type == self->media.event_payload_type;
}

/* Digits may have a source of their own, whose times and numbers are not those of
 * the audio. */
static gboolean
is_in_line (const RtpStream *self, const RtpPacket *packet)
{
  const JitterBuffer *buffer = &self->receiver.buffer;

  return !buffer->started || packet->ssrc == buffer->ssrc;
}

static void
handle_events (RtpStream *self, const RtpPacket *packet, gint64 arrival)
{
  TelephoneEvent events[TELEPHONE_EVENT_MAX];
  guint n;
  if (is_event (self, packet))
    n = telephone_event_receive (&self->events, packet, arrival, events);
  else
    n = telephone_event_receive_audio (&self->events, packet, events);
  rtp_receive_report_keys (self, events, n);
}

void
rtp_receive_packet (gpointer user, guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival)
{
  RtpStream *self = user;
  RtpPacket packet;
  if (rtp_packet_is_rtcp (data, size)) {
    rtp_control_packet (self, data, size, from, arrival, TRUE);
    return;
  }
  gboolean good = rtp_packet_parse (&packet, data, size);
  if (good)
    translate (&self->media, &packet);
  if (!good || !is_ours (self, &packet)) {
    self->counters.garbage++;
    rtp_log_garbage (&self->log, from, size);
    rtp_stream_publish (self);
    return;
  }
  if (!check_source (self, &packet, from, arrival)) {
    rtp_stream_publish (self);
    return;
  }

  note_media (self, arrival);
  rtp_log_received (&self->log, &packet, from);
  self->counters.heard = TRUE;
  self->counters.octets_received += packet.payload_size;
  check_collision (self, &packet, arrival);
  if (!self->media.receive)
    return;
  handle_events (self, &packet, arrival);
  if (!is_event (self, &packet) || is_in_line (self, &packet))
    rtp_receiver_push (&self->receiver, &packet, arrival);
  /* As of its arrival: if we are late ourselves others are waiting behind it, which
   * must not count as missing. */
  deliver (self, arrival);
}
