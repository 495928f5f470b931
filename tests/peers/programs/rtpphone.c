/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A phone that follows a script and notes every packet it hears. The script is
 * the command line: rtpphone [OPTIONS] STEP [ARGUMENTS] STEP...; each step that
 * learns something prints "name=value" lines; the first that fails ends the
 * program with code 1 and a sentence. usage() lists the steps. */

#include "phone.h"
#include "wavfile.h"

#include "../../freeport.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
place_call (const gchar *uri, gboolean with_offer)
{
  g_autofree gchar *sdp = with_offer ? phone_sdp ("sendrecv") : NULL;

  phone_open (uri);
  sip_dialog_clear (&phone.dialog);
  sip_dialog_init (&phone.dialog, uri, "phone", phone.tcp ? "TCP" : "UDP",
      "127.0.0.1", phone.link.port);
  g_autofree gchar *invite =
      sip_dialog_request (&phone.dialog, "INVITE", NULL, sdp);
  gint64 start = sip_now ();
  phone.bye_seen = phone.ringing = FALSE;
  guint status = phone_transact (invite, 8000);
  printf ("status=%u\nsetup_ms=%.1f\nringing=%d\n", status,
      (sip_now () - start) / 1000.0, phone.ringing);
  phone.in_call = status == 200;
}

static void
step_call (gchar **argument)
{
  place_call (argument[0], TRUE);
  if (!phone.in_call)
    phone_fail ("the call was not answered");
}

static void
step_late_call (gchar **argument)
{
  place_call (argument[0], FALSE);
  if (!phone.in_call)
    phone_fail ("the call without an offer was not answered");
}

static void
step_try_call (gchar **argument)
{
  place_call (argument[0], TRUE);
}

static void
step_options (gchar **argument)
{
  SipDialog dialog;

  phone_open (argument[0]);
  sip_dialog_init (&dialog, argument[0], "probe", phone.tcp ? "TCP" : "UDP",
      "127.0.0.1", phone.link.port);
  g_autofree gchar *text = sip_dialog_request (&dialog, "OPTIONS", NULL, NULL);
  guint status = phone_transact (text, 3000);
  sip_dialog_clear (&dialog);
  printf ("options=%u\n", status);
  if (status == 0)
    phone_fail ("no answer to OPTIONS from %s", argument[0]);
}

static gint ring_time; /* ms */

static void
step_ring (gchar **argument)
{
  ring_time = atoi (argument[0]);
}

static void
step_listen (gchar **argument)
{
  if (!phone.linked &&
      !sip_link_open (&phone.link, FALSE, phone.sip_port, NULL, 0))
    phone_fail ("port %u is taken", phone.sip_port);
  phone.linked = TRUE;
  printf ("listening=%u\n", phone.link.port);
  fflush (stdout);
  if (!phone_run (atoi (argument[0]), phone_is_called))
    phone_fail ("nobody called within %s ms", argument[0]);
  g_autofree gchar *sdp = phone_sdp ("sendrecv");
  sip_dialog_clear (&phone.dialog);
  sip_dialog_init_incoming (&phone.dialog, phone.request, "rtpphone", "UDP",
      "127.0.0.1", phone.link.port);
  phone_take_description (phone.request);
  if (ring_time) {
    phone_reply (phone.request, 180, "Ringing", NULL);
    phone_run (ring_time, NULL);
  }
  phone.in_call = TRUE;
  phone_reply (phone.request, 200, "OK", sdp);
  g_clear_pointer (&phone.request, g_free);
}

/* a request within the call that carries a new description */
static void
change (const gchar *method, const gchar *direction)
{
  g_autofree gchar *sdp = phone_sdp (direction);
  g_autofree gchar *text =
      sip_dialog_request (&phone.dialog, method, NULL, sdp);
  guint status = phone_transact (text, 4000);

  printf ("status=%u\nanswer_direction=%s\n", status,
      phone.response ? sip_sdp_direction (phone.response) : "");
  if (status != 200)
    phone_fail ("%s with %s was answered %u", method, direction, status);
  if (!g_str_has_prefix (sip_body (phone.response), "v="))
    phone_fail ("%s was answered without a description", method);
  phone_take_description (phone.response);
}

static void
step_reinvite (gchar **argument)
{
  change ("INVITE", argument[0]);
}

