/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "securertp.h"

#include "securecontext.h"

#include <string.h>

/* Larger than what a transport takes. */
#define MAX_PACKET 2048
/* How long after a new key packets of the last one are taken. */
#define UNDER_WAY G_GINT64_CONSTANT (2000000000)
/* One that holds, the same with the counter of the last one, and that one. */
#define MAX_RECEIVERS 3
/* Keys of before. They take nothing, but one that comes back goes on: what came under
 * it cannot come again. */
#define MAX_RESTING 4

typedef struct
{
  PacketTransport parent; /* first */
  SecureRtp *owner;
  PacketTransport *inner;
  PacketReceived received;
  gpointer user;
} End;

typedef struct
{
  SecureContext *context;
  gint64 until; /* loop time, G_MAXINT64: it holds */
} Receiver;

struct _SecureRtp
{
  End rtp, rtcp;
  guint n_ends; /* not freed yet */
  SecureRtpRejected rejected;
  gpointer user;
  gboolean plain;
  SecureContext *sender; /* kept while plain: its key must not begin anew */
  Receiver receivers[MAX_RECEIVERS]; /* the newest first */
  guint n_receivers;
  SecureContext *resting[MAX_RESTING]; /* the newest first */
  guint n_resting;
  SecureRtpCounters counters;
};

/* ---- Sending */

static gboolean
end_send (PacketTransport *transport, const guint8 *data, gsize size,
    const PacketAddress *to)
{
  End *end = (End *) transport;
  SecureRtp *self = end->owner;
  _Alignas(8) guint8 packet[MAX_PACKET + SECURE_CONTEXT_OVERHEAD];

  if (self->plain)
    return packet_transport_send (end->inner, data, size, to);
  if (!self->sender || size > MAX_PACKET)
    return FALSE;
  memcpy (packet, data, size);
  return secure_context_protect (self->sender, packet, &size) &&
      packet_transport_send (end->inner, packet, size, to);
}

/* ---- Receiving */

/* (transfer full) */
static SecureContext *
take_out (SecureRtp *self, guint i)
{
  SecureContext *context = self->receivers[i].context;

  self->n_receivers--;
  memmove (self->receivers + i, self->receivers + i + 1,
      (self->n_receivers - i) * sizeof (Receiver));
  return context;
}

static void
drop_receiver (SecureRtp *self, guint i)
{
  secure_context_free (take_out (self, i));
}

static void
rest (SecureRtp *self, guint i)
{
  SecureContext *context = take_out (self, i);

  if (self->n_resting == MAX_RESTING)
    secure_context_free (self->resting[--self->n_resting]);
  memmove (self->resting + 1, self->resting,
      self->n_resting * sizeof self->resting[0]);
  self->resting[0] = context;
  self->n_resting++;
}

static void
drop_expired (SecureRtp *self, gint64 now)
{
  for (guint i = self->n_receivers; i-- > 0;)
    if (self->receivers[i].until <= now)
      rest (self, i);
}

/* Of two that hold, with different counters, the one that does not fit goes. */
static void
settle (SecureRtp *self, guint good)
{
  for (guint i = self->n_receivers; i-- > 0;)
    if (i != good && self->receivers[i].until == G_MAXINT64 &&
        self->receivers[good].until == G_MAXINT64)
      drop_receiver (self, i);
}

/* By the first key that fits. The last try may destroy @data, those before it a
 * copy. */
static SecureResult
unprotect (SecureRtp *self, guint8 *data, gsize *size)
{
  _Alignas(8) guint8 copy[MAX_PACKET];
  SecureResult worst = SECURE_RESULT_FORGED;

  for (guint i = 0; i < self->n_receivers; i++) {
    gsize length = *size;
    memcpy (copy, data, length);
    SecureResult result =
        secure_context_unprotect (self->receivers[i].context, copy, &length);
    if (result == SECURE_RESULT_GOOD) {
      memcpy (data, copy, length);
      *size = length;
      settle (self, i);
      return result;
    }
    worst = MAX (worst, result);
  }
  return worst;
}

/* In place, where there is one key, and no copy is needed. */
static SecureResult
unprotect_simply (SecureRtp *self, guint8 *data, gsize *size)
{
  if (self->n_receivers == 1 && ((guintptr) data & 3) == 0)
    return secure_context_unprotect (self->receivers[0].context, data, size);
  return *size <= MAX_PACKET ? unprotect (self, data, size)
                             : SECURE_RESULT_FORGED;
}

static void
end_received (gpointer user, guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival)
{
  End *end = user;
  SecureRtp *self = end->owner;

  if (self->plain) {
    end->received (end->user, data, size, from, arrival);
    return;
  }
  if (self->n_receivers > 1)
    drop_expired (self, arrival);
  const gsize came = size;
  switch (unprotect_simply (self, data, &size)) {
    case SECURE_RESULT_GOOD:
      end->received (end->user, data, size, from, arrival);
      return;
    case SECURE_RESULT_FORGED:
      self->counters.forged++;
      break;
    case SECURE_RESULT_REPLAYED:
      self->counters.replayed++;
      break;
  }
  self->rejected (from, came, self->user);
}

static void
end_receive (PacketTransport *transport, MediaLoop *loop,
    PacketReceived received, gpointer user)
{
  End *end = (End *) transport;

  end->received = received;
  end->user = user;
  packet_transport_receive (end->inner, loop, received ? end_received : NULL,
      end);
}

