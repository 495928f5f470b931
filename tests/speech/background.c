/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Who interrupts the agent: the caller, or what is behind the caller? Calls through G.711
 * in which the agent speaks all the time. The caller says a sentence, and then something
 * short now and then; behind that is noise of a level below the caller's. What begins a
 * turn while the caller is silent is a false interruption; a real one is seen if a turn
 * begins within its first second.
 *
 *   background FOLDER SOURCE    (tests/speech/run-background makes the folder)
 *
 * FOLDER has a folder for each voice, with 0.wav (the sentence) and 1.wav to 6.wav, 8 kHz,
 * and babble/ with 0.wav to 5.wav. SOURCE is 0 or 1: which of the two of each noise.
 * The exit code is 1 where one of the figures that are promised is not reached;
 * GST_VOICE_SILERO says where the weights are. */

#include "aiagent/logic/hearing/webrtcvad.h"
#include "aiagent/logic/turn/speechlevel.h"
#include "aiagent/session/agentear.h"
#include "aiagent/session/hearing/agentvads.h"
#include "wavfile.h"

#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 8000
#define FRAME (RATE / 50)
#define CALLER -26.0 /* dBov, active */
#define UTTERANCES 7
#define REAL (UTTERANCES - 1)
#define LEAD (2 * RATE)
#define AFTER_FIRST (15 * RATE)
#define BETWEEN (9 * RATE)
#define SILENCE 300
#define MIN_SPEECH 60

#define MOH "/usr/share/asterisk/moh/"
#define ICONS "/usr/share/sounds/sound-icons/"
#define PROMPTS "/usr/share/asterisk/sounds/en_US_f_Allison/"

typedef struct
{
  gint16 *samples;
  gsize length;
} Clip;

static guint32 seed;

static gdouble
uniform (void)
{
  seed = seed * 1664525u + 1013904223u;
  return seed / 4294967296.0;
}

static gdouble
gaussian (void)
{
  gdouble sum = 0;

  for (guint i = 0; i < 12; i++)
    sum += uniform ();
  return sum - 6;
}

/* ---- Sounds */

static Clip
read_clip (const gchar *path)
{
  WavFile wav;

  if (!wav_file_read (path, 0, &wav))
    g_error ("%s cannot be read", path);
  if (wav.rate != RATE)
    wav_file_to_8k (&wav);
  return (Clip){ wav.samples, wav.length };
}

static void
scale (Clip *clip, gdouble gain)
{
  for (gsize i = 0; i < clip->length; i++)
    clip->samples[i] = (gint16) CLAMP (clip->samples[i] * gain, -32768, 32767);
}

static void
bring_to (Clip *clip, gdouble level)
{
  scale (clip,
      speech_level_get_gain (clip->samples, clip->length, RATE, level));
}

/* Without the silence around it. */
static void
trim (Clip *clip)
{
  gsize first = 0, last = clip->length;

  while (first < last && ABS (clip->samples[first]) < 150)
    first++;
  while (last > first && ABS (clip->samples[last - 1]) < 150)
    last--;
  memmove (clip->samples, clip->samples + first,
      (last - first) * sizeof *clip->samples);
  clip->length = last - first;
}

static void
add (gdouble *sum, gsize n, const Clip *clip, gsize at, gdouble gain)
{
  for (gsize i = 0; i < clip->length && at + i < n; i++)
    sum[at + i] += clip->samples[i] * gain;
}

/* Again and again, from somewhere in it. */
static void
add_loop (gdouble *sum, gsize n, const Clip *clip, gdouble gain)
{
  const gsize from = (gsize) (uniform () * (gdouble) clip->length);

  for (gsize i = 0; i < n; i++)
    sum[i] += clip->samples[(from + i) % clip->length] * gain;
}

static void
add_file (gdouble *sum, gsize n, const gchar *path, gdouble gain)
{
  Clip clip = read_clip (path);

  bring_to (&clip, CALLER);
  add_loop (sum, n, &clip, gain);
  g_free (clip.samples);
}

static const gchar *folder; /* of this run's own sounds */

