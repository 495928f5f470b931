/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Handshakes of DTLS between two ends of a network in virtual time. */

#include "sip/srtp/dtlstransport.h"

#include "mock/virtualnet.h"
#include "sip/srtp/dtlscertificate.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)

typedef struct
{
  PacketTransport *transport;
  DtlsTransport *dtls;
  RtpKeys *keys;
  const gchar *failure;
  guint n_keys, n_other; /* packets that are none of a handshake */
} Side;

typedef struct
{
  MediaLoop *loop;
  VirtualNet *net;
  Side a, b;
} Call;

static void
on_keys (RtpKeys *keys, gpointer user)
{
  Side *self = user;

  self->n_keys++;
  g_clear_pointer (&self->keys, rtp_keys_unref);
  self->keys = rtp_keys_ref (keys);
}

static void
on_failed (const gchar *why, gpointer user)
{
  ((Side *) user)->failure = why;
}

static void
on_other (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  ((Side *) user)->n_other++;
}

static void
side_open (Side *self, Call *call, const gchar *host,
    const VirtualNetImpairment *impairment)
{
  static const DtlsTransportCallbacks callbacks = { on_keys, on_failed };

  self->transport = virtual_net_open (call->net, host, 4000);
  virtual_net_impair (self->transport, impairment);
  self->dtls =
      dtls_transport_new (&self->transport, call->loop, &callbacks, self);
  packet_transport_receive (self->transport, call->loop, on_other, self);
}

static void
side_close (Side *self, Call *call)
{
  packet_transport_receive (self->transport, call->loop, NULL, NULL);
  packet_transport_free (self->transport);
  g_clear_pointer (&self->keys, rtp_keys_unref);
}

static void
call_begin (Call *self, guint64 seed, const VirtualNetImpairment *impairment)
{
  *self = (Call){ .loop = media_loop_new_manual (100 * SECOND) };
  self->net = virtual_net_new (self->loop, seed);
  side_open (&self->a, self, "192.0.2.1", impairment);
  side_open (&self->b, self, "192.0.2.2", impairment);
}

static void
call_end (Call *self)
{
  side_close (&self->a, self);
  side_close (&self->b, self);
  virtual_net_free (self->net);
  media_loop_unref (self->loop);
}

static void
call_wait (Call *self, gint64 duration)
{
  media_loop_step (self->loop, media_loop_now (self->loop) + duration);
}

static gboolean
start (Side *self, const Side *other, gboolean active, guint8 difference)
{
  guint8 fingerprint[RTP_FINGERPRINT_SIZE];

  memcpy (fingerprint, dtls_certificate_get_fingerprint (), sizeof fingerprint);
  fingerprint[7] ^= difference;
  RtpDtls *dtls = rtp_dtls_new (active, fingerprint);
  gboolean anew = dtls_transport_start (self->dtls, dtls,
      &other->transport->local, &(PacketAddress){ 0 }, FALSE);
  rtp_dtls_unref (dtls);
  return anew;
}

static void
assert_agreed (const Call *self)
{
  g_assert_null (self->a.failure);
  g_assert_null (self->b.failure);
  g_assert_nonnull (self->a.keys);
  g_assert_nonnull (self->b.keys);
  g_assert_cmpstr (self->a.keys->method, ==, "dtls");
  g_assert_cmpint (self->a.keys->send.suite, ==, RTP_SUITE_AEAD_AES_128_GCM);
  g_assert_true (rtp_key_equal (&self->a.keys->send, &self->b.keys->receive));
  g_assert_true (rtp_key_equal (&self->a.keys->receive, &self->b.keys->send));
  g_assert_false (rtp_key_equal (&self->a.keys->send, &self->a.keys->receive));
}

/* Either may begin; a second time the same is agreed on nothing happens, and another
 * role is another handshake with other keys. */
static void
test_agree (void)
{
  Call call;

  call_begin (&call, 1, NULL);
  g_assert_true (start (&call.a, &call.b, TRUE, 0));
  g_assert_true (start (&call.b, &call.a, FALSE, 0));
  call_wait (&call, SECOND);
  assert_agreed (&call);
  g_autoptr (RtpKeys) first = rtp_keys_ref (call.a.keys);
  g_assert_false (start (&call.a, &call.b, TRUE, 0));
  g_assert_false (start (&call.b, &call.a, FALSE, 0));
  call_wait (&call, 5 * SECOND);
  g_assert_cmpuint (call.a.n_keys, ==, 1);

  g_assert_true (start (&call.a, &call.b, FALSE, 0));
  g_assert_true (start (&call.b, &call.a, TRUE, 0));
  call_wait (&call, SECOND);
  assert_agreed (&call);
  g_assert_cmpuint (call.a.n_keys, ==, 2);
  g_assert_false (rtp_keys_equal (first, call.a.keys));
  g_assert_cmpuint (call.a.n_other + call.b.n_other, ==, 0);
  call_end (&call);
}

/* What is lost is said again. OpenSSL looks at the real clock: each second of virtual time
 * takes 0.1 s. */
