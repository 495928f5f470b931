/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/**
 * SECTION:element-sipsrc
 * @title: sipsrc
 *
 * A telephone line as a source: it waits to be called, or calls #sipsrc:uri, and
 * gives the voice of whoever is at the other end, 20 ms a buffer. Together with
 * the #sipsink of the same #sipsrc:session it is a two-way call; alone it listens.
 * No buffer flows outside a call. When the far end hangs up the stream ends, or,
 * with on-hangup=wait, the line waits for the next call.
 *
 * The sticky event `voice-call` comes before the first buffer of a call and says
 * how it goes on: `ringing`, `early` (its audio is the network's or the far end's
 * before the answer: ring-back, announcements), `answered`, `held` and `resumed`
 * (what is heard between them is whatever the far end plays to a call on hold), and
 * in any case `ended`. Each digit that is pressed comes as a `dtmf-event`, in order
 * with the voice. The application finds both on the bus too, as element messages
 * `voice/call` and `voice/dtmf`.
 *
 * Raw audio of 8, 16, 24 or 48 kHz is offered, the call's own rate first: 16 kHz with
 * G.722 and Opus, 8 kHz with G.711. Caps follow the codec where that changes within the call.
 * Downstream may ask for the telephone's own bytes instead, `audio/x-mulaw` or
 * `audio/x-alaw`; they are passed on unchanged if the call uses that law. Packets,
 * `audio/x-opus`, are those of the call, if it has Opus, else made of what it has.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 sipsrc on-hangup=wait ! aiagentsink backend=echo aiagentsrc ! sipsink
 * ]| Answers call after call and plays each sentence back to the caller.
 */

#include "gstsip.h"
#include "gstsiphalf.h"
#include "gstsipmessages.h"

#include "common/frame/gstframesrc.h"
#include "common/event/gstvoiceevents.h"

#include <string.h>

GST_DEBUG_CATEGORY_STATIC (sipsrc_debug);
#define GST_CAT_DEFAULT sipsrc_debug

#define RESYNC_THRESHOLD (40 * GST_MSECOND)
/* So slowly a far end's clock is followed. */
#define MAX_OVERLAP (10 * GST_MSECOND)

#define GST_TYPE_SIP_SRC (gst_sip_src_get_type ())
G_DECLARE_FINAL_TYPE (GstSipSrc, gst_sip_src, GST, SIP_SRC, GstFrameSrc)

struct _GstSipSrc
{
  GstFrameSrc parent;

  GstSipHalf half;

  /* Media loop thread only: no lock. */
  GstVoiceFormat call_format; /* codec of the call */
  gboolean told_format; /* or its line's call was up before it came */
  GstVoiceFormat format; /* what downstream takes */
  GstVoiceConverter *converter; /* NULL: made for the next frame */
  GByteArray *converted;
  GstClockTime first_pts; /* of the stretch that began at first_time */
  GstClockTime end_pts; /* of the last frame, NONE: there was none */
  gint64 first_time;
  gint64 samples_in, samples_out; /* of the converter, in this stretch */
  gboolean discont; /* the next buffer begins a stretch */
};

static void gst_sip_src_uri_handler_init (gpointer iface, gpointer data);

G_DEFINE_TYPE_WITH_CODE (GstSipSrc, gst_sip_src, GST_TYPE_FRAME_SRC,
    G_IMPLEMENT_INTERFACE (GST_TYPE_URI_HANDLER, gst_sip_src_uri_handler_init)
        GST_DEBUG_CATEGORY_INIT (sipsrc_debug, "sipsrc", 0, "SIP call source"))
/* Rank none although it handles URIs: those are found at any rank, while with one
 * autoaudiosrc would take a telephone line for a microphone. */
GST_ELEMENT_REGISTER_DEFINE (sipsrc, "sipsrc", GST_RANK_NONE, GST_TYPE_SIP_SRC)

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VOICE_PACKET_CAPS));

/* ---- Frames; media loop thread */

static void
begin_stretch (GstSipSrc *self, gint64 time, GstClockTime pts)
{
  self->first_time = time;
  self->first_pts = pts;
  self->samples_in = self->samples_out = 0;
  self->discont = TRUE;
  if (self->converter != NULL)
    gst_voice_converter_reset (self->converter);
}

