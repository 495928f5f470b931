/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Is it an echo, how late, and how loud? */

#include "sip/logic/echo/echodetector.h"
#include "../../../syntheticspeech.h"

#include <string.h>

#define RATE 8000
#define PIECE (RATE / 100)
#define SECONDS 20
#define N (SECONDS * RATE)

static gint16 sent[N], heard[N];
static EchoDetector detector;

/* @gain of what was sent, @lag pieces later, and a caller. */
static void
mix (gdouble gain, guint lag, guint32 caller, gdouble level)
{
  static gint16 said[N];

  synthetic_speech (said, N, RATE, caller, level);
  for (gint i = 0; i < N; i++) {
    const gint then = i - (gint) (lag * PIECE);
    heard[i] = (gint16) (said[i] + (then >= 0 ? gain * sent[then] : 0));
  }
}

typedef void (*Look) (guint n_pieces);

static void
run (Look look)
{
  Envelope out, in;

  echo_detector_init (&detector);
  envelope_init (&out, RATE);
  envelope_init (&in, RATE);
  for (guint at = 0; at + PIECE <= N; at += PIECE) {
    const EnvelopeLevel one = envelope_push (&out, sent + at, PIECE);
    const EnvelopeLevel other = envelope_push (&in, heard + at, PIECE);
    echo_detector_push (&detector, &one, &other);
    look (at / PIECE + 1);
  }
}

static gboolean
is_found (void)
{
  const EchoMatch now = echo_detector_find (&detector, ECHO_NOW);
  const EchoMatch late = echo_detector_find (&detector, ECHO_OF_LATE);

  return now.correlation > 0.75 && late.correlation > 0.6;
}

static guint lag, found_at;
static gdouble loss;

static void
look_for_echo (guint n)
{
  if (!found_at && is_found ())
    found_at = n;
  if (n <= lag + 100)
    return;
  const EchoMatch match = echo_detector_find (&detector, ECHO_OF_LATE);
  g_assert_cmpuint (match.lag, ==, lag);
  g_assert_cmpfloat (match.correlation, >, 0.5);
  g_assert_cmpfloat_with_epsilon (match.loss, loss, 4);
}

/* Within 0.3 s, wherever and however loud it is. */
static void
test_echo (void)
{
  static const guint lags[] = { 0, 4, 10, 23, 60 };
  static const gdouble losses[] = { 6, 10, 20 };

  for (guint i = 0; i < G_N_ELEMENTS (lags); i++)
    for (guint j = 0; j < G_N_ELEMENTS (losses); j++) {
      lag = lags[i];
      loss = losses[j];
      found_at = 0;
      synthetic_speech (sent, N, RATE, 1 + i, 12000);
      mix (pow (10, -loss / 20), lag, 0, 0);
      run (look_for_echo);
      g_assert_cmpuint (found_at, >, lag);
      g_assert_cmpuint (found_at, <, lag + 30);
    }
}

static void
look_for_none (guint n)
{
  g_assert_false (is_found ());
}

/* Nothing comes, or nothing was sent. */
static void
test_silence (void)
{
  synthetic_speech (sent, N, RATE, 1, 12000);
  mix (0, 0, 0, 0);
  run (look_for_none);
  memset (sent, 0, sizeof sent);
  mix (0, 0, 2, 8000);
  run (look_for_none);
}

static void
look_for_mirror (guint n)
{
  if (n > lag + 30)
    g_assert_cmpfloat (echo_detector_find (&detector, ECHO_OF_LATE).loss, <, 1);
}

/* It is heard as loud as it was sent. */
static void
test_mirror (void)
{
  lag = 6;
  synthetic_speech (sent, N, RATE, 3, 12000);
  mix (1, lag, 0, 0);
  run (look_for_mirror);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echodetector/echo", test_echo);
  g_test_add_func ("/echodetector/silence", test_silence);
  g_test_add_func ("/echodetector/mirror", test_mirror);
  return g_test_run ();
}