static void
step_update (gchar **argument)
{
  change ("UPDATE", argument[0]);
}

static void
step_move (gchar **argument)
{
  PhoneMedia old = phone.media;
  PhoneMedia fresh;

  if (!phone_media_open (&fresh, 0))
    phone_fail ("no media port is free");
  close (old.rtp);
  close (old.rtcp);
  phone.media.rtp = fresh.rtp;
  phone.media.rtcp = fresh.rtcp;
  phone.media.port = fresh.port;
  fresh.rtp = fresh.rtcp = -1;
  phone_media_close (&fresh);
  change ("INVITE", "sendrecv");
}

static void
step_bye (gchar **argument)
{
  g_autofree gchar *text =
      sip_dialog_request (&phone.dialog, "BYE", NULL, NULL);
  guint status = phone_transact (text, 4000);

  phone.in_call = phone.media.up = FALSE;
  if (status != 200)
    phone_fail ("BYE was answered %u", status);
}

static void
step_wait_bye (gchar **argument)
{
  gint64 start = sip_now ();
  if (!phone_run (atoi (argument[0]), phone_is_hung_up))
    phone_fail ("no BYE came within %s ms", argument[0]);
  printf ("bye_after_ms=%.0f\nbye_after_audio_ms=%.0f\n",
      (sip_now () - start) / 1000.0,
      phone.media.last_loud ? (sip_now () - phone.media.last_loud) / 1000.0
                            : -1);
}

/* ---- audio ---- */

static void
step_play (gchar **argument)
{
  WavFile wav;
  if (!wav_file_read (argument[0], 0, &wav))
    phone_fail ("cannot read %s as 16 bit WAV", argument[0]);
  wav_file_to_8k (&wav);
  phone_media_say (&phone.media, wav.samples, wav.length);
}

static void
step_tone (gchar **argument)
{
  gsize length = atoi (argument[1]) * 8;
  gint16 *samples = g_new (gint16, length);

  for (gsize i = 0; i < length; i++)
    samples[i] = 8000 * sin (2 * G_PI * atof (argument[0]) * i / 8000);
  phone_media_say (&phone.media, samples, length);
}

/* Who is hung up on speaks to nobody. */
static gboolean
is_said (void)
{
  return phone.media.clip_at >= phone.media.clip_length || phone_is_hung_up ();
}

static void
step_wait_said (gchar **argument)
{
  phone_run (600000, is_said);
  if (phone.media.clip_at < phone.media.clip_length)
    phone_fail ("it was hung up on before all was said");
}

static void
step_wait (gchar **argument)
{
  phone_run (atoi (argument[0]), NULL);
}

static gboolean
is_heard (void)
{
  for (gsize i = phone.mark; i < phone.media.packets->len; i++)
    if (phone_media_is_loud (
            &g_array_index (phone.media.packets, PhonePacket, i)))
      return TRUE;
  return FALSE;
}

static void
step_wait_audio (gchar **argument)
{
  gint64 start = sip_now ();
  phone.mark = phone.media.packets->len;
  if (!phone_run (atoi (argument[0]), is_heard))
    phone_fail ("nothing audible came within %s ms", argument[0]);
  printf ("audio_after_ms=%.0f\n", (sip_now () - start) / 1000.0);
}

static gboolean
is_answered (void)
{
  return phone.media.answer_start != 0;
}

static void
step_wait_answer (gchar **argument)
{
  if (!phone_run (atoi (argument[0]), is_answered))
    phone_fail ("no answer came within %s ms", argument[0]);
  printf ("answer_after_ms=%.0f\n",
      (phone.media.answer_start - phone.media.said_end) / 1000.0);
}

static gboolean
is_silent (void)
{
  return is_heard () && sip_now () - phone.media.last_loud > 200000;
}

static void
step_wait_silence (gchar **argument)
{
  if (!phone_run (atoi (argument[0]), is_silent))
    phone_fail ("it was not silent for 200 ms within %s ms", argument[0]);
  if (phone.media.spoke_at != 0)
    printf ("silent_after_speech_ms=%.0f\n",
        (phone.media.last_loud + 20000 - phone.media.spoke_at) / 1000.0);
}

static gint64 wanted_quiet; /* us */

