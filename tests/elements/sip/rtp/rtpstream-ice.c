/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A stream whose far end finds out by ICE where it is, in virtual time. */

#include "mock/virtualnet.h"

#include "sip/logic/rtp/rtppacket.h"
#include "sip/media/rtpstream.h"
#include "sip/srtp/dtlscertificate.h"
#include "sip/srtp/dtlstransport.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
#define HERE "192.0.2.1"
#define SDP "192.0.2.2"
#define OUTSIDE "198.51.100.9"
#define PORT 4000

typedef struct
{
  MediaLoop *loop;
  VirtualNet *net;
  RtpStream *stream;
  PacketTransport *sdp, *outside; /* of the far end: both it says */
  PacketAddress rtp, rtcp; /* ours */
  RtpIce *ice;
  guint n_frames, n_failed, n_drained;
  guint16 sequence;
} Call;

static void
on_frame (const RtpStreamFrame *frame, gpointer user)
{
  ((Call *) user)->n_frames += !frame->silence;
}

static void
on_address (const PacketAddress *remote, gpointer user)
{
}

static void
on_nothing (gpointer user)
{
}

static void
on_drained (gpointer user)
{
  ((Call *) user)->n_drained++;
}

static void
on_failed (gpointer user)
{
  ((Call *) user)->n_failed++;
}

static void
on_bye (const gchar *reason, gpointer user)
{
}

static RtpIce *
make_ice (guint8 seed, gboolean mux)
{
  RtpIce *ice = rtp_ice_new ("frag", "their/password/of+24/xyz");
  guint8 random[RTP_ICE_RANDOM];

  memset (random, seed, sizeof random);
  rtp_ice_make_own (ice, random);
  ice->mux = mux;
  return ice;
}

static void
call_wait (Call *self, gint64 duration)
{
  media_loop_step (self->loop, media_loop_now (self->loop) + duration);
}

/* @ice NULL: without. */
static void
set_media (Call *self, RtpIce *ice, const RtpDtls *dtls)
{
  RtpStreamMedia media = { .codec = &rtp_codec_pcmu,
    .event_payload_type = 101,
    .send = TRUE,
    .receive = TRUE,
    .ice = ice ? rtp_ice_ref (ice) : NULL,
    .dtls = dtls ? rtp_dtls_new (dtls->active, dtls->fingerprint) : NULL };

  packet_address_parse (&media.remote_rtp, SDP, PORT);
  packet_address_parse (&media.remote_rtcp, SDP,
      ice && ice->mux ? PORT : PORT + 1);
  rtp_stream_set_media (self->stream, &media);
  rtp_stream_media_clear (&media);
  call_wait (self, MS);
}

static void
on_path (gint64 delay, gpointer user)
{
}

static void
call_begin (Call *self, gboolean mux)
{
  static const RtpStreamCallbacks callbacks = { .frame = on_frame,
    .timeout = on_nothing,
    .bye = on_bye,
    .latched = on_address,
    .dtmf_sent = on_nothing,
    .drained = on_drained,
    .path = on_path,
    .failed = on_failed };
  const RtpStreamOptions options = { .latency = 40, .cname = "x" };

  *self = (Call){ .loop = media_loop_new_manual (100 * SECOND) };
  self->net = virtual_net_new (self->loop, 1);
  PacketTransport *rtp = virtual_net_open (self->net, HERE, PORT),
                  *rtcp = virtual_net_open (self->net, HERE, PORT + 1);
  self->rtp = rtp->local;
  self->rtcp = rtcp->local;
  self->sdp = virtual_net_open (self->net, SDP, PORT);
  self->outside = virtual_net_open (self->net, OUTSIDE, 7777);
  self->ice = make_ice (1, mux);
  self->stream =
      rtp_stream_new (self->loop, rtp, rtcp, &options, &callbacks, self, NULL);
}

static void
call_end (Call *self)
{
  rtp_stream_stop (self->stream, NULL);
  call_wait (self, MS);
  rtp_stream_unref (self->stream);
  packet_transport_free (self->sdp);
  packet_transport_free (self->outside);
  virtual_net_free (self->net);
  media_loop_unref (self->loop);
  rtp_ice_unref (self->ice);
}

/* A check by the names of @ice, which chooses the pair. */
static void
ask (PacketTransport *from, const RtpIce *ice, const PacketAddress *to)
{
  const guint8 transaction[STUN_TRANSACTION_SIZE] = { 1 };
  g_autofree gchar *name = g_strconcat (ice->own_ufrag, ":frag", NULL);
  StunWriter writer;

  stun_write (&writer, STUN_BINDING_REQUEST, transaction);
  stun_write_username (&writer, name);
  stun_write_priority (&writer, 7, TRUE);
  stun_write_end (&writer, ice->own_password);
  packet_transport_send (from, writer.data, writer.size, to);
}

