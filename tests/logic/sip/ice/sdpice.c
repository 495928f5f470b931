/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Offers with ICE and with bundles, and what is answered to them. */

#include "sip/signalling/sdpanswer.h"

#include <string.h>

#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
#define HERE "c=IN IP4 192.0.2.1\r\nt=0 0\r\n"
#define NAMES "a=ice-ufrag:frag\r\na=ice-pwd:their/password/of+24/xyz\r\n"
#define AUDIO "m=audio 8000 RTP/AVP 0\r\n"
#define RTP "a=candidate:1 1 UDP 2130706431 192.0.2.1 8000 typ host\r\n"
#define RTCP "a=candidate:1 2 UDP 2130706430 192.0.2.1 8001 typ host\r\n"
#define MUX "a=rtcp-mux\r\n"
#define VIDEO "m=video 8000 RTP/AVP 96\r\na=mid:v\r\na=rtcp-mux\r\n"
#define OURS "a=ice-ufrag:AAAAAAAA\r\na=ice-pwd:AAAAAAAAAAAAAAAAAAAAAAAA\r\n"

static const SdpLocal local = { .codecs = { { &rtp_codec_pcmu }, 1 },
  .host = "198.51.100.7",
  .inner_host = "10.0.0.7",
  .port = 4000,
  .id = 7,
  .version = 3 };

static gboolean
has (const gchar *text, const gchar *part)
{
  return strstr (text, part) != NULL;
}

/* Our answer to @offer, of which @media is what is agreed on; (transfer full). */
static gchar *
answer (const gchar *offer, RtpStreamMedia *media)
{
  const guint8 random[RTP_ICE_RANDOM] = { 0 };
  g_autoptr (GError) error = NULL;

  sdp_parse (offer, strlen (offer), &local, media, NULL, &error);
  g_assert_no_error (error);
  if (media->ice)
    rtp_ice_make_own (media->ice, random);
  gchar *text = sdp_answer (offer, strlen (offer), &local, media, &error);
  g_assert_no_error (error);
  return text;
}

static void
test_answered (void)
{
  g_auto (RtpStreamMedia) media = { 0 };
  g_autofree gchar *text = answer (HEAD HERE NAMES AUDIO RTP RTCP MUX, &media);

  g_assert_cmpstr (media.ice->ufrag, ==, "frag");
  g_assert_cmpuint (media.ice->n_candidates, ==, 2);
  g_assert_true (media.mux && media.ice->mux);
  g_assert_true (packet_address_equal (&media.remote_rtp, &media.remote_rtcp));
  g_assert_true (has (text, "t=0 0\r\na=ice-lite\r\n"));
  g_assert_true (has (text, "a=ice-options:ice2\r\n"));
  g_assert_true (has (text, OURS));
  g_assert_true (has (text, MUX));
  g_assert_true (has (text,
      "a=candidate:1 1 UDP 2130706431 198.51.100.7 4000 typ host\r\n"
      "a=candidate:2 1 UDP 2130706175 10.0.0.7 4000 typ host\r\n"));
  g_assert_false (
      has (text, "mismatch") || has (text, "host\r\na=candidate:1 2"));
}

/* Two ports are two components. */
static void
test_components (void)
{
  g_auto (RtpStreamMedia) media = { 0 };
  g_autofree gchar *text = answer (HEAD HERE AUDIO NAMES RTP RTCP, &media);

  g_assert_false (media.mux || has (text, "rtcp-mux"));
  g_assert_cmpuint (packet_address_get_port (&media.remote_rtcp), ==, 8001);
  g_assert_true (has (text,
      "a=candidate:1 1 UDP 2130706431 198.51.100.7 4000 typ host\r\n"
      "a=candidate:1 2 UDP 2130706430 198.51.100.7 4001 typ host\r\n"));
}

/* A NAT has made other ports of ours, which inside are what they were. */
static void
test_moved (void)
{
  const gchar *offer = HEAD HERE AUDIO NAMES RTP RTCP;
  const guint8 random[RTP_ICE_RANDOM] = { 0 };
  g_auto (RtpStreamMedia) media = { 0 };
  SdpLocal moved = local;

  moved.rtcp_port = 4331;
  moved.inner_port = 10000;
  g_assert_true (sdp_parse (offer, strlen (offer), &moved, &media, NULL, NULL));
  rtp_ice_make_own (media.ice, random);
  g_autofree gchar *text =
      sdp_answer (offer, strlen (offer), &moved, &media, NULL);
  g_assert_true (has (text, "m=audio 4000 RTP/AVP 0\r\n"));
  g_assert_true (has (text, "a=rtcp:4331\r\n"));
  g_assert_true (
      has (text, " 1 UDP 2130706431 198.51.100.7 4000 typ host\r\n"));
  g_assert_true (
      has (text, " 2 UDP 2130706430 198.51.100.7 4331 typ host\r\n"));
  g_assert_true (has (text, " 1 UDP 2130706175 10.0.0.7 10000 typ host\r\n"));
  g_assert_true (has (text, " 2 UDP 2130706174 10.0.0.7 10001 typ host\r\n"));
  g_autofree gchar *own = sdp_offer (&moved);
  g_assert_true (has (own, "a=rtcp:4331\r\n"));
  moved.rtcp_port = 4001;
  g_autofree gchar *next = sdp_offer (&moved);
  g_assert_false (has (next, "a=rtcp:"));
}