static gboolean
is_quiet (void)
{
  return is_heard () && sip_now () - phone.media.last_loud > wanted_quiet;
}

static void
step_wait_quiet (gchar **argument)
{
  wanted_quiet = atoi (argument[0]) * 1000;
  if (!phone_run (atoi (argument[1]), is_quiet))
    phone_fail ("it was not silent for %s ms within %s ms", argument[0],
        argument[1]);
}

/* What arrived since "mark": how much, how even. */
static void
step_facts (gchar **argument)
{
  GArray *packets = phone.media.packets;
  guint audio = 0, loud = 0, markers = 0, lost = 0, jumps = 0, odd = 0;
  gint64 worst = 0;
  const PhonePacket *last = NULL;

  for (gsize i = phone.mark; i < packets->len; i++) {
    const PhonePacket *packet = &g_array_index (packets, PhonePacket, i);
    if (last != NULL) {
      worst = MAX (worst, packet->time - last->time);
      lost += (guint16) (packet->sequence - last->sequence - 1);
    }
    if (packet->type != PHONE_EVENT_TYPE) {
      audio++;
      loud += phone_media_is_loud (packet);
      markers += packet->marker;
      odd += packet->size != PHONE_FRAME;
      if (last != NULL && last->type != PHONE_EVENT_TYPE)
        jumps += packet->timestamp - last->timestamp != PHONE_FRAME;
    }
    last = packet;
  }
  printf (
      "packets=%u\nloud_ms=%u\nmarkers=%u\nlost=%u\njumps=%u\nodd_size=%u\n"
      "worst_gap_ms=%.1f\nrtcp=%u\nrtcp_muxed=%u\ndigits=%s\nreinvites=%u\n",
      audio, 20 * loud, markers, lost, jumps, odd, worst / 1000.0,
      phone.media.rtcp_packets, phone.media.rtcp_muxed,
      phone.media.heard_digits->str, phone.reinvites);
}

static void
step_mark (gchar **argument)
{
  phone.mark = phone.media.packets->len;
}

static void
step_mute (gchar **argument)
{
  phone.media.muted = g_str_equal (argument[0], "on");
}

static void
step_dtmf (gchar **argument)
{
  g_string_append (phone.media.digits, argument[0]);
}

static gboolean
has_muxed_rtcp (void)
{
  return phone.media.rtcp_muxed != 0;
}

static void
step_wait_rtcp (gchar **argument)
{
  if (!phone_run (atoi (argument[0]), has_muxed_rtcp))
    phone_fail ("no RTCP came to the port of RTP");
}

static const gchar *wanted_digits;

static gboolean
has_digits (void)
{
  return strstr (phone.media.heard_digits->str, wanted_digits) != NULL;
}

static void
step_wait_dtmf (gchar **argument)
{
  wanted_digits = argument[0];
  if (!phone_run (atoi (argument[1]), has_digits))
    phone_fail ("digits \"%s\" came instead of \"%s\"",
        phone.media.heard_digits->str, wanted_digits);
}

static void
step_flood (gchar **argument)
{
  phone_media_flood (&phone.media, atoi (argument[0]));
}

static void
step_record (gchar **argument)
{
  if (!wav_file_write (argument[0], (gint16 *) phone.media.recording->data,
          phone.media.recording->len, 8000))
    phone_fail ("cannot write %s", argument[0]);
  printf ("recording_start_us=%" G_GINT64_FORMAT "\n",
      phone.media.recording_start); /* CLOCK_MONOTONIC */
}

/* @bytes as FILE.@what. */
static void
dump_bytes (const gchar *file, const gchar *what, const GByteArray *bytes)
{
  g_autofree gchar *path = g_strconcat (file, what, NULL);

  if (!g_file_set_contents (path, (const gchar *) bytes->data, bytes->len,
          NULL))
    phone_fail ("cannot write %s", path);
}

static void
step_dump (gchar **argument)
{
  dump_bytes (argument[0], ".sent", phone.media.sent_bytes);
  dump_bytes (argument[0], ".heard", phone.media.heard_bytes);
}

/* Held in the background for as long as the script lives that asked for it. */
static void
step_free_port (gchar **argument)
{
  const guint port = free_port ();
  const gint script = atoi (argument[0]);

  printf ("%u\n", port);
  fflush (stdout);
  if (fork () != 0)
    return;
  for (int fd = 0; fd < 3; fd++)
    close (fd);
  while (kill (script, 0) == 0)
    g_usleep (G_USEC_PER_SEC);
  _exit (0);
}