static void
test_loss (void)
{
  const VirtualNetImpairment bad = { .delay = 30 * MS,
    .loss = 0.3,
    .reorder = 0.1,
    .reorder_delay = 40 * MS,
    .duplicate = 0.1 };

  for (guint64 seed = 1; seed <= 5; seed++) {
    Call call;
    call_begin (&call, seed, &bad);
    start (&call.a, &call.b, TRUE, 0);
    start (&call.b, &call.a, FALSE, 0);
    for (guint i = 0; i < 20 && !(call.a.keys && call.b.keys); i++) {
      call_wait (&call, SECOND);
      g_usleep (110000);
    }
    g_test_message ("%" G_GUINT64_FORMAT, seed);
    assert_agreed (&call);
    call_end (&call);
  }
}

/* Of another certificate than the one in SDP: no keys. */
static void
test_wrong_certificate (void)
{
  for (guint wrong = 0; wrong < 2; wrong++) {
    Call call;
    call_begin (&call, 1, NULL);
    start (&call.a, &call.b, TRUE, wrong ? 1 : 0);
    start (&call.b, &call.a, FALSE, wrong ? 0 : 1);
    call_wait (&call, 2 * SECOND);
    const Side *careful = wrong ? &call.a : &call.b;
    g_assert_null (careful->keys);
    g_assert_nonnull (strstr (careful->failure, "certificate"));
    call_end (&call);
  }
}

/* RFC 7983: the others go through, and who is not the far end is not heard. */
static void
test_others (void)
{
  static const guint8 first[] = { 0, 3, 19, 64, 79, 127, 128, 191, 255 };
  guint8 record[64] = { 22, 254, 253 };
  Call call;
  call_begin (&call, 1, NULL);
  PacketTransport *stranger = virtual_net_open (call.net, "198.51.100.9", 9);

  for (guint i = 0; i < G_N_ELEMENTS (first); i++) {
    guint8 packet[40] = { first[i] };
    packet_transport_send (stranger, packet, sizeof packet,
        &call.b.transport->local);
  }
  start (&call.b, &call.a, FALSE, 0);
  for (guint i = 0; i < 50; i++) {
    record[12] = (guint8) i;
    packet_transport_send (stranger, record, sizeof record,
        &call.b.transport->local);
    if (i % 20 == 0) /* in the far end's name */
      packet_transport_send (call.a.transport, record, sizeof record,
          &call.b.transport->local);
  }
  call_wait (&call, 500 * MS);
  g_assert_cmpuint (call.b.n_other, ==, G_N_ELEMENTS (first));
  g_assert_null (virtual_net_take (stranger));
  start (&call.a, &call.b, TRUE, 0);
  call_wait (&call, 5 * SECOND);
  assert_agreed (&call);
  packet_transport_free (stranger);
  call_end (&call);
}

/* In the far end's name somebody says, again and again, that it is over, before it is. */
static void
test_plain_alerts (void)
{
  static const guint8 alert[] = { 21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 2,
    40 };
  static const guint8 data[] = { 23, 254, 253, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1,
    7 };
  Call call;

  call_begin (&call, 1, NULL);
  start (&call.b, &call.a, FALSE, 0);
  for (guint i = 0; i < 20; i++) {
    packet_transport_send (call.a.transport, alert, sizeof alert,
        &call.b.transport->local);
    packet_transport_send (call.a.transport, data, sizeof data,
        &call.b.transport->local);
    call_wait (&call, 10 * MS);
  }
  start (&call.a, &call.b, TRUE, 0);
  call_wait (&call, 50 * MS);
  assert_agreed (&call);
  call_end (&call);
}

/* Whoever begins stands behind a NAT: its SDP has an address of the inside, its signalling
 * came from that of the outside. */
static void
test_nat (void)
{
  PacketAddress inside;
  Call call;

  call_begin (&call, 1, NULL);
  packet_address_parse (&inside, "10.0.0.1", 4000);
  RtpDtls *dtls = rtp_dtls_new (FALSE, dtls_certificate_get_fingerprint ());
  dtls_transport_start (call.b.dtls, dtls, &inside, &inside, FALSE);
  start (&call.a, &call.b, TRUE, 0);
  call_wait (&call, SECOND / 2);
  g_assert_null (call.b.keys);
  dtls_transport_start (call.b.dtls, dtls, &inside, &call.a.transport->local,
      FALSE);
  rtp_dtls_unref (dtls);
  for (guint i = 0; i < 5 && !call.a.keys; i++) {
    g_usleep (110000);
    call_wait (&call, SECOND);
  }
  assert_agreed (&call);
  call_end (&call);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dtlstransport/agree", test_agree);
  g_test_add_func ("/dtlstransport/loss", test_loss);
  g_test_add_func ("/dtlstransport/wrong-certificate", test_wrong_certificate);
  g_test_add_func ("/dtlstransport/others", test_others);
  g_test_add_func ("/dtlstransport/plain-alerts", test_plain_alerts);
  g_test_add_func ("/dtlstransport/nat", test_nat);
  return g_test_run ();
}
