/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/rtp/telephoneevent.h"

#include <glib/gprintf.h>
#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)

static TelephoneEventReceiver receiver;
static gint64 now;
static guint32 ssrc;
static guint16 sequence;

static const gchar *
describe (const TelephoneEvent *events, guint n)
{
  static gchar out[100];
  gchar *end = out;
  out[0] = '\0';
  g_assert_cmpuint (n, <=, TELEPHONE_EVENT_MAX);
  for (guint i = 0; i < n; i++)
    end += events[i].end
        ? g_sprintf (end, "%c.%u ", events[i].digit, events[i].duration)
        : g_sprintf (end, "%c ", events[i].digit);
  return out;
}

static const gchar *
hear_packet (guint16 number, gboolean marker, guint32 timestamp, guint8 event,
    gboolean end, guint16 duration)
{
  guint8 payload[4] = { event, (end ? 0x80 : 0) | 10 };
  RtpPacket packet = { .marker = marker,
    .sequence = number,
    .timestamp = timestamp,
    .ssrc = ssrc,
    .payload = payload,
    .payload_size = 4 };
  TelephoneEvent events[TELEPHONE_EVENT_MAX];
  rtp_write_uint16 (payload + 2, duration);
  now += 20 * MS;
  return describe (events,
      telephone_event_receive (&receiver, &packet, now, events));
}

static const gchar *
hear (guint32 timestamp, guint8 event, gboolean end, guint16 duration)
{
  return hear_packet (sequence++, FALSE, timestamp, event, end, duration);
}

/* The one before the last, behind it. */
static const gchar *
hear_late (guint32 timestamp, guint8 event, gboolean end, guint16 duration)
{
  return hear_packet (sequence - 2, FALSE, timestamp, event, end, duration);
}

static const gchar *
hear_audio (guint32 timestamp)
{
  const RtpPacket packet = { .sequence = sequence++,
    .timestamp = timestamp,
    .ssrc = ssrc };
  TelephoneEvent events[TELEPHONE_EVENT_MAX];
  return describe (events,
      telephone_event_receive_audio (&receiver, &packet, events));
}

static void
begin (void)
{
  telephone_event_receiver_init (&receiver);
  now = 0;
  ssrc = 1;
  sequence = 65530;
}

static void
test_receive (void)
{
  begin ();
  g_assert_cmpint (telephone_event_get_deadline (&receiver), ==, -1);
  g_assert_cmpstr (hear (800, 5, FALSE, 160), ==, "5 ");
  g_assert_cmpstr (hear (800, 5, FALSE, 320), ==, "");
  g_assert_cmpstr (hear (800, 5, TRUE, 800), ==, "5.100 ");
  g_assert_cmpstr (hear (800, 5, TRUE, 800), ==, "");
  g_assert_cmpstr (hear_late (800, 5, FALSE, 320), ==, "");
  g_assert_cmpstr (hear (2400, 5, FALSE, 160), ==, "5 ");
  g_assert_cmpstr (hear_late (800, 5, TRUE, 800), ==, "");
  g_assert_cmpstr (hear (2400, 16, TRUE, 800), ==, "");
}

/* RFC 4733 2.5.1.3 */
static void
test_segments (void)
{
  begin ();
  g_assert_cmpstr (hear (800, 5, FALSE, 0xff00), ==, "5 ");
  g_assert_cmpstr (hear (800, 5, FALSE, 0xffff), ==, "");
  g_assert_cmpstr (hear (800 + 0xffff, 5, FALSE, 160), ==, "");
  g_assert_cmpstr (hear_late (800, 5, FALSE, 0xffff), ==, "");
  /* The last packets of the second one are lost. */
  g_assert_cmpstr (hear (800 + 0xffff, 5, FALSE, 0xff00), ==, "");
  g_assert_cmpstr (hear (800 + 2 * 0xffff, 5, FALSE, 160), ==, "");
  g_assert_cmpstr (hear (800 + 2 * 0xffff, 5, TRUE, 802), ==, "5.16484 ");
  /* Another key, another press. */
  g_assert_cmpstr (hear (800 + 3 * 0xffff, 5, FALSE, 160), ==, "5 ");
  g_assert_cmpstr (hear (960 + 3 * 0xffff, 6, FALSE, 160), ==, "5.20 6 ");
}

