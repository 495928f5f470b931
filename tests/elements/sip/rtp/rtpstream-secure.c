/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Two streams that speak SRTP with each other, in virtual time. */

#include "mock/rtpcall.h"

#include "sip/logic/rtp/rtppacket.h"

#include <math.h>
#include <string.h>

#define HOST_A "192.0.2.1"
#define HOST_B "192.0.2.2"
#define PORT 4000

typedef struct
{
  MediaLoop *loop;
  End *a, *b;
  MediaTimer speech;
  gint64 next; /* when a speaks again */
  guint64 n_samples;
} Call;

static void
speak (gint64 now, gpointer user)
{
  Call *self = user;
  gint16 samples[FRAME];

  for (guint i = 0; i < FRAME; i++)
    samples[i] = (gint16) (8000.0 *
        sin (2 * G_PI * 397.3 * (gdouble) self->n_samples++ / 8000));
  rtp_stream_send (self->a->stream, &rtp_call_s16, samples, sizeof samples,
      GST_CLOCK_TIME_NONE, FALSE, TRUE);
  self->next += 20 * MS;
  media_timer_arm (&self->speech, self->next);
}

static RtpKey
make_key (RtpSuite suite, guint8 seed)
{
  RtpKey key = { .suite = suite };

  memset (key.bytes, seed, rtp_suite_get_key_size (suite));
  return key;
}

/* NULL: plain. */
static void
set_media (End *end, const gchar *host, const RtpKey *send,
    const RtpKey *receive)
{
  RtpStreamMedia media = { .codec = end->codec,
    .event_payload_type = 101,
    .send = TRUE,
    .receive = TRUE,
    .keys = send ? rtp_keys_new ("sdes", send, receive) : NULL };

  packet_address_parse (&media.remote_rtp, host, PORT);
  packet_address_parse (&media.remote_rtcp, host, PORT + 1);
  rtp_stream_set_media (end->stream, &media);
  rtp_stream_media_clear (&media);
}

static void
agree (Call *self, const RtpKey *of_a, const RtpKey *of_b)
{
  set_media (self->a, HOST_B, of_a, of_b);
  set_media (self->b, HOST_A, of_b, of_a);
}

static void
call_begin (Call *self, const Impairment *impairment)
{
  *self =
      (Call){ .loop = media_loop_new_manual (START), .next = START + 100 * MS };
  self->a = end_new (self->loop, HOST_A, PORT, 0);
  self->b = end_new (self->loop, HOST_B, PORT, 0);
  self->a->rtp->peer = self->b->rtp;
  self->b->rtp->peer = self->a->rtp;
  self->a->rtcp->peer = self->b->rtcp;
  self->b->rtcp->peer = self->a->rtcp;
  self->a->rtp->impairment = *impairment;
  media_timer_init (&self->speech, self->loop, speak, self);
  media_timer_arm (&self->speech, self->next);
}

/* (transfer full): checksum of what b heard. */
static gchar *
call_end (Call *self)
{
  media_timer_cancel (&self->speech);
  self->a->rtp->peer = self->a->rtcp->peer = NULL;
  gchar *sum = end_free (self->b);
  g_free (end_free (self->a));
  media_loop_unref (self->loop);
  return sum;
}

static gchar *
get_text (End *end, const gchar *name)
{
  g_autoptr (GstStructure) stats = gst_structure_new_empty ("stats");

  rtp_stream_get_stats (end->stream, stats);
  return g_strdup (gst_structure_get_string (stats, name));
}

/* By a network that does its worst, what is heard is the same, to the sample and the
 * ns; packets that come twice end at the key. */
static void
test_same_as_plain (void)
{
  const Impairment worst = { 7, 30, 1, 20, 20, 15 };
  g_autofree gchar *plain = NULL;

  for (gint suite = -1; suite < RTP_N_SUITES; suite++) {
    Call call;
    call_begin (&call, &worst);
    if (suite < 0) {
      agree (&call, NULL, NULL);
    } else {
      const RtpKey of_a = make_key ((RtpSuite) suite, 1),
                   of_b = make_key ((RtpSuite) suite, 2);
      agree (&call, &of_a, &of_b);
    }
    run_to (call.loop, 20 * SECOND);
    const guint64 twice = end_get_stat (call.b, "packets-duplicated"),
                  replayed = end_get_stat (call.b, "packets-replayed");
    g_autofree gchar *encryption = get_text (call.b, "encryption");
    g_assert_cmpstr (encryption, ==, suite < 0 ? "none" : "sdes");
    g_assert_cmpuint (suite < 0 ? twice : replayed, >, 10);
    g_assert_cmpuint (suite < 0 ? replayed : twice, ==, 0);
    g_assert_cmpuint (end_get_stat (call.b, "packets-unauthenticated"), ==, 0);
    g_assert_cmpuint (end_get_stat (call.a, "round-trip"), >, 0);
    gchar *sum = call_end (&call);
    if (plain)
      g_assert_cmpstr (sum, ==, plain);
    g_free (plain);
    plain = sum;
  }
}