static void
speak (Call *self, PacketTransport *from, guint n)
{
  guint8 audio[160], packet[RTP_HEADER_SIZE + sizeof audio];
  RtpPacket header = { .ssrc = 5, .payload_type = 0 };

  memset (audio, 0x20, sizeof audio);
  for (guint i = 0; i < n; i++) {
    header.sequence = ++self->sequence;
    header.timestamp = self->sequence * 160u;
    rtp_packet_write_header (&header, packet);
    memcpy (packet + RTP_HEADER_SIZE, audio, sizeof audio);
    packet_transport_send (from, packet, sizeof packet, &self->rtp);
    call_wait (self, 20 * MS);
  }
}

typedef struct
{
  guint rtp, rtcp, good, other;
} Taken;

static Taken
take (PacketTransport *end)
{
  Taken taken = { 0 };

  for (;;) {
    g_autoptr (VirtualPacket) packet = virtual_net_take (end);
    StunMessage message;
    if (!packet)
      return taken;
    if (stun_is_message (packet->data, packet->size))
      taken.good += stun_parse (&message, packet->data, packet->size) &&
          message.type == STUN_BINDING_SUCCESS;
    else if (rtp_packet_is_rtcp (packet->data, packet->size))
      taken.rtcp++;
    else if (packet->data[0] >> 6 == 2)
      taken.rtp++;
    else
      taken.other++;
  }
}

/* 100 ms of ours. */
static void
say (Call *self)
{
  const GstVoiceFormat format = { GST_VOICE_MULAW, 8000 };
  guint8 audio[800];

  memset (audio, 0x20, sizeof audio);
  rtp_stream_send (self->stream, &format, audio, sizeof audio,
      GST_CLOCK_TIME_NONE, FALSE, TRUE);
  call_wait (self, 200 * MS);
}

static guint64
get_stat (Call *self, const gchar *name)
{
  g_autoptr (GstStructure) stats = gst_structure_new_empty ("stats");
  guint64 value = 0;

  rtp_stream_get_stats (self->stream, stats);
  gst_structure_get_uint64 (stats, name, &value);
  return value;
}

/* Audio goes by SDP until the far end chooses, then there, and comes from nowhere else. */
static void
test_chosen (void)
{
  Call call;

  call_begin (&call, TRUE);
  set_media (&call, call.ice, NULL);
  say (&call);
  g_assert_cmpuint (take (call.sdp).rtp, ==, 5);
  ask (call.outside, call.ice, &call.rtp);
  call_wait (&call, 10 * MS);
  g_assert_cmpuint (take (call.outside).good, ==, 1);
  say (&call);
  g_assert_cmpuint (take (call.outside).rtp, ==, 5);
  g_assert_cmpuint (take (call.sdp).rtp, ==, 0);
  speak (&call, call.sdp, 50);
  g_assert_cmpuint (call.n_frames, ==, 0);
  g_assert_cmpuint (get_stat (&call, "packets-unlatched"), ==, 50);
  speak (&call, call.outside, 20);
  g_assert_cmpuint (call.n_frames, >, 10);
  call_wait (&call, 10 * SECOND);
  g_assert_cmpuint (take (call.outside).rtcp, >, 0);
  call_end (&call);
}

/* Each of two ports is asked for by itself. */
static void
test_components (void)
{
  Call call;

  call_begin (&call, FALSE);
  set_media (&call, call.ice, NULL);
  ask (call.outside, call.ice, &call.rtp);
  call_wait (&call, 10 * SECOND);
  Taken taken = take (call.outside);
  g_assert_cmpuint (taken.good, ==, 1);
  g_assert_cmpuint (taken.rtcp, ==, 0);
  ask (call.outside, call.ice, &call.rtcp);
  call_wait (&call, 10 * SECOND);
  taken = take (call.outside);
  g_assert_cmpuint (taken.good, ==, 1);
  g_assert_cmpuint (taken.rtcp, >, 0);
  call_end (&call);
}

/* Nobody asks, or not by the password: it is found as without ICE. */
static void
test_no_checks (void)
{
  g_autoptr (RtpIce) wrong = make_ice (9, TRUE);
  Call call;

  call_begin (&call, TRUE);
  set_media (&call, call.ice, NULL);
  for (guint i = 0; i < 3; i++)
    ask (call.outside, wrong, &call.rtp);
  call_wait (&call, SECOND);
  g_assert_cmpuint (take (call.outside).good, ==, 0);
  say (&call);
  g_assert_cmpuint (take (call.sdp).rtp, ==, 5);
  speak (&call, call.outside, 20);
  g_assert_cmpuint (call.n_frames, >, 5);
  say (&call);
  g_assert_cmpuint (take (call.outside).rtp, ==, 5);
  call_end (&call);
}

