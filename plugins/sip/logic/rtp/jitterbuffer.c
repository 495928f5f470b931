/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "jitterbuffer.h"

#include <string.h>

/* RFC 3550 A.1: what is still a gap, and what still an old packet. */
#define MAX_DROPOUT 3000
#define MAX_MISORDER 100

void
jitter_buffer_init (JitterBuffer *self)
{
  memset (self, 0, sizeof *self);
}

void
jitter_buffer_clear (JitterBuffer *self)
{
  for (guint i = 0; i < JITTER_BUFFER_SLOTS; i++)
    g_clear_pointer (&self->slots[i].data, g_free);
  g_clear_pointer (&self->probation.data, g_free);
  jitter_buffer_init (self);
}

static JitterSlot *
get_slot (JitterBuffer *self, guint16 sequence)
{
  return &self->slots[sequence % JITTER_BUFFER_SLOTS];
}

static void
store (JitterSlot *slot, const RtpPacket *packet, gint64 arrival)
{
  if (slot->capacity < packet->payload_size) {
    g_free (slot->data);
    slot->capacity = MAX (packet->payload_size, 160);
    slot->data = g_malloc (slot->capacity);
  }
  if (packet->payload_size)
    memcpy (slot->data, packet->payload, packet->payload_size);
  slot->item.packet = *packet;
  slot->item.packet.payload = slot->data;
  slot->item.arrival = arrival;
  slot->item.restart = FALSE;
  slot->used = TRUE;
}

static void
restart (JitterBuffer *self, const RtpPacket *first)
{
  for (guint i = 0; self->n_stored && i < JITTER_BUFFER_SLOTS; i++) {
    if (self->slots[i].used) {
      self->slots[i].used = FALSE;
      self->n_stored--;
      self->counters.late++;
    }
  }
  if (self->started && first->ssrc != self->ssrc)
    self->counters.ssrc_changes++;
  else if (self->started)
    self->counters.restarts++;
  self->started = TRUE;
  self->ssrc = first->ssrc;
  self->next = first->sequence;
  self->history = 0;
  self->base_sequence = self->highest_sequence = first->sequence;
  self->n_arrived = self->expected_prior = self->arrived_prior = 0;
}

/* A packet that does not belong to the sequence. TRUE: its predecessor was
 * waiting in probation, so the two begin a new one. */
static gboolean
try_restart (JitterBuffer *self, const RtpPacket *packet, gint64 arrival)
{
  JitterSlot *probation = &self->probation;
  const RtpPacket *first = &probation->item.packet;
  if (!probation->used || first->ssrc != packet->ssrc ||
      (guint16) (first->sequence + 1) != packet->sequence) {
    store (probation, packet, arrival);
    return FALSE;
  }

  restart (self, first);
  JitterSlot *slot = get_slot (self, self->next);
  JitterSlot empty = *slot;
  *slot = *probation;
  slot->item.restart = TRUE;
  self->n_stored++;
  self->n_arrived++;
  *probation = empty;
  return TRUE;
}

/* RFC 3550 A.1, for the receiver report. TRUE: a later one came before it. */
static gboolean
note_sequence (JitterBuffer *self, guint16 sequence)
{
  gint16 ahead = (gint16) (sequence - (guint16) self->highest_sequence);
  if (ahead > 0)
    self->highest_sequence += ahead;
  self->n_arrived++;
  return ahead < 0;
}

static void
push_old (JitterBuffer *self, guint age)
{
  if (age < 64 && self->history >> age & 1) {
    self->counters.duplicated++;
    return;
  }
  if (age < 64)
    self->history |= G_GUINT64_CONSTANT (1) << age;
  self->counters.late++;
  if (self->counters.lost)
    self->counters.lost--;
}

/* FALSE: it is here already. */
static gboolean
push_ahead (JitterBuffer *self, const RtpPacket *packet, gint64 arrival)
{
  JitterSlot *slot = get_slot (self, packet->sequence);
  if (slot->used) {
    self->counters.duplicated++;
    return FALSE;
  }
  store (slot, packet, arrival);
  self->n_stored++;
  return TRUE;
}

