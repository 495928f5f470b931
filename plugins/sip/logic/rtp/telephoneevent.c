/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "telephoneevent.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define CLOCK 8 /* kHz */
#define INTERVAL 20 /* ms between two packets of a digit */
#define N_ENDS 3 /* RFC 4733 2.5.1.4 */
#define TIMEOUT (200 * MS) /* nothing of a digit for so long: it is over */
#define GAP 60 /* ms between two digits; the end packets are in it */
#define PAUSE 500 /* ms for ',' */
#define LONGEST 0xffff /* samples in a segment */
/* Packets of one press are closer than this, and two presses are further apart. */
#define SOON (100 * MS)
#define MAX_MISORDER 100 /* RFC 3550 A.1 */
#define VOLUME 10 /* -dBm0 */

static const gchar digits_of_events[] = "0123456789*#ABCD";

gchar
telephone_event_to_digit (guint8 event)
{
  return event < 16 ? digits_of_events[event] : 0;
}

gint
telephone_event_from_digit (gchar digit)
{
  const gchar *found =
      digit ? strchr (digits_of_events, g_ascii_toupper (digit)) : NULL;
  return found ? (gint) (found - digits_of_events) : -1;
}

void
telephone_event_receiver_init (TelephoneEventReceiver *self)
{
  memset (self, 0, sizeof *self);
  self->clock = CLOCK;
}

void
telephone_event_receiver_set_clock (TelephoneEventReceiver *self, guint clock,
    guint codec)
{
  const guint other = codec == clock ? 0 : codec / 1000;

  if (self->clock == clock / 1000 && self->other_clock == other)
    return;
  telephone_event_receiver_init (self);
  self->clock = clock / 1000;
  self->other_clock = other;
}

/* ms */
static guint
get_duration (const TelephoneEventReceiver *self)
{
  const gint64 ticks = (gint64) (self->before + self->duration);
  const gint64 passed = (self->last - self->begun) / MS + INTERVAL;
  const gint64 duration = ticks / self->clock;

  if (!self->other_clock)
    return (guint) duration;
  const gint64 other = ticks / self->other_clock;
  return (guint) (ABS (other - passed) < ABS (duration - passed) ? other
                                                                 : duration);
}

static void
add (TelephoneEventReceiver *self, gboolean end, TelephoneEvent *event)
{
  event->digit = self->digit;
  event->end = end;
  event->duration = end ? get_duration (self) : 0;
  self->active = !end;
}

/* Timestamps of another source say nothing about those of the last. TRUE: the
 * digit of that one is over. */
static gboolean
change_source (TelephoneEventReceiver *self, guint32 ssrc,
    TelephoneEvent *event)
{
  gboolean over = self->active;
  const guint clock = self->clock, other = self->other_clock;
  if (self->known && self->ssrc == ssrc)
    return FALSE;
  if (over)
    add (self, TRUE, event);
  telephone_event_receiver_init (self);
  self->clock = clock;
  self->other_clock = other;
  self->ssrc = ssrc;
  return over;
}

/* It came behind a later one. */
static gboolean
is_old (const TelephoneEventReceiver *self, const RtpPacket *packet)
{
  gint16 ahead = (gint16) (packet->sequence - self->sequence);
  return self->known && ahead <= 0 && ahead > -MAX_MISORDER;
}

typedef struct
{
  gchar digit;
  gboolean end, marker, soon; /* soon behind the packet before */
  guint32 ahead; /* of that one's timestamp */
  guint16 duration;
} Report;

/* RFC 4733 2.5.1.3: the digit goes on in a segment that begins where the one
 * before ended, of which the last packets may be lost. */
static gboolean
is_segment (const TelephoneEventReceiver *self, const Report *report)
{
  return self->active && !report->marker && report->ahead > 0 &&
      ((report->ahead == self->duration &&
           report->duration <= self->duration) ||
          report->ahead == LONGEST);
}

