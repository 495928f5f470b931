/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Does an agent interrupt itself? Calls through G.711 in virtual time, in which the agent
 * speaks all the time and the far end is a phone on a table: what it gets goes through a
 * dispersive way of eight taps into its microphone, so many dB quieter than it was sent, and
 * is back at the agent's end so many ms after it left. The caller says something now and then,
 * each time as loud as a caller or up to 5 dB quieter or louder. What begins a turn while the
 * caller is silent is a false interruption; a real one is seen if a turn begins within its
 * first second. The agent is audible while no turn is under way that the caller has not
 * begun.
 *
 *   echo FOLDER    (tests/speech/run-echo makes it)
 *
 * FOLDER has callers/ and agents/, with a folder for each voice: 0.wav to 6.wav, 0.wav to
 * 7.wav. The exit code is 1 where what is promised is not reached. GST_VOICE_SILERO says
 * where the weights of the detector of speech are. */

#include "aiagent/logic/turn/speechlevel.h"
#include "aiagent/session/agentear.h"
#include "aiagent/session/hearing/agentvads.h"
#include "mock/rtpcall.h"
#include "wavfile.h"

#include <gst/gst.h>
#include <math.h>
#include <string.h>

#define RATE 8000
#define CALLER -26.0 /* dBov, active */
#define AGENT -23.0
#define UTTERANCES 7
#define REAL (UTTERANCES - 1)
#define SENTENCES 8
#define LEAD (6 * RATE)
#define BETWEEN (8 * RATE)
#define PAUSE (RATE * 4 / 10) /* of the agent between its sentences */
#define SILENCE 300
#define MIN_SPEECH 60
/* Of the network, both ways, and of a packet each way. */
#define LEAST 60 /* ms */