void
jitter_buffer_push (JitterBuffer *self, const RtpPacket *packet, gint64 arrival)
{
  if (!self->started) {
    restart (self, packet);
    self->current.restart = TRUE;
  } else if (packet->ssrc != self->ssrc) {
    if (!try_restart (self, packet, arrival))
      return;
  }

  gint ahead = (gint16) (packet->sequence - self->next);
  if (ahead >= MAX_DROPOUT || ahead <= -MAX_MISORDER) {
    if (!try_restart (self, packet, arrival))
      return;
    ahead = 1;
  }
  self->probation.used = FALSE;
  gboolean reordered = note_sequence (self, packet->sequence);
  if (ahead < 0) {
    push_old (self, (guint) (-ahead - 1));
  } else if (ahead > 0 && ahead < JITTER_BUFFER_SLOTS) {
    if (push_ahead (self, packet, arrival) && reordered)
      self->counters.reordered++;
  } else {
    if (reordered)
      self->counters.reordered++;
    self->current.packet = *packet;
    self->current.arrival = arrival;
    self->has_current = TRUE;
    self->flush = ahead > 0;
  }
}

static void
advance (JitterBuffer *self, gboolean received)
{
  self->next++;
  self->history = self->history << 1 | (received ? 1 : 0);
  if (received)
    self->counters.received++;
  else
    self->counters.lost++;
}

static void
take_current (JitterBuffer *self, JitterItem *item)
{
  *item = self->current;
  self->current.restart = FALSE;
  self->has_current = self->flush = FALSE;
  advance (self, TRUE);
}

static void
take_slot (JitterBuffer *self, JitterSlot *slot, JitterItem *item)
{
  *item = slot->item;
  slot->used = FALSE;
  self->n_stored--;
  advance (self, TRUE);
}

gboolean
jitter_buffer_pop (JitterBuffer *self, JitterItem *item)
{
  if (self->flush) {
    while (self->next != self->current.packet.sequence &&
        !get_slot (self, self->next)->used)
      advance (self, FALSE);
  }
  if (self->has_current && self->current.packet.sequence == self->next) {
    take_current (self, item);
    return TRUE;
  }
  JitterSlot *slot = get_slot (self, self->next);
  if (self->n_stored == 0 || !slot->used)
    return FALSE;
  take_slot (self, slot, item);
  return TRUE;
}

const JitterItem *
jitter_buffer_get_gap (const JitterBuffer *self, guint *n_missing)
{
  if (self->n_stored == 0)
    return NULL;
  for (guint i = 0; i < JITTER_BUFFER_SLOTS; i++) {
    const JitterSlot *slot =
        &self->slots[(guint16) (self->next + i) % JITTER_BUFFER_SLOTS];
    if (slot->used) {
      *n_missing = i;
      return i ? &slot->item : NULL;
    }
  }
  return NULL;
}

void
jitter_buffer_skip (JitterBuffer *self, guint n)
{
  for (; n; n--)
    advance (self, FALSE);
}

void
jitter_buffer_refuse (JitterBuffer *self)
{
  self->counters.received--;
  self->counters.late++;
}

gboolean
jitter_buffer_report (JitterBuffer *self, JitterReport *report)
{
  if (!self->started)
    return FALSE;
  guint32 expected = self->highest_sequence - self->base_sequence + 1;
  guint32 interval = expected - self->expected_prior;
  gint64 missing =
      (gint64) interval - (gint64) (self->n_arrived - self->arrived_prior);
  self->expected_prior = expected;
  self->arrived_prior = self->n_arrived;

  report->ssrc = self->ssrc;
  report->highest_sequence = self->highest_sequence;
  report->lost =
      (gint32) CLAMP ((gint64) expected - self->n_arrived, -0x800000, 0x7fffff);
  report->fraction_lost = interval && missing > 0
      ? (guint8) (MIN (missing * 256 / interval, 255))
      : 0;
  return TRUE;
}
