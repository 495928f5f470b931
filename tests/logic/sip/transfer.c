/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/dial/dialcount.h"
#include "sip/logic/dial/sipfrag.h"
#include "sip/logic/dial/transfer.h"

#include <string.h>

/* ---- sipfrag */

static void
test_sipfrag (void)
{
  static const struct
  {
    const gchar *text;
    guint status;
  } cases[] = {
    { "SIP/2.0 100 Trying", 100 },
    { "SIP/2.0 200 OK\r\n", 200 },
    { "sip/2.0 486 Busy Here\nWarning: x", 486 },
    { "SIP/2.0 603\r\n", 603 },
    { "SIP/2.0 603", 603 },
    { "SIP/2.0  180  Ringing", 180 },
    { "SIP/2.0 099 No", 0 },
    { "SIP/2.0 700 No", 0 },
    { "SIP/2.0 20", 0 },
    { "SIP/2.0 2000 OK", 0 },
    { "SIP/2.0 200OK", 0 },
    { "SIP/2.0200 OK", 0 },
    { "SIP/2.0 -20 OK", 0 },
    { "SIP/2.0 ", 0 },
    { "SIP/2.0", 0 },
    { "SIP/1.0 200 OK", 0 },
    { "INVITE sip:x SIP/2.0", 0 },
    { " SIP/2.0 200 OK", 0 },
    { "", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (sip_frag_read_status (cases[i].text, strlen (cases[i].text)) !=
        cases[i].status)
      g_error ("\"%s\"", cases[i].text);
  g_assert_cmpuint (sip_frag_read_status ("SIP/2.0 200 OK", 10), ==, 0);
  g_assert_cmpuint (sip_frag_read_status (NULL, 0), ==, 0);
}

/* ---- The transfer */

#define SILENCE 10
#define LONGEST 50

static Transfer
begun (void)
{
  Transfer self;

  transfer_begin (&self, 100, SILENCE, LONGEST);
  g_assert_true (transfer_is_on (&self));
  g_assert_cmpint (self.state, ==, TRANSFER_ASKED);
  return self;
}

static void
test_accepted (void)
{
  Transfer self = begun ();

  g_assert_false (transfer_answered (&self, 100));
  g_assert_true (transfer_answered (&self, 202));
  g_assert_cmpint (self.state, ==, TRANSFER_TRYING);
  g_assert_false (transfer_notified (&self, 100, FALSE));
  g_assert_true (transfer_notified (&self, 180, FALSE));
  g_assert_cmpint (self.state, ==, TRANSFER_RINGING);
  g_assert_false (transfer_notified (&self, 183, FALSE));
  g_assert_false (transfer_notified (&self, 100, FALSE)); /* late */
  g_assert_cmpint (self.state, ==, TRANSFER_RINGING);
  g_assert_true (transfer_notified (&self, 200, TRUE));
  g_assert_cmpint (self.state, ==, TRANSFER_ACCEPTED);
  g_assert_false (transfer_is_on (&self));
  g_assert_false (transfer_notified (&self, 486, TRUE));
  g_assert_false (transfer_ended (&self));
  g_assert_false (transfer_expired (&self, 1000));
}

static void
test_overtaking (void)
{
  Transfer self = begun ();

  g_assert_true (transfer_notified (&self, 100, FALSE));
  g_assert_cmpint (self.state, ==, TRANSFER_TRYING);
  g_assert_false (transfer_answered (&self, 202));
  g_assert_true (transfer_notified (&self, 200, TRUE));
  g_assert_false (transfer_answered (&self, 202));
}

static void
test_refused (void)
{
  Transfer busy = begun (), declined = begun ();

  g_assert_true (transfer_answered (&busy, 200));
  g_assert_true (transfer_notified (&busy, 486, TRUE));
  g_assert_cmpint (busy.state, ==, TRANSFER_REFUSED);
  g_assert_cmpuint (busy.status, ==, 486);
  g_assert_true (transfer_answered (&declined, 405));
  g_assert_cmpint (declined.state, ==, TRANSFER_DECLINED);
  g_assert_cmpuint (declined.status, ==, 405);
  g_assert_false (transfer_is_on (&declined));
}

/* Nobody knows. */
static void
test_unknown (void)
{
  Transfer silent = begun (), slow = begun (), last = begun (),
           ended = begun ();

  g_assert_false (transfer_expired (&silent, 109));
  g_assert_true (transfer_answered (&silent, 202));
  g_assert_cmpint (transfer_get_deadline (&silent), ==, 110);
  g_assert_true (transfer_expired (&silent, 110));
  g_assert_cmpint (silent.state, ==, TRANSFER_UNKNOWN);
  g_assert_true (transfer_notified (&slow, 180, FALSE));
  g_assert_cmpint (transfer_get_deadline (&slow), ==, 150);
  g_assert_false (transfer_expired (&slow, 149));
  g_assert_true (transfer_expired (&slow, 150));
  g_assert_true (transfer_notified (&last, 0, TRUE));
  g_assert_cmpint (last.state, ==, TRANSFER_UNKNOWN);
  g_assert_true (transfer_ended (&ended));
  g_assert_cmpint (ended.state, ==, TRANSFER_UNKNOWN);
}

static void
test_none (void)
{
  Transfer self = { TRANSFER_NONE };

  g_assert_false (transfer_is_on (&self));
  g_assert_false (transfer_answered (&self, 202));
  g_assert_false (transfer_notified (&self, 200, TRUE));
  g_assert_false (transfer_expired (&self, 1));
  g_assert_false (transfer_ended (&self));
}

static void
test_words (void)
{
  g_assert_cmpstr (transfer_state_to_string (TRANSFER_ASKED), ==, "asked");
  g_assert_cmpstr (transfer_state_to_string (TRANSFER_ACCEPTED), ==,
      "accepted");
  g_assert_cmpstr (transfer_state_to_string (TRANSFER_DECLINED), ==, "refused");
  g_assert_cmpstr (transfer_state_to_string (TRANSFER_REFUSED), ==, "refused");
  g_assert_cmpstr (transfer_state_to_string (TRANSFER_UNKNOWN), ==, "failed");
}

/* ---- How often */

static const DialLimits one_a_call = { 1, 0 }, any = { 0, 0 },
                        three_an_hour = { 1, 3 };

static void
test_limits (void)
{
  static const struct
  {
    const gchar *text;
    DialLimits limits;
  } good[] = { { "3", { 3, 60 } }, { "0,0", { 0, 0 } },
    { "1000,10000", { 1000, 10000 } } };
  static const gchar *const bad[] = { "", ",", "1,", ",1", "1,2,3", "-1", " 1",
    "1, 2", "1001", "1,10001", "x", NULL };
  DialLimits limits;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_assert_true (dial_limits_parse (&limits, good[i].text));
    g_assert_cmpuint (limits.per_call, ==, good[i].limits.per_call);
    g_assert_cmpuint (limits.per_hour, ==, good[i].limits.per_hour);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (dial_limits_parse (&limits, bad[i]));
}

static void
test_per_call (void)
{
  DialCount self = { 0 };

  g_assert_cmpint (dial_count_take (&self, 1, NULL, 0, &one_a_call), ==,
      DIAL_COUNT_TAKEN);
  g_assert_cmpint (dial_count_take (&self, 1, NULL, 1, &one_a_call), ==,
      DIAL_COUNT_CALL);
  g_assert_cmpint (dial_count_take (&self, 2, NULL, 2, &one_a_call), ==,
      DIAL_COUNT_TAKEN);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (dial_count_take (&self, 3, NULL, 3, &any), ==,
        DIAL_COUNT_TAKEN);
  dial_count_clear (&self);
}

static void
test_per_hour (void)
{
  DialCount self = { 0 };

  for (gint64 i = 0; i < 3; i++)
    g_assert_cmpint (dial_count_take (&self, (guint) i, NULL, i,
                         &three_an_hour),
        ==, DIAL_COUNT_TAKEN);
  g_assert_cmpint (dial_count_take (&self, 4, NULL, 4, &three_an_hour), ==,
      DIAL_COUNT_PER_HOUR);
  g_assert_cmpint (dial_count_take (&self, 4, NULL, DIAL_COUNT_HOUR - 1,
                       &three_an_hour),
      ==, DIAL_COUNT_PER_HOUR);
  /* What was refused does not count. */
  g_assert_cmpint (dial_count_take (&self, 4, NULL, DIAL_COUNT_HOUR,
                       &three_an_hour),
      ==, DIAL_COUNT_TAKEN);
  g_assert_cmpint (dial_count_take (&self, 5, NULL, DIAL_COUNT_HOUR,
                       &three_an_hour),
      ==, DIAL_COUNT_PER_HOUR);
  g_assert_cmpint (dial_count_take (&self, 5, NULL, DIAL_COUNT_HOUR + 2,
                       &three_an_hour),
      ==, DIAL_COUNT_TAKEN);
  dial_count_clear (&self);
}

/* One that transfers all the time does not take the hour of all. */
static void
test_per_caller (void)
{
  const DialLimits limits = { 0, 8 };
  DialCount self = { 0 };

  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (dial_count_take (&self, i, "192.0.2.1", i, &limits), ==,
        i < 6 ? DIAL_COUNT_TAKEN : DIAL_COUNT_CALLER);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (dial_count_take (&self, i, "192.0.2.2", 10, &limits), ==,
        i < 2 ? DIAL_COUNT_TAKEN : DIAL_COUNT_PER_HOUR);
  g_assert_cmpint (dial_count_take (&self, 9, "192.0.2.1", DIAL_COUNT_HOUR,
                       &limits),
      ==, DIAL_COUNT_TAKEN);
  dial_count_clear (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transfer/sipfrag", test_sipfrag);
  g_test_add_func ("/transfer/accepted", test_accepted);
  g_test_add_func ("/transfer/overtaking", test_overtaking);
  g_test_add_func ("/transfer/refused", test_refused);
  g_test_add_func ("/transfer/unknown", test_unknown);
  g_test_add_func ("/transfer/none", test_none);
  g_test_add_func ("/transfer/words", test_words);
  g_test_add_func ("/transfer/limits", test_limits);
  g_test_add_func ("/transfer/per-call", test_per_call);
  g_test_add_func ("/transfer/per-hour", test_per_hour);
  g_test_add_func ("/transfer/per-caller", test_per_caller);
  return g_test_run ();
}