/* ---- Life */

static void
free_all (SecureRtp *self)
{
  while (self->n_receivers > 0)
    drop_receiver (self, self->n_receivers - 1);
  for (guint i = 0; i < self->n_resting; i++)
    secure_context_free (self->resting[i]);
  g_clear_pointer (&self->sender, secure_context_free);
  g_free (self);
}

static void
end_free (PacketTransport *transport)
{
  End *end = (End *) transport;

  packet_transport_free (end->inner);
  if (--end->owner->n_ends == 0)
    free_all (end->owner);
}

static void
wrap (SecureRtp *self, End *end, PacketTransport **transport)
{
  end->parent = (PacketTransport){ .send = end_send,
    .receive = end_receive,
    .free = end_free,
    .local = (*transport)->local };
  end->owner = self;
  end->inner = *transport;
  *transport = &end->parent;
  self->n_ends++;
}

SecureRtp *
secure_rtp_new (PacketTransport **rtp, PacketTransport **rtcp,
    SecureRtpRejected rejected, gpointer user)
{
  SecureRtp *self = g_new0 (SecureRtp, 1);

  self->rejected = rejected;
  self->user = user;
  self->plain = TRUE;
  wrap (self, &self->rtp, rtp);
  wrap (self, &self->rtcp, rtcp);
  return self;
}

/* ---- Keys */

static void
insert_receiver (SecureRtp *self, SecureContext *context)
{
  if (!context)
    return;
  while (self->n_receivers >= MAX_RECEIVERS)
    rest (self, self->n_receivers - 1);
  memmove (self->receivers + 1, self->receivers,
      self->n_receivers * sizeof (Receiver));
  self->receivers[0] = (Receiver){ context, G_MAXINT64 };
  self->n_receivers++;
}

/* RFC 3711 3.3.1 has the far end's source go on counting under a new key. Many begin
 * anew, and what counts is what fits. */
static void
add_receivers (SecureRtp *self, const RtpKey *key, const SecureContext *last)
{
  guint32 ssrc, roc;

  if (last && secure_context_get_last (last, &ssrc, &roc) && roc > 0) {
    SecureContext *kept = secure_context_new (key, FALSE);
    if (kept && secure_context_expect (kept, ssrc, roc))
      insert_receiver (self, kept);
    else
      g_clear_pointer (&kept, secure_context_free);
  }
  insert_receiver (self, secure_context_new (key, FALSE));
}

/* The receiver that has @key in front, if there is one: the far end came back to it. */
static gboolean
take_up (SecureRtp *self, const RtpKey *key)
{
  for (guint i = 0; i < self->n_receivers; i++) {
    const Receiver found = self->receivers[i];
    if (!rtp_key_equal (secure_context_get_key (found.context), key))
      continue;
    memmove (self->receivers + 1, self->receivers, i * sizeof (Receiver));
    self->receivers[0] = (Receiver){ found.context, G_MAXINT64 };
    return TRUE;
  }
  return FALSE;
}

/* The same of one that had been over. @last: under which its source may have gone on. */
static gboolean
wake_up (SecureRtp *self, const RtpKey *key, const SecureContext *last)
{
  guint32 ssrc, roc;

  for (guint i = 0; i < self->n_resting; i++) {
    SecureContext *found = self->resting[i];
    if (!rtp_key_equal (secure_context_get_key (found), key))
      continue;
    self->n_resting--;
    memmove (self->resting + i, self->resting + i + 1,
        (self->n_resting - i) * sizeof self->resting[0]);
    if (last && secure_context_get_last (last, &ssrc, &roc))
      secure_context_go_on (found, ssrc, roc);
    insert_receiver (self, found);
    return TRUE;
  }
  return FALSE;
}

static void
set_receive_key (SecureRtp *self, const RtpKey *key, gint64 now)
{
  const SecureContext *last =
      self->n_receivers ? self->receivers[0].context : NULL;

  if (last && rtp_key_equal (secure_context_get_key (last), key))
    return;
  for (guint i = 0; i < self->n_receivers; i++)
    self->receivers[i].until = MIN (self->receivers[i].until, now + UNDER_WAY);
  drop_expired (self, now);
  last = self->n_receivers ? self->receivers[0].context : NULL;
  if (!take_up (self, key) && !wake_up (self, key, last))
    add_receivers (self, key, last);
}

static gboolean
set_send_key (SecureRtp *self, const RtpKey *key)
{
  const gboolean had_one = self->sender != NULL;

  if (had_one && rtp_key_equal (secure_context_get_key (self->sender), key))
    return FALSE;
  g_clear_pointer (&self->sender, secure_context_free);
  self->sender = secure_context_new (key, TRUE);
  return had_one;
}

gboolean
secure_rtp_set_keys (SecureRtp *self, const RtpKeys *keys, gint64 now)
{
  self->plain = keys == NULL;
  if (!keys)
    return FALSE;
  set_receive_key (self, &keys->receive, now);
  return set_send_key (self, &keys->send);
}

void
secure_rtp_wait (SecureRtp *self)
{
  self->plain = FALSE;
}

const SecureRtpCounters *
secure_rtp_get_counters (const SecureRtp *self)
{
  return &self->counters;
}
