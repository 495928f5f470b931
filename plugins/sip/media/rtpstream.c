/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Calls of other threads are marshalled to the loop, each with a reference. The
 * stream itself holds one, from rtp_stream_new() to the end of
 * rtp_stream_stop() on the loop. */

#include "rtpstreamprivate.h"

#include "common/base/gstvoicelog.h"
#include "sip/logic/quality/emodel.h"

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
/* From 1900 to 1970. */
#define NTP_EPOCH (G_GINT64_CONSTANT (2208988800) * SECOND)

static gint64
get_ntp_offset (MediaLoop *loop)
{
  /* Virtual time has no date; runs of a test must not differ by it. */
  if (media_loop_is_manual (loop))
    return 0;
  return NTP_EPOCH + g_get_real_time () * 1000 - media_loop_now (loop);
}

RtpStream *
rtp_stream_new (MediaLoop *loop, PacketTransport *rtp, PacketTransport *rtcp,
    const RtpStreamOptions *options, const RtpStreamCallbacks *callbacks,
    gpointer user, GDestroyNotify user_destroy)
{
  RtpStream *self = g_new0 (RtpStream, 1);
  self->ref_count = 2;
  self->loop = media_loop_ref (loop);
  self->rtp = rtp;
  self->rtcp = rtcp;
  self->latency = options->latency * MS;
  self->media_timeout = options->media_timeout * MS;
  self->cname = g_strdup (options->cname ? options->cname : "anonymous");
  self->log.call_id = gst_voice_log_text (options->call_id);
  sip_log_init ();
  self->callbacks = *callbacks;
  self->user = user;
  self->user_destroy = user_destroy;
  self->ntp_offset = get_ntp_offset (loop);
  self->controls_echo = options->controls_echo;
  self->ssrc = g_random_int ();
  /* RFC 3711 3.3.1: not so near its end that a lost first packet leaves open whether
   * it has turned over. */
  self->sequence = (guint16) (g_random_int () & 0x7fff);
  self->encryption = "none";
  g_mutex_init (&self->lock);
  g_cond_init (&self->room);
  self->pump_due = -1;
  self->taken_encoding = self->given_encoding = -1;
  packetizer_init (&self->packetizer, g_random_int ());
  concealment_init (&self->concealment, codec_table_get (0)->rate);
  telephone_event_sender_init (&self->digits);
  return self;
}

