/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Load for a SIP line, and what came of it, as "name=value" lines.
 *
 *   callgen [-n CALLS] [-r RAMP/s] [-w WARM s] [-t SECONDS] [-p PID] [-S|-q|-R|-T] URI
 *       CALLS calls with 50 packets a second each. Every payload carries a marker
 *       of G.711 codes that survive decoding and encoding: the round trip of each
 *       packet is measured. -S: talks a second, listens a second (an agent that
 *       answers turns), no markers. -q: is silent. -R: all are in one room, the first
 *       says a tick a second, the round trip is its way to the others. -T: each says a
 *       tick a second, and hears it again. -k FILE:
 *       the packets of codecfloor, no markers.
 *       -e SUITE: encrypted (AES_CM_128_HMAC_SHA1_80, AEAD_AES_128_GCM).
 *   callgen -f FILE ...   plain RTP to the ports that FILE lists
 *   callgen -c RATE [-t SECONDS] [-p PID] URI
 *       set-up only: RATE calls a second of INVITE, 200, ACK, BYE, 200.
 *   callgen -c RATE -d MS [-t SECONDS] URI
 *       the same with calls of so long and their packets, and a line about each:
 *       when it began, set-up time, whose address its media had, how long
 *       nothing had come of that when it hung up, and its end: ok, hung-up (by the
 *       far end), lost (no 200 to the BYE), the status that refused it, or none.
 *
 * One thread wakes each millisecond; what is due leaves in one sendmmsg(), what
 * came is read in one recvmmsg() with the kernel's receive stamps: a late wake-up
 * of this program does not count as the line's delay. -p: process under test. */

#include "loadmedia.h"
#include "sipwire.h"

#include <arpa/inet.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_CALLS 4000

typedef enum
{
  IDLE,
  INVITED,
  UP,
  LEAVING,
  DONE,
  FAILED
} CallState;

typedef struct
{
  CallState state;
  SipDialog dialog;
  gchar *request; /* to send again */
  guint64 sent_at, again_at;
  guint interval;
  guint64 began_at, up_at, hung_up_at;
  guint setup; /* us */
  gchar end[12]; /* "" = not over, see -d */
} Call;

typedef struct
{
  gdouble cpu; /* s */
  guint threads;
  guint rss; /* kB */
  guint fds;
} Usage;

static struct
{
  guint calls, ramp, warm, seconds, rate, duration;
  LoadTalk talk;
  pid_t pid;
  const gchar *uri, *file, *packets, *suite;
} options = { 10, 100, 2, 5, 0, 0, LOAD_MARKS, 0, NULL, NULL, NULL, NULL };

static Call *calls;
static SipLink sip;
static LoadMedia media;

static guint64 worst_tick;
static gint64 worst_stall; /* us between two turns of our own, at any time */
static guint n_up, n_failed, n_done, retransmissions;
static GArray *setups; /* guint32, us */

static void G_GNUC_NORETURN
give_up (const gchar *why)
{
  perror (why);
  exit (2);
}

/* ---- signalling ---- */

static void
send_request (Call *call, guint64 time, gchar *request)
{
  g_free (call->request);
  call->request = request;
  call->interval = 500;
  call->again_at = time + 500 * MILLISECOND;
  sip_link_send (&sip, request, -1);
}

static void
media_up (guint index, guint64 time)
{
  load_media_start (&media, index, time);
  calls[index].state = UP;
  n_up++;
}

static void
start_call (Call *call, guint index, guint64 time)
{
  LoadSrtp *srtp = media.streams[index].srtp;
  g_autofree gchar *plain = media.packets
      ? load_media_describe_packets (&media)
      : sip_sdp ("127.0.0.1", media.port, 0, "sendrecv", 1);
  g_autofree gchar *sdp = srtp ? load_srtp_offer (srtp, plain) : NULL;

  sip_dialog_clear (&call->dialog);
  sip_dialog_init (&call->dialog, options.uri, "load", "UDP", "127.0.0.1",
      sip.port);
  g_autofree gchar *id = g_strdup_printf ("%u-%s", index, call->dialog.call_id);
  g_free (call->dialog.call_id);
  call->dialog.call_id = g_steal_pointer (&id);
  call->state = INVITED;
  call->sent_at = call->began_at = time;
  send_request (call, time,
      sip_dialog_request (&call->dialog, "INVITE", NULL, sdp ? sdp : plain));
}

