/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/infodigit.h"

#include <string.h>

#define RELAY "application/dtmf-relay"
#define BARE "application/dtmf"

static const struct
{
  const gchar *type, *body;
  gchar digit;
  guint duration;
} readable[] = {
  { RELAY, "Signal=5\r\nDuration=160\r\n", '5', 160 },
  { RELAY, "Signal= 5\r\nDuration= 160\r\n", '5', 160 },
  { RELAY, "signal = 0\nDURATION = 100", '0', 100 },
  { RELAY, "Duration=160\r\nSignal=*\r\n", '*', 160 },
  { RELAY, "Signal=#\r\n", '#', 0 },
  { RELAY, "Signal=10\r\nDuration=250", '*', 250 },
  { RELAY, "Signal=11\r\nDuration=250", '#', 250 },
  { RELAY, "Signal=12\r\n", 'A', 0 },
  { RELAY, "Signal=15\r\n", 'D', 0 },
  { RELAY, "Signal=star\r\n", '*', 0 },
  { RELAY, "Signal=POUND\r\n", '#', 0 },
  { RELAY, "Signal=hash\r\n", '#', 0 },
  { RELAY, "Signal=\"7\"\r\n", '7', 0 },
  { RELAY, "Signal: 8\r\nDuration: 60\r\nVolume: 10", '8', 60 },
  { RELAY, "Signal=c\r\nDuration=99999999999", 'C', 8000 },
  { "Application/DTMF-Relay", "Signal=9\r\nDuration=soon\r\n", '9', 0 },
  { RELAY, "Signal=1\r\n\0", '1', 0 },
  { BARE, "5", '5', 0 },
  { BARE, " #\r\n", '#', 0 },
  { BARE, "d", 'D', 0 },
  { BARE, "10", '*', 0 },
  { BARE, "Signal=11\r\nDuration=200", '#', 200 },
  { "APPLICATION/DTMF", "*", '*', 0 },
};

static void
test_read (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (readable); i++) {
    gchar digit;
    guint duration;

    g_test_message ("%s", readable[i].body);
    g_assert_cmpint (info_digit_read (readable[i].type, readable[i].body,
                         strlen (readable[i].body), &digit, &duration),
        ==, INFO_DIGIT_READ);
    g_assert_cmpint (digit, ==, readable[i].digit);
    g_assert_cmpuint (duration, ==, readable[i].duration);
  }
}

/* None of these is guessed to be its first character. */
static void
test_unreadable (void)
{
  static const gchar *const bodies[] = { "", "\r\n", "Signal=", "Signal=16",
    "Signal=05", "Signal=123", "Signal=1 2", "Signal=5;6", "Signal=E",
    "Signal=hookflash", "Signal=!", "Signal=5\r\nSignal=6\r\n", "Duration=160",
    "Sig=5", "one", "Signal=\"", "Signal=\xff", "Signal=5\r\nthen 6", "5 6" };
  g_autofree gchar *endless = g_strnfill (300, ' ');
  gchar digit;
  guint duration;

  *endless = '5';
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_test_message ("body %u", i);
    g_assert_cmpint (info_digit_read (i % 2 ? RELAY : BARE, bodies[i],
                         strlen (bodies[i]), &digit, &duration),
        ==, INFO_DIGIT_UNREADABLE);
  }
  g_assert_cmpint (info_digit_read (RELAY, endless, 300, &digit, &duration), ==,
      INFO_DIGIT_UNREADABLE);
  g_assert_cmpint (info_digit_read (RELAY, "Signal=\0005", 9, &digit,
                       &duration),
      ==, INFO_DIGIT_UNREADABLE);
}

static void
test_other_types (void)
{
  static const gchar *const types[] = { NULL, "", "text/plain",
    "application/dtmf-relay2", "application/media_control+xml" };
  gchar digit;
  guint duration;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_cmpint (info_digit_read (types[i], "5", 1, &digit, &duration), ==,
        INFO_DIGIT_OTHER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/infodigit/read", test_read);
  g_test_add_func ("/infodigit/unreadable", test_unreadable);
  g_test_add_func ("/infodigit/other-types", test_other_types);
  return g_test_run ();
}
