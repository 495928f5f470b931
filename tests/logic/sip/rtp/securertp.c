/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* SRTP between two ends of a network in virtual time: what is let through, what is
 * not, and that counters of turned over sequence numbers outlive a change of the call. */

#include "sip/srtp/securertp.h"

#include "mock/virtualnet.h"
#include "sip/logic/rtp/rtppacket.h"
#include "sip/srtp/securecontext.h"

#include <srtp2/srtp.h>
#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
#define PAYLOAD 160
#define SIZE (RTP_HEADER_SIZE + PAYLOAD)
#define SSRC 0x11223344

/* ---- Two ends and what arrived */

typedef struct
{
  PacketTransport *rtp, *rtcp;
  SecureRtp *secure;
  guint n_rtp, n_rtcp, n_rejected;
  guint8 last[256];
  gsize last_size;
} Side;

typedef struct
{
  MediaLoop *loop;
  VirtualNet *net;
  Side a, b;
} Call;

static void
fill (guint8 *packet, guint16 sequence, guint32 ssrc)
{
  const RtpPacket header = { .sequence = sequence,
    .timestamp = sequence * 160u,
    .ssrc = ssrc };

  rtp_packet_write_header (&header, packet);
  for (guint i = 0; i < PAYLOAD; i++)
    packet[RTP_HEADER_SIZE + i] = (guint8) (sequence + i);
}

static void
on_rtp (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  Side *self = user;
  guint8 expected[SIZE];

  self->n_rtp++;
  g_assert_cmpuint (size, ==, SIZE);
  fill (expected, rtp_read_uint16 (data + 2), rtp_read_uint32 (data + 8));
  g_assert_cmpmem (data, size, expected, SIZE);
}

static void
on_rtcp (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  Side *self = user;

  self->n_rtcp++;
  self->last_size = size;
  memcpy (self->last, data, size);
}

static void
on_rejected (const PacketAddress *from, gsize size, gpointer user)
{
  ((Side *) user)->n_rejected++;
}

static void
side_open (Side *self, Call *call, const gchar *host)
{
  self->rtp = virtual_net_open (call->net, host, 4000);
  self->rtcp = virtual_net_open (call->net, host, 4001);
  self->secure = secure_rtp_new (&self->rtp, &self->rtcp, on_rejected, self);
  packet_transport_receive (self->rtp, call->loop, on_rtp, self);
  packet_transport_receive (self->rtcp, call->loop, on_rtcp, self);
}

static void
side_close (Side *self, Call *call)
{
  packet_transport_receive (self->rtp, call->loop, NULL, NULL);
  packet_transport_receive (self->rtcp, call->loop, NULL, NULL);
  packet_transport_free (self->rtp);
  packet_transport_free (self->rtcp);
}