/* Who has no key is not heard, and cannot take the call, by RTP or RTCP, though it
 * speaks first and from the far end's own host. */
static void
test_stranger (void)
{
  const RtpKey of_a = make_key (RTP_SUITE_AEAD_AES_128_GCM, 1),
               of_b = make_key (RTP_SUITE_AEAD_AES_128_GCM, 2);
  Tone tone = { 0 };
  Call call;
  call_begin (&call, &(Impairment){ 0 });
  media_timer_cancel (&call.speech);
  agree (&call, &of_a, &of_b);
  run_to (call.loop, 0);

  tone_start (&tone, call.b, HOST_A, 9000, FRAME, 0, 500);
  run_to (call.loop, 5 * SECOND);
  g_assert_cmpuint (end_get_stat (call.b, "packets-unauthenticated"), >, 200);
  g_assert_cmpuint (end_get_stat (call.b, "packets-received"), ==, 0);
  g_assert_cmpuint (call.b->n_latched, ==, 0);
  media_timer_arm (&call.speech, START + 5 * SECOND);
  run_to (call.loop, 10 * SECOND);
  g_assert_cmpuint (end_get_stat (call.b, "packets-received"), >, 200);
  g_assert_cmpuint (end_get_stat (call.b, "packets-lost"), ==, 0);
  tone_clear (&tone);
  g_free (call_end (&call));
}

/* Plain, then with keys, then with others of either side and another suite, as
 * re-INVITEs do: the audio goes on. */
static void
test_changes (void)
{
  const RtpKey one = make_key (RTP_SUITE_AES_CM_128_HMAC_SHA1_80, 1),
               two = make_key (RTP_SUITE_AES_CM_128_HMAC_SHA1_80, 2),
               three = make_key (RTP_SUITE_AEAD_AES_128_GCM, 3),
               four = make_key (RTP_SUITE_AEAD_AES_128_GCM, 4);
  Call call;
  call_begin (&call, &(Impairment){ 0 });
  agree (&call, NULL, NULL);
  run_to (call.loop, 2 * SECOND);
  const guint sent = call.a->rtp->n_sent;
  agree (&call, &one, &two);
  run_to (call.loop, 4 * SECOND);
  g_assert_cmpuint (call.a->rtp->last_size, ==, RTP_HEADER_SIZE + FRAME + 10);
  /* what was under way: one packet and the report of a new beginning at most */
  g_assert_cmpuint (end_get_stat (call.b, "packets-unauthenticated"), <=, 2);
  agree (&call, &one, &two);
  run_to (call.loop, 6 * SECOND);
  g_assert_cmpuint (end_get_stat (call.b, "ssrc-changes"), ==, 0);
  agree (&call, &three, &four);
  run_to (call.loop, 8 * SECOND);
  g_assert_cmpuint (call.a->rtp->last_size, ==, RTP_HEADER_SIZE + FRAME + 16);
  g_assert_cmpuint (end_get_stat (call.b, "ssrc-changes"), ==, 1);
  g_assert_cmpuint (end_get_stat (call.b, "packets-unauthenticated"), <=, 2);
  g_assert_cmpuint (end_get_stat (call.b, "packets-received"), >=,
      call.a->rtp->n_sent - 5);
  g_assert_cmpuint (call.a->rtp->n_sent, >, sent + 250);
  g_assert_cmpuint (call.b->n_concealed, <=, 3);
  g_free (call_end (&call));
}

/* A BYE of RTCP is one of the far end's, and protected. */
static void
test_bye (void)
{
  const RtpKey key = make_key (RTP_SUITE_AES_CM_128_HMAC_SHA1_32, 1);
  Call call;

  call_begin (&call, &(Impairment){ 0 });
  agree (&call, &key, &key);
  run_to (call.loop, 2 * SECOND);
  media_timer_cancel (&call.speech);
  rtp_stream_stop (call.a->stream, "good night");
  run_to (call.loop, 3 * SECOND);
  g_assert_cmpuint (call.b->n_byes, ==, 1);
  g_assert_cmpstr (call.b->bye, ==, "good night");
  call.b->rtp->peer = call.b->rtcp->peer = NULL;
  g_free (end_free (call.b));
  rtp_stream_unref (call.a->stream);
  port_destroy (call.a->rtp);
  port_destroy (call.a->rtcp);
  g_checksum_free (call.a->checksum);
  g_string_free (call.a->digits, TRUE);
  g_free (call.a);
  media_loop_unref (call.loop);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpstream-secure/same-as-plain", test_same_as_plain);
  g_test_add_func ("/rtpstream-secure/stranger", test_stranger);
  g_test_add_func ("/rtpstream-secure/changes", test_changes);
  g_test_add_func ("/rtpstream-secure/bye", test_bye);
  return g_test_run ();
}