RtpStream *
rtp_stream_ref (RtpStream *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rtp_stream_unref (RtpStream *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  telephone_event_sender_clear (&self->digits);
  packetizer_clear (&self->packetizer);
  concealment_clear (&self->concealment);
  rtp_unpacker_clear (&self->unpacker);
  rtp_sealed_clear (&self->sealed);
  g_free (self->encoder);
  g_free (self->packet_encoder);
  g_free (self->packet_decoder);
  rtp_stream_media_clear (&self->media);
  g_clear_pointer (&self->dtls_keys, rtp_keys_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->room);
  g_free (self->cname);
  g_free (self->log.call_id);
  media_loop_unref (self->loop);
  g_free (self);
}

/* ---- Settings */

void
rtp_stream_media_assign (RtpStreamMedia *self, const RtpStreamMedia *from)
{
  RtpKeys *keys = from->keys ? rtp_keys_ref (from->keys) : NULL;
  RtpDtls *dtls = from->dtls ? rtp_dtls_ref (from->dtls) : NULL;
  RtpIce *ice = from->ice ? rtp_ice_ref (from->ice) : NULL;

  rtp_stream_media_clear (self);
  *self = *from;
  self->keys = keys;
  self->dtls = dtls;
  self->ice = ice;
}

guint
rtp_stream_media_get_event_clock (const RtpStreamMedia *self)
{
  return self->event_clock ? self->event_clock : self->codec->clock;
}

void
rtp_stream_media_clear (RtpStreamMedia *self)
{
  g_clear_pointer (&self->keys, rtp_keys_unref);
  g_clear_pointer (&self->dtls, rtp_dtls_unref);
  g_clear_pointer (&self->ice, rtp_ice_unref);
}

typedef struct
{
  RtpStream *stream;
  RtpStreamMedia media;
  gchar *reason;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;
  rtp_stream_unref (self->stream);
  rtp_stream_media_clear (&self->media);
  g_free (self->reason);
  g_free (self);
}

void
rtp_send_drop_queue_unlocked (RtpStream *self)
{
  packetizer_flush (&self->packetizer);
  while (!packetizer_is_empty (&self->packetizer)) {
    packetizer_drop (&self->packetizer);
    rtp_send_count_skipped_unlocked (self, self->packetizer.frame);
  }
}

/* What waits to be sent is in the codec's form. */
static PacketizerFormat
make_queue_format (const RtpStreamMedia *media)
{
  const RtpCodec *codec = media->codec;
  guint time = media->packet_time ? media->packet_time : 20;
  PacketizerFormat format = { .rate = codec->rate,
    .clock = codec->clock,
    .width = GST_VOICE_SAMPLE_SIZE (codec->encoding),
    .frame = codec->rate * time / 1000 };

  gst_voice_format_silence (codec->encoding, &format.silence, 1);
  return format;
}

static void
set_queue_format_unlocked (RtpStream *self)
{
  const PacketizerFormat format = make_queue_format (&self->media);
  const gboolean same = self->send_codec == self->media.codec &&
      self->packetizer.format.frame == format.frame;

  if (self->up && same)
    packetizer_flush (&self->packetizer);
  else if (self->up)
    rtp_send_drop_queue_unlocked (self);
  if (self->send_codec != self->media.codec)
    self->skipped = 0;
  self->queue_frame = format.frame;
  if (self->up && same)
    return;
  packetizer_set_format (&self->packetizer, &format);
  self->send_sealed = FALSE;
}

static void
set_encoder (RtpStream *self, const RtpCodec *before)
{
  const RtpCodec *codec = self->media.codec;

  if (codec != before) {
    g_free (self->encoder);
    self->encoder =
        codec->encoder_new ? codec->encoder_new (codec->rate) : NULL;
    self->send_loss = 0;
  }
  if (codec->set_wishes)
    codec->set_wishes (self->encoder, &self->media.wishes);
}

static const gchar *
get_encryption (const RtpStreamMedia *media)
{
  if (media->dtls)
    return "dtls";
  return media->keys ? media->keys->method : "none";
}

static void
set_format (RtpStream *self)
{
  const RtpCodec *codec = self->media.codec;

  g_mutex_lock (&self->lock);
  set_queue_format_unlocked (self);
  telephone_event_sender_set_clock (&self->digits,
      rtp_stream_media_get_event_clock (&self->media));
  self->send_codec = codec;
  self->up = TRUE;
  self->encryption = get_encryption (&self->media);
  rtp_send_signal_room_unlocked (self);
  g_mutex_unlock (&self->lock);
}

static void
on_rejected (const PacketAddress *from, gsize size, gpointer user)
{
  RtpStream *self = user;

  rtp_log_rejected (&self->log, from, size);
  rtp_stream_publish (self);
}

/* Another key to send with has a source of its own: it begins at 0 for everybody. */
static void
use_keys (RtpStream *self, const RtpKeys *keys, gint64 now)
{
  if (secure_rtp_set_keys (self->secure, keys, now))
    self->ssrc = g_random_int ();
}

static void
on_dtls_keys (RtpKeys *keys, gpointer user)
{
  RtpStream *self = user;

  g_clear_pointer (&self->dtls_keys, rtp_keys_unref);
  self->dtls_keys = rtp_keys_ref (keys);
  if (!self->media.dtls)
    return;
  use_keys (self, keys, media_loop_now (self->loop));
  rtp_send_pump (self, media_loop_now (self->loop));
}

static void
on_dtls_failed (const gchar *why, gpointer user)
{
  RtpStream *self = user;

  if (!self->media.dtls)
    return;
  g_mutex_lock (&self->lock);
  self->failure = why;
  g_mutex_unlock (&self->lock);
  self->callbacks.failed (self->user);
}

static void
on_chosen (guint component, const PacketAddress *remote, gpointer user)
{
  RtpStream *self = user;

  rtp_receive_follow (self, component, remote);
  if (component == 1 && self->media.dtls)
    dtls_transport_follow (self->dtls, remote);
  rtp_stream_publish (self);
}

/* Checks are none of the handshake, which has to see what SRTP would not let through. */
static void
wrap_transports (RtpStream *self)
{
  static const DtlsTransportCallbacks callbacks = { on_dtls_keys,
    on_dtls_failed };

  if (self->started)
    rtp_receive_close (self);
  self->ice = ice_transport_new (&self->rtp, 1, on_chosen, self);
  self->ice_control = ice_transport_new (&self->rtcp, 2, on_chosen, self);
  self->dtls = dtls_transport_new (&self->rtp, self->loop, &callbacks, self);
  self->secure = secure_rtp_new (&self->rtp, &self->rtcp, on_rejected, self);
  if (self->started)
    rtp_receive_listen (self);
}

/* By SDP, or where ICE has found it to be. */
static const PacketAddress *
get_remote (const RtpStream *self)
{
  return self->media.ice && self->is_chosen ? &self->latch.active
                                            : &self->media.remote_rtp;
}

static void
set_keys (RtpStream *self, gint64 now)
{
  const RtpStreamMedia *media = &self->media;

  if ((media->keys || media->dtls || media->ice) && !self->secure)
    wrap_transports (self);
  if (!self->secure)
    return;
  ice_transport_set (self->ice, media->ice);
  ice_transport_set (self->ice_control,
      media->ice && !media->ice->mux ? media->ice : NULL);
  if (!media->dtls) {
    use_keys (self, media->keys, now);
    return;
  }
  secure_rtp_wait (self->secure);
  if (!dtls_transport_start (self->dtls, media->dtls, get_remote (self),
          &media->signalling, media->ice && !self->is_chosen) &&
      self->dtls_keys)
    use_keys (self, self->dtls_keys, now);
}

static void
apply_media (gpointer data)
{
  Request *request = data;
  RtpStream *self = request->stream;
  gint64 now = media_loop_now (self->loop);
  if (!self->rtp)
    return;

  const RtpCodec *before = self->media.codec;
  rtp_outside_stop (self);
  rtp_stream_media_assign (&self->media, &request->media);
  set_keys (self, now);
  set_encoder (self, before);
  set_format (self);
  if (!self->started) {
    self->started = TRUE;
    rtp_receive_start (self, now);
    rtp_send_start (self);
    rtp_control_start (self, now);
    rtp_receive_listen (self);
  }
  rtp_receive_set_media (self, now);
  rtp_stream_publish (self);
  rtp_send_pump (self, now);
}

void
rtp_stream_set_media (RtpStream *self, const RtpStreamMedia *media)
{
  Request *request = g_new0 (Request, 1);
  request->stream = rtp_stream_ref (self);
  rtp_stream_media_assign (&request->media, media);
  g_mutex_lock (&self->lock);
  self->has_media = TRUE;
  self->has_keys =
      media->digits != RTP_DIGITS_EVENTS || media->event_payload_type >= 0;
  g_mutex_unlock (&self->lock);
  media_loop_invoke (self->loop, apply_media, request, request_free);
}

static void
shut_down (gpointer data)
{
  Request *request = data;
  RtpStream *self = request->stream;
  if (!self->rtp)
    return;

  rtp_outside_stop (self);
  if (self->started) {
    rtp_control_stop (self, request->reason);
    rtp_send_stop (self);
    rtp_receive_stop (self);
    rtp_receive_close (self);
  }
  packet_transport_free (self->rtp);
  packet_transport_free (self->rtcp);
  self->rtp = self->rtcp = NULL;
  self->secure = NULL;
  self->dtls = NULL;
  self->ice = self->ice_control = NULL;
  if (self->user_destroy)
    self->user_destroy (self->user);
  rtp_stream_unref (self);
}

void
rtp_stream_stop (RtpStream *self, const gchar *reason)
{
  Request *request = g_new0 (Request, 1);
  request->stream = rtp_stream_ref (self);
  request->reason = g_strdup (reason ? reason : "");
  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  rtp_send_signal_room_unlocked (self);
  g_mutex_unlock (&self->lock);
  media_loop_invoke (self->loop, shut_down, request, request_free);
}

void
rtp_stream_unlock (RtpStream *self, gboolean unlock)
{
  g_mutex_lock (&self->lock);
  self->unlocked = unlock;
  rtp_send_signal_room_unlocked (self);
  g_mutex_unlock (&self->lock);
}

gboolean
rtp_stream_drain (RtpStream *self)
{
  g_mutex_lock (&self->lock);
  gboolean drains = self->has_media;
  if (drains) {
    packetizer_flush (&self->packetizer);
    self->draining = TRUE;
    rtp_send_call_unlocked (self);
  }
  g_mutex_unlock (&self->lock);
  return drains;
}

void
rtp_stream_flush (RtpStream *self)
{
  g_mutex_lock (&self->lock);
  packetizer_reset (&self->packetizer);
  rtp_send_signal_room_unlocked (self);
  rtp_send_call_unlocked (self);
  g_mutex_unlock (&self->lock);
}

/* Behind the audio that came before it. */
static gboolean
queue_digits_unlocked (RtpStream *self, const gchar *digits, guint duration)
{
  packetizer_flush (&self->packetizer);
  gint64 now = media_loop_now (self->loop);
  gint64 end = packetizer_get_end (&self->packetizer);
  return telephone_event_send (&self->digits, digits, duration, MAX (now, end));
}

gboolean
rtp_stream_send_dtmf (RtpStream *self, const gchar *digits, guint duration)
{
  g_mutex_lock (&self->lock);
  gboolean sent = self->has_keys && !self->stopped &&
      queue_digits_unlocked (self, digits, duration);
  self->digits_pending |= sent;
  if (sent)
    rtp_send_call_unlocked (self);
  g_mutex_unlock (&self->lock);
  return sent;
}

/* ---- Stats */

void
rtp_stream_publish (RtpStream *self)
{
  RtpStreamCounters *counters = &self->counters;
  counters->jitter = self->receiver.buffer.counters;
  counters->jitter_time = self->receiver.jitter;
  counters->skipped = self->receiver.skipped;
  if (self->secure)
    counters->secure = *secure_rtp_get_counters (self->secure);
  counters->remote_rtp = self->latch.active;
  counters->remote_rtcp = self->control.to;
  g_mutex_lock (&self->lock);
  self->published = *counters;
  g_mutex_unlock (&self->lock);
}

const gchar *
rtp_stream_get_failure (RtpStream *self)
{
  g_mutex_lock (&self->lock);
  const gchar *failure = self->failure;
  g_mutex_unlock (&self->lock);
  return failure;
}

gboolean
rtp_stream_was_heard (RtpStream *self)
{
  g_mutex_lock (&self->lock);
  gboolean heard = self->published.heard;
  g_mutex_unlock (&self->lock);
  return heard;
}

/* Those of the counters that are guint64, by their offset. */
static const struct
{
  const gchar *name;
  gsize offset;
} counter_fields[] = {
#define COUNTER(name, field) \
  { \
    name, G_STRUCT_OFFSET (RtpStreamCounters, field) \
  }
  COUNTER ("packets-received", jitter.received),
  COUNTER ("octets-received", octets_received),
  COUNTER ("packets-lost", jitter.lost),
  COUNTER ("packets-late", jitter.late),
  COUNTER ("packets-duplicated", jitter.duplicated),
  COUNTER ("packets-reordered", jitter.reordered),
  COUNTER ("packets-garbage", garbage),
  COUNTER ("packets-unlatched", unlatched),
  COUNTER ("packets-unauthenticated", secure.forged),
  COUNTER ("packets-replayed", secure.replayed),
  COUNTER ("frames-concealed", concealed),
  COUNTER ("frames-silent", silent),
  COUNTER ("frames-skipped", skipped),
  COUNTER ("ssrc-changes", jitter.ssrc_changes),
  COUNTER ("ssrc-collisions", collisions),
  COUNTER ("sequence-restarts", jitter.restarts),
  COUNTER ("dtmf-received", dtmf_received),
  COUNTER ("jitter", jitter_time),
  COUNTER ("round-trip", round_trip),
  COUNTER ("remote-jitter", remote_jitter),
#undef COUNTER
};

/* The far end as it is heard here, by the E-model: 0 = unknown, before there was a second of
 * it. The jitter buffer counts with all that it may wait, a packet with 20 ms. */
static gdouble
estimate_mos (const RtpStreamCounters *counters, const RtpCodec *codec,
    gint64 latency)
{
  const LossMeter *loss = &counters->loss;

  if (!codec || loss->heard + loss->lost < 50)
    return 0;
  const EModel model = { .wide = codec->rate > 8000,
    .impairment = codec->impairment,
    .robustness = codec->robustness,
    .loss = loss_meter_get_loss (loss),
    .burst_ratio = loss_meter_get_burst_ratio (loss),
    .delay = (gdouble) (counters->round_trip / 2 + latency + 20 * MS) / MS };
  return e_model_rating_to_mos (e_model_get_rating (&model), model.wide);
}

static void
add_counters (GstStructure *structure, const RtpStreamCounters *counters)
{
  g_autofree gchar *rtp = packet_address_to_string (&counters->remote_rtp);
  g_autofree gchar *rtcp = packet_address_to_string (&counters->remote_rtcp);
  for (gsize i = 0; i < G_N_ELEMENTS (counter_fields); i++)
    gst_structure_set (structure, counter_fields[i].name, G_TYPE_UINT64,
        G_STRUCT_MEMBER (guint64, counters, counter_fields[i].offset), NULL);
  rtp_echo_add_stats (&counters->echo, structure);
  gst_structure_set (structure, "remote-fraction-lost", G_TYPE_DOUBLE,
      counters->remote_fraction_lost, "remote-packets-lost", G_TYPE_INT64,
      counters->remote_lost, "remote-rtp", G_TYPE_STRING, rtp, "remote-rtcp",
      G_TYPE_STRING, rtcp, NULL);
}

void
rtp_stream_get_stats (RtpStream *self, GstStructure *structure)
{
  RtpStreamCounters counters = { 0 };
  guint64 packets = 0, octets = 0, dropped = 0, failures = 0, dtmf = 0;
  guint transcodes = 0;
  const RtpCodec *codec = NULL;
  const gchar *encryption = "none";
  if (self) {
    g_mutex_lock (&self->lock);
    counters = self->published;
    packets = self->packets_sent;
    octets = self->octets_sent;
    dropped = self->dropped;
    failures = self->send_failures;
    dtmf = self->dtmf_sent;
    transcodes = rtp_stream_count_transcodes_unlocked (self);
    if (self->up)
      codec = self->send_codec;
    encryption = self->encryption;
    g_mutex_unlock (&self->lock);
  }

  gst_structure_set (structure, "codec", G_TYPE_STRING,
      codec ? codec->name : "", "mos", G_TYPE_DOUBLE,
      estimate_mos (&counters, codec, self ? self->latency : 0), "encryption",
      G_TYPE_STRING, encryption, "packets-sent", G_TYPE_UINT64, packets,
      "octets-sent", G_TYPE_UINT64, octets, "frames-dropped", G_TYPE_UINT64,
      dropped, "send-failures", G_TYPE_UINT64, failures, "dtmf-sent",
      G_TYPE_UINT64, dtmf, "transcodes", G_TYPE_UINT, transcodes, NULL);
  add_counters (structure, &counters);
}