/* Only what sends events says when one is over, or that they begin anew. */
static void
test_sources (void)
{
  begin ();
  g_assert_cmpstr (hear (0x8000, 5, FALSE, 160), ==, "5 ");
  ssrc = 2;
  g_assert_cmpstr (hear_audio (0x9000), ==, "");
  ssrc = 1;
  g_assert_cmpstr (hear (0x8000, 5, FALSE, 320), ==, "");
  ssrc = 2; /* timestamps that would be old */
  g_assert_cmpstr (hear (0x100, 6, TRUE, 480), ==, "5.40 6 6.60 ");
  g_assert_cmpstr (hear (0x100, 6, TRUE, 480), ==, "");
}

static void
test_losses (void)
{
  TelephoneEvent events[TELEPHONE_EVENT_MAX];
  begin ();
  /* Only an end packet came. */
  g_assert_cmpstr (hear (800, 11, TRUE, 800), ==, "# #.100 ");
  /* No end packet came: the next digit, audio, time. */
  g_assert_cmpstr (hear (0x1000, 1, FALSE, 480), ==, "1 ");
  g_assert_cmpstr (hear (0x2000, 12, TRUE, 400), ==, "1.60 A A.50 ");
  g_assert_cmpstr (hear (0x3000, 2, FALSE, 160), ==, "2 ");
  g_assert_cmpstr (hear_audio (0x3000 + 80), ==, "");
  g_assert_cmpstr (hear_audio (0x3000 + 160), ==, "2.20 ");
  g_assert_cmpstr (hear (0x4000, 3, FALSE, 160), ==, "3 ");
  gint64 deadline = telephone_event_get_deadline (&receiver);
  g_assert_cmpint (deadline, ==, now + 200 * MS);
  g_assert_cmpuint (telephone_event_expire (&receiver, deadline - 1, events),
      ==, 0);
  g_assert_cmpstr (describe (events,
                       telephone_event_expire (&receiver, deadline, events)),
      ==, "3.20 ");
  g_assert_cmpint (telephone_event_get_deadline (&receiver), ==, -1);
}

/* ---- Senders that do not keep to RFC 4733 */

typedef struct
{
  const gchar *name;
  gboolean stands; /* the time stamp, over several presses */
  gboolean moves; /* within one press */
  gboolean restarts; /* each packet tells the time since the one before */
  gboolean last_moves; /* the time stamp of the last end packet is another */
  gboolean first_end_moves; /* that of all end packets */
  gboolean no_marker;
  gboolean audio; /* between the packets of a digit */
} Sender;

static const Sender senders[] = {
  { "as-it-should" },
  { "no-marker", .no_marker = TRUE },
  { "stands", .stands = TRUE },
  { "stands-no-marker", .stands = TRUE, .no_marker = TRUE },
  { "stands-audio", .stands = TRUE, .audio = TRUE },
  { "moves", .moves = TRUE },
  { "moves-no-marker", .moves = TRUE, .no_marker = TRUE },
  { "moves-audio", .moves = TRUE, .audio = TRUE },
  { "moves-restarts", .moves = TRUE, .restarts = TRUE },
  { "last-end", .last_moves = TRUE },
  { "all-ends", .first_end_moves = TRUE },
  { "all-ends-audio", .first_end_moves = TRUE, .audio = TRUE },
  { "stands-last-end", .stands = TRUE, .last_moves = TRUE },
};

typedef struct
{
  const Sender *sender;
  GRand *rand;
  gint32 loss; /* per cent, but never four in a row */
  guint n_lost; /* in a row */
  GString *heard; /* the starts */
  guint32 time; /* of the clock, 8 kHz */
  guint arrived; /* packets of this press that say that it is one */
} Line;

static void
pass_frame (Line *self)
{
  self->time += 160;
  now += 20 * MS;
}