static void
hang_up (Call *call, guint64 time)
{
  media.streams[call - calls].up = FALSE;
  call->state = LEAVING;
  call->sent_at = call->hung_up_at = time;
  send_request (call, time,
      sip_dialog_request (&call->dialog, "BYE", NULL, NULL));
}

static void
refused (Call *call, const gchar *message)
{
  g_autofree gchar *ack = sip_dialog_ack_failure (&call->dialog);
  sip_link_send (&sip, ack, -1);
  if (call->state == INVITED) {
    if (n_failed++ == 0)
      fprintf (stderr, "callgen: %.*s\n", (int) strcspn (message, "\r"),
          message);
    call->state = FAILED;
    g_snprintf (call->end, sizeof call->end, "%u", sip_status (message));
  }
}

static void
accepted (Call *call, guint index, const gchar *message, guint64 time)
{
  g_autofree gchar *ack = NULL;

  if (call->state == INVITED)
    sip_dialog_learn (&call->dialog, message);
  ack = sip_dialog_request (&call->dialog, "ACK", NULL, NULL);
  sip_link_send (&sip, ack, -1);
  if (call->state != INVITED)
    return;
  guint32 taken = (time - call->sent_at) / 1000;
  g_array_append_val (setups, taken);
  call->setup = taken;
  call->up_at = time;
  if (options.rate > 0 && options.duration == 0) {
    hang_up (call, time);
  } else if (sip_sdp_target (message, &media.streams[index].peer) &&
      (!media.streams[index].srtp ||
          load_srtp_answered (media.streams[index].srtp, message))) {
    media_up (index, time);
  } else {
    call->state = FAILED;
    n_failed++;
  }
}

static void
take_response (Call *call, guint index, const gchar *message, guint64 time)
{
  g_autofree gchar *method = sip_cseq_method (message);
  guint status = sip_status (message);

  if (g_str_equal (method, "BYE") && status >= 200 && call->state == LEAVING) {
    call->state = DONE;
    g_strlcpy (call->end, status == 200 ? "ok" : "lost", sizeof call->end);
    n_done++;
  } else if (!g_str_equal (method, "INVITE")) {
    return;
  } else if (status < 200) {
    if (call->state == INVITED)
      call->again_at = G_MAXUINT64; /* RFC 3261 17.1.1.2: no more INVITEs */
  } else if (status < 300) {
    accepted (call, index, message, time);
  } else {
    refused (call, message);
  }
}

static void
take_message (const gchar *message, guint64 time)
{
  g_autofree gchar *id = sip_header (message, "Call-ID");
  guint index = id != NULL ? atoi (id) : 0;

  if (index >= options.calls)
    return;
  if (sip_status (message) != 0) {
    take_response (&calls[index], index, message, time);
  } else if (!sip_is_request (message, "ACK")) {
    g_autofree gchar *reply =
        sip_reply (message, 200, "OK", NULL, NULL, NULL, NULL);
    sip_link_send (&sip, reply, -1);
    if (sip_is_request (message, "BYE") && calls[index].state == UP) {
      if (options.duration == 0)
        fprintf (stderr,
            "callgen: call %u was ended by the far end after %.1f s; "
            "this program stood still for %.0f ms at most\n",
            index, (time - calls[index].up_at) / 1e9, worst_stall / 1e3);
      media.streams[index].up = FALSE;
      calls[index].state = FAILED;
      g_strlcpy (calls[index].end, "hung-up", sizeof calls[index].end);
      n_failed++;
    }
  }
}

static void
repeat_requests (guint64 time)
{
  for (guint i = 0; i < options.calls; i++) {
    Call *call = &calls[i];
    if ((call->state != INVITED && call->state != LEAVING) ||
        time < call->again_at)
      continue;
    if (time - call->sent_at > 16 * SECOND) {
      call->state = FAILED;
      n_failed++;
      continue;
    }
    retransmissions++;
    call->interval = MIN (2 * call->interval, 4000);
    call->again_at = time + call->interval * MILLISECOND;
    sip_link_send (&sip, call->request, -1);
  }
}