static const struct
{
  const gchar *offer;
  gboolean ice, mismatch, send;
} kinds[] = {
  { HEAD HERE AUDIO, FALSE, FALSE, TRUE },
  { HEAD HERE AUDIO RTP, FALSE, FALSE, TRUE },
  { HEAD HERE AUDIO "a=ice-ufrag:f\r\na=ice-pwd:short\r\n" RTP, FALSE, FALSE,
      TRUE },
  { HEAD HERE AUDIO NAMES RTP, TRUE, FALSE, TRUE },
  /* somebody on the way has changed the address, or the port */
  { HEAD "c=IN IP4 203.0.113.1\r\nt=0 0\r\n" AUDIO NAMES RTP, FALSE, TRUE,
      TRUE },
  { HEAD HERE "m=audio 8002 RTP/AVP 0\r\n" NAMES RTP, FALSE, TRUE, TRUE },
  { HEAD HERE AUDIO NAMES, FALSE, TRUE, TRUE },
  /* it does not know yet; that is no hold, but this is */
  { HEAD "c=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n" NAMES, TRUE,
      FALSE, TRUE },
  { HEAD "c=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n", FALSE, FALSE,
      FALSE },
  /* a name says nothing */
  { HEAD "c=IN IP4 phone.example\r\nt=0 0\r\n" AUDIO NAMES RTP, TRUE, FALSE,
      TRUE },
};

static void
test_kinds (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_auto (RtpStreamMedia) media = { 0 };
    g_test_message ("%s", kinds[i].offer);
    g_autofree gchar *text = answer (kinds[i].offer, &media);
    g_assert_cmpint (media.ice != NULL, ==, kinds[i].ice);
    g_assert_cmpint (has (text, "a=ice-lite"), ==, kinds[i].ice);
    g_assert_cmpint (has (text, "a=ice-mismatch"), ==, kinds[i].mismatch);
    g_assert_cmpint (media.send, ==, kinds[i].send);
    g_assert_false (media.ice && packet_address_is_any (&media.remote_rtp));
  }
}

/* ---- Bundles */

static const struct
{
  const gchar *offer, *group, *first, *second; /* of the answer */
} bundles[] = {
  { HEAD HERE "a=group:BUNDLE a v\r\n" AUDIO "a=mid:a\r\n" MUX VIDEO,
      "a=group:BUNDLE a\r\n", "m=audio 4000", "m=video 0" },
  { HEAD HERE "a=group:LS a v\r\na=group:BUNDLE v a\r\n" VIDEO AUDIO
              "a=mid:a\r\n" MUX,
      "a=group:BUNDLE a\r\n", "m=video 0", "m=audio 4000" },
  /* the video has audio's port, and no other */
  { HEAD HERE "a=group:BUNDLE a v\r\n" AUDIO "a=mid:a\r\n" MUX
              "m=video 0 RTP/AVP 96\r\na=mid:v\r\na=bundle-only\r\n",
      "a=group:BUNDLE a\r\n", "m=audio 4000", "m=video 0" },
  /* this one's audio has none of its own: the other is taken */
  { HEAD HERE "a=group:BUNDLE v b\r\n" VIDEO
              "m=audio 0 RTP/AVP 0\r\na=mid:b\r\na=bundle-only\r\n" AUDIO
              "a=mid:c\r\n" MUX,
      NULL, "m=video 0", "m=audio 0" },
  /* RFC 9143 9.3: not without rtcp-mux */
  { HEAD HERE "a=group:BUNDLE a v\r\n" AUDIO "a=mid:a\r\n" VIDEO, NULL,
      "m=audio 4000", "m=video 0" },
  { HEAD HERE "a=group:BUNDLE x v\r\n" AUDIO "a=mid:a\r\n" MUX VIDEO, NULL,
      "m=audio 4000", "m=video 0" },
  { HEAD HERE "a=group:BUNDLE \r\n" AUDIO MUX VIDEO, NULL, "m=audio 4000",
      "m=video 0" },
};

static void
test_bundles (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bundles); i++) {
    g_auto (RtpStreamMedia) media = { 0 };
    g_test_message ("%s", bundles[i].offer);
    g_autofree gchar *text = answer (bundles[i].offer, &media);
    g_assert_cmpint (has (text, "a=group:"), ==, bundles[i].group != NULL);
    g_assert_true (!bundles[i].group || has (text, bundles[i].group));
    const gchar *first = strstr (text, bundles[i].first);
    g_assert_nonnull (first);
    g_assert_nonnull (strstr (first, bundles[i].second));
    g_assert_true (has (text, "a=mid:v\r\n"));
    g_assert_false (has (text, "bundle-only"));
  }
}

