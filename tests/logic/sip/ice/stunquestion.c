/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A question to a server of STUN: when it is said, and what is taken for its answer; and how
 * a server is named. */

#include "sip/logic/ice/externaladdress.h"
#include "sip/logic/ice/stunquestion.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define START (77 * MS)

static const StunAddress server = { { 192, 0, 2, 1 }, 4, 3478 };
static const StunAddress other_port = { { 192, 0, 2, 1 }, 4, 3479 };
static const StunAddress other_host = { { 192, 0, 2, 2 }, 4, 3478 };
static const StunAddress seen = { { 203, 0, 113, 9 }, 4, 40001 };
static const StunAddress seen_v6 = { { 0x20, 1, 0xd, 0xb8, 1 }, 16, 40001 };
static const StunAddress no_port = { { 203, 0, 113, 9 }, 4, 0 };
static const StunAddress nowhere = { { 0 }, 4, 40001 };
static const guint8 transaction[STUN_TRANSACTION_SIZE] = { 1, 2, 3, 4 };
static const guint8 strange[STUN_TRANSACTION_SIZE] = { 1, 2, 3, 5 };

/* Whether something is said at @now. */
static gboolean
says (StunQuestion *self, gint64 now)
{
  StunWriter request;

  stun_question_run (self, now, &request);
  return request.size > 0;
}

static void
ask (StunQuestion *self)
{
  stun_question_begin (self, &server, transaction, START);
  g_assert_true (says (self, START));
}

static StunWriter
make_answer (StunType type, const guint8 *number, const StunAddress *mapped)
{
  StunWriter answer;

  stun_write (&answer, type, number);
  if (type == STUN_BINDING_ERROR)
    stun_write_error (&answer, 400);
  if (mapped)
    stun_write_address (&answer, mapped);
  stun_write_end (&answer, NULL);
  return answer;
}

static gboolean
takes (StunQuestion *self, const StunWriter *answer, const StunAddress *from)
{
  return stun_question_receive (self, answer->data, answer->size, from);
}

/* ---- Time */

static void
test_times (void)
{
  static const gint64 at[] = { 0, 500, 1500 };
  StunQuestion self;
  guint n = 0;

  stun_question_begin (&self, &server, transaction, START);
  for (gint64 t = 0; t <= 3000; t += 10) {
    if (!says (&self, START + t * MS))
      continue;
    g_assert_cmpuint (n, <, G_N_ELEMENTS (at));
    g_assert_cmpint (t, ==, at[n]);
    n++;
  }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (at));
  g_assert_cmpint (self.state, ==, STUN_QUESTION_SILENT);
}

static void
test_end (void)
{
  StunQuestion self;

  ask (&self);
  for (gint64 t = 0; t < 2000; t += 10)
    says (&self, START + t * MS);
  g_assert_cmpint (self.state, ==, STUN_QUESTION_OPEN);
  g_assert_false (says (&self, START + 2000 * MS));
  g_assert_cmpint (self.state, ==, STUN_QUESTION_SILENT);
  const StunWriter late =
      make_answer (STUN_BINDING_SUCCESS, transaction, &seen);
  g_assert_false (takes (&self, &late, &server));
}

/* ---- What is said, and what comes */

static void
test_request (void)
{
  StunQuestion self;
  StunWriter request;
  StunMessage message;

  stun_question_begin (&self, &server, transaction, START);
  stun_question_run (&self, START, &request);
  g_assert_true (stun_parse (&message, request.data, request.size));
  g_assert_cmpuint (message.type, ==, STUN_BINDING_REQUEST);
  g_assert_cmpmem (message.transaction, STUN_TRANSACTION_SIZE, transaction,
      STUN_TRANSACTION_SIZE);
  g_assert_true (message.has_fingerprint && !message.username);
}

static void
test_answer (void)
{
  const StunWriter good =
      make_answer (STUN_BINDING_SUCCESS, transaction, &seen);
  StunQuestion self;

  stun_question_begin (&self, &server, transaction, START);
  g_assert_false (takes (&self, &good, &server)); /* before it was asked */
  g_assert_true (says (&self, START));
  g_assert_true (takes (&self, &good, &server));
  g_assert_cmpint (self.state, ==, STUN_QUESTION_ANSWERED);
  g_assert_true (stun_address_equal (&self.mapped, &seen));
  g_assert_false (says (&self, START + 500 * MS));
  g_assert_false (takes (&self, &good, &server)); /* once */
}