static void
read_signalling (void)
{
  gchar *message;

  while (
      sip.port != 0 && (message = sip_link_receive (&sip, 0, FALSE)) != NULL) {
    take_message (message, load_now ());
    g_free (message);
  }
}

/* -d: those that lasted as long as they should */
static void
end_calls (guint64 time)
{
  for (guint i = 0; i < options.calls; i++)
    if (calls[i].state == UP &&
        time > calls[i].up_at + options.duration * MILLISECOND)
      hang_up (&calls[i], time);
}

/* ---- the clock ---- */

/* TRUE when it is @next; while only signalling is measured, answers are read as
 * they come. */
static gboolean
wait_until (guint64 next, guint64 time)
{
  struct pollfd wanted = { .fd = sip.fd, .events = POLLIN };
  struct timespec left = { 0, MIN (next - time, MILLISECOND) };

  if (ppoll (&wanted, options.rate > 0, &left, NULL) <= 0)
    return TRUE;
  read_signalling ();
  return FALSE;
}

/* Works until @end, or until @reached says so. */
static void
work_until (guint64 end, gboolean (*reached) (void))
{
  static guint64 next, ticks;
  static gint64 last_tick; /* us, monotonic: the other may be set */

  for (guint64 time = load_now (); time < end && !(reached && reached ());
       time = load_now ()) {
    if (next == 0 || time > next + 50 * MILLISECOND)
      next = time;
    if (time < next && !wait_until (next, time))
      continue;
    time = load_now ();
    if (load_media_measures (&media, time))
      worst_tick = MAX (worst_tick, time - MIN (time, next));
    next += MILLISECOND;
    gint64 tick = g_get_monotonic_time ();
    if (last_tick != 0)
      worst_stall = MAX (worst_stall, tick - last_tick);
    last_tick = tick;
    read_signalling ();
    if (++ticks % 50 == 0)
      repeat_requests (time);
    if (options.rate == 0 || options.duration > 0)
      load_media_work (&media, time);
    if (options.duration > 0)
      end_calls (time);
  }
}

static gboolean
all_settled (void)
{
  for (guint i = 0; i < options.calls; i++)
    if (calls[i].state == INVITED || calls[i].state == LEAVING ||
        (calls[i].state == UP && options.duration > 0))
      return FALSE;
  return TRUE;
}

/* ---- figures ---- */

static Usage
usage_of (pid_t pid)
{
  Usage usage = { 0 };
  clockid_t clock;
  struct timespec time;
  g_autofree gchar *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree gchar *fd_path = g_strdup_printf ("/proc/%d/fd", pid);
  g_autofree gchar *text = NULL;
  g_autoptr (GDir) fds = g_dir_open (fd_path, 0, NULL);

  if (pid == 0 || clock_getcpuclockid (pid, &clock) != 0 ||
      !g_file_get_contents (path, &text, NULL, NULL))
    return usage;
  clock_gettime (clock, &time);
  usage.cpu = time.tv_sec + time.tv_nsec / 1e9;
  usage.threads = atoi (strstr (text, "Threads:") + 8);
  usage.rss = atoi (strstr (text, "VmRSS:") + 6);
  while (fds != NULL && g_dir_read_name (fds) != NULL)
    usage.fds++;
  return usage;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  return x < y ? -1 : x > y;
}

/* ms, -1 when there is none */
static gdouble
percentile (GArray *values, gdouble share)
{
  if (values->len == 0)
    return -1;
  guint at = MIN (values->len - 1, (guint) ceil (share * values->len));
  return g_array_index (values, guint32, at) / 1000.0;
}

static void
print_usage (const Usage *before, const Usage *after)
{
  printf ("cpu_ms=%.1f\nthreads=%u\nrss_kb=%u\nfds=%u\n",
      1000 * (after->cpu - before->cpu), after->threads, after->rss,
      after->fds);
}

/* ---- the two kinds of load ---- */