/* SDP comes again: with the same ICE, begun anew, and without. */
static void
test_changes (void)
{
  g_autoptr (RtpIce) anew = make_ice (2, TRUE);
  Call call;

  call_begin (&call, TRUE);
  set_media (&call, call.ice, NULL);
  ask (call.outside, call.ice, &call.rtp);
  call_wait (&call, 10 * MS);
  set_media (&call, call.ice, NULL);
  say (&call);
  g_assert_cmpuint (take (call.outside).rtp, ==, 5);
  set_media (&call, anew, NULL);
  say (&call);
  g_assert_cmpuint (take (call.outside).rtp, ==, 5);
  ask (call.sdp, anew, &call.rtp);
  ask (call.outside, call.ice, &call.rtp);
  call_wait (&call, 10 * MS);
  say (&call);
  g_assert_cmpuint (take (call.sdp).rtp, ==, 5);
  g_assert_cmpuint (take (call.outside).good, ==, 1); /* and no audio */
  ask (call.outside, anew, &call.rtp);
  call_wait (&call, 10 * MS);
  g_assert_cmpuint (take (call.outside).good, ==, 1);
  set_media (&call, NULL, NULL);
  say (&call);
  g_assert_cmpuint (take (call.sdp).rtp, ==, 5);
  ask (call.outside, anew, &call.rtp);
  call_wait (&call, 10 * MS);
  g_assert_cmpuint (take (call.outside).good, ==, 0);
  call_end (&call);
}

static void
on_keys (RtpKeys *keys, gpointer user)
{
  ++*(guint *) user;
}

static void
on_no_keys (const gchar *why, gpointer user)
{
  g_assert_not_reached ();
}

static void
on_packet (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
}

/* By who knows no password, and is where SDP says. */
static void
break_handshake (Call *self, PacketTransport *from)
{
  const guint8 nonsense[] = { 22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13, 1, 0,
    0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 7 };

  for (guint i = 0; i < 20; i++) {
    packet_transport_send (from, nonsense, sizeof nonsense, &self->rtp);
    call_wait (self, 20 * MS);
  }
}

/* The handshake goes where the far end has proved to be, too, whoever begins it. */
static void
test_handshake (void)
{
  static const DtlsTransportCallbacks callbacks = { on_keys, on_no_keys };

  for (guint active = 0; active < 2; active++) {
    RtpDtls *ours = rtp_dtls_new (active, dtls_certificate_get_fingerprint ()),
            *theirs =
                rtp_dtls_new (!active, dtls_certificate_get_fingerprint ());
    guint n_keys = 0;
    Call call;
    call_begin (&call, TRUE);
    DtlsTransport *dtls =
        dtls_transport_new (&call.outside, call.loop, &callbacks, &n_keys);
    packet_transport_receive (call.outside, call.loop, on_packet, NULL);
    set_media (&call, call.ice, ours);
    call_wait (&call, 10 * MS);
    g_assert_cmpuint (take (call.sdp).other, ==, 0);
    break_handshake (&call, call.sdp);
    dtls_transport_start (dtls, theirs, &call.rtp, &(PacketAddress){ 0 },
        FALSE);
    ask (call.outside, call.ice, &call.rtp);
    call_wait (&call, 500 * MS);
    for (guint i = 0; i < 20 && n_keys == 0; i++) {
      g_usleep (110000); /* as tests/elements/sip/dtlstransport.c says */
      call_wait (&call, SECOND);
    }
    g_assert_cmpuint (n_keys, ==, 1);
    g_assert_cmpuint (call.n_failed, ==, 0);
    packet_transport_receive (call.outside, call.loop, NULL, NULL);
    rtp_dtls_unref (ours);
    rtp_dtls_unref (theirs);
    call_end (&call);
  }
}

/* What was said cannot go without keys; who hangs up behind it waits for them, but not
 * for ever. */
static void
test_drain_without_keys (void)
{
  static const guint8 word[160] = { 1 };
  const GstVoiceFormat format = { GST_VOICE_MULAW, 8000 };
  RtpDtls *dtls = rtp_dtls_new (FALSE, dtls_certificate_get_fingerprint ());
  Call call;

  call_begin (&call, TRUE);
  set_media (&call, call.ice, dtls);
  rtp_stream_send (call.stream, &format, word, sizeof word, GST_CLOCK_TIME_NONE,
      FALSE, TRUE);
  g_assert_true (rtp_stream_drain (call.stream));
  call_wait (&call, SECOND);
  g_assert_cmpuint (call.n_drained, ==, 0);
  call_wait (&call, 20 * SECOND);
  g_assert_cmpuint (call.n_drained, ==, 1);
  call_end (&call);
  rtp_dtls_unref (dtls);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpstream-ice/chosen", test_chosen);
  g_test_add_func ("/rtpstream-ice/components", test_components);
  g_test_add_func ("/rtpstream-ice/no-checks", test_no_checks);
  g_test_add_func ("/rtpstream-ice/changes", test_changes);
  g_test_add_func ("/rtpstream-ice/handshake", test_handshake);
  g_test_add_func ("/rtpstream-ice/drain-without-keys",
      test_drain_without_keys);
  return g_test_run ();
}
