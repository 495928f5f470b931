/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the Realtime API's events are made of: addresses, times, JSON, base64. */

#include "aiagent/logic/openai/openaiaddress.h"
#include "aiagent/logic/openai/openaiclock.h"
#include "aiagent/logic/openai/openaievent.h"
#include "aiagent/logic/openai/openaiitems.h"
#include "aiagent/logic/openai/openaiwrite.h"

#include <string.h>

/* ---- Addresses */

static void
assert_address (const gchar *uri, const gchar *expected, const gchar *flags)
{
  g_autoptr (GError) error = NULL;
  OpenaiAddress address;

  g_assert_true (openai_address_read (&address, uri, "gpt-realtime", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (address.uri, ==, expected);
  g_autofree gchar *got =
      g_strdup_printf ("%s%s%s%s%s", address.secure ? "s" : "",
          address.vendor ? "v" : "", address.azure ? "a" : "",
          address.loopback ? "l" : "", address.secret ? "q" : "");
  g_assert_cmpstr (got, ==, flags);
  openai_address_clear (&address);
}

static void
test_addresses (void)
{
  assert_address (NULL, "wss://api.openai.com/v1/realtime?model=gpt-realtime",
      "sv");
  assert_address ("", "wss://api.openai.com/v1/realtime?model=gpt-realtime",
      "sv");
  assert_address ("https://eu.api.openai.com/v1",
      "wss://eu.api.openai.com/v1/realtime?model=gpt-realtime", "sv");
  assert_address ("ws://127.0.0.1:8080",
      "ws://127.0.0.1:8080/v1/realtime?model=gpt-realtime", "l");
  assert_address ("http://localhost:8080/v1/",
      "ws://localhost:8080/v1/realtime?model=gpt-realtime", "l");
  assert_address ("ws://[::1]:8080/x?model=mine",
      "ws://[::1]:8080/x?model=mine", "l");
  assert_address ("wss://a.example/r?call_id=rtc_1",
      "wss://a.example/r?call_id=rtc_1", "s");
  assert_address ("wss://a.example/r?x=1",
      "wss://a.example/r?x=1&model=gpt-realtime", "s");
  assert_address ("https://me.openai.azure.com/openai/v1/realtime?model=mine",
      "wss://me.openai.azure.com/openai/v1/realtime?model=mine", "sa");
  assert_address ("wss://me.example/openai/realtime?api-version=1&deployment=d",
      "wss://me.example/openai/realtime?api-version=1&deployment=d", "sa");
  /* Names that are none of the vendor's, nor of this machine. */
  assert_address ("wss://notopenai.com/r?model=x",
      "wss://notopenai.com/r?model=x", "s");
  assert_address ("ws://127.evil.example/r?model=x",
      "ws://127.evil.example/r?model=x", "");
  assert_address ("ws://a.example/r?model=x&Token=y",
      "ws://a.example/r?model=x&Token=y", "q");
}

static void
test_no_addresses (void)
{
  static const gchar *const uris[] = { "nothing", "ftp://a.example/",
    "wss:///v1", "wss://user:password@a.example/", "wss://a b/" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autoptr (GError) error = NULL;
    OpenaiAddress address;
    g_assert_false (openai_address_read (&address, uris[i], "m", &error));
    g_assert_nonnull (error);
    g_assert_null (address.uri);
  }
}

/* ---- Times */

#define MS 1000000ull

static void
test_clock (void)
{
  OpenaiClock clock;

  openai_clock_reset (&clock, 8000);
  g_assert_cmpuint (openai_clock_get_time (&clock, 0), ==, OPENAI_NO_TIME);
  for (guint i = 0; i < 50; i++) /* the 51st frame comes 3 s late */
    openai_clock_add (&clock, 160, 500 * MS + i * 20 * MS);
  for (guint i = 0; i < 50; i++)
    openai_clock_add (&clock, 160, 4500 * MS + i * 20 * MS);
  g_assert_cmpuint (openai_clock_get_time (&clock, 0), ==, 500 * MS);
  g_assert_cmpuint (openai_clock_get_time (&clock, 999), ==, 1499 * MS);
  g_assert_cmpuint (openai_clock_get_time (&clock, 1000), ==, 4500 * MS);
  g_assert_cmpuint (openai_clock_get_time (&clock, 1500), ==, 5000 * MS);
  /* It cannot have heard what was not sent. */
  g_assert_cmpuint (openai_clock_get_time (&clock, G_MAXINT64), ==, 5500 * MS);
  g_assert_cmpuint (openai_clock_get_time (&clock, -5), ==, 500 * MS);
}

/* Stamps are rounded; and more gaps than are kept do no harm. */
static void
test_clock_gaps (void)
{
  OpenaiClock clock;

  openai_clock_reset (&clock, 24000);
  for (guint i = 0; i < 1000; i++)
    openai_clock_add (&clock, 480, i * 20 * MS + i % 3);
  g_assert_cmpuint (clock.n_anchors, ==, 1);
  for (guint i = 0; i < 1000; i++)
    openai_clock_add (&clock, 480, 30000 * MS + i * 40 * MS);
  g_assert_cmpuint (openai_clock_get_time (&clock, 39990), ==,
      30000 * MS + 999 * 40 * MS + 10 * MS);
  /* Long ago: as well as it is known. */
  g_assert_cmpuint (openai_clock_get_time (&clock, 10), !=, OPENAI_NO_TIME);
}

/* ---- Base64 */

static void
assert_decoded (const gchar *text, const gchar *bytes, gint size)
{
  g_autoptr (GByteArray) decoded = openai_decode (text);

  if (size < 0) {
    g_assert_null (decoded);
  } else {
    g_assert_nonnull (decoded);
    g_assert_cmpmem (decoded->data, decoded->len, bytes, (gsize) size);
  }
}

static void
test_base64 (void)
{
  assert_decoded ("", "", 0);
  assert_decoded ("YQ==", "a", 1);
  assert_decoded ("YWI=", "ab", 2);
  assert_decoded ("YWJj", "abc", 3);
  assert_decoded ("YWJjZA==", "abcd", 4);
  /* The padding left out. */
  assert_decoded ("YQ", "a", 1);
  assert_decoded ("YWI", "ab", 2);
  assert_decoded ("Y", NULL, -1);
  assert_decoded ("YW Jj", NULL, -1);
  assert_decoded ("YWJ*", NULL, -1);
  assert_decoded ("=", "", 0);
  assert_decoded ("YQ==YQ==", NULL, -1);
}

static void
test_every_size (void)
{
  guint8 data[64];

  for (guint size = 0; size <= sizeof data; size++) {
    for (guint i = 0; i < size; i++)
      data[i] = (guint8) (i * 37 + size);
    g_autofree gchar *json = openai_write_append (data, size);
    g_autofree gchar *usual = g_base64_encode (data, size);
    g_autofree gchar *expected = g_strdup_printf (
        "{\"type\":\"input_audio_buffer.append\",\"audio\":\"%s\"}", usual);
    g_assert_cmpstr (json, ==, expected);
    assert_decoded (usual, (const gchar *) data, (gint) size);
  }
}

/* ---- Events */

static void
test_events (void)
{
  g_auto (OpenaiEvent) event;
  const gchar *json =
      "{\"type\":\"response.audio.delta\",\"response_id\":\"R\",\"item_id\":7,"
      "\"content_index\":1.0,\"delta\":\"AAA=\"}";

  g_assert_true (openai_event_parse (&event, json, strlen (json)));
  g_assert_cmpint (event.type, ==, OPENAI_EVENT_AUDIO_DELTA);
  g_assert_cmpstr (event.response_id, ==, "R");
  g_assert_cmpstr (event.item_id, ==, ""); /* a number is no name */
  g_assert_cmpstr (event.text, ==, "AAA=");
  g_assert_cmpuint (event.content_index, ==, 1);
}

static void
assert_garbage (const gchar *json)
{
  OpenaiEvent event;

  g_assert_false (openai_event_parse (&event, json, strlen (json)));
  g_assert_null (event.root);
}

static void
test_garbage (void)
{
  g_autoptr (GString) deep = g_string_new ("{\"type\":\"error\",\"error\":");

  assert_garbage ("");
  assert_garbage ("null");
  assert_garbage ("[]");
  assert_garbage ("\"error\"");
  assert_garbage ("{}");
  assert_garbage ("{\"type\":{}}");
  assert_garbage ("{\"type\":\"error\"");
  assert_garbage ("{'type':'error'}");
  assert_garbage ("/*\"*/{\"type\":\"error\"}");
  /* A parser that recurses would be at the end of its stack. */
  for (guint i = 0; i < 1000000; i++)
    g_string_append (deep, "[");
  assert_garbage (deep->str);
}

/* As large as a message may be. */
static void
test_huge (void)
{
  g_autoptr (GString) text = g_string_new (
      "{\"type\":\"response.output_audio.delta\",\"item_id\":\"I\",\"delta\":"
      "\"");
  const gsize head = text->len;
  g_auto (OpenaiEvent) event;

  for (guint i = 0; i < 4 * 1024 * 1024 - 64; i++)
    g_string_append (text, "AAAA");
  const gsize size = text->len - head;
  g_string_append (text, "\"}");
  g_assert_true (openai_event_parse (&event, text->str, text->len));
  g_autoptr (GByteArray) bytes = openai_decode (event.text);
  g_assert_cmpuint (bytes->len, ==, size / 4 * 3);
}

/* ---- What is cut off */

static OpenaiItem *
add_item (OpenaiItems *items, const gchar *id, guint answer, guint ms)
{
  OpenaiItem *item = openai_items_get (items, id, "R");

  item->answer = answer;
  item->bytes = ms * 8;
  return item;
}

static void
assert_cut (const GArray *cuts, guint index, const gchar *id, gint64 ms)
{
  const OpenaiCut *cut = &g_array_index (cuts, OpenaiCut, index);

  g_assert_cmpuint (cuts->len, >, index);
  g_assert_cmpstr (cut->id, ==, id);
  g_assert_cmpint (cut->ms, ==, ms);
}

static void
test_cuts (void)
{
  OpenaiItems *items = openai_items_new ();

  add_item (items, "heard", 1, 500);
  add_item (items, "being-heard", 2, 1000);
  add_item (items, "waits", 3, 1000);
  add_item (items, "no-sound-yet", 0, 0);
  g_autoptr (GArray) cuts = openai_items_cut (items, 2, 1234, 8000);
  g_assert_cmpuint (cuts->len, ==, 3);
  assert_cut (cuts, 0, "being-heard", 1000); /* no more than there was */
  assert_cut (cuts, 1, "waits", 0);
  assert_cut (cuts, 2, "no-sound-yet", 0);
  g_assert_cmpuint (openai_items_get_length (items), ==, 0);
  /* Nothing was audible: all goes. */
  add_item (items, "played", 4, 500);
  add_item (items, "a", 5, 500);
  openai_items_played (items, 4);
  g_autoptr (GArray) all = openai_items_cut (items, 0, 77, 8000);
  g_assert_cmpuint (all->len, ==, 1);
  assert_cut (all, 0, "a", 0);
  /* They are bounded. */
  for (guint i = 0; i < 10 * OPENAI_ITEMS; i++) {
    g_autofree gchar *id = g_strdup_printf ("%u", i);
    add_item (items, id, i, 1);
  }
  g_assert_cmpuint (openai_items_get_length (items), ==, OPENAI_ITEMS);
  openai_items_free (items);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/openaiprotocol/addresses", test_addresses);
  g_test_add_func ("/openaiprotocol/no-addresses", test_no_addresses);
  g_test_add_func ("/openaiprotocol/clock", test_clock);
  g_test_add_func ("/openaiprotocol/clock-gaps", test_clock_gaps);
  g_test_add_func ("/openaiprotocol/base64", test_base64);
  g_test_add_func ("/openaiprotocol/every-size", test_every_size);
  g_test_add_func ("/openaiprotocol/events", test_events);
  g_test_add_func ("/openaiprotocol/garbage", test_garbage);
  g_test_add_func ("/openaiprotocol/huge", test_huge);
  g_test_add_func ("/openaiprotocol/cuts", test_cuts);
  return g_test_run ();
}