static void
add_own (gdouble *sum, gsize n, guint i, gdouble gain)
{
  g_autofree gchar *path = g_strdup_printf ("%s/babble/%u.wav", folder, i);

  add_file (sum, n, path, gain);
}

static void
add_prompts (gdouble *sum, gsize n, guint voice, gdouble gain)
{
  static const gchar *const names[] = { "demo-instruct", "demo-congrats",
    "basic-pbx-ivr-main", "priv-callee-options", "demo-echotest",
    "conf-adminmenu-18" };
  g_autofree gchar *path =
      g_strconcat (PROMPTS, names[voice % G_N_ELEMENTS (names)], ".wav", NULL);

  add_file (sum, n, path, gain);
}

/* ---- Noises */

static void
make_white (guint source, gdouble *sum, gsize n)
{
  gdouble a = 0, b = 0, c = 0;

  for (gsize i = 0; i < n; i++) {
    const gdouble white = gaussian ();
    /* The other one falls by about 3 dB an octave. */
    a = 0.997 * a + 0.029 * white;
    b = 0.96 * b + 0.074 * white;
    c = 0.57 * c + 0.53 * white;
    sum[i] += 1000 * (source ? a + b + c : white);
  }
}

static void
make_music (guint source, gdouble *sum, gsize n)
{
  add_file (sum, n,
      source ? MOH "reno_project-system.wav" : MOH "macroform-cold_day.wav", 1);
}

/* A click of some ms, of a key that goes down or up. */
static void
add_click (gdouble *sum, gsize n, gsize at, gdouble loud)
{
  const gdouble ring = 1500 + 1500 * uniform ();
  const gdouble life = RATE * (0.002 + 0.006 * uniform ());

  for (gsize i = 0; i < RATE / 20 && at + i < n; i++)
    sum[at + i] += loud * exp (-(gdouble) i / life) *
        (gaussian () + sin (2 * G_PI * ring * (gdouble) i / RATE));
}

/* Somebody types, and thinks now and then. */
static void
make_keyboard (guint source, gdouble *sum, gsize n)
{
  static const gchar *const icons[] = { "percussion-10", "percussion-12",
    "percussion-28", "percussion-50" };
  Clip clips[G_N_ELEMENTS (icons)];

  for (guint i = 0; source && i < G_N_ELEMENTS (icons); i++) {
    g_autofree gchar *path = g_strconcat (ICONS, icons[i], ".wav", NULL);
    clips[i] = read_clip (path);
    clips[i].length = MIN (clips[i].length, RATE / 12);
  }
  for (gsize at = 0; at < n; at += (gsize) (RATE * (0.1 + 0.2 * uniform ()))) {
    if (source)
      add (sum, n, &clips[(guint) (uniform () * 4)], at,
          0.3 + 0.7 * uniform ());
    else
      add_click (sum, n, at, 1000 + 3000 * uniform ());
    if (uniform () < 0.05)
      at += RATE;
  }
  for (guint i = 0; source && i < G_N_ELEMENTS (icons); i++)
    g_free (clips[i].samples);
}

static void
make_babble (guint source, gdouble *sum, gsize n)
{
  for (guint i = 0; i < 6; i++) {
    if (source)
      add_prompts (sum, n, i, 1);
    else
      add_own (sum, n, i, 1);
  }
}

/* One who speaks at a time, and music below. */
static void
make_television (guint source, gdouble *sum, gsize n)
{
  if (source)
    add_prompts (sum, n, 0, 1);
  else
    add_own (sum, n, 0, 1);
  add_file (sum, n,
      source ? MOH "manolo_camp-morning_coffee.wav"
             : MOH "macroform-the_simplicity.wav",
      0.2);
}

typedef struct
{
  const gchar *name;
  void (*make) (guint source, gdouble *sum, gsize n);
  gint levels[3]; /* dB below the caller */
  gdouble most; /* false ones a minute that are promised at the first two */
} Noise;

static const Noise noises[] = {
  { "none", NULL, { 0 }, 0.2 },
  { "white", make_white, { 20, 10 }, 1 },
  { "music", make_music, { 20, 10 }, 1 },
  { "keyboard", make_keyboard, { 20, 10 }, 1 },
  { "babble", make_babble, { 20, 14, 10 }, 3 },
  { "television", make_television, { 20, 14, 10 }, 3 },
};

