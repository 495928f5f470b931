/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"
#include "gstvoiceformat.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* Abstract sink that gives its audio away at once, in the format in which it is wanted:
 * what is behind it has a clock of its own, the network's or the agent's.
 *
 * Contract: a plain element with the SINK flag, no preroll; EOS is posted once in every
 * PLAYING, and again behind a flush unless it ended for good, as sinks do, with
 * upstream's seqnum; the pad is "sink", of the subclass's
 * template. */

#define GST_TYPE_VOICE_SINK (gst_voice_sink_get_type ())
G_DECLARE_DERIVABLE_TYPE (GstVoiceSink, gst_voice_sink, GST, VOICE_SINK,
    GstElement)

/* Of prepare(): the buffer is not wanted, the next one may be. */
#define GST_VOICE_SINK_DROP GST_FLOW_CUSTOM_SUCCESS

/* What a buffer has. */
typedef struct
{
  GstVoiceFormat format; /* as prepare() wanted it */
  gconstpointer data;
  gsize size;
  GstClockTime time; /* running time, NONE: a file's bytes have none */
  GstClockTime duration;
  gboolean gap; /* silence */
} GstVoiceSinkFrame;

struct _GstVoiceSinkClass
{
  GstElementClass parent_class;

  /* ---- Streaming thread, STREAM_LOCK held */

  /* Before each buffer, which is in @upstream: GST_FLOW_OK and in which format it is
   * wanted (packets as they are), GST_VOICE_SINK_DROP, or what upstream is to be told. May wait for as long as
   * flush() says. */
  GstFlowReturn (*prepare) (GstVoiceSink *self, const GstVoiceFormat *upstream,
      GstVoiceFormat *wanted);
  GstFlowReturn (*render) (GstVoiceSink *self, const GstVoiceSinkFrame *frame);
  /* Upstream's format, ahead of its buffers; may be NULL. */
  void (*set_format) (GstVoiceSink *self, const GstVoiceFormat *upstream);
  /* Upstream has ended. TRUE: and so has what became of it; FALSE: gst_voice_sink_end()
   * says so later. */
  gboolean (*eos) (GstVoiceSink *self);
  /* FALSE: none of the subclass's; may be NULL. Also events that are not serialized,
   * which come without the STREAM_LOCK. */
  gboolean (*event) (GstVoiceSink *self, GstEvent *event);

  /* ---- Any thread */

  /* FLUSH_START (no STREAM_LOCK) and FLUSH_STOP (with it); may be NULL. */
  void (*flush) (GstVoiceSink *self, gboolean start);
  /* What is taken, of @filter (may be NULL); (transfer full), NULL: the template. */
  GstCaps *(*get_caps) (GstVoiceSink *self, GstCaps *filter);
  /* TRUE: answered; may be NULL. */
  gboolean (*query) (GstVoiceSink *self, GstQuery *query);
  /* State changes; may be NULL. Must not wait. */
  void (*set_playing) (GstVoiceSink *self, gboolean playing);
};

/* Any thread: all that came is done with. @for_good: whatever is flushed, nothing else
 * is wanted. */
void gst_voice_sink_end (GstVoiceSink *self, gboolean for_good);

/* Borrowed; set when made, never changed. */
GstPad *gst_voice_sink_get_pad (GstVoiceSink *self);

VOICE_API_END
G_END_DECLS
