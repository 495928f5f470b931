/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is let through of what a canceller has left. A canceller takes a second to learn,
 * and never takes out all; how loud its rest may be is known: as what was sent, less what
 * the way takes away, less what the canceller takes out. What is louder than that is the
 * caller, and is let through; what is not is turned down by 30 dB. A caller who is well
 * louder than the echo is let through untouched, as a canceller takes some of a voice, too.
 * Levels in dB above the floor of an envelope; pieces of 10 ms. */

typedef struct
{
  gfloat reached; /* dB that the canceller takes out of an echo by itself */
  guint open; /* pieces that it stays so */
  gfloat gain, raw; /* of the last sample, as in EchoVerdict */
} EchoGate;

typedef struct
{
  gfloat echo; /* as loud as it would be by itself */
  gfloat heard; /* what came */
  gfloat left; /* what the canceller has left of that */
  gfloat correlation; /* of what came to what was sent, now */
} EchoPiece;

typedef struct
{
  gfloat gain; /* of all */
  gfloat raw; /* how much of it is to be what came, 0 to 1 */
} EchoVerdict;

extern const EchoVerdict echo_gate_opened, echo_gate_closed;

void echo_gate_init (EchoGate *self);
/* Another canceller: it has learnt nothing. */
void echo_gate_reset (EchoGate *self);
EchoVerdict echo_gate_judge (EchoGate *self, const EchoPiece *piece);
/* Does so to @n samples, without a click. @raw: what came, at the same time. */
void echo_gate_apply (EchoGate *self, const EchoVerdict *verdict,
    const gint16 *raw, gint16 *samples, guint n);

G_END_DECLS