/* ---- Calls */

typedef struct
{
  Clip said[UTTERANCES];
  gsize at[UTTERANCES];
  gsize length;
} Caller;

static Caller
read_caller (const gchar *voice)
{
  static const gdouble louder[UTTERANCES] = { 0, -3, 3, -5, 2, 0, 4 }; /* dB */
  Caller caller;
  gsize at = LEAD;

  for (guint i = 0; i < UTTERANCES; i++) {
    g_autofree gchar *path = g_strdup_printf ("%s/%s/%u.wav", folder, voice, i);
    caller.said[i] = read_clip (path);
    bring_to (&caller.said[i], CALLER + louder[i]);
    trim (&caller.said[i]);
    caller.at[i] = at;
    at += caller.said[i].length + (i ? BETWEEN : AFTER_FIRST);
  }
  caller.length = at / FRAME * FRAME;
  return caller;
}

static void
clear_caller (Caller *caller)
{
  for (guint i = 0; i < UTTERANCES; i++)
    g_free (caller->said[i].samples);
}

/* What comes from the line. */
static Clip
make_call (const Caller *caller, const Noise *noise, guint source, gint below)
{
  const gsize n = caller->length;
  g_autofree gdouble *sum = g_new0 (gdouble, n);
  Clip call = { g_new0 (gint16, n), n };

  seed = (guint32) below + source;
  if (noise->make)
    noise->make (source, sum, n);
  for (gsize i = 0; i < n; i++)
    call.samples[i] = (gint16) CLAMP (sum[i] / 4, -32768, 32767);
  if (noise->make)
    bring_to (&call, CALLER - below);
  for (gsize i = 0; i < n; i++)
    sum[i] = call.samples[i];
  for (guint i = 0; i < UTTERANCES; i++)
    add (sum, n, &caller->said[i], caller->at[i], 1);
  for (gsize i = 0; i < n; i++) {
    guint8 law;
    call.samples[i] = (gint16) CLAMP (sum[i], -32768, 32767);
    gst_voice_law_encode (GST_VOICE_MULAW, &call.samples[i], &law, 1);
    gst_voice_law_decode (GST_VOICE_MULAW, &law, &call.samples[i], 1);
  }
  return call;
}

typedef struct
{
  guint wrong, seen, real, cut;
  gdouble minutes; /* without the caller */
  gdouble on; /* of them in turns */
  GArray *onsets, *ends; /* guint, ms */
} Count;

#define MARGIN (RATE * 6 / 10) /* behind the caller, of a turn's end */

/* Which utterance is under way, or was just before; -1: none. */
static gint
find_utterance (const Caller *caller, gsize at)
{
  for (guint i = 0; i < UTTERANCES; i++)
    if (at >= caller->at[i] &&
        at < caller->at[i] + caller->said[i].length + MARGIN)
      return (gint) i;
  return -1;
}

static void
note (GArray *list, gdouble samples)
{
  const guint ms = (guint) MAX (samples * 1000 / RATE, 0);

  g_array_append_val (list, ms);
}

static void
take_event (const Caller *caller, const AgentEarTurn *turn, gsize at,
    gboolean seen[UTTERANCES], Count *count)
{
  const gint i = find_utterance (caller, at);

  if (turn->event == TURN_STARTED && i < 0)
    count->wrong += at > caller->at[0];
  else if (turn->event == TURN_STARTED && i > 0 && !seen[i] &&
      at - caller->at[i] <= RATE) {
    seen[i] = TRUE;
    count->seen++;
    note (count->onsets, (gdouble) (at - caller->at[i]));
  }
  if (turn->event != TURN_ENDED || i < 0)
    return;
  const gsize over = caller->at[i] + caller->said[i].length;
  if (at > over)
    note (count->ends, (gdouble) (at - over));
  else
    count->cut++;
}