/* Of somebody else, or to somebody else: it goes on asking. */
static void
test_forged (void)
{
  const StunWriter good =
      make_answer (STUN_BINDING_SUCCESS, transaction, &seen);
  const StunWriter numbered =
      make_answer (STUN_BINDING_SUCCESS, strange, &seen);
  const StunWriter request =
      make_answer (STUN_BINDING_REQUEST, transaction, &seen);
  StunWriter changed = good;
  StunQuestion self;

  ask (&self);
  changed.data[30]++;
  g_assert_false (takes (&self, &good, &other_port));
  g_assert_false (takes (&self, &good, &other_host));
  g_assert_false (takes (&self, &numbered, &server));
  g_assert_false (takes (&self, &request, &server));
  g_assert_false (takes (&self, &changed, &server)); /* not what its sum says */
  g_assert_cmpint (self.state, ==, STUN_QUESTION_OPEN);
  g_assert_true (says (&self, START + 500 * MS));
  g_assert_true (takes (&self, &good, &server));
}

static void
assert_refused (StunType type, const StunAddress *mapped)
{
  const StunWriter answer = make_answer (type, transaction, mapped);
  StunQuestion self;

  ask (&self);
  g_assert_true (takes (&self, &answer, &server));
  g_assert_cmpint (self.state, ==, STUN_QUESTION_REFUSED);
}

static void
test_useless (void)
{
  assert_refused (STUN_BINDING_ERROR, NULL);
  assert_refused (STUN_BINDING_ERROR, &seen);
  assert_refused (STUN_BINDING_SUCCESS, NULL);
  assert_refused (STUN_BINDING_SUCCESS, &no_port);
  assert_refused (STUN_BINDING_SUCCESS, &nowhere);
  assert_refused (STUN_BINDING_SUCCESS, &seen_v6);
}

/* @type: of an attribute of four bytes behind the others. */
static StunQuestionState
with_attribute (guint16 type)
{
  StunWriter answer;
  StunQuestion self;

  ask (&self);
  stun_write (&answer, STUN_BINDING_SUCCESS, transaction);
  stun_write_address (&answer, &seen);
  stun_write_priority (&answer, 1, FALSE);
  answer.data[answer.size - 8] = (guint8) (type >> 8);
  answer.data[answer.size - 7] = (guint8) type;
  stun_write_end (&answer, NULL);
  g_assert_true (takes (&self, &answer, &server));
  return self.state;
}

/* RFC 8489 6.3.3. */
static void
test_unknown (void)
{
  g_assert_cmpint (with_attribute (0x7777), ==, STUN_QUESTION_REFUSED);
  g_assert_cmpint (with_attribute (0x8777), ==, STUN_QUESTION_ANSWERED);
  g_assert_cmpint (with_attribute (0x0005), ==, STUN_QUESTION_ANSWERED);
}

/* ---- Names */

static const struct
{
  const gchar *text, *addresses, *server;
  guint16 port;
} good[] = {
  { "", NULL, NULL, 0 },
  { "198.51.100.7", "198.51.100.7", NULL, 0 },
  { "2001:db8::7, 198.51.100.7", "2001:db8::7,198.51.100.7", NULL, 0 },
  { "stun:stun.example", NULL, "stun.example", 3478 },
  { "STUN:stun.example:19302", NULL, "stun.example", 19302 },
  { "stun:192.0.2.1:3479,2001:db8::7", "2001:db8::7", "192.0.2.1", 3479 },
  { "198.51.100.7,stun:[2001:db8::1]", "198.51.100.7", "2001:db8::1", 3478 },
  { "stun:[2001:db8::1]:99", NULL, "2001:db8::1", 99 },
};

static const gchar *const bad[] = { "stun.example", "stun:", "stun::3478",
  "stun:a:0", "stun:a:65536", "stun:a:x", "stun:a:", "stun:a b", "stun:a@b",
  "stun:a?transport=tcp", "stuns:a", "stun:2001:db8::1", "stun:[2001:db8::1",
  "stun:[stun.example]", "stun:[2001:db8::1]x", "stun:a,stun:b",
  "stun:a,198.51.100.7,2001:db8::7", "198.51.100.7,198.51.100.8",
  "198.51.100.7,", "stun:a," };

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_auto (ExternalAddress) self = { 0 };
    g_test_message ("%s", good[i].text);
    g_assert_true (external_address_parse (&self, good[i].text));
    g_assert_cmpstr (self.addresses, ==, good[i].addresses);
    g_assert_cmpstr (self.server, ==, good[i].server);
    if (self.server)
      g_assert_cmpuint (self.port, ==, good[i].port);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    ExternalAddress self;
    g_test_message ("%s", bad[i]);
    g_assert_false (external_address_parse (&self, bad[i]));
    g_assert_true (!self.addresses && !self.server);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stunquestion/times", test_times);
  g_test_add_func ("/stunquestion/end", test_end);
  g_test_add_func ("/stunquestion/request", test_request);
  g_test_add_func ("/stunquestion/answer", test_answer);
  g_test_add_func ("/stunquestion/forged", test_forged);
  g_test_add_func ("/stunquestion/useless", test_useless);
  g_test_add_func ("/stunquestion/unknown", test_unknown);
  g_test_add_func ("/stunquestion/names", test_names);
  return g_test_run ();
}
