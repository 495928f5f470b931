/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "whip/logic/whipresource.h"
#include "whip/sdp/whipanswer.h"
#include "whip/sdp/whipoffer.h"

#include <string.h>

static gchar *
read_offer (const gchar *name)
{
  g_autofree gchar *path = g_build_filename (TEST_DATA_DIR, "..", "fuzz",
      "corpus", "whipoffer", name, NULL);
  g_autoptr (GError) error = NULL;
  gchar *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static WhipOffer *
parse (const gchar *name)
{
  g_autofree gchar *text = read_offer (name);
  g_autoptr (GError) error = NULL;
  WhipOffer *offer = whip_offer_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (offer);
  return offer;
}

static guint
count_media (const WhipOffer *offer)
{
  return gst_sdp_message_medias_len (whip_offer_get_message (offer));
}

/* What each browser calls Opus, and what it means to do. */
static void
test_browsers (void)
{
  static const struct
  {
    const gchar *name;
    gint opus, vp8;
    gboolean video;
  } offers[] = {
    { "chromium.sdp", 111, 96, TRUE },
    { "firefox.sdp", 109, -1, FALSE },
    { "safari.sdp", 111, -1, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    g_autoptr (WhipOffer) offer = parse (offers[i].name);
    g_assert_cmpint (whip_offer_find_payload (offer, "audio", "OPUS"), ==,
        offers[i].opus);
    g_assert_cmpint (whip_offer_find_payload (offer, "video", "VP8"), ==,
        offers[i].vp8);
    g_assert_cmpint (whip_offer_find_payload (offer, "audio", "PCMU"), ==, 0);
    g_assert_cmpint (whip_offer_find_payload (offer, "audio", "OPU"), ==, -1);
    g_assert_true (whip_offer_sends (offer, "audio"));
    g_assert_true (whip_offer_receives (offer, "audio"));
    g_assert_false (whip_offer_sends (offer, "video"));
    g_assert_cmpint (whip_offer_receives (offer, "video"), ==, offers[i].video);
  }
}

static void
test_restrict (void)
{
  g_autoptr (WhipOffer) offer = parse ("chromium.sdp");

  whip_offer_restrict (offer, "audio", 111, 111);
  whip_offer_restrict (offer, "video", -1, 96);
  g_assert_cmpuint (count_media (offer), ==, 3);
  const GstSDPMedia *audio =
      gst_sdp_message_get_media (whip_offer_get_message (offer), 0);
  g_assert_cmpuint (gst_sdp_media_formats_len (audio), ==, 1);
  g_assert_cmpstr (gst_sdp_media_get_attribute_val (audio, "rtpmap"), ==,
      "111 opus/48000/2");
  g_assert_null (gst_sdp_media_get_attribute_val_n (audio, "rtpmap", 1));
  g_assert_true (whip_offer_receives (offer, "video"));
  whip_offer_restrict (offer, "audio", -1, 111);
  g_assert_false (whip_offer_sends (offer, "audio"));
  g_assert_true (whip_offer_receives (offer, "audio"));
}

static void
remove_ssrcs (GstSDPMedia *media)
{
  for (guint i = gst_sdp_media_attributes_len (media); i-- > 0;)
    if (!strcmp (gst_sdp_media_get_attribute (media, i)->key, "ssrc"))
      gst_sdp_media_remove_attribute (media, i);
}

/* An m= line that is of no use goes, and comes back refused at its place. */
static void
test_take_out (void)
{
  g_autoptr (WhipOffer) offer = parse ("chromium.sdp");
  g_autoptr (GError) error = NULL;
  GstSDPMessage *answer;

  whip_offer_restrict (offer, "video", -1, -1);
  g_assert_cmpuint (count_media (offer), ==, 2);
  g_assert_cmpstr (gst_sdp_message_get_attribute_val (whip_offer_get_message (
                                                          offer),
                       "group"),
      ==, "BUNDLE 0 2");
  g_assert_cmpint (whip_offer_find_mid (offer, "0"), ==, 0);
  g_assert_cmpint (whip_offer_find_mid (offer, "1"), ==, 0);
  g_assert_cmpint (whip_offer_find_mid (offer, "2"), ==, 1);
  g_assert_cmpint (whip_offer_find_mid (offer, "3"), ==, -1);

  gst_sdp_message_copy (whip_offer_get_message (offer), &answer);
  gst_sdp_media_add_attribute ((GstSDPMedia *)
                                   gst_sdp_message_get_media (answer, 0),
      "candidate", "1 1 UDP 2015363327 10.0.0.1 4000 typ host");
  for (guint i = 0; i < gst_sdp_message_medias_len (answer); i++)
    remove_ssrcs ((GstSDPMedia *) gst_sdp_message_get_media (answer, i));
  const WhipStream stream = { "audio", 42 };
  const WhipOwn own = { "192.0.2.1", &stream, 1, FALSE };
  g_autofree gchar *text =
      whip_offer_write_answer (offer, answer, &own, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "m=video 0 "));
  g_assert_true (strstr (text, "m=video") < strstr (text, "m=application"));
  g_assert_nonnull (strstr (text, "a=mid:1\r\n"));
  g_assert_nonnull (strstr (text, "a=ssrc:42 cname:"));
  g_assert_nonnull (strstr (text, " 192.0.2.1 4000 typ host"));
  g_assert_null (strstr (text, "10.0.0.1"));
  gst_sdp_message_free (answer);
}

static void
test_sprop (void)
{
  g_autoptr (WhipOffer) offer = parse ("safari.sdp");
  const GstSDPMedia *audio =
      gst_sdp_message_get_media (whip_offer_get_message (offer), 0);

  g_assert_cmpstr (gst_sdp_media_get_attribute_val (audio, "fmtp"), ==,
      "111 minptime=10;useinbandfec=1");
}

/* Made for this test; the offers name its SHA-256 as that of their certificate. */
static void
test_certificate (void)
{
  const gchar *pem = "-----BEGIN CERTIFICATE-----\nAAECAwQFBgcICQ==\n"
                     "-----END CERTIFICATE-----\n";
  const guchar der[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
  g_autofree gchar *sum =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, sizeof (der));
  g_autofree gchar *text = read_offer ("firefox.sdp");
  g_autoptr (WhipOffer) other = parse ("firefox.sdp");
  GString *mended = g_string_new (text);
  GString *print = g_string_new ("sha-256 ");

  for (guint i = 0; sum[i]; i += 2)
    g_string_append_printf (print, "%s%c%c", i ? ":" : "",
        g_ascii_toupper (sum[i]), g_ascii_toupper (sum[i + 1]));
  gchar *at = strstr (mended->str, "sha-256 39");
  g_string_erase (mended, at - mended->str, (gssize) strcspn (at, "\r"));
  g_string_insert (mended, at - mended->str, print->str);
  g_autoptr (WhipOffer) offer =
      whip_offer_parse (mended->str, mended->len, NULL);
  g_assert_nonnull (offer);
  g_assert_true (whip_offer_has_certificate (offer, pem));
  g_assert_false (whip_offer_has_certificate (other, pem));
  g_assert_false (whip_offer_has_certificate (offer, NULL));
  g_assert_false (whip_offer_has_certificate (offer, "nonsense"));
  g_string_free (mended, TRUE);
  g_string_free (print, TRUE);
}

static void
assert_refused (const gchar *text, gint status)
{
  g_autoptr (GError) error = NULL;
  WhipOffer *offer = whip_offer_parse (text, strlen (text), &error);

  g_assert_null (offer);
  g_assert_error (error, WHIP_ERROR, status);
  g_assert_cmpint (error->message[strlen (error->message) - 1], ==, '.');
}

static void
without (const gchar *line, gint status)
{
  g_autofree gchar *text = read_offer ("firefox.sdp");
  GString *mended = g_string_new (text);

  g_assert_cmpuint (g_string_replace (mended, line, "a=x-", 0), >, 0);
  assert_refused (mended->str, status);
  g_string_free (mended, TRUE);
}

static void
test_refused (void)
{
  assert_refused ("", 400);
  assert_refused ("hello\r\n", 400);
  assert_refused ("v=0\r\n", 400);
  assert_refused ("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", 400);
  without ("a=ice-ufrag:", 422);
  without ("a=ice-pwd:", 422);
  without ("a=fingerprint:", 422);
  without ("a=mid:", 422);
  without ("a=setup:", 422);
  g_autofree gchar *text = read_offer ("firefox.sdp");
  text[500] = '\0';
  assert_refused (text, 400);
}

static void
append_often (GString *text, const gchar *line, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append (text, line);
}

/* A call is not made dear by what it does not want: so many refused m= lines are
 * answered one by one, and not one more. */
static void
test_most_media (void)
{
  g_autofree gchar *text = read_offer ("firefox.sdp");
  GString *many = g_string_new (text);
  g_autoptr (GError) error = NULL;

  append_often (many, "m=a 0 x 0\r\na=mid:x\r\n", 30);
  g_autoptr (WhipOffer) offer = whip_offer_parse (many->str, many->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_media (offer), ==, 2);
  append_often (many, "m=a 0 x 0\r\n", 1);
  assert_refused (many->str, 422);
  append_often (many, "m=a 0 x 0\r\n", 2000);
  assert_refused (many->str, 422);
  g_string_free (many, TRUE);
}

/* Several groups are several transports, and a search in each for each m= line. */
static void
test_one_bundle (void)
{
  g_autofree gchar *text = read_offer ("firefox.sdp");
  g_auto (GStrv) parts = g_strsplit (text, "m=", 2);

  for (guint n = 1; n < 2001; n += 1999) {
    GString *groups = g_string_new (parts[0]);
    append_often (groups, "a=group:BUNDLE\r\n", n);
    g_string_append_printf (groups, "m=%s", parts[1]);
    g_assert_cmpuint (groups->len, <, WHIP_MAX_BODY);
    assert_refused (groups->str, 422);
    g_string_free (groups, TRUE);
  }
}

/* What is in @text as often as it should be, once the offer is mended. */
static void
assert_kept (const gchar *line, const gchar *part, gboolean kept)
{
  g_autofree gchar *text = read_offer ("firefox.sdp");
  g_auto (GStrv) halves = g_strsplit (text, "a=rtcp-mux\r\n", 2);
  g_autofree gchar *longer =
      g_strconcat (halves[0], line, "\r\na=rtcp-mux\r\n", halves[1], NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhipOffer) offer =
      whip_offer_parse (longer, strlen (longer), &error);

  g_assert_no_error (error);
  g_autofree gchar *mended =
      gst_sdp_message_as_text (whip_offer_get_message (offer));
  g_assert_cmpint (strstr (mended, part) != NULL, ==, kept);
}

static void
test_unwanted (void)
{
  assert_kept ("a=ssrc:0 cname:x", "ssrc:0", FALSE);
  assert_kept ("a=ssrc:77 cname:x", "ssrc:77", TRUE);
  assert_kept ("a=candidate:9 1 udp 1 192.0.2.77 7 typ host", "192.0.2.77",
      TRUE);
  assert_kept ("a=candidate:9 1 udp 1 192.0.2.77 0 typ host", "192.0.2.77",
      FALSE);
  assert_kept ("a=candidate:9 1 udp 1 224.0.0.77 7 typ host", "224.0.0.77",
      FALSE);
  assert_kept ("a=candidate:9 1 udp 1 evil.test 7 typ host", "evil.test",
      FALSE);
}

/* ---- Profiles (RFC 8829 5.1.2) */

static void
replace (GString *text, const gchar *part, const gchar *by)
{
  g_assert_cmpuint (g_string_replace (text, part, by, 0), >, 0);
}

/* What webrtcbin would answer: its own profiles, whatever was offered. */
static GstSDPMessage *
answer_to (const WhipOffer *offer)
{
  GstSDPMessage *answer;

  gst_sdp_message_copy (whip_offer_get_message (offer), &answer);
  gst_sdp_media_add_attribute ((GstSDPMedia *)
                                   gst_sdp_message_get_media (answer, 0),
      "candidate", "1 1 UDP 2015363327 10.0.0.1 4000 typ host");
  return answer;
}

static gchar *
write_answer (const WhipOffer *offer, const WhipOwn *own)
{
  g_autoptr (GError) error = NULL;
  GstSDPMessage *answer = answer_to (offer);
  gchar *text = whip_offer_write_answer (offer, answer, own, &error);

  g_assert_no_error (error);
  gst_sdp_message_free (answer);
  return text;
}

static void
check_profile (const gchar *audio, const gchar *data)
{
  g_autofree gchar *text = read_offer ("firefox.sdp");
  GString *other = g_string_new (text);
  g_autofree gchar *audio_line = g_strdup_printf ("m=audio 56457 %s ", audio);
  g_autofree gchar *data_line =
      g_strdup_printf ("m=application 51735 %s ", data);
  g_autoptr (GError) error = NULL;

  replace (other, "m=audio 56457 UDP/TLS/RTP/SAVPF ", audio_line);
  replace (other, "m=application 51735 UDP/DTLS/SCTP ", data_line);
  g_autoptr (WhipOffer) offer =
      whip_offer_parse (other->str, other->len, &error);
  g_assert_no_error (error);
  const GstSDPMessage *sdp = whip_offer_get_message (offer);
  g_assert_cmpstr (gst_sdp_media_get_proto (gst_sdp_message_get_media (sdp, 0)),
      ==, "UDP/TLS/RTP/SAVPF");
  g_assert_cmpstr (gst_sdp_media_get_proto (gst_sdp_message_get_media (sdp, 1)),
      ==, "UDP/DTLS/SCTP");
  g_autofree gchar *answer = write_answer (offer, &(WhipOwn){ 0 });
  g_assert_nonnull (strstr (answer, audio_line));
  g_assert_nonnull (strstr (answer, data_line));
  g_string_free (other, TRUE);
}

static void
test_profiles (void)
{
  static const gchar *const audio[] = { "UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP",
    "TCP/DTLS/RTP/SAVPF", "TCP/DTLS/RTP/SAVP", "RTP/SAVPF", "RTP/SAVP",
    "RTP/AVPF", "RTP/AVP" };
  static const gchar *const data[] = { "UDP/DTLS/SCTP", "TCP/DTLS/SCTP",
    "DTLS/SCTP" };

  for (guint i = 0; i < G_N_ELEMENTS (audio); i++)
    check_profile (audio[i], data[i % G_N_ELEMENTS (data)]);
}

/* A profile says nothing of encryption, a fingerprint does. */
static void
test_no_fingerprint (void)
{
  g_autofree gchar *text = read_offer ("firefox.sdp");
  GString *clear = g_string_new (text);

  replace (clear, "UDP/TLS/RTP/SAVPF", "RTP/AVP");
  replace (clear, "a=fingerprint:", "a=x-fingerprint:");
  assert_refused (clear->str, 422);
  g_string_free (clear, TRUE);
}

/* ---- m= lines that are refused as they are offered (RFC 3264 6) */

static const gchar *const refused[] = {
  "m=video 0 UDP/TLS/RTP/SAVPF 120\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n",
  "m=video 0 UDP/TLS/RTP/SAVPF 120\r\na=mid:zz9\r\n",
  "m=audio 0 RTP/AVP 0\r\n",
  "m=image 0 udptl t38\r\n",
  "m=application 0 DTLS/SCTP 5000\r\n",
};

/* The m= lines of @text, each up to its first format. */
static gchar *
list_media (const gchar *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  GString *list = g_string_new (NULL);

  for (guint i = 0; lines[i]; i++) {
    g_auto (GStrv) words = g_strsplit (lines[i], " ", 5);
    if (g_str_has_prefix (lines[i], "m="))
      g_string_append_printf (list, "%s %s %s|", words[0],
          !strcmp (words[1], "0") ? "0" : "9", words[2]);
  }
  return g_string_free (list, FALSE);
}

/* @line before, between and after what is offered: answered at its place. */
static void
check_port_0 (const gchar *line)
{
  g_autofree gchar *text = read_offer ("firefox.sdp");
  g_auto (GStrv) parts = g_strsplit (text, "m=", -1);

  for (guint at = 0; at < 3; at++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *mixed =
        g_strconcat (parts[0], at == 0 ? line : "", "m=", parts[1],
            at == 1 ? line : "", "m=", parts[2], at == 2 ? line : "", NULL);
    g_autoptr (WhipOffer) offer =
        whip_offer_parse (mixed, strlen (mixed), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (count_media (offer), ==, 2);
    whip_offer_restrict (offer, "audio", 109, 109);
    whip_offer_restrict (offer, "video", -1, -1);
    g_assert_cmpuint (count_media (offer), ==, 2);
    g_assert_cmpint (whip_offer_find_mid (offer, "1"), ==, 1);
    g_autofree gchar *answer = write_answer (offer, &(WhipOwn){ 0 });
    g_autofree gchar *offered = list_media (mixed);
    g_autofree gchar *answered = list_media (answer);
    g_assert_cmpstr (answered, ==, offered);
  }
}

static void
test_port_0 (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    check_port_0 (refused[i]);
}

/* Nothing but refused ones is no offer; bundle-only (RFC 9143 6) is not refused. */
static void
test_port_0_only (void)
{
  g_autofree gchar *text = read_offer ("firefox.sdp");
  GString *none = g_string_new (text);
  g_autoptr (GError) error = NULL;

  replace (none, "m=audio 56457 ", "m=audio 0 ");
  assert_refused (none->str, 422);
  replace (none, "a=mid:0\r\n", "a=mid:0\r\na=bundle-only\r\n");
  g_autoptr (WhipOffer) offer = whip_offer_parse (none->str, none->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_media (offer), ==, 2);
  g_string_free (none, TRUE);
}

/* What we have no use for is refused for itself, and the call is made. */
static void
test_other_media (void)
{
  static const gchar *const others[] = { "m=text 9 UDP/TLS/RTP/SAVPF 98\r\n",
    "m=application 9 UDP/BFCP *\r\n",
    "m=application 9 DTLS/SCTP 5000\r\na=sctpmap:5000 webrtc-datachannel\r\n",
    "m=audio 9 RTP/QUIC 0\r\n" };
  g_autofree gchar *text = read_offer ("firefox.sdp");

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *more =
        g_strconcat (text, others[i], "a=mid:other\r\n", NULL);
    g_autoptr (WhipOffer) offer =
        whip_offer_parse (more, strlen (more), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (count_media (offer), ==, 2);
    g_autofree gchar *answer = write_answer (offer, &(WhipOwn){ 0 });
    const gchar *last = g_strrstr (answer, "m=");
    g_auto (GStrv) words = g_strsplit (last, " ", 3);
    g_assert_cmpstr (words[1], ==, "0");
    g_assert_nonnull (strstr (last, "a=mid:other\r\n"));
  }
}

/* ---- Forward error correction of Opus (RFC 7587 6.1) */

static void
check_fec (const gchar *offered, gboolean reads, const gchar *answered)
{
  g_autofree gchar *text = read_offer ("firefox.sdp");
  GString *other = g_string_new (text);
  g_autoptr (GError) error = NULL;

  replace (other,
      "a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\r\n", offered);
  g_autoptr (WhipOffer) offer =
      whip_offer_parse (other->str, other->len, &error);
  g_assert_no_error (error);
  whip_offer_restrict (offer, "audio", 109, 109);
  g_autofree gchar *answer =
      write_answer (offer, &(WhipOwn){ .reads_fec = reads });
  if (answered)
    g_assert_nonnull (strstr (answer, answered));
  g_assert_cmpint (strstr (answer, "useinbandfec=1") != NULL, ==, reads);
  g_string_free (other, TRUE);
}

static void
test_fec (void)
{
  check_fec ("a=fmtp:109 useinbandfec=1\r\n", FALSE, NULL);
  check_fec ("a=fmtp:109 minptime=10; useinbandfec=1\r\n", FALSE,
      "a=fmtp:109 minptime=10\r\n");
  check_fec ("a=fmtp:109 useinbandfec=1;stereo=1\r\n", FALSE,
      "a=fmtp:109 stereo=1\r\n");
  check_fec ("a=fmtp:109 minptime=10;useinbandfec=1\r\n", TRUE,
      "a=fmtp:109 minptime=10;useinbandfec=1\r\n");
  check_fec ("a=fmtp:109 minptime=10;useinbandfec=0\r\n", TRUE,
      "a=fmtp:109 minptime=10;useinbandfec=1\r\n");
  check_fec ("", TRUE, "a=fmtp:109 useinbandfec=1\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/whipoffer/browsers", test_browsers);
  g_test_add_func ("/whipoffer/restrict", test_restrict);
  g_test_add_func ("/whipoffer/take-out", test_take_out);
  g_test_add_func ("/whipoffer/sprop", test_sprop);
  g_test_add_func ("/whipoffer/certificate", test_certificate);
  g_test_add_func ("/whipoffer/refused", test_refused);
  g_test_add_func ("/whipoffer/most-media", test_most_media);
  g_test_add_func ("/whipoffer/one-bundle", test_one_bundle);
  g_test_add_func ("/whipoffer/unwanted", test_unwanted);
  g_test_add_func ("/whipoffer/profiles", test_profiles);
  g_test_add_func ("/whipoffer/no-fingerprint", test_no_fingerprint);
  g_test_add_func ("/whipoffer/port-0", test_port_0);
  g_test_add_func ("/whipoffer/port-0-only", test_port_0_only);
  g_test_add_func ("/whipoffer/other-media", test_other_media);
  g_test_add_func ("/whipoffer/fec", test_fec);
  return g_test_run ();
}
