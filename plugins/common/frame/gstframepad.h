/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"
#include "gstvoiceformat.h"
#include "gstvoicetime.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* How frames leave: a source pad that a media loop pushes through, for whoever has one.
 * It begins the stream (stream-start, caps, segment), agrees on a format with what
 * follows, keeps its time from going back, marks what follows a hole and warns of a push
 * that took over 20 ms. The struct lives in its owner.
 *
 * The pad's STREAM_LOCK is held in all of it but as said. */

typedef struct _GstFramePad GstFramePad;

/* What its owner decides. */
typedef struct
{
  /* NULL: the element is the source of a stream. */
  gchar *(*dup_stream_id) (gpointer owner);
  /* What can be given, best first; (transfer full). */
  GstCaps *(*get_caps) (gpointer owner);
  /* Whose order counts where both sides take several; theirs also where it has the law
   * first that stands behind raw audio in ours. */
  gboolean theirs_first;
  /* Before the CAPS event of @format goes out; may be NULL. */
  void (*set_format) (gpointer owner, const GstVoiceFormat *format);
  /* Of what @ours has, what follows takes nothing; it would take @theirs of it. The pad
   * has failed. */
  void (*refused) (gpointer owner, GstCaps *ours, GstCaps *theirs);

  /* What a slow push holds up, and what helps; for a person. */
  const gchar *held_up, *advice;
} GstFramePadFuncs;

struct _GstFramePad
{
  /* Set when made, never changed: read freely. */
  GstElement *element; /* not owned */
  GstPad *pad; /* not owned */
  const GstFramePadFuncs *funcs;
  gpointer owner;

  /* Under the STREAM_LOCK of the pad. */
  guint group_id;
  gboolean begun; /* stream-start went out */
  gboolean has_format; /* caps and segment went out */
  gboolean ended; /* EOS went out */
  gboolean failed; /* nothing more goes out */
  gboolean missed; /* a buffer did not arrive: the next one is a DISCONT */
  GstVoiceTime time;
  GstVoiceFormat format;

  gint64 warned; /* loop thread: monotonic us of the last warning, 0 = never */
};

/* No lock. @element posts what is to be told. */
void gst_frame_pad_init (GstFramePad *self, GstElement *element, GstPad *pad,
    const GstFramePadFuncs *funcs, gpointer owner);

/* Another stream begins with the next buffer, also behind an end or a failure. */
void gst_frame_pad_restart (GstFramePad *self, guint group_id);
/* The same stream begins anew: what went out is lost for what follows. */
void gst_frame_pad_forget (GstFramePad *self);

/* Once a stream; stream-start. */
void gst_frame_pad_begin (GstFramePad *self);
/* Makes sure that the format is fixed and told, anew when what follows asks for it.
 * FALSE: it is not. */
gboolean gst_frame_pad_negotiate (GstFramePad *self);
/* Takes @eos; once a stream, nothing follows it. */
void gst_frame_pad_end (GstFramePad *self, GstEvent *eos);

/* @now: the running time that the clock shows. FALSE: the time of @buffer was given out
 * before, it is to be left out. */
gboolean gst_frame_pad_advance (GstFramePad *self, GstBuffer *buffer,
    GstClockTime now);
/* Takes @buffer, which gets a DISCONT behind a hole. */
GstFlowReturn gst_frame_pad_push (GstFramePad *self, GstBuffer *buffer);

/* Loop thread, no lock: warns if what began at @began (monotonic us) took too long, not
 * more often than every ten seconds. */
void gst_frame_pad_check_time (GstFramePad *self, gint64 began);

VOICE_API_END
G_END_DECLS