static void
hear_call (const AgentVad *kind, const Caller *caller, const Clip *call,
    Count *count)
{
  const AgentEarSettings settings = { MIN_SPEECH, SILENCE, SILENCE, 0 };
  gboolean seen[UTTERANCES] = { FALSE };
  AgentEar ear;

  agent_ear_init (&ear);
  agent_ear_begin (&ear, kind, RATE, &settings);
  for (gsize at = 0; at < call->length; at += FRAME) {
    const gsize end = at + FRAME;
    AgentEarHeard heard;
    agent_ear_hear (&ear, call->samples + at, FRAME,
        gst_util_uint64_scale (at, GST_SECOND, RATE), FALSE, &heard);
    for (guint i = 0; i < heard.n; i++)
      take_event (caller, &heard.events[i], end, seen, count);
    if (at > caller->at[0] && find_utterance (caller, at) < 0) {
      count->minutes += 1.0 / 50 / 60;
      count->on += heard.now.speaking / 50.0 / 60;
    }
  }
  count->real += REAL;
  agent_ear_clear (&ear);
}

/* ---- The table */

static gint
compare (gconstpointer a, gconstpointer b)
{
  const guint x = *(const guint *) a, y = *(const guint *) b;

  return (x > y) - (x < y);
}

static guint
quantile (GArray *list, gdouble q)
{
  g_array_sort (list, compare);
  return list->len
      ? g_array_index (list, guint, (guint) (q * (list->len - 1) + 0.5))
      : 0;
}

static void
print_count (const Count *count)
{
  g_print (" | %5.1f %3u of %2u %4u/%4u %4u/%4u %2u %3.0f %%",
      count->wrong / count->minutes, count->seen, count->real,
      quantile (count->onsets, 0.5), quantile (count->onsets, 0.9),
      quantile (count->ends, 0.5), quantile (count->ends, 0.9), count->cut,
      100 * count->on / count->minutes);
}

static Count
try (const AgentVad *kind, GPtrArray *voices, const Noise *noise, guint source,
    gint below)
{
  Count count = { .onsets = g_array_new (FALSE, FALSE, sizeof (guint)),
    .ends = g_array_new (FALSE, FALSE, sizeof (guint)) };

  for (guint i = 0; i < voices->len; i++) {
    Caller caller = read_caller (voices->pdata[i]);
    Clip call = make_call (&caller, noise, source, below);
    hear_call (kind, &caller, &call, &count);
    g_free (call.samples);
    clear_caller (&caller);
  }
  return count;
}

static void
drop_count (Count *count)
{
  g_array_unref (count->onsets);
  g_array_unref (count->ends);
}

/* Whether what is promised is kept, where anything is. */
static gboolean
print_row (GPtrArray *voices, const Noise *noise, guint source, guint level)
{
  const gint below = noise->levels[level];
  Count today = try (&webrtc_vad, voices, noise, source, below);
  Count now = try (agent_vads_get (), voices, noise, source, below);
  const gboolean kept = level == 2 ||
      (now.wrong <= noise->most * now.minutes && now.seen * 6 >= now.real * 5);

  g_print ("%-10s -%2d dB", noise->name, below);
  print_count (&today);
  print_count (&now);
  g_print ("%s\n", kept ? "" : "  <- less than promised");
  drop_count (&today);
  drop_count (&now);
  return kept;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *) a, *(const gchar *const *) b);
}

static GPtrArray *
find_voices (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *voices = g_ptr_array_new_with_free_func (g_free);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (strcmp (name, "babble") != 0)
      g_ptr_array_add (voices, g_strdup (name));
  g_ptr_array_sort (voices, compare_names);
  return voices;
}

int
main (int argc, char **argv)
{
  gboolean kept = TRUE;

  gst_init (NULL, NULL);
  if (argc != 3)
    return 2;
  folder = argv[1];
  g_autoptr (GPtrArray) voices = find_voices ();
  g_print ("%20s | webrtc: false a minute, real ones seen, onset p50/p90, end"
           " p50/p90 (ms), turns cut, on | %s\n",
      "", agent_vads_get ()->name);
  for (guint i = 0; i < G_N_ELEMENTS (noises); i++)
    for (guint level = 0; level < 3; level++)
      if (!level || noises[i].levels[level])
        kept &= print_row (voices, &noises[i], (guint) atoi (argv[2]), level);
  return !kept;
}
