/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How the agent takes turns, in virtual time: who stops it and who does not, how soon, and
 * how long it waits behind what callers say.
 *
 *   turns LIST AGENT-FILE    (tests/speech/run-turns makes the list)
 *   turns noises FOLDER SEED    makes coughs and clicks, and their lines
 *
 * A line of LIST is KIND|WAV[|WAV|MS]:
 *   cough, click, listens, interrupts   said into an answer
 *   listed, transfer, other             a sentence that is complete: one that is answered, one
 *                                       that gives the call away, and one that means nothing
 *   pause                               one with MS of silence between its parts
 * Time stands still while words are recognised and made, so that their 30 to 60 ms are
 * missing; a frame is sent 10 ms behind the one that was heard, as on the average. */

#include "elements/aiagent/agentcaller.h"

#include "aiagent/logic/turn/speechlevel.h"
#include "wavfile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LEVEL -26.0 /* dBov, active */
#define SOUND 150 /* of 32767: less is silence */
#define FRAME (RATE / 50)
#define LATER 10 /* ms that the agent's frame is behind the caller's */
#define TONE \
  "[agent]\ngreeting=hello\nturns=answer\n[answer hello]\naudio=tone:500,9000\n" \
  "[answer answer]\naudio=tone:700,200\n"
#define ANSWER 9000 /* ms */

typedef struct
{
  gint16 *samples;
  guint length, first, last; /* sound: from first up to last */
} Clip;

typedef struct
{
  GArray *ducked, *silent, *paused, *waits; /* gint, ms */
  guint n, whole, stopped, cut, spoken_into, missed;
} Count;

enum
{
  COUGH,
  CLICK,
  LISTENS,
  INTERRUPTS,
  LISTED,
  TRANSFER,
  OTHER,
  PAUSE,
  N_KINDS,
};

static const gchar *const kinds[N_KINDS] = { "cough", "click", "listens",
  "interrupts", "listed", "transfer", "other", "pause" };

/* ---- Sounds */

/* As a telephone brings it, at the usual level, with some ms of silence before it. */
static Clip
read_clip (const gchar *path, gboolean level)
{
  WavFile wav;
  Clip clip = { NULL };

  if (!wav_file_read (path, 0, &wav))
    g_error ("%s cannot be read", path);
  if (wav.rate != RATE)
    wav_file_to_8k (&wav);
  const gdouble gain =
      level ? speech_level_get_gain (wav.samples, wav.length, RATE, LEVEL) : 1;
  clip.samples = g_new0 (gint16, wav.length);
  clip.length = (guint) wav.length;
  clip.first = clip.length;
  for (guint i = 0; i < clip.length; i++) {
    gint16 sample = (gint16) CLAMP (wav.samples[i] * gain, -32768, 32767);
    guint8 law;
    gst_voice_law_encode (GST_VOICE_MULAW, &sample, &law, 1);
    gst_voice_law_decode (GST_VOICE_MULAW, &law, &clip.samples[i], 1);
    if (ABS (clip.samples[i]) < SOUND)
      continue;
    clip.first = MIN (clip.first, i);
    clip.last = i + 1;
  }
  g_free (wav.samples);
  return clip;
}

/* ---- Coughs and clicks */

static GRand *chance;

static gdouble
between (gdouble low, gdouble high)
{
  return g_rand_double_range (chance, low, high);
}

/* Noise through a resonance, which bursts at once and dies away. */
static void
add_burst (gdouble *sum, guint n, guint at, gdouble loud, gdouble life)
{
  const gdouble f = between (700, 1800), r = between (0.85, 0.95);
  const gdouble a = 2 * r * cos (2 * G_PI * f / RATE), b = -r * r;
  gdouble one = 0, two = 0;

  for (guint i = 0; at + i < n; i++) {
    const gdouble y = between (-1, 1) + a * one + b * two;
    two = one;
    one = y;
    sum[at + i] += loud * y * exp (-(gdouble) i / (life * RATE)) *
        MIN (1, i / (0.004 * RATE));
  }
}

