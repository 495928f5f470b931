/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/keys/keyear.h"
#include "sip/logic/keys/keytone.h"

#include <flite/flite.h>
#include <math.h>
#include <string.h>

cst_voice *register_cmu_us_slt (const char *directory);
cst_voice *register_cmu_us_rms (const char *directory);
cst_voice *register_cmu_us_awb (const char *directory);

#define ALL "0123456789*#ABCD"
#define DBM0(x) (32767.0 * pow (10.0, ((x) -3.14) / 20))

/* An ear, and what it has heard: "5" at the start and the duration behind the end. */
typedef struct
{
  KeyEar *ear;
  guint rate;
  GString *digits;
  guint n_ends;
  guint shortest, longest; /* ms */
  gint16 audio[48 * 20]; /* waits for 20 ms to be full */
  guint n;
  gboolean missing;
} Listener;

static void
note (Listener *self, const KeyEarEvent *events, guint n)
{
  for (guint i = 0; i < n; i++) {
    if (!events[i].end) {
      g_string_append_c (self->digits, events[i].digit);
      continue;
    }
    g_assert_cmpuint (events[i].digit, ==,
        self->digits->str[self->digits->len - 1]);
    self->n_ends++;
    self->shortest = MIN (self->shortest, events[i].duration);
    self->longest = MAX (self->longest, events[i].duration);
  }
}

static void
listener_init (Listener *self, guint rate)
{
  *self = (Listener){ .ear = key_ear_new (rate),
    .rate = rate,
    .digits = g_string_new (NULL),
    .shortest = G_MAXUINT };
}

static void
listener_clear (Listener *self)
{
  KeyEarEvent events[KEY_EAR_MAX];

  note (self, events, key_ear_stop (self->ear, events));
  g_assert_cmpuint (self->n_ends, ==, self->digits->len);
  key_ear_free (self->ear);
  g_string_free (self->digits, TRUE);
}

static void
give (Listener *self, gdouble sample)
{
  KeyEarEvent events[KEY_EAR_MAX];

  self->audio[self->n++] = (gint16) CLAMP (lrint (sample), -32768, 32767);
  if (self->n < self->rate / 50)
    return;
  note (self, events,
      key_ear_hear (self->ear, self->audio, self->n, self->missing, events));
  self->n = 0;
}

/* White, of this power. */
static gdouble
noise (GRand *random, gdouble dbm0)
{
  gdouble sum = 0;

  for (guint i = 0; i < 12; i++)
    sum += g_rand_double (random) - 0.5;
  return sum * DBM0 (dbm0) / G_SQRT2;
}

/* Two tones of @dbm0 each, @off off their frequency, then a pause; ms. */
static void
press (Listener *self, gchar key, gdouble dbm0, gdouble off, guint down,
    guint up, GRand *random, gdouble noise_dbm0)
{
  static const gdouble low[] = { 697, 770, 852, 941 };
  static const gdouble high[] = { 1209, 1336, 1477, 1633 };
  static const gchar keys[] = "123A456B789C*0#D";
  const gsize place = (gsize) (strchr (keys, key) - keys);
  const guint n = self->rate * down / 1000;
  const guint all = n + self->rate * up / 1000;

  for (guint i = 0; i < all; i++) {
    const gdouble t = 2 * G_PI * i / self->rate * (1 + off);
    const gdouble tones = i < n
        ? DBM0 (dbm0) * (sin (low[place / 4] * t) + sin (high[place % 4] * t))
        : 0;
    give (self, tones + (random ? noise (random, noise_dbm0) : 0));
  }
}

static void
check_all (guint rate, gdouble dbm0, gdouble off, gdouble noise_dbm0)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (rate);
  Listener listener;

  listener_init (&listener, rate);
  for (const gchar *c = ALL; *c; c++)
    press (&listener, *c, dbm0, off, 80, 60, random, noise_dbm0);
  g_assert_cmpstr (listener.digits->str, ==, ALL);
  g_assert_cmpuint (listener.n_ends, ==, strlen (ALL));
  g_assert_cmpuint (listener.shortest, >=, 80 - 26);
  g_assert_cmpuint (listener.longest, <=, 80 + 26);
  listener_clear (&listener);
}

/* ITU-T Q.24: loud and soft ones, those off by 1 %, and in noise. */
static void
test_all (void)
{
  static const guint rates[] = { 8000, 16000, 48000 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    check_all (rates[i], -6, 0, -60);
    check_all (rates[i], -20, 0, -40);
    check_all (rates[i], -20, 0.01, -40);
    check_all (rates[i], -20, -0.01, -40);
    check_all (rates[i], -30, 0, -50);
  }
}

/* What we send ourselves is heard. */
static void
test_own (void)
{
  static const guint rates[] = { 8000, 16000, 48000 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    Listener listener;
    const guint frame = rates[i] / 50;
    gint16 samples[960];

    listener_init (&listener, rates[i]);
    for (const gchar *c = ALL "77"; *c; c++)
      for (guint k = 0; k < 8; k++) {
        key_tone_fill (*c, rates[i], frame * 5, frame * k, samples, frame);
        for (guint s = 0; s < frame; s++)
          give (&listener, samples[s]);
      }
    g_assert_cmpstr (listener.digits->str, ==, ALL "77");
    listener_clear (&listener);
  }
}