static void
read_ports (void)
{
  g_autofree gchar *text = NULL;
  guint64 time = load_now ();

  if (!g_file_get_contents (options.file, &text, NULL, NULL))
    give_up (options.file);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; i < options.calls && lines[i] != NULL; i++) {
    media.streams[i].peer.sin_family = AF_INET;
    media.streams[i].peer.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    media.streams[i].peer.sin_port = htons (atoi (lines[i]));
    media_up (i, time);
  }
}

static void
set_up_calls (void)
{
  guint64 start = load_now ();
  for (guint i = 0; i < options.calls; i++) {
    start_call (&calls[i], i, load_now ());
    work_until (start + (i + 1) * SECOND / options.ramp, NULL);
  }
  work_until (load_now () + 20 * SECOND, all_settled);
}

static void
run_media (void)
{
  if (options.file != NULL)
    read_ports ();
  else
    set_up_calls ();
  guint up = n_up;
  work_until (load_now () + options.warm * SECOND, NULL);
  Usage before = usage_of (options.pid);
  media.begin = load_now ();
  media.end = media.begin + options.seconds * SECOND;
  work_until (media.end, NULL);
  Usage after = usage_of (options.pid);
  gdouble seconds = (load_now () - media.begin) / 1e9;
  work_until (load_now () + 500 * MILLISECOND, NULL);
  for (guint i = 0; i < options.calls && options.file == NULL; i++)
    if (calls[i].state == UP) {
      hang_up (&calls[i], load_now ());
      work_until (load_now () + 2 * MILLISECOND, NULL);
    }
  work_until (load_now () + 5 * SECOND, all_settled);

  g_array_sort (media.trips, compare);
  g_array_sort (media.gaps, compare);
  g_array_sort (setups, compare);
  gboolean marks = options.talk == LOAD_MARKS;
  guint64 back = marks ? media.marks_back : media.packets_in;
  gint64 lost = marks ? (gint64) media.packets_out - (gint64) media.marks_back
                      : media.missing;
  printf ("calls=%u\nup=%u\nfailed=%u\nseconds=%.2f\nsent=%" G_GUINT64_FORMAT
          "\nback=%" G_GUINT64_FORMAT "\nlost=%" G_GINT64_FORMAT
          "\ntrip_p50_ms=%.2f\ntrip_p95_ms=%.2f\ntrip_p99_ms=%.2f\n"
          "trip_max_ms=%.2f\n"
          "gap_p99_ms=%.2f\ngap_max_ms=%.2f\nworst_tick_ms=%.1f\n"
          "worst_stall_ms=%.1f\n",
      options.calls, up, n_failed, seconds, media.packets_out, back, lost,
      percentile (media.trips, 0.5), percentile (media.trips, 0.95),
      percentile (media.trips, 0.99), percentile (media.trips, 1),
      percentile (media.gaps, 0.99), percentile (media.gaps, 1),
      worst_tick / 1e6, worst_stall / 1e3);
  printf ("setup_p50_ms=%.2f\nsetup_p95_ms=%.2f\nticks=%u\nheard=%u\n",
      percentile (setups, 0.5), percentile (setups, 0.95),
      options.talk == LOAD_ROOM ? media.ticks * (up - MIN (up, 1))
                                : media.ticks,
      media.ticks > 0 ? media.trips->len : 0);
  printf ("sent_kbits=%.1f\n",
      up ? media.octets_out * 8 / 1000.0 / options.seconds / up : 0);
  print_usage (&before, &after);
  printf ("cpu_ms_per_call_second=%.4f\n",
      up ? 1000 * (after.cpu - before.cpu) / seconds / up : -1);
}

static Call *
idle_call (guint *index)
{
  static guint next;
  for (guint tried = 0; tried < options.calls; tried++) {
    *index = next++ % options.calls;
    CallState state = calls[*index].state;
    if (state == IDLE || state == DONE || state == FAILED)
      return &calls[*index];
  }
  return NULL;
}

static void
print_calls (void)
{
  for (guint i = 0; i < options.calls && calls[i].began_at != 0; i++) {
    const Call *call = &calls[i];
    const LoadStream *stream = &media.streams[i];
    gchar ip[INET_ADDRSTRLEN];

    inet_ntop (AF_INET, &stream->peer.sin_addr, ip, sizeof ip);
    guint64 begun = MAX (stream->last_arrival, call->up_at);
    printf ("call began=%.3f setup=%.1f media=%s silent=%.0f end=%s\n",
        call->began_at / 1e9, call->setup / 1e3, ip,
        call->hung_up_at > begun ? (call->hung_up_at - begun) / 1e6 : 0,
        *call->end        ? call->end
            : call->up_at ? "lost"
                          : "none");
  }
}

