/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "stunmessage.h"

G_BEGIN_DECLS

/* One question to a server of STUN (RFC 8489): as what it sees the port that asks. A call
 * waits for it: so it is said three times in place of seven (6.2.1 has that to be set), after
 * 0, 500 and 1500 ms, and given up after 2 s.
 *
 * For its answer is taken only what comes from the server's own address and has the number
 * that nobody else can know. */

#define STUN_QUESTION_RTO G_GINT64_CONSTANT (500000000) /* ns */
#define STUN_QUESTION_TIMES 3

typedef enum
{
  STUN_QUESTION_OPEN,
  STUN_QUESTION_ANSWERED, /* mapped is what the server sees */
  STUN_QUESTION_REFUSED, /* it answers, but not that */
  STUN_QUESTION_SILENT, /* it does not answer */
} StunQuestionState;

typedef struct
{
  StunQuestionState state;
  StunAddress server;
  guint8 transaction[STUN_TRANSACTION_SIZE];
  guint sent;
  gint64 due; /* ns: stun_question_run() is */
  StunAddress mapped;
} StunQuestion;

/* @transaction: random. It is due at once. */
void stun_question_begin (StunQuestion *self, const StunAddress *server,
    const guint8 *transaction, gint64 now);
/* @request is what to send to the server now, of size 0 if nothing. */
void stun_question_run (StunQuestion *self, gint64 now, StunWriter *request);
/* TRUE: it was the answer. */
gboolean stun_question_receive (StunQuestion *self, const guint8 *data,
    gsize size, const StunAddress *from);

G_END_DECLS
