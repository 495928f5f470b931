/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "stunquestion.h"

#include <string.h>

/* Of RFC 3489: servers that know it still send these to everybody. */
#define SOURCE_ADDRESS 0x0004
#define CHANGED_ADDRESS 0x0005

void
stun_question_begin (StunQuestion *self, const StunAddress *server,
    const guint8 *transaction, gint64 now)
{
  *self = (StunQuestion){ .server = *server, .due = now };
  memcpy (self->transaction, transaction, sizeof self->transaction);
}

/* RFC 8489 6.2.1: each wait is twice the one before; the last is short. */
void
stun_question_run (StunQuestion *self, gint64 now, StunWriter *request)
{
  request->size = 0;
  if (self->state != STUN_QUESTION_OPEN || now < self->due)
    return;
  if (self->sent == STUN_QUESTION_TIMES) {
    self->state = STUN_QUESTION_SILENT;
    return;
  }
  self->due = now +
      (self->sent + 1 < STUN_QUESTION_TIMES ? STUN_QUESTION_RTO << self->sent
                                            : STUN_QUESTION_RTO);
  self->sent++;
  stun_write (request, STUN_BINDING_REQUEST, self->transaction);
  stun_write_end (request, NULL);
}

static gboolean
is_understood (const StunMessage *answer)
{
  for (guint i = 0; i < answer->n_unknown; i++)
    if (answer->unknown[i] != SOURCE_ADDRESS &&
        answer->unknown[i] != CHANGED_ADDRESS)
      return FALSE;
  return TRUE;
}

static gboolean
is_place (const StunAddress *address)
{
  static const guint8 zeros[sizeof address->bytes];

  return address->port > 0 && address->size > 0 &&
      memcmp (address->bytes, zeros, address->size) != 0;
}

gboolean
stun_question_receive (StunQuestion *self, const guint8 *data, gsize size,
    const StunAddress *from)
{
  StunMessage answer;

  if (self->state != STUN_QUESTION_OPEN || self->sent == 0 ||
      !stun_address_equal (from, &self->server) ||
      !stun_parse (&answer, data, size) ||
      memcmp (answer.transaction, self->transaction,
          sizeof self->transaction) != 0 ||
      (answer.type != STUN_BINDING_SUCCESS &&
          answer.type != STUN_BINDING_ERROR))
    return FALSE;
  self->mapped = answer.mapped;
  self->state = answer.type == STUN_BINDING_SUCCESS &&
          is_understood (&answer) && is_place (&answer.mapped) &&
          answer.mapped.size == self->server.size
      ? STUN_QUESTION_ANSWERED
      : STUN_QUESTION_REFUSED;
  return TRUE;
}