/* The press of the packet before is not known to be over. */
static gboolean
is_another_of_open (const TelephoneEventReceiver *self, const Report *report)
{
  if (report->ahead == 0)
    return report->duration < self->duration &&
        (report->marker || !report->soon);
  return !is_segment (self, report) && (report->marker || !report->soon);
}

/* Its end packet was there. */
static gboolean
is_another_of_ended (const TelephoneEventReceiver *self, const Report *report)
{
  if (report->end)
    return report->ahead != 0 && !report->soon;
  return report->ahead != 0 || report->marker || !report->soon ||
      report->duration <= self->duration;
}

/* Another press than that of the packet before. */
static gboolean
is_another (const TelephoneEventReceiver *self, const Report *report)
{
  if (!self->known || report->digit != self->digit)
    return TRUE;
  return self->ended ? is_another_of_ended (self, report)
                     : is_another_of_open (self, report);
}

static void
begin (TelephoneEventReceiver *self, const Report *report)
{
  self->known = TRUE;
  self->ended = FALSE;
  self->digit = report->digit;
  self->duration = 0;
  self->before = 0;
}

static void
go_on (TelephoneEventReceiver *self, const Report *report)
{
  if (self->ended || !is_segment (self, report))
    return;
  self->before += report->ahead;
  self->duration = 0;
}

static void
read_report (const TelephoneEventReceiver *self, const RtpPacket *packet,
    gint64 now, Report *report)
{
  *report = (Report){ .digit = telephone_event_to_digit (packet->payload[0]),
    .end = (packet->payload[1] & 0x80) != 0,
    .marker = packet->marker,
    .soon = now - self->last < SOON,
    .ahead = packet->timestamp - self->timestamp,
    .duration = rtp_read_uint16 (packet->payload + 2) };
}

guint
telephone_event_receive (TelephoneEventReceiver *self, const RtpPacket *packet,
    gint64 now, TelephoneEvent *events)
{
  guint n = 0;
  if (packet->payload_size < TELEPHONE_EVENT_SIZE)
    return 0;
  if (!telephone_event_to_digit (packet->payload[0]))
    return 0;
  n += change_source (self, packet->ssrc, &events[n]);
  if (is_old (self, packet))
    return 0;

  Report report;
  read_report (self, packet, now, &report);
  if (is_another (self, &report)) {
    if (self->active)
      add (self, TRUE, &events[n++]);
    begin (self, &report);
    self->begun = now;
    add (self, FALSE, &events[n++]);
  } else {
    go_on (self, &report);
  }
  self->timestamp = packet->timestamp;
  self->sequence = packet->sequence;
  self->duration = MAX (self->duration, report.duration);
  self->last = now;
  self->ended |= report.end;
  if (report.end && self->active)
    add (self, TRUE, &events[n++]);
  return n;
}

guint
telephone_event_receive_audio (TelephoneEventReceiver *self,
    const RtpPacket *packet, TelephoneEvent *events)
{
  if (!self->active || packet->ssrc != self->ssrc || is_old (self, packet) ||
      (gint32) (packet->timestamp - self->timestamp) < (gint32) self->duration)
    return 0;
  add (self, TRUE, events);
  return 1;
}

gint64
telephone_event_get_deadline (const TelephoneEventReceiver *self)
{
  return self->active ? self->last + TIMEOUT : -1;
}

guint
telephone_event_expire (TelephoneEventReceiver *self, gint64 now,
    TelephoneEvent *events)
{
  if (!self->active || now < self->last + TIMEOUT)
    return 0;
  add (self, TRUE, events);
  return 1;
}

/* ---- */

typedef struct
{
  gint event; /* -1: a pause */
  guint duration; /* ms */
} QueuedDigit;

void
telephone_event_sender_init (TelephoneEventSender *self)
{
  memset (self, 0, sizeof *self);
  self->clock = CLOCK;
  self->queue = g_array_new (FALSE, FALSE, sizeof (QueuedDigit));
  self->due = -1;
}

