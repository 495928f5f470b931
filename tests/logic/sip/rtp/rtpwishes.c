/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a far end says of the packets that it takes. */

#include "sip/logic/fmtp/rtpwishes.h"

static const struct
{
  const gchar *text;
  RtpWishes wishes;
} opus[] = {
  { NULL, { 0 } },
  { "", { 0 } },
  { "minptime=10;useinbandfec=1", { 0, 0, 10, TRUE, FALSE, FALSE } },
  { "maxplaybackrate=16000; sprop-maxcapturerate=16000;maxaveragebitrate=20000;"
    " stereo=1; useinbandfec=1; usedtx=0",
      { 16000, 20000, 0, TRUE, FALSE, FALSE } },
  { " CBR = 1 ;usedtx=1;useinbandfec=0", { 0, 0, 0, FALSE, TRUE, TRUE } },
  { "stereo=0;sprop-stereo=0;;=;cbr;cbr=;x=1", { 0 } },
  /* out of range, and no numbers */
  { "maxplaybackrate=4000;maxaveragebitrate=1;minptime=0;usedtx=2;cbr=yes",
      { 0 } },
  { "maxplaybackrate=99999999999999999999;maxaveragebitrate=-1;minptime=121",
      { 0 } },
  { "maxplaybackrate=8000x;maxaveragebitrate=510000;minptime=120",
      { 0, 510000, 120, FALSE, FALSE, FALSE } },
  { "usedtx=1;usedtx=0", { 0 } },
};

static void
test_opus (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (opus); i++) {
    const RtpWishes *right = &opus[i].wishes;
    RtpWishes wishes = { 1, 1, 1, TRUE, TRUE, TRUE };

    g_test_message ("%s", opus[i].text ? opus[i].text : "none");
    rtp_wishes_read_opus (&wishes, opus[i].text);
    g_assert_cmpuint (wishes.max_rate, ==, right->max_rate);
    g_assert_cmpuint (wishes.max_bit_rate, ==, right->max_bit_rate);
    g_assert_cmpuint (wishes.min_packet_time, ==, right->min_packet_time);
    g_assert_cmpint (wishes.mends, ==, right->mends);
    g_assert_cmpint (wishes.pauses, ==, right->pauses);
    g_assert_cmpint (wishes.constant, ==, right->constant);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpwishes/opus", test_opus);
  return g_test_run ();
}