static void
run_setups (void)
{
  guint wanted = options.rate * options.seconds, offered = 0;
  Usage before = usage_of (options.pid);
  guint64 start = load_now ();

  for (; offered < wanted; offered++) {
    guint index;
    Call *call = idle_call (&index);
    if (call != NULL)
      start_call (call, index, load_now ());
    else
      n_failed++;
    work_until (start + (offered + 1) * SECOND / options.rate, NULL);
  }
  gdouble seconds = (load_now () - start) / 1e9;
  work_until (load_now () + 20 * SECOND, all_settled);
  Usage after = usage_of (options.pid);
  g_array_sort (setups, compare);
  printf ("offered=%u\ndone=%u\nfailed=%u\nretransmissions=%u\nrate=%.0f\n"
          "setup_p50_ms=%.2f\nsetup_p95_ms=%.2f\nsetup_max_ms=%.2f\n",
      offered, n_done, n_failed, retransmissions, n_done / seconds,
      percentile (setups, 0.5), percentile (setups, 0.95),
      percentile (setups, 1));
  print_usage (&before, &after);
  if (options.duration > 0)
    print_calls ();
  printf ("cpu_ms_per_call=%.3f\n",
      n_done ? 1000 * (after.cpu - before.cpu) / n_done : -1);
}

static void
read_options (int argc, char **argv)
{
  int option;

  while ((option = getopt (argc, argv, "n:r:w:t:p:c:d:f:k:e:SqRT")) != -1)
    switch (option) {
      case 'n':
        options.calls = CLAMP (atoi (optarg), 1, MAX_CALLS);
        break;
      case 'r':
        options.ramp = MAX (1, atoi (optarg));
        break;
      case 'w':
        options.warm = atoi (optarg);
        break;
      case 't':
        options.seconds = atoi (optarg);
        break;
      case 'p':
        options.pid = atoi (optarg);
        break;
      case 'c':
        options.rate = MAX (1, atoi (optarg));
        options.calls = 2000;
        break;
      case 'd':
        options.duration = atoi (optarg);
        break;
      case 'f':
        options.file = optarg;
        break;
      case 'k':
        options.packets = optarg;
        options.talk = LOAD_PACKETS;
        break;
      case 'e':
        options.suite = optarg;
        break;
      case 'S':
        options.talk = LOAD_TURNS;
        break;
      case 'q':
        options.talk = LOAD_SILENCE;
        break;
      case 'R':
        options.talk = LOAD_ROOM;
        break;
      case 'T':
        options.talk = LOAD_TICKS;
        break;
      default:
        exit (2);
    }
  if (options.duration > 0) /* each has its line */
    options.calls = CLAMP (options.rate * options.seconds, 1, MAX_CALLS);
  options.uri = argv[optind];
  if (options.uri == NULL && options.file == NULL) {
    fputs (
        "usage: callgen [-n CALLS] [-t SECONDS] [-p PID] [-S|-q|-R|-T] URI | "
        "-f PORTS | -c RATE [-d MS] URI\n",
        stderr);
    exit (2);
  }
}

int
main (int argc, char **argv)
{
  g_autofree gchar *host = NULL;
  guint port;

  read_options (argc, argv);
  calls = g_new0 (Call, options.calls);
  setups = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (options.packets && !load_media_read_packets (&media, options.packets))
    give_up (options.packets);
  if (!load_media_open (&media, options.calls, options.talk))
    give_up ("callgen: media socket");
  for (guint i = 0; options.suite && i < options.calls; i++)
    media.streams[i].srtp = load_srtp_new (options.suite);
  if (options.file == NULL &&
      (!sip_uri_split (options.uri, &host, &port) ||
          !sip_link_open (&sip, FALSE, 0, host, port)))
    give_up ("callgen: SIP socket");
  if (options.rate > 0)
    run_setups ();
  else
    run_media ();
  return 0;
}
