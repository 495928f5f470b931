/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A whole stream: records of two bytes of size and as many of RTP, each 20 ms
 * after the last, through the digit receiver and the jitter buffer. */

#include "sip/logic/rtp/rtpreceiver.h"
#include "sip/logic/rtp/telephoneevent.h"

#define FRAME_TIME G_GINT64_CONSTANT (20000000)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
receive (RtpReceiver *receiver, TelephoneEventReceiver *digits,
    const guint8 *data, gsize size, gint64 now)
{
  TelephoneEvent events[TELEPHONE_EVENT_MAX];
  RtpPacket packet;
  RtpFrame frame;
  guint n = 0;

  if (rtp_packet_parse (&packet, data, size)) {
    n = packet.payload_type == 101
        ? telephone_event_receive (digits, &packet, now, events)
        : telephone_event_receive_audio (digits, &packet, events);
    rtp_receiver_push (receiver, &packet, now);
  } else {
    n = telephone_event_expire (digits, now, events);
  }
  g_assert (n <= TELEPHONE_EVENT_MAX);
  for (guint i = 0; i < n; i++)
    g_assert (telephone_event_from_digit (events[i].digit) >= 0);
  n = 0;
  while (rtp_receiver_pop (receiver, now, &frame)) {
    g_assert ((frame.audio != NULL) == (frame.kind == RTP_FRAME_AUDIO));
    g_assert (++n < 1000);
  }
  g_assert (rtp_receiver_get_deadline (receiver) > now);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const RtpReceiverConfig config = { 0, 101, 2 * FRAME_TIME };
  TelephoneEventReceiver digits;
  RtpReceiver *receiver = g_new (RtpReceiver, 1);
  gint64 now = FRAME_TIME;

  rtp_receiver_init (receiver, &config, now);
  telephone_event_receiver_init (&digits);
  for (gsize at = 0; at + 2 <= size; now += FRAME_TIME) {
    gsize length = MIN (rtp_read_uint16 (data + at) & 0x3ff, size - at - 2);
    receive (receiver, &digits, data + at + 2, length, now);
    at += 2 + length;
  }
  rtp_receiver_clear (receiver);
  g_free (receiver);
  return 0;
}