static void
transmit (Line *self, gboolean marker, guint32 timestamp, guint8 event,
    gboolean end, guint16 duration)
{
  guint16 number = sequence++;
  if (self->sender->audio)
    hear_audio (self->time);
  if (g_rand_int_range (self->rand, 0, 100) < self->loss && self->n_lost < 3) {
    self->n_lost++;
    return;
  }
  self->n_lost = 0;
  now -= 20 * MS; /* hear_packet() counts it, too */
  const gchar *events = hear_packet (number, marker && !self->sender->no_marker,
      timestamp, event, end, duration);
  for (; *events; events = strchr (events, ' ') + 1)
    if (events[1] == ' ')
      g_string_append_c (self->heard, events[0]);
  self->arrived += !end;
}

/* Five packets and three end packets. */
static void
press (Line *self, guint8 event)
{
  const Sender *sender = self->sender;
  guint32 begin = sender->stands ? 4000 : self->time;
  self->arrived = 0;
  for (guint i = 0; i < 8; i++) {
    gboolean end = i >= 5;
    guint32 timestamp = begin;
    if ((sender->moves && !end) || (sender->last_moves && i == 7) ||
        (sender->first_end_moves && end))
      timestamp = self->time;
    else if (sender->moves)
      timestamp = begin + 4 * 160;
    pass_frame (self);
    transmit (self, i == 0, timestamp, event, end,
        (guint16) (sender->restarts ? 160 : MIN (i + 1, 5) * 160));
  }
}

static void
pause (Line *self, guint frames)
{
  for (; frames; frames--) {
    pass_frame (self);
    hear_audio (self->time);
  }
}

/* Digits twice, three times, and in turn. Each that came at all is one. */
static void
dial (const Sender *sender, guint32 seed, gint32 loss)
{
  static const guint8 keys[] = { 5, 5, 5, 1, 2, 2, 11, 10, 10, 0 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GString) expected = g_string_new (NULL);
  Line line = { .sender = sender,
    .rand = rand,
    .loss = loss,
    .heard = g_string_new (NULL),
    .time = 8000 };
  begin ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    pause (&line, (guint) g_rand_int_range (rand, 3, 30));
    press (&line, keys[i]);
    /* Of an end packet alone nobody can say whose it is. */
    if (line.arrived || line.heard->len > expected->len)
      g_string_append_c (expected, telephone_event_to_digit (keys[i]));
    if (g_strcmp0 (line.heard->str, expected->str))
      g_error ("%s, seed %u: %s for %s", sender->name, seed, line.heard->str,
          expected->str);
  }
  g_string_free (line.heard, TRUE);
}

static void
test_sender (gconstpointer data)
{
  dial (data, 1, 0);
  for (guint32 seed = 1; seed <= 500; seed++)
    dial (data, seed, 15);
}

static void
test_send (void)
{
  TelephoneEventSender sender;
  guint8 payload[4];
  RtpPacket packet;
  guint n = 0, n_ends = 0, n_markers = 0;
  gint64 first_end = 0, second_start = 0;
  telephone_event_sender_init (&sender);
  g_assert_false (telephone_event_send (&sender, "1z", 100, 0));
  g_assert_true (telephone_event_sender_is_empty (&sender));
  g_assert_true (telephone_event_send (&sender, "7,D", 90, 1000));
  for (gint64 t = 0; t < 2000 * MS; t += MS) {
    guint32 timestamp = (guint32) (t / MS * 8);
    if (!telephone_event_next (&sender, t, timestamp, &packet, payload))
      continue;
    n++;
    n_markers += packet.marker;
    n_ends += payload[1] >> 7;
    guint duration = rtp_read_uint16 (payload + 2);
    if (n <= 7) {
      g_assert_cmpuint (payload[0], ==, 7);
      g_assert_cmpuint (packet.timestamp, ==, 8);
      g_assert_cmpuint (duration, ==, MIN (n * 160, 720));
      g_assert_cmpint (t, ==, (1 + (n - 1) * 20) * MS);
    } else {
      g_assert_cmpuint (payload[0], ==, 15);
    }
    if (n_ends == 1 && !first_end)
      first_end = t;
    if (n_markers == 2 && !second_start)
      second_start = t;
  }
  g_assert_cmpuint (n, ==, 14);
  g_assert_cmpuint (n_ends, ==, 6);
  g_assert_cmpuint (n_markers, ==, 2);
  g_assert_cmpint (second_start - first_end, >=, 540 * MS);
  g_assert_true (telephone_event_sender_is_empty (&sender));
  g_assert_cmpint (telephone_event_sender_get_due (&sender), ==, -1);
  telephone_event_sender_clear (&sender);
}

