/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What one pad is given: negotiation, conversion and pushing. Its format is chosen
 * once, what the far side lists first where it has a preference and the rate of the
 * mix where it has none, and stays until it asks for another (RECONFIGURE): a file or
 * an encoder does not want a new one whenever somebody joins. A pad that is not
 * linked, or whose far side fails, hurts nobody else.
 *
 * Loop thread only, but as said. */
typedef struct _MixOutput MixOutput;

MixOutput *mix_output_new (GstElement *element, GstPad *pad);
MixOutput *mix_output_ref (MixOutput *self);
void mix_output_unref (MixOutput *self);

GstPad *mix_output_get_pad (const MixOutput *self);
/* Any thread. Whether an agent listens there, or may: it is asked with the format. */
gboolean mix_output_is_agent (const MixOutput *self);
/* Any thread: the next frame begins a stream. */
void mix_output_restart (MixOutput *self, guint group_id);
/* A frame of 20 ms at @rate; @silent marks it GAP. */
void mix_output_push (MixOutput *self, const gint16 *samples, guint rate,
    GstClockTime pts, gboolean discont, gboolean silent);
/* Takes @event. */
void mix_output_push_event (MixOutput *self, GstEvent *event);
/* Once; nothing follows it until the next stream. */
void mix_output_end (MixOutput *self);

G_END_DECLS
