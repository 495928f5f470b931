/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/signalling/sdpanswer.h"

#include <gio/gio.h>
#include <string.h>

#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
#define HERE "c=IN IP4 192.0.2.1\r\nt=0 0\r\n"
#define THERE "192.0.2.1:8000"

static const SdpLocal local = { .codecs = { { &rtp_codec_pcmu, &rtp_codec_pcma,
                                                &rtp_codec_g722,
                                                &rtp_codec_opus },
                                    4 },
  .host = "198.51.100.7",
  .port = 4000,
  .id = 7,
  .version = 3 };

static const struct
{
  const gchar *text;
  guint payload_type;
  gint event;
  const gchar *rtp; /* NULL: none */
  guint rtcp_port;
  gboolean send, receive;
} good[] = {
  { HEAD HERE "m=audio 8000 RTP/AVP 0 8\r\n", 0, -1, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 96 97\r\na=rtpmap:96 pcma/8000/1\r\n"
              "a=rtpmap:97 telephone-event/8000\r\n",
      96, 97, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 0 8\r\na=rtpmap:0 G729/8000\r\n", 8, -1,
      THERE, 8001, 1, 1 },
  { HEAD HERE "m=video 9000 RTP/AVP 31\r\nm=audio 8002 RTP/SAVP 0\r\n"
              "m=audio 0 RTP/AVP 0\r\nm=audio 8000 RTP/AVP 0\r\n",
      0, -1, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 0\r\nc=IN IP4 192.0.2.9\r\na=rtcp:9001\r\n",
      0, -1, "192.0.2.9:8000", 9001, 1, 1 },
  { HEAD "c=IN IP4 192.0.2.1/127\r\nt=0 0\r\nm=audio 8000 RTP/AVP 0\r\n", 0, -1,
      THERE, 8001, 1, 1 },
  { HEAD "c=IN IP6 2001:db8::1\r\nt=0 0\r\nm=audio 8000 RTP/AVP 0\r\n", 0, -1,
      "[2001:db8::1]:8000", 8001, 1, 1 },
  { HEAD "c=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 8000 RTP/AVP 0\r\n", 0, -1, NULL,
      0, 0, 0 },
  /* G.722 first, last, alone, under another number; its clock is not its rate */
  { HEAD HERE "m=audio 8000 RTP/AVP 9 0 8\r\n", 9, -1, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 0 8 9\r\n", 0, -1, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 9\r\n", 9, -1, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 98 97\r\na=rtpmap:98 g722/8000\r\n"
              "a=rtpmap:97 telephone-event/8000\r\n",
      98, 97, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 98 8\r\na=rtpmap:98 G722/16000\r\n", 8, -1,
      THERE, 8001, 1, 1 },
  /* Opus, and keys at its clock beside it, at the others' beside those */
  { HEAD HERE "m=audio 8000 RTP/AVP 96 0 101 97\r\na=rtpmap:96 OPUS/48000/2\r\n"
              "a=rtpmap:101 telephone-event/8000\r\n"
              "a=rtpmap:97 telephone-event/48000\r\n",
      96, 97, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 0 96 97 101\r\na=rtpmap:96 opus/48000/2\r\n"
              "a=rtpmap:97 telephone-event/48000\r\n"
              "a=rtpmap:101 telephone-event/8000\r\n",
      0, 101, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 111 101\r\na=rtpmap:111 opus/48000/2\r\n"
              "a=rtpmap:101 telephone-event/8000\r\n",
      111, 101, THERE, 8001, 1, 1 },
  /* no Opus: RFC 7587 7 */
  { HEAD HERE
      "m=audio 8000 RTP/AVP 96 97 98 111 8\r\na=rtpmap:96 opus/48000\r\n"
      "a=rtpmap:97 opus/16000/2\r\na=rtpmap:98 opus/48000/20\r\n",
      8, -1, THERE, 8001, 1, 1 },
  /* the first codec of the offer, not ours */
  { HEAD HERE "m=audio 8000 RTP/AVP 18 8 0\r\n", 8, -1, THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVPF 0\r\na=rtcp-fb:* trr-int 1000\r\n", 0, -1,
      THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/SAVP 0\r\nm=audio 8000 rtp/avp 0\r\n", 0, -1,
      THERE, 8001, 1, 1 },
  { HEAD HERE "m=audio 8000 RTP/AVP 0\r\na=rtcp:9001 IN IP4 192.0.2.1\r\n", 0,
      -1, THERE, 9001, 1, 1 },
  { HEAD HERE "m=audio 0\r\nm=video 0\r\nm=\r\nm=audio 8000 RTP/AVP 0\r\n", 0,
      -1, THERE, 8001, 1, 1 },
  /* careless blanks and line ends */
  { "v=0 \no=- 1 1 IN IP4 192.0.2.1 \n\nc=IN IP4  192.0.2.1 \nm= audio 8000 "
    " RTP/AVP  96   97  \na=rtpmap: 96  PCMA/8000 \na=RTPMAP:97 "
    "telephone-event/8000\t\n a=SendOnly ",
      96, 97, THERE, 8001, 0, 1 },
  { HEAD HERE "a=sendonly\r\nm=audio 8000 RTP/AVP 0\r\n", 0, -1, THERE, 8001, 0,
      1 },
  { HEAD HERE "a=inactive\r\nm=audio 8000 RTP/AVP 0\r\na=sendrecv\r\n", 0, -1,
      THERE, 8001, 1, 1 },
  { HEAD HERE "a=sendrecv\r\nm=audio 8000 RTP/AVP 0\r\na=recvonly\r\n", 0, -1,
      THERE, 8001, 1, 0 },
};