/* Within a stretch the frames' own times count, so that reading the pipeline's
 * clock adds no jitter; a clock that runs away from them begins a new one. */
static GstClockTime
pts_of_frame (GstSipSrc *self, const RtpStreamFrame *frame)
{
  GstClockTime now =
      gst_frame_src_running_time (GST_FRAME_SRC (self), frame->time);

  if (!GST_CLOCK_TIME_IS_VALID (now))
    return now;
  if (!frame->discont && GST_CLOCK_TIME_IS_VALID (self->first_pts)) {
    GstClockTime pts = self->first_pts + (frame->time - self->first_time);
    if (ABS (GST_CLOCK_DIFF (now, pts)) <= RESYNC_THRESHOLD)
      return pts;
  }
  begin_stretch (self, frame->time, now);
  return now;
}

/* What begins less than RESYNC_THRESHOLD before the end of the last frame (a call right behind
 * another, a line that moves to an earlier time) begins there: time does not go back,
 * and no frame is lost for that. */
static GstClockTime
behind_last (GstSipSrc *self, const RtpStreamFrame *frame, GstClockTime pts)
{
  if (!GST_CLOCK_TIME_IS_VALID (pts) ||
      !GST_CLOCK_TIME_IS_VALID (self->end_pts) ||
      pts + MAX_OVERLAP >= self->end_pts ||
      self->end_pts - pts > RESYNC_THRESHOLD)
    return pts;
  begin_stretch (self, frame->time, self->end_pts);
  return self->end_pts;
}

static GstBuffer *
wrap_bytes (gconstpointer data, gsize size)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_fill (buffer, 0, data, size);
  return buffer;
}

static void
make_converter (GstSipSrc *self)
{
  const GstVoiceFormat linear = { GST_VOICE_S16, self->call_format.rate };

  self->converter = gst_voice_converter_new (&linear, &self->format);
  self->samples_in = self->samples_out = 0;
}

/* The resampler gives a little less than it takes at first: @pts moves back by
 * what it still holds. NULL while it holds everything. */
static GstBuffer *
convert_frame (GstSipSrc *self, const RtpStreamFrame *frame, GstClockTime *pts)
{
  guint size = GST_VOICE_SAMPLE_SIZE (self->format.encoding);

  if (self->converter == NULL)
    make_converter (self);
  g_byte_array_set_size (self->converted, 0);
  gst_voice_converter_process (self->converter, frame->samples,
      frame->n_samples * sizeof (gint16), self->converted);
  if (GST_CLOCK_TIME_IS_VALID (*pts)) {
    gint64 held = gst_util_uint64_scale_int (self->samples_in, GST_SECOND,
                      self->call_format.rate) -
        gst_util_uint64_scale_int (self->samples_out, GST_SECOND,
            self->format.rate);
    *pts -= MIN (MAX (held, 0), (gint64) *pts);
  }
  self->samples_in += frame->n_samples;
  self->samples_out += self->converted->len / size;
  if (self->converted->len == 0)
    return NULL;
  return wrap_bytes (self->converted->data, self->converted->len);
}

static gboolean
is_packets (const GstVoiceFormat *format)
{
  return codec_table_find_packets (format->encoding) != NULL;
}

/* The other ones are the last of a codec that the call has no more, or came before the
 * line had heard of what is taken now. */
static gboolean
is_wanted (const GstSipSrc *self, const GstVoiceFormat *format)
{
  return gst_voice_format_equal (format,
      is_packets (&self->format) ? &self->format : &self->call_format);
}

static GstClockTime
duration_of (const GstSipSrc *self, const RtpStreamFrame *frame,
    GstBuffer *buffer)
{
  const gsize size = gst_buffer_get_size (buffer);

  if (is_packets (&self->format))
    return gst_util_uint64_scale_int (frame->n_samples, GST_SECOND,
        (gint) self->call_format.rate);
  return gst_util_uint64_scale_int (size /
          GST_VOICE_SAMPLE_SIZE (self->format.encoding),
      GST_SECOND, (gint) self->format.rate);
}