typedef struct
{
  gint16 *samples;
  gsize length;
} Clip;

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
bring_to (Clip *clip, gdouble level)
{
  const gdouble gain =
      speech_level_get_gain (clip->samples, clip->length, RATE, level);

  for (gsize i = 0; i < clip->length; i++)
    clip->samples[i] = (gint16) CLAMP (clip->samples[i] * gain, -32768, 32767);
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
place (gint16 *line, gsize n, const Clip *clip, gsize at)
{
  for (gsize i = 0; i < clip->length && at + i < n; i++)
    line[at + i] = clip->samples[i];
}

/* ---- Who speaks */

typedef struct
{
  gint16 *agent, *caller; /* what they say */
  gsize at[UTTERANCES], over[UTTERANCES]; /* of the caller */
  gsize length;
} Talk;

static const gchar *folder;

static Clip
read_said (const gchar *kind, const gchar *voice, guint n, gdouble level)
{
  g_autofree gchar *path =
      g_strdup_printf ("%s/%s/%s/%u.wav", folder, kind, voice, n);
  Clip clip = read_clip (path);

  bring_to (&clip, level);
  trim (&clip);
  return clip;
}

static Talk
make_talk (const gchar *caller, const gchar *agent)
{
  static const gdouble louder[UTTERANCES] = { 0, -3, 3, -5, 2, 0, 4 }; /* dB */
  Clip said[UTTERANCES];
  Talk talk;
  gsize at = LEAD;

  for (guint i = 0; i < UTTERANCES; i++) {
    said[i] = read_said ("callers", caller, i, CALLER + louder[i]);
    talk.at[i] = at;
    talk.over[i] = at + said[i].length;
    at += said[i].length + BETWEEN;
  }
  talk.length = at / FRAME * FRAME;
  talk.agent = g_new0 (gint16, talk.length);
  talk.caller = g_new0 (gint16, talk.length);
  for (guint i = 0; i < UTTERANCES; i++) {
    place (talk.caller, talk.length, &said[i], talk.at[i]);
    g_free (said[i].samples);
  }
  at = RATE;
  for (guint i = 0; at < talk.length; i++) {
    Clip clip = read_said ("agents", agent, i % SENTENCES, AGENT);
    place (talk.agent, talk.length, &clip, at);
    at += clip.length + PAUSE;
    g_free (clip.samples);
  }
  return talk;
}

/* ---- The far end: a phone on a table */

static const struct
{
  guint delay; /* samples */
  gdouble part;
} way[] = { { 0, 0.6 }, { 3, -0.5 }, { 7, 0.35 }, { 12, -0.25 }, { 20, 0.3 },
  { 28, 0.15 }, { 37, -0.1 }, { 45, 0.08 } };

static gdouble
get_heard (const End *phone, gint64 back)
{
  const gint64 index = (gint64) phone->n_heard - back;

  return index >= 0 && back > 0 ? phone->heard[index] : 0;
}

/* The @j-th sample of the 20 ms that end now. */
static gdouble
get_echo (const End *phone, gint64 now, guint j, gdouble gain, guint delay)
{
  const gint64 end = phone->last_time + 20 * MS; /* of what was heard */
  const gint64 time = now - (20 + delay) * MS + j * SECOND / RATE;
  const gint64 back = (end - time) * RATE / SECOND;
  gdouble sum = 0, power = 0;

  for (guint i = 0; i < G_N_ELEMENTS (way); i++) {
    sum += way[i].part * get_heard (phone, back + way[i].delay);
    power += way[i].part * way[i].part;
  }
  return gain * sum / sqrt (power);
}

/* ---- A call */

typedef struct
{
  guint wrong, seen, real;
  gdouble minutes; /* of the agent without the caller */
  gdouble quiet; /* of these, in turns */
  GArray *onsets; /* guint, ms */
} Count;

typedef struct
{
  gint echo; /* dB below what was sent, 0 = none */
  guint delay; /* ms */
  gboolean control;
} Case;

typedef struct
{
  const Talk *talk;
  Count *count;
  AgentEar ear;
  guint n_taken;
  gboolean seen[UTTERANCES];
} Listener;

#define MARGIN (RATE * 8 / 10) /* behind the caller, of a turn's end */

static gint
find_utterance (const Talk *talk, gint64 at)
{
  for (guint i = 0; i < UTTERANCES; i++)
    if (at >= (gint64) talk->at[i] && at < (gint64) talk->over[i] + MARGIN)
      return (gint) i;
  return -1;
}

static void
take_turn (Listener *self, const AgentEarTurn *turn, gint64 at)
{
  const gint i = find_utterance (self->talk, at);

  if (turn->event != TURN_STARTED)
    return;
  if (i < 0) {
    self->count->wrong++;
  } else if (i > 0 && !self->seen[i] &&
      at - (gint64) self->talk->at[i] <= RATE) {
    const guint ms = (guint) ((at - (gint64) self->talk->at[i]) * 1000 / RATE);
    self->seen[i] = TRUE;
    self->count->seen++;
    g_array_append_val (self->count->onsets, ms);
  }
}

/* Times of the caller: what comes now was said so long ago. */
static void
hear_all (Listener *self, const End *agent, gint64 now)
{
  const gint64 at = (now - 40 * MS) * RATE / SECOND;
  AgentEarHeard heard;

  for (; self->n_taken < agent->n_heard; self->n_taken += FRAME) {
    agent_ear_hear (&self->ear, agent->heard + self->n_taken, FRAME,
        gst_util_uint64_scale (self->n_taken, GST_SECOND, RATE), FALSE, &heard);
    for (guint i = 0; i < heard.n; i++)
      take_turn (self, &heard.events[i], at);
    if (find_utterance (self->talk, at) < 0) {
      self->count->minutes += 1.0 / 50 / 60;
      self->count->quiet += heard.now.speaking / 50.0 / 60;
    }
  }
}

static void
join (End *one, End *other, const gchar *host, guint16 port)
{
  one->rtp->peer = other->rtp;
  one->rtcp->peer = other->rtcp;
  one->n_heard_most = 200 * RATE;
  one->heard = g_new0 (gint16, one->n_heard_most);
  end_set_media (one, host, port, TRUE, TRUE);
}

static void
say (End *end, const gint16 *samples, gint64 time)
{
  rtp_stream_send (end->stream, &rtp_call_s16, samples, FRAME * sizeof *samples,
      (GstClockTime) time, FALSE, TRUE);
}

static void
call (const Talk *talk, const Case *one, Count *count)
{
  const RtpStreamOptions options = { .latency = 40,
    .cname = "agent",
    .controls_echo = one->control };
  const AgentEarSettings settings = { MIN_SPEECH, SILENCE, SILENCE, 0 };
  const gdouble gain = one->echo ? pow (10, -one->echo / 20.0) : 0;
  MediaLoop *loop = media_loop_new_manual (START);
  End *phone = end_new (loop, "192.0.2.1", 4000, 0);
  End *agent = end_new_with (loop, "192.0.2.2", 5000, &options);
  Listener listener = { .talk = talk, .count = count };

  join (phone, agent, "192.0.2.2", 5000);
  join (agent, phone, "192.0.2.1", 4000);
  agent_ear_init (&listener.ear);
  agent_ear_begin (&listener.ear, agent_vads_get (), RATE, &settings);
  run_to (loop, 0);
  for (gsize at = 0; at < talk->length; at += FRAME) {
    const gint64 now = (gint64) at / FRAME * 20 * MS;
    gint16 mixed[FRAME];
    run_to (loop, now);
    hear_all (&listener, agent, now);
    say (agent, talk->agent + at, now);
    for (guint j = 0; j < FRAME; j++)
      mixed[j] = (gint16) CLAMP (talk->caller[at + j] +
              get_echo (phone, START + now, j, gain, one->delay - LEAST),
          -32768, 32767);
    say (phone, mixed, now);
  }
  count->real += REAL;
  agent_ear_clear (&listener.ear);
  phone->rtp->peer = phone->rtcp->peer = agent->rtp->peer = agent->rtcp->peer =
      NULL;
  g_free (end_free (phone));
  g_free (end_free (agent));
  media_loop_unref (loop);
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

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *) a, *(const gchar *const *) b);
}