#define MID_URI " urn:ietf:params:rtp-hdrext:sdes:mid\r\n"

static const struct
{
  const gchar *group, *name, *extension;
  guint id; /* that packets get */
} names[] = {
  { "a=group:BUNDLE a v\r\n", "a=mid:a\r\n", "a=extmap:3" MID_URI, 3 },
  { "a=group:BUNDLE a v\r\n", "a=mid:a\r\n", "a=extmap:14/sendrecv" MID_URI,
      14 },
  { "a=group:BUNDLE a v\r\n", "a=mid:a\r\n",
      "a=extmap:1 urn:other\r\na=extmap:2" MID_URI, 2 },
  { "a=group:BUNDLE 0123456789abcdef v\r\n", "a=mid:0123456789abcdef\r\n",
      "a=extmap:1" MID_URI, 1 },
  /* longer than the extension has room for */
  { "a=group:BUNDLE 0123456789abcdefg v\r\n", "a=mid:0123456789abcdefg\r\n",
      "a=extmap:1" MID_URI, 0 },
  { "a=group:BUNDLE v\r\n", "a=mid:a\r\n", "a=extmap:3" MID_URI, 0 },
  { "a=group:BUNDLE a v\r\n", "a=mid:a\r\n", "", 0 },
  { "a=group:BUNDLE a v\r\n", "a=mid:a\r\n", "a=extmap:0" MID_URI, 0 },
  { "a=group:BUNDLE a v\r\n", "a=mid:a\r\n", "a=extmap:15" MID_URI, 0 },
  { "a=group:BUNDLE a v\r\n", "a=mid:a\r\n", "a=extmap:3x" MID_URI, 0 },
  { "a=group:BUNDLE a v\r\n", "a=mid:a\r\n", "a=extmap:3/recvonly" MID_URI, 0 },
  { "a=group:BUNDLE a v\r\n", "a=mid:a\r\n", "a=extmap:3\r\n", 0 },
};

/* Whoever offers it wants each packet to say which stream it is of. */
static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_auto (RtpStreamMedia) media = { 0 };
    g_autofree gchar *offer = g_strconcat (HEAD HERE, names[i].group, AUDIO MUX,
        names[i].name, names[i].extension, VIDEO, NULL);
    g_test_message ("%s", offer);
    g_autofree gchar *text = answer (offer, &media);
    g_autofree gchar *said =
        g_strdup_printf ("a=extmap:%u" MID_URI, names[i].id);
    g_assert_cmpuint (media.name.id, ==, names[i].id);
    g_assert_cmpint (has (text, said), ==, names[i].id != 0);
    g_assert_cmpint (has (text, "a=extmap"), ==, names[i].id != 0);
    if (!names[i].id)
      continue;
    g_autofree gchar *mid = g_strdup_printf ("a=mid:%s\r\n", media.name.mid);
    g_assert_cmpstr (mid, ==, names[i].name);
  }
}

/* What we offer in such a call has every m-line, and its names again. */
static void
test_offered_again (void)
{
  g_auto (RtpStreamMedia) media = { 0 };
  g_autofree gchar *said =
      answer (HEAD HERE "a=group:BUNDLE v a\r\n" VIDEO AUDIO "a=mid:a\r\n"
                        "a=extmap:4" MID_URI NAMES RTP MUX,
          &media);
  SdpLocal held = local;

  held.ice = media.ice;
  held.before = said;
  held.hold = TRUE;
  g_autofree gchar *offer = sdp_offer (&held);
  const gchar *audio = strstr (offer, "m=audio 4000");
  g_assert_true (has (offer, "a=group:BUNDLE a\r\n"));
  g_assert_nonnull (audio);
  g_assert_true (strstr (offer, "m=video 0") < audio);
  g_assert_true (has (audio, OURS) && has (audio, MUX));
  g_assert_true (has (audio, "a=extmap:4" MID_URI));
  g_assert_true (has (audio, "a=mid:a\r\n") && has (audio, "a=sendonly\r\n"));

  RtpStreamMedia agreed;
  const gchar *theirs = HEAD HERE VIDEO AUDIO NAMES RTP MUX;
  g_assert_true (
      sdp_parse_answer (theirs, strlen (theirs), &held, &agreed, NULL, NULL));
  g_assert_true (agreed.mux && rtp_ice_is_same (agreed.ice, media.ice));
  rtp_stream_media_clear (&agreed);
  /* an answer to none has none */
  g_assert_true (
      sdp_parse_answer (theirs, strlen (theirs), &local, &agreed, NULL, NULL));
  g_assert_false (agreed.mux || agreed.ice);
  rtp_stream_media_clear (&agreed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdpice/answered", test_answered);
  g_test_add_func ("/sdpice/components", test_components);
  g_test_add_func ("/sdpice/moved", test_moved);
  g_test_add_func ("/sdpice/kinds", test_kinds);
  g_test_add_func ("/sdpice/bundles", test_bundles);
  g_test_add_func ("/sdpice/names", test_names);
  g_test_add_func ("/sdpice/offered-again", test_offered_again);
  return g_test_run ();
}