/* At the clock of Opus a digit of over 1365 ms does not fit into one segment: each has a
 * timestamp where the one before ended, and who hears them, one press. */
static void
test_fast_clock (void)
{
  TelephoneEventSender sender;
  TelephoneEventReceiver hearer;
  TelephoneEvent events[TELEPHONE_EVENT_MAX];
  guint8 payload[4];
  RtpPacket packet;
  guint n_begun = 0, n_ended = 0, n_timestamps = 0, duration = 0;
  guint32 last = 0;
  guint16 number = 0;
  telephone_event_sender_init (&sender);
  telephone_event_sender_set_clock (&sender, 48000);
  telephone_event_receiver_init (&hearer);
  telephone_event_receiver_set_clock (&hearer, 48000, 48000);
  g_assert_true (telephone_event_send (&sender, "5", 4000, 0));
  for (gint64 t = 0; t < 5000 * MS; t += MS) {
    if (!telephone_event_next (&sender, t, 4800, &packet, payload))
      continue;
    packet.sequence = number++;
    packet.ssrc = 1;
    packet.payload = payload;
    packet.payload_size = sizeof payload;
    g_assert_cmpint (packet.marker, ==, number == 1);
    n_timestamps += packet.timestamp != last;
    last = packet.timestamp;
    const guint n = telephone_event_receive (&hearer, &packet, t, events);
    for (guint i = 0; i < n; i++) {
      n_begun += !events[i].end;
      n_ended += events[i].end;
      duration = events[i].duration;
    }
  }
  g_assert_cmpuint (n_timestamps, ==, 3);
  g_assert_cmpuint (last, ==, 4800 + 2 * 0xffff);
  g_assert_cmpuint (n_begun, ==, 1);
  g_assert_cmpuint (n_ended, ==, 1);
  g_assert_cmpuint (duration, ==, 4000);
  telephone_event_sender_clear (&sender);
}

/* Keys that are listed at 8000 Hz beside Opus, and counted by either clock. */
static void
test_other_clock (void)
{
  for (guint clock = 8; clock <= 48; clock += 40) {
    TelephoneEventReceiver hearer;
    TelephoneEvent events[TELEPHONE_EVENT_MAX];
    guint duration = 0;
    telephone_event_receiver_init (&hearer);
    telephone_event_receiver_set_clock (&hearer, 8000, 48000);
    for (guint k = 1; k <= 12; k++) {
      guint8 payload[4] = { 5, k == 12 ? 0x8a : 10 };
      rtp_write_uint16 (payload + 2, (guint16) (k * 20 * clock));
      const RtpPacket packet = { .sequence = (guint16) k,
        .timestamp = 1000,
        .ssrc = 1,
        .payload = payload,
        .payload_size = sizeof payload };
      const guint n =
          telephone_event_receive (&hearer, &packet, k * 20 * MS, events);
      if (n && events[n - 1].end)
        duration = events[n - 1].duration;
    }
    g_assert_cmpuint (duration, ==, 240);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/telephoneevent/receive", test_receive);
  g_test_add_func ("/telephoneevent/segments", test_segments);
  g_test_add_func ("/telephoneevent/sources", test_sources);
  g_test_add_func ("/telephoneevent/losses", test_losses);
  for (guint i = 0; i < G_N_ELEMENTS (senders); i++) {
    g_autofree gchar *name =
        g_strdup_printf ("/telephoneevent/sender/%s", senders[i].name);
    g_test_add_data_func (name, &senders[i], test_sender);
  }
  g_test_add_func ("/telephoneevent/send", test_send);
  g_test_add_func ("/telephoneevent/fast-clock", test_fast_clock);
  g_test_add_func ("/telephoneevent/other-clock", test_other_clock);
  return g_test_run ();
}