static GPtrArray *
find_voices (const gchar *kind)
{
  g_autofree gchar *path = g_build_filename (folder, kind, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  GPtrArray *voices = g_ptr_array_new_with_free_func (g_free);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir)))
    g_ptr_array_add (voices, g_strdup (name));
  g_ptr_array_sort (voices, compare_names);
  return voices;
}

static gboolean
print_case (GPtrArray *talks, Case one)
{
  gboolean kept = TRUE;

  g_print (one.echo ? "-%2d dB %3u ms" : "none        ", one.echo, one.delay);
  for (guint control = 0; control < 2; control++) {
    Count count = { .onsets = g_array_new (FALSE, FALSE, sizeof (guint)) };
    one.control = control;
    for (guint i = 0; i < talks->len; i++)
      call (talks->pdata[i], &one, &count);
    g_print (" | %5.1f %3u of %2u %4u/%4u %3.0f %%",
        count.wrong / count.minutes, count.seen, count.real,
        quantile (count.onsets, 0.5), quantile (count.onsets, 0.9),
        100 * (1 - count.quiet / count.minutes));
    kept = count.wrong <= 0.2 * count.minutes &&
        count.seen * 23 >= count.real * 22;
    g_array_unref (count.onsets);
  }
  g_print ("%s\n", kept ? "" : "  <- less than promised");
  return kept;
}

static void
free_talk (gpointer data)
{
  Talk *talk = data;

  g_free (talk->agent);
  g_free (talk->caller);
  g_free (talk);
}

static GPtrArray *
make_talks (void)
{
  g_autoptr (GPtrArray) callers = find_voices ("callers");
  g_autoptr (GPtrArray) agents = find_voices ("agents");
  GPtrArray *talks = g_ptr_array_new_with_free_func (free_talk);

  for (guint i = 0; agents->len && i < callers->len; i++) {
    Talk *talk = g_new (Talk, 1);
    *talk = make_talk (callers->pdata[i], agents->pdata[i % agents->len]);
    g_ptr_array_add (talks, talk);
  }
  return talks;
}

int
main (int argc, char **argv)
{
  static const gint echoes[] = { 10, 15, 20, 30 };
  static const guint delays[] = { 60, 120, 250 };

  gst_init (NULL, NULL);
  if (argc != 2)
    return 2;
  folder = argv[1];
  g_autoptr (GPtrArray) talks = make_talks ();
  g_print ("%12s | off: false a minute, real ones seen, onset p50/p90 (ms), "
           "audible | auto\n",
      agent_vads_get ()->name);
  gboolean kept = print_case (talks, (Case){ 0, LEAST, FALSE });
  for (guint i = 0; i < G_N_ELEMENTS (echoes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (delays); j++)
      kept &= print_case (talks, (Case){ echoes[i], delays[j], FALSE });
  return !kept;
}