static GstBuffer *
buffer_of_frame (GstSipSrc *self, const RtpStreamFrame *frame,
    GstClockTime *pts)
{
  if (is_packets (&self->format) ||
      gst_voice_format_equal (&self->format, &self->call_format))
    return wrap_bytes (frame->audio, frame->audio_size);
  if (self->format.encoding == GST_VOICE_S16 &&
      self->format.rate == self->call_format.rate)
    return wrap_bytes (frame->samples, frame->n_samples * sizeof (gint16));
  return convert_frame (self, frame, pts);
}

static void
set_call_format (GstSipSrc *self, const GstVoiceFormat *format)
{
  self->told_format = TRUE;
  if (gst_voice_format_equal (&self->call_format, format))
    return;
  self->call_format = *format;
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  gst_frame_src_renegotiate (GST_FRAME_SRC (self));
}

static void
on_frame (const RtpStreamFrame *frame, gpointer user)
{
  GstSipSrc *self = user;
  GstVoiceFormat format;

  if (!self->told_format && !is_packets (&frame->format))
    set_call_format (self, &frame->format);
  if (!gst_frame_src_negotiate (GST_FRAME_SRC (self), &format)) {
    self->first_pts = GST_CLOCK_TIME_NONE; /* paused: a hole */
    return;
  }
  if (!is_wanted (self, &frame->format)) {
    self->discont = TRUE;
    return;
  }
  GstClockTime pts = behind_last (self, frame, pts_of_frame (self, frame));
  GstBuffer *buffer = buffer_of_frame (self, frame, &pts);
  if (buffer == NULL)
    return;
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration_of (self, frame, buffer);
  self->end_pts = GST_CLOCK_TIME_IS_VALID (pts)
      ? pts + GST_BUFFER_DURATION (buffer)
      : GST_CLOCK_TIME_NONE;
  if (self->discont || frame->discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (frame->silence && !is_packets (&self->format))
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  self->discont = FALSE;
  GST_LOG_OBJECT (self, "%s: %" GST_PTR_FORMAT,
      gst_sip_half_get_log_id (&self->half), buffer);
  gst_frame_src_push (GST_FRAME_SRC (self), buffer);
}

static GstCaps *
gst_sip_src_get_caps (GstFrameSrc *src)
{
  const GstVoiceFormat packets = { GST_VOICE_OPUS, GST_VOICE_OPUS_RATE };
  GstCaps *caps =
      gst_voice_format_caps_preferring (&GST_SIP_SRC (src)->call_format);

  gst_caps_append (caps, gst_voice_format_to_caps (&packets));
  return caps;
}

static void
gst_sip_src_set_format (GstFrameSrc *src, const GstVoiceFormat *format)
{
  GstSipSrc *self = GST_SIP_SRC (src);

  self->format = *format;
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  sip_line_set_taken (gst_sip_half_get_line (&self->half), format);
}

/* ---- The call; media loop thread */

/* Queued ahead of all frames that come later: no buffer goes before the first. */
static void
push_call_event (GstSipSrc *self, const SipCallEvent *event)
{
  GstEvent *told = gst_sip_half_announce (&self->half, event);

  if (told)
    gst_frame_src_queue_event (GST_FRAME_SRC (self), told);
}

/* Ahead of `answered`, which the sipsink tells at once: by then what is behind us may
 * know whether the caller has a law. */
static void
tell_format (GstSipSrc *self, const GstVoiceFormat *format)
{
  GstVoiceFormat taken;

  set_call_format (self, format);
  gst_frame_src_negotiate (GST_FRAME_SRC (self), &taken);
}

static void
on_state (const SipCallEvent *event, gpointer user)
{
  GstSipSrc *self = user;

  gst_sip_half_report (&self->half, event);
  if (event->taken)
    return;
  if (event->state == SIP_CALL_CODEC || event->state == SIP_CALL_ANSWERED)
    tell_format (self, &event->format);
  push_call_event (self, event);
  if (event->state == SIP_CALL_ENDED || event->state == SIP_CALL_FAILED) {
    self->first_pts = GST_CLOCK_TIME_NONE;
    if (event->is_last)
      gst_frame_src_queue_event (GST_FRAME_SRC (self), gst_event_new_eos ());
  }
}

/* The event goes at its start, so that nobody waits for a finger to leave the
 * key; the message at its end, when all is known. */
static void
on_dtmf (gchar digit, gboolean end, guint duration, gpointer user)
{
  GstSipSrc *self = user;

  if (end)
    gst_sip_half_report_dtmf (&self->half, digit, duration);
  else
    gst_frame_src_queue_event (GST_FRAME_SRC (self),
        gst_voice_dtmf_event_new (digit, duration));
}

static void
on_account (const SipAccountEvent *event, gpointer user)
{
  GstSipSrc *self = user;

  gst_sip_half_report_account (&self->half, event);
}

static const SipLineListener listener = {
  .state = on_state,
  .frame = on_frame,
  .dtmf = on_dtmf,
  .account = on_account,
};

/* ---- Events from downstream; any thread */

static gboolean
gst_sip_src_src_event (GstFrameSrc *src, GstEvent *event)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (&GST_SIP_SRC (src)->half);
  const gchar *call_id;

  if (!gst_voice_ready_event_parse (event, &call_id))
    return GST_FRAME_SRC_CLASS (gst_sip_src_parent_class)
        ->src_event (src, event);
  if (line != NULL)
    sip_line_set_agent_ready (line, call_id);
  gst_event_unref (event);
  return TRUE;
}