static void
test_offers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    RtpStreamMedia media;
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", good[i].text);
    sdp_parse (good[i].text, strlen (good[i].text), &local, &media, NULL,
        &error);
    g_assert_no_error (error);
    g_assert_cmpuint (media.payload_type, ==, good[i].payload_type);
    g_assert_cmpint (media.event_payload_type, ==, good[i].event);
    g_assert_cmpint (media.send, ==, good[i].send);
    g_assert_cmpint (media.receive, ==, good[i].receive);
    if (!good[i].rtp) {
      g_assert_cmpint (media.remote_rtp.any.sa_family, ==, 0);
      continue;
    }
    g_autofree gchar *rtp = packet_address_to_string (&media.remote_rtp);
    g_assert_cmpstr (rtp, ==, good[i].rtp);
    g_assert_cmpuint (packet_address_get_port (&media.remote_rtcp), ==,
        good[i].rtcp_port);
  }
}

/* The far end's order says what it sends, not ours. */
static void
test_answers (void)
{
  static const struct
  {
    const gchar *formats;
    gint type;
    const RtpCodec *codec;
    gint event;
  } answers[] = {
    { "8 0 101", 8, &rtp_codec_pcma, 101 },
    { "0 8 101", 0, &rtp_codec_pcmu, 101 },
    { "18 8", 8, &rtp_codec_pcma, -1 },
    { "96 0 97\r\na=rtpmap:96 PCMA/8000\r\na=rtpmap:97 telephone-event/8000",
        96, &rtp_codec_pcma, 97 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autofree gchar *text = g_strconcat (HEAD HERE "m=audio 8000 RTP/AVP ",
        answers[i].formats, "\r\na=rtpmap:101 telephone-event/8000\r\n", NULL);
    RtpStreamMedia media;

    g_assert_true (
        sdp_parse_answer (text, strlen (text), &local, &media, NULL, NULL));
    g_assert_cmpint (media.payload_type, ==, answers[i].type);
    g_assert_true (media.codec == answers[i].codec);
    g_assert_cmpint (media.event_payload_type, ==, answers[i].event);
    g_assert_true (media.offered);
  }
}

static void
assert_bad (const gchar *text, gsize size, gint code)
{
  RtpStreamMedia media;
  g_autoptr (GError) error = NULL;

  g_assert_false (sdp_parse (text, size, &local, &media, NULL, &error));
  g_assert_error (error, G_IO_ERROR, code);
}

static void
test_bad (void)
{
  static const gchar *const strange[] = {
    HEAD HERE "m=audio 8000 RTP/SAVP 0\r\n",
    HEAD HERE "m=audio 8000 RTP/AVP 18 200 x -1\r\n",
    HEAD HERE "m=audio 0 RTP/AVP 0\r\n",
    HEAD HERE "m=audio 70000 RTP/AVP 0\r\n",
    HEAD HERE "m=audio 8000 UDP/TLS/RTP/SAVPF 0\r\n",
    HEAD HERE "m=audio 8000 udp 0\r\n",
  };
  static const gchar *const broken[] = { "", "garbage", "v=0\r\n", HEAD HERE,
    HEAD "c=IN IP4 192.0.2.300\r\nt=0 0\r\nm=audio 8000 RTP/AVP 0\r\n",
    HEAD "c=IN IP4\r\nt=0 0\r\nm=audio 8000 RTP/AVP 0\r\n",
    HEAD "t=0 0\r\nm=audio 8000 RTP/AVP 0\r\n",
    HEAD "c=IN IP4 239.1.2.3/1\r\nt=0 0\r\nm=audio 8000 RTP/AVP 0\r\n",
    HEAD "c=IN IP4 255.255.255.255\r\nt=0 0\r\nm=audio 8000 RTP/AVP 0\r\n",
    HEAD "c=IN IP6 ff02::1\r\nt=0 0\r\nm=audio 8000 RTP/AVP 0\r\n" };
  g_autofree gchar *big = g_strnfill (65536, 'a');
  GString *many = g_string_new (HEAD HERE "m=audio 8000 RTP/AVP");

  for (guint i = 0; i < 65; i++)
    g_string_append (many, " 0");
  assert_bad (many->str, many->len, G_IO_ERROR_NOT_SUPPORTED);
  g_string_free (many, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (strange); i++)
    assert_bad (strange[i], strlen (strange[i]), G_IO_ERROR_NOT_SUPPORTED);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    assert_bad (broken[i], strlen (broken[i]), G_IO_ERROR_INVALID_DATA);
  memcpy (big, good[0].text, strlen (good[0].text));
  assert_bad (big, 65536, G_IO_ERROR_INVALID_DATA);
  memcpy (big, "v=0\0", 4);
  assert_bad (big, 100, G_IO_ERROR_INVALID_DATA);
}

/* What a peer wishes, and takes at most, counts, between 5 and 60 ms. */
static void
test_packet_time (void)
{
  static const struct
  {
    const gchar *attributes;
    guint time;
  } offers[] = {
    { "", 20 },
    { "a=ptime:20\r\n", 20 },
    { "a=ptime:30\r\n", 30 },
    { "a=ptime:60\r\na=maxptime:60\r\n", 60 },
    { "a=ptime:60\r\na=maxptime:40\r\n", 40 },
    { "a=ptime:200\r\n", 60 },
    { "a=ptime:20.0\r\na=maxptime:150\r\n", 20 },
    { "a=ptime:10\r\n", 10 },
    { "a=ptime:20\r\na=maxptime:10\r\n", 10 },
    { "a=maxptime: 15\r\n", 15 },
    { "a=ptime:0\r\na=maxptime:x\r\n", 20 },
    { "a=maxptime:1\r\n", 5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    for (guint session = 0; session < 2; session++) {
      g_autofree gchar *text = g_strconcat (HEAD HERE,
          session ? offers[i].attributes : "", "m=audio 8000 RTP/AVP 0\r\n",
          session ? "" : offers[i].attributes, NULL);
      g_autofree gchar *ptime = g_strdup_printf ("a=ptime:%u\r\n"
                                                 "a=maxptime:150\r\n",
          offers[i].time);
      RtpStreamMedia media;

      g_assert_true (
          sdp_parse (text, strlen (text), &local, &media, NULL, NULL));
      g_assert_cmpuint (media.packet_time, ==, offers[i].time);
      g_autofree gchar *answer =
          sdp_answer (text, strlen (text), &local, &media, NULL);
      g_assert_nonnull (strstr (answer, ptime));
    }
}

/* The same of Opus, which has packets of some lengths only, and says what it likes in its
 * own way, too. */
static void
test_opus_wishes (void)
{
  static const struct
  {
    const gchar *attributes;
    guint time, bit_rate;
    gboolean mends;
  } offers[] = {
    { "", 20, 0, FALSE },
    { "a=fmtp:96 minptime=10;useinbandfec=1\r\na=ptime:15\r\n", 10, 0, TRUE },
    { "a=fmtp:96 minptime=40; maxaveragebitrate=16000\r\n", 40, 16000, FALSE },
    { "a=fmtp:96 minptime=40\r\na=maxptime:20\r\n", 20, 0, FALSE },
    { "a=fmtp:97 useinbandfec=1\r\na=ptime:60\r\n", 60, 0, FALSE },
    { "a=fmtp:9\r\na=fmtp:96\r\na=ptime:30\r\na=fmtp:\r\n", 20, 0, FALSE },
    { "a=ptime:7\r\n", 5, 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    g_autofree gchar *text =
        g_strconcat (HEAD HERE "m=audio 8000 RTP/AVP 96 0\r\n"
                               "a=rtpmap:96 opus/48000/2\r\n",
            offers[i].attributes, NULL);
    RtpStreamMedia media;

    g_test_message ("%s", offers[i].attributes);
    g_assert_true (sdp_parse (text, strlen (text), &local, &media, NULL, NULL));
    g_assert_true (media.codec == &rtp_codec_opus);
    g_assert_cmpuint (media.packet_time, ==, offers[i].time);
    g_assert_cmpuint (media.wishes.max_bit_rate, ==, offers[i].bit_rate);
    g_assert_cmpint (media.wishes.mends, ==, offers[i].mends);
    g_autofree gchar *answer =
        sdp_answer (text, strlen (text), &local, &media, NULL);
    g_assert_nonnull (strstr (answer, "\r\na=rtpmap:96 opus/48000/2\r\n"));
    g_assert_nonnull (strstr (answer, "\r\na=fmtp:96 maxplaybackrate=16000;"));
  }
}

/* Our offer has keys at the clock of each of its codecs, once. */
static void
test_offer (void)
{
  static const struct
  {
    const gchar *codecs, *formats;
    gboolean slow, fast; /* keys */
  } offers[] = {
    { "pcmu,g722,pcma", " 0 9 8 101\r\n", TRUE, FALSE },
    { "opus", " 111 102\r\n", FALSE, TRUE },
    { "opus,g722,pcmu", " 111 9 0 102 101\r\n", TRUE, TRUE },
    { "pcmu,opus", " 0 111 101 102\r\n", TRUE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    SdpLocal ours = local;

    g_assert_true (codec_table_parse (offers[i].codecs, &ours.codecs, NULL));
    g_autofree gchar *offer = sdp_offer (&ours);
    g_assert_nonnull (strstr (offer, offers[i].formats));
    g_assert_cmpint (strstr (offer, "a=rtpmap:101 telephone-event/8000\r\n") !=
            NULL,
        ==, offers[i].slow);
    g_assert_cmpint (strstr (offer, "a=rtpmap:102 telephone-event/48000\r\n") !=
            NULL,
        ==, offers[i].fast);
    g_assert_cmpint (strstr (offer, "a=rtpmap:111 opus/48000/2\r\n") != NULL,
        ==, offers[i].fast);
  }
}

/* The codec's own clock, else 8000 Hz; what is offered is answered. */
static void
test_event_clock (void)
{
  static const struct
  {
    const gchar *formats;
    gint type;
    guint clock;
  } offers[] = {
    { "96 101\r\na=rtpmap:101 telephone-event/8000\r\n", 101, 8000 },
    { "96 97\r\na=rtpmap:97 telephone-event/48000\r\n", 97, 48000 },
    { "96 101 97\r\na=rtpmap:97 telephone-event/48000\r\n"
      "a=rtpmap:101 telephone-event/8000\r\n",
        97, 48000 },
    { "0 97\r\na=rtpmap:97 telephone-event/48000\r\n", -1, 8000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    g_autofree gchar *text = g_strconcat (HEAD HERE "m=audio 8000 RTP/AVP ",
        offers[i].formats, "a=rtpmap:96 opus/48000/2\r\n", NULL);
    g_autofree gchar *map =
        g_strdup_printf ("a=rtpmap:%d telephone-event/%u\r\n", offers[i].type,
            offers[i].clock);
    RtpStreamMedia media;

    g_assert_true (sdp_parse (text, strlen (text), &local, &media, NULL, NULL));
    g_assert_cmpint (media.event_payload_type, ==, offers[i].type);
    g_assert_cmpuint (media.event_clock, ==, offers[i].clock);
    g_autofree gchar *answer =
        sdp_answer (text, strlen (text), &local, &media, NULL);
    g_assert_cmpint (strstr (answer, map) != NULL, ==, offers[i].type >= 0);
  }
}

static void
test_name (void)
{
  const gchar *named = HEAD "c=IN IP4 pbx.example.org\r\nt=0 0\r\n"
                            "m=audio 8000 RTP/AVP 0\r\na=rtcp:9001 IN IP4 "
                            "pbx.example.org\r\n";
  const gchar *offer = HEAD HERE "m=audio 8000 RTP/AVP 0\r\n";
  RtpStreamMedia media;
  SdpName name;

  g_assert_true (
      sdp_parse (named, strlen (named), &local, &media, &name, NULL));
  g_assert_cmpstr (name.host, ==, "pbx.example.org");
  g_assert_cmpuint (name.rtp_port, ==, 8000);
  g_assert_cmpuint (name.rtcp_port, ==, 9001);
  g_assert_false (packet_address_is_set (&media.remote_rtp));
  g_assert_false (packet_address_is_set (&media.remote_rtcp));
  g_assert_true (media.send && media.receive);
  g_free (name.host);
  g_assert_true (
      sdp_parse (offer, strlen (offer), &local, &media, &name, NULL));
  g_assert_null (name.host);
}

static void
test_rtcp_address (void)
{
  const gchar *offer =
      HEAD HERE "m=audio 8000 RTP/AVP 0\r\na=rtcp:9001 IN IP4 192.0.2.8\r\n";
  RtpStreamMedia media;

  g_assert_true (sdp_parse (offer, strlen (offer), &local, &media, NULL, NULL));
  g_autofree gchar *rtcp = packet_address_to_string (&media.remote_rtcp);
  g_assert_cmpstr (rtcp, ==, "192.0.2.8:9001");
}

/* Behind the last port there is none: no RTCP, unless the far end names one. */
static void
test_rtcp_behind_last_port (void)
{
  const gchar *offer = HEAD HERE "m=audio 65535 RTP/AVP 0\r\n";
  const gchar *told = HEAD HERE "m=audio 65535 RTP/AVP 0\r\na=rtcp:9001\r\n";
  RtpStreamMedia media;

  g_assert_true (sdp_parse (offer, strlen (offer), &local, &media, NULL, NULL));
  g_autofree gchar *rtp = packet_address_to_string (&media.remote_rtp);
  g_assert_cmpstr (rtp, ==, "192.0.2.1:65535");
  g_assert_false (packet_address_is_set (&media.remote_rtcp));
  g_assert_true (sdp_parse (told, strlen (told), &local, &media, NULL, NULL));
  g_autofree gchar *rtcp = packet_address_to_string (&media.remote_rtcp);
  g_assert_cmpstr (rtcp, ==, "192.0.2.1:9001");
}

/* The words of a refusal say what is wanted. */
static void
test_reasons (void)
{
  static const struct
  {
    const gchar *media, *word;
  } offers[] = {
    { "m=audio 8000 RTP/SAVP 0\r\n", "SRTP" },
    { "m=audio 8000 UDP/TLS/RTP/SAVPF 0\r\nm=video 9 RTP/AVP 31\r\n", "SRTP" },
    { "m=audio 8000 RTP/SAVP 0\r\nm=audio 8000 RTP/AVP 18\r\n", "codec" },
    { "m=image 8000 udptl t38\r\n", "audio" },
    { "m=audio 0 RTP/SAVP 0\r\n", "audio" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    g_autofree gchar *text = g_strconcat (HEAD HERE, offers[i].media, NULL);
    g_autoptr (GError) error = NULL;
    RtpStreamMedia media;

    g_assert_false (
        sdp_parse (text, strlen (text), &local, &media, NULL, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
    g_assert_nonnull (strstr (error->message, offers[i].word));
  }
}

/* Each m-line in its place and in its profile, those that lack everything too. */
static void
test_answer_in_kind (void)
{
  const gchar *offer =
      HEAD HERE "m=video 0\r\nm=audio 0 RTP/SAVP\r\n"
                "m=audio 8000 RTP/AVPF 0\r\nm=application 0 TCP/BFCP *\r\n";
  RtpStreamMedia media;

  g_assert_true (sdp_parse (offer, strlen (offer), &local, &media, NULL, NULL));
  g_autofree gchar *answer =
      sdp_answer (offer, strlen (offer), &local, &media, NULL);
  const gchar *lines = strstr (answer, "m=");
  g_assert_cmpstr (lines, ==,
      "m=video 0 RTP/AVP 0\r\nm=audio 0 RTP/SAVP 0\r\n"
      "m=audio 4000 RTP/AVPF 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\n"
      "a=maxptime:150\r\na=sendrecv\r\nm=application 0 TCP/BFCP *\r\n");
}

static void
test_answer (void)
{
  const gchar *offer =
      HEAD HERE "m=video 9000 RTP/AVP 31 32\r\nm=audio 8000 RTP/AVP 8 101\r\n"
                "a=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n";
  RtpStreamMedia media;

  g_assert_true (sdp_parse (offer, strlen (offer), &local, &media, NULL, NULL));
  g_autofree gchar *answer =
      sdp_answer (offer, strlen (offer), &local, &media, NULL);
  g_assert_cmpstr (answer, ==,
      "v=0\r\no=- 7 3 IN IP4 198.51.100.7\r\ns=-\r\n"
      "c=IN IP4 198.51.100.7\r\nt=0 0\r\nm=video 0 RTP/AVP 31 32\r\n"
      "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
      "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"
      "a=maxptime:150\r\na=recvonly\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdpanswer/offers", test_offers);
  g_test_add_func ("/sdpanswer/answers", test_answers);
  g_test_add_func ("/sdpanswer/bad", test_bad);
  g_test_add_func ("/sdpanswer/packet-time", test_packet_time);
  g_test_add_func ("/sdpanswer/opus-wishes", test_opus_wishes);
  g_test_add_func ("/sdpanswer/offer", test_offer);
  g_test_add_func ("/sdpanswer/event-clock", test_event_clock);
  g_test_add_func ("/sdpanswer/name", test_name);
  g_test_add_func ("/sdpanswer/rtcp-address", test_rtcp_address);
  g_test_add_func ("/sdpanswer/rtcp-behind-last-port",
      test_rtcp_behind_last_port);
  g_test_add_func ("/sdpanswer/reasons", test_reasons);
  g_test_add_func ("/sdpanswer/answer", test_answer);
  g_test_add_func ("/sdpanswer/answer-in-kind", test_answer_in_kind);
  return g_test_run ();
}
