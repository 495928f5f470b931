/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "telephoneevent.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SAMPLES_PER_MS 8
#define INTERVAL 20 /* ms between two packets of a digit */
#define N_ENDS 3 /* RFC 4733 2.5.1.4 */
#define TIMEOUT (200 * MS) /* nothing of a digit for so long: it is over */
#define GAP 60 /* ms between two digits; the end packets are in it */
#define PAUSE 500 /* ms for ',' */
#define LONGEST 0xffff /* samples in a segment */
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
}

static void
add (TelephoneEventReceiver *self, gboolean end, TelephoneEvent *event)
{
  event->digit = self->digit;
  event->end = end;
  event->duration =
      end ? (guint) ((self->before + self->duration) / SAMPLES_PER_MS) : 0;
  self->active = !end;
}

/* Timestamps of another source say nothing about those of the last. TRUE: the
 * digit of that one is over. */
static gboolean
change_source (TelephoneEventReceiver *self, guint32 ssrc,
    TelephoneEvent *event)
{
  gboolean over = self->active;
  if (self->known && self->ssrc == ssrc)
    return FALSE;
  if (over)
    add (self, TRUE, event);
  telephone_event_receiver_init (self);
  self->ssrc = ssrc;
  return over;
}

/* RFC 4733 2.5.1.3: the digit goes on in a segment that begins where the one
 * before ended, of which the last packets may be lost. */
static gboolean
goes_on (const TelephoneEventReceiver *self, const RtpPacket *packet,
    gchar digit)
{
  guint32 ahead = packet->timestamp - self->timestamp;
  return self->active && digit == self->digit && !packet->marker && ahead > 0 &&
      (ahead == self->duration || ahead == LONGEST);
}

guint
telephone_event_receive (TelephoneEventReceiver *self, const RtpPacket *packet,
    gint64 now, TelephoneEvent *events)
{
  guint n = 0;
  if (packet->payload_size < TELEPHONE_EVENT_SIZE)
    return 0;
  gchar digit = telephone_event_to_digit (packet->payload[0]);
  gboolean end = (packet->payload[1] & 0x80) != 0;
  guint16 duration = rtp_read_uint16 (packet->payload + 2);
  if (digit == 0)
    return 0;
  n += change_source (self, packet->ssrc, &events[n]);
  gint32 ahead = (gint32) (packet->timestamp - self->timestamp);
  if (self->known && ahead < 0 && ahead > -8000 * 60)
    return 0;

  if (goes_on (self, packet, digit)) {
    self->before += (guint32) ahead;
    self->timestamp = packet->timestamp;
    self->duration = duration;
  } else if (!self->known || ahead != 0) {
    if (self->active)
      add (self, TRUE, &events[n++]);
    self->known = TRUE;
    self->timestamp = packet->timestamp;
    self->digit = digit;
    self->duration = duration;
    self->before = 0;
    add (self, FALSE, &events[n++]);
  }
  self->duration = MAX (self->duration, duration);
  self->last = now;
  if (end && self->active)
    add (self, TRUE, &events[n++]);
  return n;
}

guint
telephone_event_receive_audio (TelephoneEventReceiver *self,
    const RtpPacket *packet, TelephoneEvent *events)
{
  if (!self->active || packet->ssrc != self->ssrc ||
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
  self->queue = g_array_new (FALSE, FALSE, sizeof (QueuedDigit));
  self->due = -1;
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
  rtp_write_uint16 (payload + 2, self->duration);
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
    self->duration = 0;
    self->n_ends = 0;
  }
  guint total = digit->duration * SAMPLES_PER_MS;
  if (self->duration < total)
    self->duration =
        (guint16) MIN (self->duration + INTERVAL * SAMPLES_PER_MS + 0u, total);
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