void
telephone_event_sender_set_clock (TelephoneEventSender *self, guint clock)
{
  self->duration = self->duration / self->clock * (clock / 1000);
  self->before = self->before / self->clock * (clock / 1000);
  self->clock = clock / 1000;
}

void
telephone_event_sender_clear (TelephoneEventSender *self)
{
  g_clear_pointer (&self->queue, g_array_unref);
}

gboolean
telephone_event_send (TelephoneEventSender *self, const gchar *digits,
    guint duration, gint64 start)
{
  for (const gchar *c = digits; *c; c++)
    if (*c != ',' && telephone_event_from_digit (*c) < 0)
      return FALSE;
  duration = duration ? CLAMP (duration, 40, 8000) : 160;
  for (const gchar *c = digits; *c; c++) {
    QueuedDigit digit = { telephone_event_from_digit (*c),
      *c == ',' ? PAUSE : duration };
    g_array_append_val (self->queue, digit);
  }
  if (self->due < 0 && self->queue->len)
    self->due = start;
  return TRUE;
}

gboolean
telephone_event_is_sending (const TelephoneEventSender *self)
{
  return self->sending;
}

gchar
telephone_event_sender_get_key (const TelephoneEventSender *self,
    guint *duration)
{
  const QueuedDigit *digit =
      self->queue->len ? &g_array_index (self->queue, QueuedDigit, 0) : NULL;

  *duration = digit ? digit->duration : 0;
  return digit && digit->event >= 0
      ? telephone_event_to_digit ((guint8) digit->event)
      : 0;
}

gint64
telephone_event_sender_get_due (const TelephoneEventSender *self)
{
  return self->due;
}

gboolean
telephone_event_sender_is_empty (const TelephoneEventSender *self)
{
  return self->queue->len == 0;
}

/* The head of the queue is done; the next one begins in @wait ms. */
static void
finish (TelephoneEventSender *self, guint wait)
{
  self->sending = FALSE;
  g_array_remove_index (self->queue, 0);
  self->due = self->queue->len ? self->due + wait * MS : -1;
}

static void
write_payload (const TelephoneEventSender *self, gint event, gboolean end,
    guint8 *payload)
{
  payload[0] = (guint8) event;
  payload[1] = (end ? 0x80 : 0) | VOLUME;
  rtp_write_uint16 (payload + 2, (guint16) (self->duration - self->before));
}

/* As far as its segment has room; behind a full one it goes on in another
 * (RFC 4733 2.5.1.3). */
static void
lengthen (TelephoneEventSender *self, guint total)
{
  if (self->duration < total && self->duration - self->before == LONGEST) {
    self->before += LONGEST;
    self->timestamp += LONGEST;
  }
  self->duration = MIN (self->duration + INTERVAL * self->clock, total);
  self->duration = MIN (self->duration, self->before + LONGEST);
}

gboolean
telephone_event_next (TelephoneEventSender *self, gint64 now, guint32 timestamp,
    RtpPacket *packet, guint8 *payload)
{
  if (self->due < 0 || now < self->due)
    return FALSE;
  const QueuedDigit *digit = &g_array_index (self->queue, QueuedDigit, 0);
  if (digit->event < 0) {
    finish (self, digit->duration);
    return FALSE;
  }

  packet->marker = !self->sending;
  if (!self->sending) {
    self->sending = TRUE;
    self->timestamp = timestamp;
    self->duration = self->before = 0;
    self->n_ends = 0;
  }
  guint total = digit->duration * self->clock;
  lengthen (self, total);
  gboolean end = self->duration >= total;
  packet->timestamp = self->timestamp;
  write_payload (self, digit->event, end, payload);
  self->n_ends += end;
  if (self->n_ends == N_ENDS)
    finish (self, GAP - (N_ENDS - 1) * INTERVAL + INTERVAL);
  else
    self->due += INTERVAL * MS;
  return TRUE;
}