/* The throat closes behind it, in some with a voice. */
static void
add_voice (gdouble *sum, guint n, guint at, gdouble loud)
{
  const gdouble pitch = between (120, 260);

  for (guint i = 0; i < RATE * 6 / 100 && at + i < n; i++)
    for (guint k = 1; k < 8; k++)
      sum[at + i] += loud / k * sin (2 * G_PI * pitch * k * i / RATE) *
          sin (G_PI * i / (RATE * 6.0 / 100));
}

static guint
make_cough (gdouble *sum, guint n)
{
  guint at = 0;

  for (guint bursts = (guint) between (1, 2.99); bursts > 0; bursts--) {
    add_burst (sum, n, at, between (1500, 5000), between (0.02, 0.06));
    at += (guint) (RATE * between (0.14, 0.24));
    if (between (0, 1) < 0.4)
      add_voice (sum, n, at, between (500, 1500));
    at += RATE / 20;
  }
  return at + RATE / 5;
}

static guint
make_click (gdouble *sum, guint n)
{
  guint at = 0;

  for (guint clicks = (guint) between (1, 3.99); clicks > 0; clicks--) {
    add_burst (sum, n, at, between (2000, 8000), between (0.002, 0.01));
    at += (guint) (RATE * between (0.08, 0.25));
  }
  return at;
}

static int
make_noises (const gchar *folder, guint seed)
{
  chance = g_rand_new_with_seed (seed);
  for (guint i = 0; i < 40; i++) {
    const guint kind = i < 20 ? COUGH : CLICK;
    gdouble sum[2 * RATE] = { 0 };
    gint16 samples[2 * RATE];
    g_autofree gchar *path =
        g_strdup_printf ("%s/%s%u.wav", folder, kinds[kind], i);
    const guint n = (kind == COUGH ? make_cough : make_click) (sum, 2 * RATE);
    for (guint k = 0; k < n; k++)
      samples[k] = (gint16) CLAMP (sum[k], -32768, 32767);
    if (!wav_file_write (path, samples, n, RATE))
      return 1;
    g_print ("%s|%s\n", kinds[kind], path);
  }
  g_rand_free (chance);
  return 0;
}

/* ---- A call */

static guint8 out[FRAME * 2];
static guint shift; /* so that sounds begin anywhere in a frame */

/* 20 ms; TRUE: the agent sounds. */
static gboolean
hear (const gint16 *in)
{
  memset (out, 0, sizeof out);
  agent_session_hear (session, in, FRAME, now, FALSE);
  const gboolean spoken =
      ticking && agent_session_speak (session, out, now, &controls);
  n_spoken += spoken;
  now += FRAME_TIME;
  speech_pool_wait ();
  return spoken;
}

static gint
loudest (void)
{
  const gint16 *samples = (gconstpointer) out;
  gint most = 0;

  for (guint i = FRAME / 2; i < FRAME; i++)
    most = MAX (most, ABS (samples[i]));
  return most;
}

static void
begin_agent (const gchar *agent_file, gboolean local)
{
  g_autofree gchar *text = NULL;

  end_of_turn_min = 200;
  end_of_turn_max = 1200;
  if (local && g_file_get_contents (agent_file, &text, NULL, NULL))
    begin_local (text);
  else
    begin_script (TONE, NULL, 0), call ("1", TRUE);
}

/* ---- Into an answer */

typedef struct
{
  gint ducked, silent, paused; /* ms; -1: never */
  gboolean whole; /* the answer was heard to its end */
} Reaction;