static const struct
{
  const gchar *name;
  guint arguments;
  void (*run) (gchar **argument);
  const gchar *help;
} steps[] = {
  { "free-port", 1, step_free_port,
      "PID: print an even port that is nobody else's until that process ends" },
  { "options", 1, step_options, "URI: ask, expect any answer" },
  { "call", 1, step_call, "URI: INVITE with an offer" },
  { "late-call", 1, step_late_call, "URI: INVITE without one" },
  { "try-call", 1, step_try_call, "URI: INVITE, whatever the answer" },
  { "listen", 1, step_listen, "MS: wait for a call and answer it" },
  { "ring", 1, step_ring, "MS: who listens rings that long before it answers" },
  { "reinvite", 1, step_reinvite, "DIRECTION: re-INVITE" },
  { "update", 1, step_update, "DIRECTION: UPDATE" },
  { "move", 0, step_move, "re-INVITE from another media port" },
  { "bye", 0, step_bye, "hang up" },
  { "wait-bye", 1, step_wait_bye, "MS: wait to be hung up on" },
  { "play", 1, step_play, "FILE: say it" },
  { "tone", 2, step_tone, "HZ MS: say it" },
  { "wait-said", 0, step_wait_said, "until it is said" },
  { "wait", 1, step_wait, "MS" },
  { "wait-audio", 1, step_wait_audio, "MS: until something is audible" },
  { "wait-answer", 1, step_wait_answer,
      "MS: until something is audible after what was said" },
  { "wait-silence", 1, step_wait_silence, "MS: until 200 ms of silence" },
  { "wait-quiet", 2, step_wait_quiet, "N MS: until N ms of silence" },
  { "mark", 0, step_mark, "facts count from here" },
  { "facts", 0, step_facts, "what arrived since mark" },
  { "mute", 1, step_mute, "on|off: send no RTP" },
  { "dtmf", 1, step_dtmf, "DIGITS: send" },
  { "wait-dtmf", 2, step_wait_dtmf, "DIGITS MS: wait for" },
  { "wait-rtcp", 1, step_wait_rtcp, "MS: until RTCP comes to the port of RTP" },
  { "flood", 1, step_flood, "N: garbage at the media ports" },
  { "dump", 1, step_dump,
      "FILE: write FILE.sent and FILE.heard, G.711 as in RTP" },
  { "record", 1, step_record, "FILE: write what was heard" },
};

static void G_GNUC_NORETURN
usage (void)
{
  puts (
      "rtpphone [-t (TCP)] [-a (A-law)] [-b (in a bundle)] [-p SIP-PORT] [-m MEDIA-PORT] STEP...");
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    printf ("  %-13s %s\n", steps[i].name, steps[i].help);
  exit (2);
}

static guint
run_step (gchar **words, guint left)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_str_equal (steps[i].name, words[0])) {
      if (steps[i].arguments >= left)
        usage ();
      steps[i].run (words + 1);
      fflush (stdout);
      return 1 + steps[i].arguments;
    }
  fprintf (stderr, "rtpphone: no step is called %s\n", words[0]);
  usage ();
}

int
main (int argc, char **argv)
{
  int option;

  while ((option = getopt (argc, argv, "tabp:m:")) != -1)
    switch (option) {
      case 't':
        phone.tcp = TRUE;
        break;
      case 'a':
        phone.alaw = TRUE;
        break;
      case 'b':
        phone.bundled = TRUE;
        break;
      case 'p':
        phone.sip_port = atoi (optarg);
        break;
      case 'm':
        phone.media_port = atoi (optarg);
        break;
      default:
        usage ();
    }
  if (optind == argc)
    usage ();
  if (!phone_media_open (&phone.media, phone.media_port))
    phone_fail ("no media port is free");
  phone.media.alaw = phone.alaw;
  while (optind < argc)
    optind += run_step (argv + optind, argc - optind);
  sip_dialog_clear (&phone.dialog);
  if (phone.linked)
    sip_link_close (&phone.link);
  g_free (phone.response);
  g_free (phone.request);
  phone_media_close (&phone.media);
  return 0;
}