static void
test_own_level (void)
{
  gint16 samples[8000];
  gdouble power = 0;

  key_tone_fill ('5', 8000, 8000, 0, samples, 8000);
  for (guint i = 0; i < 8000; i++)
    power += samples[i] * (gdouble) samples[i] / 8000;
  const gdouble dbm0 = 10 * log10 (power / (32767.0 * 32767.0 / 2)) + 3.14;
  /* Of -10 and -8 together. */
  g_assert_cmpfloat_with_epsilon (dbm0, -5.876, 0.1);
  key_tone_fill ('x', 8000, 8000, 0, samples, 8000);
  for (guint i = 0; i < 8000; i++)
    g_assert_cmpint (samples[i], ==, 0);
}

/* No key twice: a packet is lost in the middle of it, at any time. */
static void
test_missing (void)
{
  for (guint lost = 0; lost < 12; lost++) {
    Listener listener;
    gint16 samples[160];

    listener_init (&listener, 8000);
    for (guint k = 0; k < 20; k++) {
      key_tone_fill ('8', 8000, 1600, 160 * k, samples, 160);
      listener.missing = k == lost || k == lost + 1;
      for (guint i = 0; i < 160; i++)
        give (&listener, listener.missing ? 0 : samples[i]);
    }
    g_assert_cmpstr (listener.digits->str, ==, "8");
    g_assert_cmpuint (listener.n_ends, ==, 1);
    listener_clear (&listener);
  }
}

static void
test_held (void)
{
  Listener listener;

  listener_init (&listener, 8000);
  press (&listener, '*', -12, 0, 5000, 0, NULL, 0);
  g_assert_cmpstr (listener.digits->str, ==, "*");
  g_assert_cmpuint (listener.n_ends, ==, 0);
  listener_clear (&listener); /* which ends it */
}

/* What one tone alone is, and two that last too short a time, is no key. */
static void
test_no_key (void)
{
  Listener listener;

  listener_init (&listener, 8000);
  for (guint i = 0; i < 8000; i++)
    give (&listener, DBM0 (-10) * sin (2 * G_PI * 770 * i / 8000));
  for (guint i = 0; i < 8000;
       i++) /* ring-back of Europe, dial tone of the US */
    give (&listener, DBM0 (-10) * sin (2 * G_PI * 425 * i / 8000));
  for (guint i = 0; i < 8000; i++)
    give (&listener,
        DBM0 (-13) *
            (sin (2 * G_PI * 350 * i / 8000) +
                sin (2 * G_PI * 440 * i / 8000)));
  for (const gchar *c = ALL; *c; c++)
    press (&listener, *c, -10, 0, 15, 60, NULL, 0);
  g_assert_cmpstr (listener.digits->str, ==, "");
  listener_clear (&listener);
}

static const gchar said[] =
    "Please hold the line while I look for your order. She sells sea shells by "
    "the sea shore, and eighty eight bees hummed in a zoo. Row, row, row your "
    "boat. Oh yes, we know a whole lot of low tones. One, two, three, four, "
    "five, six, seven, eight, nine, zero, star, pound. Whistling and "
    "singing are welcome here, who knew? You owe me an hour, you knew you "
    "would. Many moons ago a lonely llama loomed in the gloom.";

/* Talk-off: voices, soft and loud, as they are and beside a wide band. */
static void
test_speech (void)
{
  cst_voice *(*const make[]) (const char *) = { register_cmu_us_slt,
    register_cmu_us_rms, register_cmu_us_awb };
  guint64 n = 0;

  flite_init ();
  for (guint v = 0; v < G_N_ELEMENTS (make); v++) {
    cst_wave *wave = flite_text_to_wave (said, make[v](NULL));
    g_assert_nonnull (wave);
    g_assert_cmpint (wave->sample_rate, ==, 16000);
    for (guint loud = 0; loud < 3; loud++) {
      Listener listener;

      listener_init (&listener, 16000);
      for (gint i = 0; i < wave->num_samples; i++)
        give (&listener, wave->samples[i] * pow (4, loud) / 4);
      n += (guint64) wave->num_samples;
      g_assert_cmpstr (listener.digits->str, ==, "");
      listener_clear (&listener);
    }
    delete_wave (wave);
  }
  g_assert_cmpuint (n, >, 3 * 60 * 16000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyear/all", test_all);
  g_test_add_func ("/keyear/own", test_own);
  g_test_add_func ("/keyear/own-level", test_own_level);
  g_test_add_func ("/keyear/missing", test_missing);
  g_test_add_func ("/keyear/held", test_held);
  g_test_add_func ("/keyear/no-key", test_no_key);
  g_test_add_func ("/keyear/speech", test_speech);
  return g_test_run ();
}