static Reaction
say_into (const Clip *clip, guint wait)
{
  Reaction reaction = { -1, -1, 0 };
  gint full = 0;

  for (guint i = 0; i < wait / 20; i++) {
    hear ((gint16[FRAME]){ 0 });
    full = MAX (full, loudest ());
  }
  const guint done = count_facts ("aiagent/turn", "response-done");
  for (guint at = 0; at < clip->length + 6 * RATE; at += FRAME) {
    gint16 in[FRAME] = { 0 };
    for (guint i = 0; i < FRAME; i++)
      if (at + i >= shift && at + i - shift < clip->length)
        in[i] = clip->samples[at + i - shift];
    const gboolean spoken = hear (in);
    const gint time = (gint) (at + FRAME) * 1000 / RATE + LATER -
        (gint) (clip->first + shift) * 1000 / RATE;
    if (reaction.ducked < 0 && (!spoken || loudest () < full / 2))
      reaction.ducked = time + 20; /* the fade is over */
    if (reaction.silent < 0 && !spoken)
      reaction.silent = time;
    reaction.paused +=
        !spoken && count_facts ("aiagent/turn", "response-done") == done ? 20
                                                                         : 0;
    if (count_facts ("aiagent/turn", "interrupted") ||
        count_facts ("aiagent/turn", "response-done") > done)
      break;
  }
  while (!count_facts ("aiagent/turn", "interrupted") &&
      count_facts ("aiagent/turn", "response-done") == done)
    hear ((gint16[FRAME]){ 0 });
  reaction.whole = !count_facts ("aiagent/turn", "interrupted");
  return reaction;
}

static void
note (GArray *list, gint value)
{
  if (value >= 0)
    g_array_append_val (list, value);
}

static void
try_into (const Clip *clip, const gchar *agent_file, gboolean local,
    Count *count)
{
  begin_agent (agent_file, local);
  if (local) {
    until_done (1);
    agent_session_digit (session, '1'); /* opening hours */
    until_said ("Monday");
  }
  const Reaction reaction = say_into (clip, 1200 + count->n * 37 % 400);
  count->n++;
  count->whole += reaction.whole;
  if (!local)
    note (count->ducked, reaction.ducked);
  note (count->silent, reaction.silent);
  if (reaction.whole)
    note (count->paused, reaction.paused);
  finish ();
}

/* ---- To the end of a turn */

static guint
count_ended (void)
{
  return count_facts ("aiagent/turn", "speech-stopped");
}

static void
hear_clip (const Clip *clip)
{
  for (guint at = 0; at < clip->last + shift; at += FRAME) {
    gint16 in[FRAME] = { 0 };
    for (guint i = 0; i < FRAME; i++)
      if (at + i >= shift && at + i - shift < clip->last)
        in[i] = clip->samples[at + i - shift];
    hear (in);
  }
}

/* The channel does not transfer, and says so at once. */
static void
refuse_transfers (void)
{
  GstEvent *event;

  if (g_queue_is_empty (&controls))
    return;
  while ((event = g_queue_pop_head (&controls)))
    gst_event_unref (event);
  for (guint n = 1; n < 4; n++) {
    g_autofree gchar *id = g_strdup_printf ("control-%u", n);
    const GstVoiceControlResult result = { GST_VOICE_CONTROL_TRANSFER, id,
      "unsupported", NULL };
    agent_session_result (session, &result);
  }
}

/* What it takes from the end of the last sound to the agent's first; of what it does not
 * understand, on purpose a second more, to the decision. */
static gint
await_answer (const Clip *clip, gboolean understood)
{
  const guint end = clip->last + shift;
  const guint ended = count_ended ();
  const gint from =
      (gint) ((end + FRAME - 1) / FRAME * FRAME - end) * 1000 / RATE;

  for (gint ms = 20; ms < 4000; ms += 20) {
    const gboolean spoken = hear ((gint16[FRAME]){ 0 });
    refuse_transfers ();
    if (understood ? spoken && loudest () > SOUND : count_ended () > ended)
      return from + ms + LATER;
  }
  return -1;
}

static void
try_sentence (const Clip *clip, const Clip *rest, guint pause,
    const gchar *agent_file, guint kind, Count *count)
{
  begin_agent (agent_file, TRUE);
  until_done (1);
  wait_ms (600);
  const guint spoken = n_spoken;
  hear_clip (clip);
  if (rest) {
    for (guint i = 0; i < pause / 20; i++)
      hear ((gint16[FRAME]){ 0 });
    const Clip trimmed = { rest->samples + rest->first,
      rest->length - rest->first, 0, rest->last - rest->first };
    const guint ended = count_ended ();
    count->cut += ended > 0;
    count->spoken_into += n_spoken > spoken;
    hear_clip (&trimmed);
  } else {
    count->cut += count_ended () > 0;
    const gint wait = await_answer (clip, kind != OTHER);
    const gboolean understood = kind == OTHER || count_accepted () > 0;
    note (count->waits, understood ? wait : -1);
    count->missed += !understood || wait < 0;
  }
  count->n++;
  finish ();
}

