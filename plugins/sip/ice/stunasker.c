/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "stunasker.h"

#include "stunplace.h"

#include <sys/random.h>

/* RFC 8445 11: what keeps a mapping of NAT. */
#define AGAIN G_GINT64_CONSTANT (15000000000) /* ns */

struct _StunAsker
{
  PacketTransport *transport;
  MediaLoop *loop;
  PacketAddress server;
  StunAskerTold told;
  gpointer user;
  StunQuestion question;
  MediaTimer timer;
  gboolean has_told;
  PacketAddress mapped; /* what was told, unset: nothing that is one */
};

/* A question that nobody can know the number of is never asked with one that they can. */
static void
begin (StunAsker *self, gint64 now)
{
  const StunAddress server = stun_place_from_packet (&self->server);
  guint8 transaction[STUN_TRANSACTION_SIZE];

  if (getrandom (transaction, sizeof transaction, 0) == sizeof transaction)
    stun_question_begin (&self->question, &server, transaction, now);
  else
    self->question.state = STUN_QUESTION_SILENT;
}

static void
tell (StunAsker *self)
{
  const gboolean is_answered = self->question.state == STUN_QUESTION_ANSWERED;
  const PacketAddress mapped = stun_place_to_packet (&self->question.mapped);
  const gboolean is_news = !self->has_told ||
      (is_answered && !packet_address_equal (&mapped, &self->mapped));

  self->has_told = TRUE;
  if (is_answered)
    self->mapped = mapped;
  if (is_news)
    self->told (self->question.state, is_answered ? &self->mapped : NULL,
        self->user);
}

/* It has come to an end, one way or the other. */
static void
finish (StunAsker *self, gint64 now)
{
  media_timer_arm (&self->timer, now + AGAIN);
  tell (self);
}

static void
on_time (gint64 now, gpointer data)
{
  StunAsker *self = data;
  StunWriter request;

  if (self->question.state != STUN_QUESTION_OPEN)
    begin (self, now);
  stun_question_run (&self->question, now, &request);
  if (request.size > 0)
    packet_transport_send (self->transport, request.data, request.size,
        &self->server);
  if (self->question.state == STUN_QUESTION_OPEN)
    media_timer_arm (&self->timer, self->question.due);
  else
    finish (self, now);
}

static void
on_packet (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  StunAsker *self = user;
  const StunAddress place = stun_place_from_packet (from);

  if (stun_question_receive (&self->question, data, size, &place))
    finish (self, media_loop_now (self->loop));
}

StunAsker *
stun_asker_new (PacketTransport *transport, MediaLoop *loop,
    const PacketAddress *server, StunAskerTold told, gpointer user)
{
  StunAsker *self = g_new0 (StunAsker, 1);
  const gint64 now = media_loop_now (loop);

  self->transport = transport;
  self->loop = loop;
  self->server = *server;
  self->told = told;
  self->user = user;
  packet_transport_receive (transport, loop, on_packet, self);
  media_timer_init (&self->timer, loop, on_time, self);
  self->question.state = STUN_QUESTION_SILENT; /* none is open */
  media_timer_arm (&self->timer, now);
  return self;
}

void
stun_asker_free (StunAsker *self)
{
  media_timer_cancel (&self->timer);
  packet_transport_receive (self->transport, self->loop, NULL, NULL);
  g_free (self);
}
