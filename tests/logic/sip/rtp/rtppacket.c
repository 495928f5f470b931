/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rtp/rtppacket.h"

#include <string.h>

static void
test_round_trip (void)
{
  guint8 data[RTP_HEADER_SIZE + 4] = { 0 };
  RtpPacket in = { .payload_type = 101,
    .marker = TRUE,
    .sequence = 65535,
    .timestamp = 0xfffefdfc,
    .ssrc = 0x80000001 };
  RtpPacket out;
  rtp_packet_write_header (&in, data);
  g_assert_true (rtp_packet_parse (&out, data, sizeof data));
  g_assert_cmpuint (out.payload_type, ==, 101);
  g_assert_true (out.marker);
  g_assert_cmpuint (out.sequence, ==, 65535);
  g_assert_cmphex (out.timestamp, ==, 0xfffefdfc);
  g_assert_cmphex (out.ssrc, ==, 0x80000001);
  g_assert_true (out.payload == data + RTP_HEADER_SIZE);
  g_assert_cmpuint (out.payload_size, ==, 4);
}

static void
test_extras (void)
{
  /* Two CSRCs, an extension of one word, 3 bytes of padding. */
  guint8 data[12 + 8 + 8 + 5 + 3] = { [0] = 0xb2, [23] = 1, [35] = 3 };
  RtpPacket packet;
  g_assert_true (rtp_packet_parse (&packet, data, sizeof data));
  g_assert_true (packet.payload == data + 28);
  g_assert_cmpuint (packet.payload_size, ==, 5);
  data[35] = 8;
  g_assert_true (rtp_packet_parse (&packet, data, sizeof data));
  g_assert_cmpuint (packet.payload_size, ==, 0);
}

static void
test_malformed (void)
{
  RtpPacket packet;
  guint8 good[40] = { [0] = 0x80 };
  g_assert_true (rtp_packet_parse (&packet, good, sizeof good));
  g_assert_false (rtp_packet_parse (&packet, good, 11));
  guint8 version[40] = { [0] = 0x40 };
  g_assert_false (rtp_packet_parse (&packet, version, sizeof version));
  guint8 csrcs[40] = { [0] = 0x8f };
  g_assert_false (rtp_packet_parse (&packet, csrcs, sizeof csrcs));
  guint8 extension[40] = { [0] = 0x90, [15] = 7 };
  g_assert_false (rtp_packet_parse (&packet, extension, sizeof extension));
  extension[15] = 6;
  g_assert_true (rtp_packet_parse (&packet, extension, sizeof extension));
  g_assert_false (rtp_packet_parse (&packet, extension, 15));
  guint8 padding[40] = { [0] = 0xa0, [39] = 29 };
  g_assert_false (rtp_packet_parse (&packet, padding, sizeof padding));
  padding[39] = 0;
  g_assert_false (rtp_packet_parse (&packet, padding, sizeof padding));
}

static void
test_rtcp (void)
{
  const guint8 report[8] = { 0x80, 200 }, audio[12] = { 0x80, 0x80 };
  g_assert_true (rtp_packet_is_rtcp (report, sizeof report));
  g_assert_false (rtp_packet_is_rtcp (report, 7));
  g_assert_false (rtp_packet_is_rtcp (audio, sizeof audio));
}

/* As RFC 8285 4.2 has it: whole words, and the payload as it was. */
static void
test_name (void)
{
  static const gchar *const mids[] = { "a", "abc", "abcd", "0123456789abcdef" };
  static const gsize sizes[] = { 8, 8, 12, 24 };

  for (guint i = 0; i < G_N_ELEMENTS (mids); i++) {
    const RtpPacket header = { .payload_type = 8, .sequence = 7 };
    RtpName name = { .id = 3 };
    guint8 data[RTP_HEADER_SIZE + RTP_NAME_MAX_SIZE + 160];
    RtpPacket packet;
    g_strlcpy (name.mid, mids[i], sizeof name.mid);
    memset (data, 0xaa, sizeof data);
    rtp_packet_write_header (&header, data);
    const gsize size = rtp_name_insert (&name, data, 160);
    g_assert_cmpuint (size, ==, sizes[i]);
    g_assert_true (
        rtp_packet_parse (&packet, data, RTP_HEADER_SIZE + size + 160));
    g_assert_cmpuint (packet.payload_size, ==, 160);
    g_assert_cmpuint (packet.payload[0], ==, 0xaa);
    g_assert_cmpuint (packet.payload[159], ==, 0xaa);
    g_assert_cmpuint (rtp_read_uint16 (data + 12), ==, 0xbede);
    g_assert_cmpuint (data[16], ==, 0x30 | (strlen (mids[i]) - 1));
    g_assert_cmpmem (data + 17, strlen (mids[i]), mids[i], strlen (mids[i]));
    name.id = 0;
    g_assert_cmpuint (rtp_name_insert (&name, data, 160), ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtppacket/round-trip", test_round_trip);
  g_test_add_func ("/rtppacket/extras", test_extras);
  g_test_add_func ("/rtppacket/malformed", test_malformed);
  g_test_add_func ("/rtppacket/rtcp", test_rtcp);
  g_test_add_func ("/rtppacket/name", test_name);
  return g_test_run ();
}