/* ---- The table */

static gint
compare (gconstpointer a, gconstpointer b)
{
  return *(const gint *) a - *(const gint *) b;
}

static void
print_list (const gchar *name, GArray *list)
{
  g_array_sort (list, compare);
  if (!list->len)
    return;
  g_print (", %s", name);
  for (guint i = 0; i < 3; i++) {
    const gdouble q = (gdouble[]){ 0.5, 0.9, 0.95 }[i];
    g_print (" %d",
        g_array_index (list, gint, (guint) (q * (list->len - 1) + 0.5)));
  }
}

static void
print_count (const gchar *kind, const gchar *agent, const Count *count)
{
  g_print ("%-10s %-6s %3u", kind, agent, count->n);
  if (count->silent->len || count->whole)
    g_print (", heard to the end %u", count->whole);
  if (count->waits->len || count->cut)
    g_print (", cut %u, spoken into %u", count->cut, count->spoken_into);
  print_list ("ducked", count->ducked);
  print_list ("silent", count->silent);
  print_list ("pause", count->paused);
  print_list ("answer after", count->waits);
  if (count->missed)
    g_print (", not understood %u", count->missed);
  g_print ("\n");
}

static void
try_line (const gchar *line, const gchar *agent_file, Count counts[2][N_KINDS])
{
  g_auto (GStrv) fields = g_strsplit (line, "|", 4);
  guint kind = 0;

  while (kind < N_KINDS && strcmp (kinds[kind], fields[0]) != 0)
    kind++;
  if (kind == N_KINDS)
    return;
  shift = counts[1][kind].n * 61 % FRAME;
  Clip clip = read_clip (fields[1], kind != COUGH && kind != CLICK);
  Clip rest = { NULL };
  if (kind == PAUSE)
    rest = read_clip (fields[2], TRUE);
  if (kind <= INTERRUPTS)
    for (guint local = 0; local < 2; local++)
      try_into (&clip, agent_file, local, &counts[local][kind]);
  else
    try_sentence (&clip, kind == PAUSE ? &rest : NULL,
        kind == PAUSE ? (guint) atoi (fields[3]) : 0, agent_file, kind,
        &counts[1][kind]);
  g_free (clip.samples);
  g_free (rest.samples);
}

int
main (int argc, char **argv)
{
  static const gchar *const agents[] = { "tone", "local" };
  g_autofree gchar *text = NULL;
  Count counts[2][N_KINDS] = { 0 };

  gst_init (NULL, NULL);
  if (argc == 4 && !strcmp (argv[1], "noises"))
    return make_noises (argv[2], (guint) atoi (argv[3]));
  if (argc != 3 || !g_file_get_contents (argv[1], &text, NULL, NULL))
    return 2;
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; i < 2 * N_KINDS; i++) {
    Count *count = &counts[i / N_KINDS][i % N_KINDS];
    count->ducked = g_array_new (FALSE, FALSE, sizeof (gint));
    count->silent = g_array_new (FALSE, FALSE, sizeof (gint));
    count->paused = g_array_new (FALSE, FALSE, sizeof (gint));
    count->waits = g_array_new (FALSE, FALSE, sizeof (gint));
  }
  for (gchar **line = lines; *line; line++)
    try_line (*line, argv[2], counts);
  g_print ("kind, agent, number; times in ms at the 50th, 90th and 95th "
           "percentile\n");
  for (guint kind = 0; kind < N_KINDS; kind++)
    for (guint local = 0; local < 2; local++)
      if (counts[local][kind].n)
        print_count (kinds[kind], agents[local], &counts[local][kind]);
  return 0;
}
