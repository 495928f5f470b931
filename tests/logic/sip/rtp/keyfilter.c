/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rtp/keyfilter.h"

#include <string.h>

/* One press after another: at @at ms, by INFO ('i') or by RTP ('r'). */
typedef struct
{
  gchar way;
  gchar digit;
  guint at;
} Press;

static const struct
{
  const gchar *what;
  Press presses[8];
  const gchar *counted;
} calls[] = {
  { "INFO alone", { { 'i', '1', 0 }, { 'i', '1', 100 }, { 'i', '2', 200 } },
      "112" },
  { "RTP alone", { { 'r', '1', 0 }, { 'r', '1', 300 }, { 'r', 'D', 600 } },
      "11D" },
  { "RTP first",
      { { 'r', '1', 0 }, { 'i', '1', 20 }, { 'r', '1', 300 }, { 'i', '1', 310 },
          { 'r', '2', 5000 }, { 'i', '2', 9000 } },
      "112" },
  { "INFO first",
      { { 'i', '1', 0 }, { 'r', '1', 20 }, { 'i', '1', 250 }, { 'r', '1', 270 },
          { 'i', '#', 600 }, { 'r', '#', 610 } },
      "11#" },
  { "two by INFO before the first by RTP",
      { { 'i', '1', 0 }, { 'i', '2', 90 }, { 'r', '1', 100 },
          { 'r', '2', 190 } },
      "12" },
  { "one twice by INFO before the first by RTP",
      { { 'i', '1', 0 }, { 'i', '1', 90 }, { 'r', '1', 100 }, { 'r', '1', 190 },
          { 'r', '1', 290 } },
      "111" },
  { "just the same", { { 'i', '1', 0 }, { 'r', '1', 499 } }, "1" },
  { "again", { { 'i', '1', 0 }, { 'r', '1', 500 } }, "11" },
  { "another", { { 'i', '1', 0 }, { 'r', '2', 10 } }, "12" },
  { "an old one by INFO is not waited for",
      { { 'i', '1', 0 }, { 'i', '1', 10000 }, { 'r', '1', 10020 },
          { 'r', '1', 10300 } },
      "111" },
};

static void
press (KeyFilter *filter, const Press *press, GString *counted)
{
  gint64 now = (press->at + 7000) * G_GINT64_CONSTANT (1000000);
  gboolean counts;

  if (press->way == 'i') {
    counts = key_filter_info (filter, press->digit, now);
  } else {
    counts = key_filter_rtp (filter, press->digit, FALSE, now);
    g_assert_true (key_filter_rtp (filter, press->digit, TRUE, now) == counts);
  }
  if (counts)
    g_string_append_c (counted, press->digit);
}

static void
test_each_counts_once (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    KeyFilter filter = { .has_rtp = FALSE };
    g_autoptr (GString) counted = g_string_new (NULL);

    g_test_message ("%s", calls[i].what);
    for (guint k = 0; calls[i].presses[k].way; k++)
      press (&filter, &calls[i].presses[k], counted);
    g_assert_cmpstr (counted->str, ==, calls[i].counted);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyfilter/each-counts-once", test_each_counts_once);
  return g_test_run ();
}