/* ---- State */

static MediaLoop *
gst_sip_src_get_loop (GstFrameSrc *src)
{
  GstSipSrc *self = GST_SIP_SRC (src);
  GstClockTime latency =
      sip_line_get_latency (gst_sip_half_get_line (&self->half));

  gst_frame_src_set_latency (src, latency + 20 * GST_MSECOND,
      GST_CLOCK_TIME_NONE);
  return sip_line_dup_loop (gst_sip_half_get_line (&self->half));
}

static void
gst_sip_src_set_playing (GstFrameSrc *src, gboolean playing)
{
  sip_line_set_playing (gst_sip_half_get_line (&GST_SIP_SRC (src)->half),
      SIP_LINE_SRC, playing);
}

static GstStateChangeReturn
gst_sip_src_change_state (GstElement *element, GstStateChange transition)
{
  GstSipSrc *self = GST_SIP_SRC (element);

  if ((transition == GST_STATE_CHANGE_NULL_TO_READY &&
          !gst_sip_half_join (&self->half, &listener)) ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED &&
          !gst_sip_half_prepare (&self->half)))
    return GST_STATE_CHANGE_FAILURE;

  GstStateChangeReturn result = GST_ELEMENT_CLASS (gst_sip_src_parent_class)
                                    ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    sip_line_close (gst_sip_half_get_line (&self->half), SIP_LINE_SRC);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL ||
      (transition == GST_STATE_CHANGE_NULL_TO_READY &&
          result == GST_STATE_CHANGE_FAILURE)) {
    gst_sip_half_leave (&self->half);
    self->told_format = FALSE;
  }
  return result;
}

static void
gst_sip_src_finalize (GObject *object)
{
  GstSipSrc *self = GST_SIP_SRC (object);

  g_clear_pointer (&self->converter, gst_voice_converter_free);
  g_byte_array_unref (self->converted);
  gst_sip_half_clear (&self->half);
  G_OBJECT_CLASS (gst_sip_src_parent_class)->finalize (object);
}

static void
gst_sip_src_init (GstSipSrc *self)
{
  gst_sip_half_init (&self->half, GST_ELEMENT (self), SIP_LINE_SRC);
  self->converted = g_byte_array_new ();
  self->call_format = codec_table_get_format (NULL);
}

static void
gst_sip_src_uri_handler_init (gpointer iface, gpointer data)
{
  gst_sip_half_uri_handler_init (iface, SIP_LINE_SRC);
}

static void
gst_sip_src_class_init (GstSipSrcClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstFrameSrcClass *src_class = GST_FRAME_SRC_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_sip_src_finalize;
  element_class->change_state = gst_sip_src_change_state;
  src_class->get_loop = gst_sip_src_get_loop;
  src_class->get_caps = gst_sip_src_get_caps;
  src_class->set_format = gst_sip_src_set_format;
  src_class->set_playing = gst_sip_src_set_playing;
  src_class->src_event = gst_sip_src_src_event;
  gst_sip_half_class_init (element_class);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "SIP call source",
      "Source/Network/Audio", "Receives the far end's voice of a SIP call",
      "gst-voice-agent authors");
}