static void
call_begin (Call *self)
{
  *self = (Call){ .loop = media_loop_new_manual (100 * SECOND) };
  self->net = virtual_net_new (self->loop, 1);
  side_open (&self->a, self, "192.0.2.1");
  side_open (&self->b, self, "192.0.2.2");
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

static RtpKey
make_key (RtpSuite suite, guint8 seed)
{
  RtpKey key = { .suite = suite };

  for (guint i = 0; i < RTP_KEY_MAX_SIZE; i++)
    key.bytes[i] = (guint8) (seed * 31 + i * 7);
  return key;
}

static void
set_keys (Call *self, Side *side, const RtpKey *send, const RtpKey *receive)
{
  g_autoptr (RtpKeys) keys = rtp_keys_new ("sdes", send, receive);

  secure_rtp_set_keys (side->secure, keys, media_loop_now (self->loop));
}

static void
agree (Call *self, const RtpKey *of_a, const RtpKey *of_b)
{
  set_keys (self, &self->a, of_a, of_b);
  set_keys (self, &self->b, of_b, of_a);
}

static void
agree_by_seed (Call *self, RtpSuite suite, guint8 seed)
{
  const RtpKey of_a = make_key (suite, seed), of_b = make_key (suite, seed + 1);

  agree (self, &of_a, &of_b);
}

static void
say (Call *self, guint16 sequence, guint32 ssrc)
{
  guint8 packet[SIZE];

  fill (packet, sequence, ssrc);
  packet_transport_send (self->a.rtp, packet, SIZE, &self->b.rtp->local);
  call_wait (self, 5 * MS);
}

static void
report (Call *self, PacketTransport *from, const PacketAddress *to)
{
  guint8 packet[28] = { 0x80, 200, 0, 6, 0x11, 0x22, 0x33, 0x44 };

  packet_transport_send (from, packet, sizeof packet, to);
  call_wait (self, 5 * MS);
}

/* Says the numbers from @first on; all but every seventh go. */
static void
say_many (Call *self, guint16 first, guint n)
{
  for (guint i = 0; i < n; i++)
    if (i % 7 != 3)
      say (self, (guint16) (first + i), SSRC);
}

/* ---- What goes through */

static PacketTransport *
open_raw (Call *self, const gchar *host)
{
  return virtual_net_open (self->net, host, 6000);
}

/* Each suite: as long on the wire as it should be, and nothing of it readable; what
 * arrives is what was said. */
static void
test_suites (void)
{
  static const guint tags[RTP_N_SUITES] = { 16, 10, 4 },
                     rtcp_tags[RTP_N_SUITES] = { 16, 10, 10 };

  for (guint i = 0; i < RTP_N_SUITES; i++)
    for (guint mki = 0; mki < 2; mki++) {
      const RtpSuite suite = (RtpSuite) i;
      RtpKey of_a = make_key (suite, 1), of_b = make_key (suite, 2);
      Call call;
      of_a.mki_size = of_b.mki_size = 4 * mki;
      of_a.mki[3] = of_b.mki[3] = 1;
      call_begin (&call);
      agree (&call, &of_a, &of_b);

      PacketTransport *watcher = open_raw (&call, "192.0.2.3");
      guint8 packet[SIZE];
      fill (packet, 7, SSRC);
      packet_transport_send (call.a.rtp, packet, SIZE, &watcher->local);
      call_wait (&call, 5 * MS);
      g_autoptr (VirtualPacket) seen = virtual_net_take (watcher);
      g_assert_cmpuint (seen->size, ==, SIZE + tags[i] + 4 * mki);
      g_assert_cmpint (memcmp (seen->data, packet, RTP_HEADER_SIZE), ==, 0);
      g_assert_cmpint (memcmp (seen->data + 12, packet + 12, 16), !=, 0);
      report (&call, call.a.rtcp, &watcher->local);
      g_autoptr (VirtualPacket) told = virtual_net_take (watcher);
      g_assert_cmpuint (told->size, ==, 28 + 4 + rtcp_tags[i] + 4 * mki);
      packet_transport_free (watcher);

      say_many (&call, 10, 70);
      report (&call, call.a.rtcp, &call.b.rtcp->local);
      g_assert_cmpuint (call.b.n_rtp, ==, 60);
      g_assert_cmpuint (call.b.n_rtcp, ==, 1);
      g_assert_cmpuint (call.b.last_size, ==, 28);
      g_assert_cmpuint (call.b.n_rejected, ==, 0);
      call_end (&call);
    }
}

/* RFC 5761: reports on the port of RTP. */
static void
test_mux (void)
{
  Call call;

  call_begin (&call);
  agree_by_seed (&call, RTP_SUITE_AEAD_AES_128_GCM, 1);
  packet_transport_receive (call.b.rtp, call.loop, on_rtcp, &call.b);
  report (&call, call.a.rtp, &call.b.rtp->local);
  g_assert_cmpuint (call.b.n_rtcp, ==, 1);
  call_end (&call);
}

/* ---- What does not */

static void
inject (Call *self, const guint8 *data, gsize size)
{
  PacketTransport *raw = open_raw (self, "192.0.2.1");

  packet_transport_send (raw, data, size, &self->b.rtp->local);
  call_wait (self, 5 * MS);
  packet_transport_free (raw);
}

/* What a says once, as it is on the wire, and not to b. */
static gsize
record (Call *self, guint16 sequence, guint8 *data)
{
  PacketTransport *watcher = open_raw (self, "192.0.2.3");
  guint8 packet[SIZE];

  fill (packet, sequence, SSRC);
  packet_transport_send (self->a.rtp, packet, SIZE, &watcher->local);
  call_wait (self, 5 * MS);
  g_autoptr (VirtualPacket) seen = virtual_net_take (watcher);
  packet_transport_free (watcher);
  memcpy (data, seen->data, seen->size);
  return seen->size;
}

static void
test_forged (void)
{
  for (guint i = 0; i < RTP_N_SUITES; i++) {
    guint8 wire[256], damaged[256], plain[SIZE];
    guint n = 0;
    Call call;
    call_begin (&call);
    agree_by_seed (&call, (RtpSuite) i, 1);
    const gsize size = record (&call, 9, wire);

    for (gsize bit = 0; bit < 8 * size; bit++, n++) {
      memcpy (damaged, wire, size);
      damaged[bit / 8] ^= (guint8) (1 << bit % 8);
      inject (&call, damaged, size);
    }
    for (gsize shorter = 0; shorter < size; shorter++, n++)
      inject (&call, wire, shorter);
    fill (plain, 9, SSRC);
    inject (&call, plain, SIZE);
    const RtpKey wrong = make_key ((RtpSuite) i, 77);
    set_keys (&call, &call.a, &wrong, &wrong);
    say (&call, 11, SSRC + 1);
    n += 2;
    g_assert_cmpuint (call.b.n_rtp, ==, 0);
    g_assert_cmpuint (call.b.n_rejected, ==, n);
    g_assert_cmpuint (secure_rtp_get_counters (call.b.secure)->forged, ==, n);

    inject (&call, wire, size); /* none of these harmed the good one */
    g_assert_cmpuint (call.b.n_rtp, ==, 1);
    call_end (&call);
  }
}

static void
test_replayed (void)
{
  guint8 early[256], wire[256];
  Call call;
  call_begin (&call);
  agree_by_seed (&call, RTP_SUITE_AES_CM_128_HMAC_SHA1_80, 1);
  const SecureRtpCounters *counters = secure_rtp_get_counters (call.b.secure);
  const gsize early_size = record (&call, 99, early);
  const gsize size = record (&call, 100, wire);

  inject (&call, wire, size);
  inject (&call, wire, size);
  g_assert_cmpuint (call.b.n_rtp, ==, 1);
  g_assert_cmpuint (counters->replayed, ==, 1);
  inject (&call, early, early_size); /* out of order is none */
  g_assert_cmpuint (call.b.n_rtp, ==, 2);
  for (guint16 i = 0; i < 200; i++)
    say (&call, (guint16) (101 + i), SSRC);
  inject (&call, early, early_size); /* long before the window */
  g_assert_cmpuint (call.b.n_rtp, ==, 202);
  g_assert_cmpuint (counters->replayed, ==, 2);
  g_assert_cmpuint (counters->forged, ==, 0);
  call_end (&call);
}

/* ---- Time and change */

/* Past two turns of the sequence number, with the same keys agreed on again now and
 * then, as a re-INVITE does, and plain RTP for a while between. */
static void
test_turns (void)
{
  Call call;

  call_begin (&call);
  for (guint part = 0; part < 14; part++) {
    agree_by_seed (&call, RTP_SUITE_AEAD_AES_128_GCM, 1);
    for (guint i = 0; i < 10000; i += 100)
      say (&call, (guint16) (30000 + part * 10000 + i), SSRC);
    if (part % 5 == 2) {
      secure_rtp_set_keys (call.a.secure, NULL, 0);
      secure_rtp_set_keys (call.b.secure, NULL, 0);
      say (&call, 1, SSRC + 1);
    }
  }
  g_assert_cmpuint (call.b.n_rtp, ==, 1400 + 3);
  g_assert_cmpuint (call.b.n_rejected, ==, 0);
  call_end (&call);
}

/* A source of its own begins at 0, whatever the other has behind it. */
static void
test_sources (void)
{
  guint n;
  Call call;

  call_begin (&call);
  agree_by_seed (&call, RTP_SUITE_AES_CM_128_HMAC_SHA1_80, 1);
  for (n = 0; n < 2000; n++)
    say (&call, (guint16) (n * 100), SSRC);
  guint8 early[256];
  const gsize early_size = record (&call, 3295, early);
  inject (&call, early, early_size);
  n++;
  for (guint32 i = 1; i < SECURE_CONTEXT_MAX_SOURCES; i++)
    say (&call, 50000, SSRC + i);
  n += SECURE_CONTEXT_MAX_SOURCES - 1;
  g_assert_cmpuint (call.b.n_rtp, ==, n);
  g_assert_cmpuint (call.b.n_rejected, ==, 0);
  /* No other one is let in, so that none of these is forgotten. */
  for (guint32 i = 0; i < 20; i++)
    say (&call, 50000, SSRC + 5000 + i);
  g_assert_cmpuint (call.b.n_rtp, ==, n);
  g_assert_cmpuint (secure_rtp_get_counters (call.b.secure)->forged, ==, 20);
  inject (&call, early, early_size);
  g_assert_cmpuint (call.b.n_rtp, ==, n);
  g_assert_cmpuint (secure_rtp_get_counters (call.b.secure)->replayed, ==, 1);

  guint8 wire[256];
  const gsize size = record (&call, 3300, wire);
  const RtpKey of_a = make_key (RTP_SUITE_AES_CM_128_HMAC_SHA1_80, 1);
  SecureContext *inbound = secure_context_new (&of_a, FALSE);
  guint32 ssrc, roc;
  gsize length = size;
  g_assert_false (secure_context_get_last (inbound, &ssrc, &roc));
  g_assert_true (secure_context_expect (inbound, SSRC, 3));
  g_assert_cmpint (secure_context_unprotect (inbound, wire, &length), ==,
      SECURE_RESULT_GOOD);
  g_assert_true (secure_context_get_last (inbound, &ssrc, &roc));
  g_assert_cmpuint (ssrc, ==, SSRC);
  g_assert_cmpuint (roc, ==, 3);
  secure_context_free (inbound);
  call_end (&call);
}

/* @kept: the far end's source goes on counting under its new key (RFC 3711), else it
 * begins anew, as many do. Either is understood; the last key is for a while. */
static void
rekey (RtpSuite suite, gboolean kept)
{
  const RtpKey old = make_key (suite, 1), new = make_key (suite, 2),
               ours = make_key (suite, 3);
  guint8 under_way[256], late[256], packet[256];
  Call call;
  call_begin (&call);
  agree (&call, &old, &ours);
  for (guint n = 0; n < 800; n++)
    say (&call, (guint16) (n * 100), SSRC);
  guint n = call.b.n_rtp;
  const gsize way_size = record (&call, 15000, under_way);
  const gsize late_size = record (&call, 15001, late);

  set_keys (&call, &call.b, &ours, &new);
  inject (&call, under_way, way_size);
  g_assert_cmpuint (call.b.n_rtp, ==, ++n);
  SecureContext *sender = secure_context_new (&new, TRUE);
  if (kept)
    g_assert_true (secure_context_expect (sender, SSRC, 1));
  for (guint16 i = 0; i < 50; i++) {
    gsize size = SIZE;
    fill (packet, (guint16) (15002 + i), SSRC);
    g_assert_true (secure_context_protect (sender, packet, &size));
    inject (&call, packet, size);
    g_assert_cmpuint (call.b.n_rtp, ==, ++n);
  }
  secure_context_free (sender);
  g_assert_cmpuint (call.b.n_rejected, ==, 0);

  call_wait (&call, 2 * SECOND);
  inject (&call, late, late_size);
  g_assert_cmpuint (call.b.n_rtp, ==, n);
  g_assert_cmpuint (call.b.n_rejected, ==, 1);
  call_end (&call);
}

static void
test_rekey (void)
{
  for (guint i = 0; i < RTP_N_SUITES; i++) {
    rekey ((RtpSuite) i, FALSE);
    rekey ((RtpSuite) i, TRUE);
  }
}

/* A key and back again: what came with it before cannot come again. */
static void
test_back (void)
{
  const RtpKey first = make_key (RTP_SUITE_AEAD_AES_128_GCM, 1),
               second = make_key (RTP_SUITE_AEAD_AES_128_GCM, 2);
  guint8 wire[256];
  Call call;
  call_begin (&call);
  agree (&call, &first, &first);
  const gsize size = record (&call, 100, wire);
  inject (&call, wire, size);
  set_keys (&call, &call.b, &first, &second);
  set_keys (&call, &call.b, &first, &first);
  inject (&call, wire, size);
  say (&call, 101, SSRC);
  g_assert_cmpuint (call.b.n_rtp, ==, 2);
  g_assert_cmpuint (secure_rtp_get_counters (call.b.secure)->replayed, ==, 1);
  call_end (&call);
}

/* The same long after the last one was over, and that of before as well; and a source
 * that went on counting meanwhile goes on. */
static void
test_long_back (void)
{
  RtpKey keys[4];
  guint8 wire[256], packet[256];
  gsize size = SIZE;
  Call call;
  call_begin (&call);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    keys[i] = make_key (RTP_SUITE_AEAD_AES_128_GCM, (guint8) (i + 1));
  agree (&call, &keys[0], &keys[0]);
  const gsize wire_size = record (&call, 100, wire);
  inject (&call, wire, wire_size);
  for (guint i = 1; i <= G_N_ELEMENTS (keys); i++) {
    set_keys (&call, &call.b, &keys[0], &keys[i % G_N_ELEMENTS (keys)]);
    call_wait (&call, 3 * SECOND);
    inject (&call, wire, wire_size);
    g_assert_cmpuint (call.b.n_rtp, ==, 1);
  }
  g_assert_cmpuint (secure_rtp_get_counters (call.b.secure)->replayed, ==, 1);
  say (&call, 101, SSRC);
  g_assert_cmpuint (call.b.n_rtp, ==, 2);

  set_keys (&call, &call.b, &keys[0], &keys[1]);
  SecureContext *sender = secure_context_new (&keys[1], TRUE);
  g_assert_true (secure_context_expect (sender, SSRC, 0));
  for (guint i = 1; i <= 9; i++, size = SIZE) {
    fill (packet, (guint16) (i * 10000), SSRC);
    g_assert_true (secure_context_protect (sender, packet, &size));
    inject (&call, packet, size);
    call_wait (&call, SECOND);
  }
  secure_context_free (sender);
  g_assert_cmpuint (call.b.n_rtp, ==, 11);
  set_keys (&call, &call.b, &keys[0], &keys[0]);
  sender = secure_context_new (&keys[0], TRUE);
  g_assert_true (secure_context_expect (sender, SSRC, 1));
  fill (packet, 50000, SSRC);
  g_assert_true (secure_context_protect (sender, packet, &size));
  inject (&call, packet, size);
  g_assert_cmpuint (call.b.n_rtp, ==, 12);
  secure_context_free (sender);
  inject (&call, wire, wire_size);
  g_assert_cmpuint (call.b.n_rtp, ==, 12);
  call_end (&call);
}

/* Only another key of ours wants another source. */
static void
test_send_key (void)
{
  const RtpKey one = make_key (RTP_SUITE_AEAD_AES_128_GCM, 1),
               two = make_key (RTP_SUITE_AES_CM_128_HMAC_SHA1_80, 2);
  g_autoptr (RtpKeys) first = rtp_keys_new ("sdes", &one, &one);
  g_autoptr (RtpKeys) theirs = rtp_keys_new ("sdes", &one, &two);
  g_autoptr (RtpKeys) ours = rtp_keys_new ("sdes", &two, &two);
  Call call;

  call_begin (&call);
  g_assert_false (secure_rtp_set_keys (call.a.secure, first, 0));
  g_assert_false (secure_rtp_set_keys (call.a.secure, theirs, 0));
  g_assert_false (secure_rtp_set_keys (call.a.secure, NULL, 0));
  g_assert_false (secure_rtp_set_keys (call.a.secure, theirs, 0));
  g_assert_true (secure_rtp_set_keys (call.a.secure, ours, 0));
  call_end (&call);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* As in a process where webrtcbin was first: the library takes the next for a fault. */
  g_assert_cmpint (srtp_init (), ==, srtp_err_status_ok);
  g_test_add_func ("/securertp/suites", test_suites);
  g_test_add_func ("/securertp/mux", test_mux);
  g_test_add_func ("/securertp/forged", test_forged);
  g_test_add_func ("/securertp/replayed", test_replayed);
  g_test_add_func ("/securertp/turns", test_turns);
  g_test_add_func ("/securertp/sources", test_sources);
  g_test_add_func ("/securertp/rekey", test_rekey);
  g_test_add_func ("/securertp/back", test_back);
  g_test_add_func ("/securertp/long-back", test_long_back);
  g_test_add_func ("/securertp/send-key", test_send_key);
  return g_test_run ();
}
