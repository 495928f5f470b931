/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/**
 * SECTION:element-aiagentsrc
 * @title: aiagentsrc
 *
 * The mouth of a voice agent: while a conversation goes on it gives one frame
 * every 20 ms, the agent's words where there are some, else silence (with the GAP
 * flag). Nothing flows between conversations. The agent's bursts wait inside, so
 * that an interruption is heard one frame later.
 *
 * Where no element of the pipeline announces calls and nobody else can be heard, as
 * alone or between agents, the agent begins by itself.
 *
 * What the agent wants done travels with its words, as `voice-control` events: a
 * #sipsink hangs up behind the "goodbye". Facts go downstream as `voice-event`. While a
 * tool of its own runs and it says nothing, #aiagentsrc:tool-wait is heard.
 *
 * Unless #aiagentsrc:backend says otherwise the agent is `local`, which is built in;
 * `backend::agent-file` is what it says and understands.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 sipsrc on-hangup=wait ! aiagentsink backend=echo aiagentsrc ! sipsink
 * ]| Answers call after call and plays each sentence back to the caller.
 */

#include "gstaiagent.h"
#include "gstaiagenthalf.h"
#include "gstaiagentloopback.h"
#include "gstaiagentwalk.h"

#include "common/frame/gstframesrc.h"
#include "common/event/gstvoiceevents.h"
#include "common/frame/gstvoicetime.h"

#include <string.h>

GST_DEBUG_CATEGORY (aiagentsrc_debug);
#define GST_CAT_DEFAULT aiagentsrc_debug

#define FRAME (20 * GST_MSECOND)
#define RESYNC (40 * GST_MSECOND)
/* Frames that come back at once: how far a burst may be ahead of the clock. */
#define MAX_AHEAD (200 * GST_MSECOND)
#define MAX_FRAME 1920 /* 20 ms of S16 at 48 kHz */

#define GST_TYPE_AIAGENT_SRC (gst_aiagent_src_get_type ())
G_DECLARE_FINAL_TYPE (GstAiAgentSrc, gst_aiagent_src, GST, AIAGENT_SRC,
    GstFrameSrc)

struct _GstAiAgentSrc
{
  GstFrameSrc parent;

  GstAiAgentHalf half;
  GstAiAgentLoopBack loop_back;
  gboolean playing; /* atomic */
  gboolean has_played; /* since READY; state changes only */

  /* Media loop thread only: no lock. */
  MediaTicker ticker;
  gboolean ticking;
  GstVoiceFormat format; /* of downstream */
  GstVoiceFormat session_format;
  GstVoiceConverter *converter; /* NULL: made for the next frame */
  GByteArray *converted; /* waits for a whole frame */
  gboolean tail; /* the converter still holds some speech */
  GstClockTime next_pts; /* NONE: the next frame begins anew */
  GstClockTime latest; /* that the clock showed, NONE: nothing yet */
};

G_DEFINE_TYPE_WITH_CODE (GstAiAgentSrc, gst_aiagent_src, GST_TYPE_FRAME_SRC,
    G_IMPLEMENT_INTERFACE (GST_TYPE_CHILD_PROXY,
        gst_aiagent_half_child_proxy_init)
        GST_DEBUG_CATEGORY_INIT (aiagentsrc_debug, "aiagentsrc", 0,
            "agent source"))
GST_ELEMENT_REGISTER_DEFINE (aiagentsrc, "aiagentsrc", GST_RANK_NONE,
    GST_TYPE_AIAGENT_SRC)

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VOICE_CAPS));

/* ---- Frames; media loop thread */

/* By how much the frames given out are ahead of the clock at @due. */
static GstClockTimeDiff
get_ahead (GstAiAgentSrc *self, gint64 due)
{
  GstClockTime now = gst_frame_src_running_time (GST_FRAME_SRC (self), due);

  if (!GST_CLOCK_TIME_IS_VALID (now) ||
      !GST_CLOCK_TIME_IS_VALID (self->next_pts))
    return 0;
  return GST_CLOCK_DIFF (now, self->next_pts);
}

/* Another timeline, not a clock that is waited for. */
static void
follow_clock (GstAiAgentSrc *self)
{
  if (gst_voice_clock_went_back (&self->latest,
          gst_frame_src_now (GST_FRAME_SRC (self))))
    self->next_pts = GST_CLOCK_TIME_NONE;
}

/* PTS runs on by whole frames and does not go back; a clock that has gone ahead is
 * followed. */
static GstClockTime
next_pts (GstAiAgentSrc *self, gint64 due, gboolean *discont)
{
  GstClockTime now = gst_frame_src_running_time (GST_FRAME_SRC (self), due);

  if (!GST_CLOCK_TIME_IS_VALID (now))
    now = GST_CLOCK_TIME_IS_VALID (self->next_pts) ? self->next_pts : 0;
  *discont = !GST_CLOCK_TIME_IS_VALID (self->next_pts) ||
      GST_CLOCK_DIFF (self->next_pts, now) > (gint64) RESYNC;
  GstClockTime pts = *discont ? now : self->next_pts;
  self->next_pts = pts + FRAME;
  return pts;
}

/* Each dialogue has a format of its own. */
static void
follow_format (GstAiAgentSrc *self, const GstVoiceFormat *format)
{
  if (gst_voice_format_equal (format, &self->session_format))
    return;
  if (format->encoding != self->session_format.encoding)
    gst_frame_src_renegotiate (GST_FRAME_SRC (self));
  self->session_format = *format;
  g_clear_pointer (&self->converter, gst_voice_converter_free);
}

static gboolean
negotiate (GstAiAgentSrc *self, AgentSession *session)
{
  GstVoiceFormat format;

  agent_session_get_format (session, &format);
  follow_format (self, &format);
  return gst_frame_src_negotiate (GST_FRAME_SRC (self), &self->format);
}

/* @format: of what it will be given; another dialogue may have begun just now. */
static void
prepare_converter (GstAiAgentSrc *self, const GstVoiceFormat *format)
{
  follow_format (self, format);
  if (self->converter)
    return;
  self->converter =
      gst_voice_converter_new (&self->session_format, &self->format);
  g_byte_array_set_size (self->converted, 0);
}

/* One frame of downstream's format from what was converted; what is missing is
 * silence ahead of it. */
static GstBuffer *
take_frame (GstAiAgentSrc *self)
{
  gsize frame = GST_VOICE_FRAME_SIZE (&self->format);
  gsize missing =
      self->converted->len < frame ? frame - self->converted->len : 0;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, frame, NULL);
  GstMapInfo map;
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  gst_voice_format_silence (self->format.encoding, map.data, missing);
  memcpy (map.data + missing, self->converted->data, frame - missing);
  gst_buffer_unmap (buffer, &map);
  if (self->converted->len == frame - missing)
    g_byte_array_set_size (self->converted, 0);
  else
    g_byte_array_remove_range (self->converted, 0, (guint) (frame - missing));
  return buffer;
}

static GstBuffer *
silent_frame (GstAiAgentSrc *self)
{
  gsize frame = GST_VOICE_FRAME_SIZE (&self->format);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, frame, NULL);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  gst_voice_format_silence (self->format.encoding, map.data, frame);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  return buffer;
}

/* The frame after the last word carries what the resampler still holds. */
static GstBuffer *
next_buffer (GstAiAgentSrc *self, guint8 *frame, gboolean spoken)
{
  gsize size = GST_VOICE_FRAME_SIZE (&self->session_format);
  gboolean tail = self->tail;

  self->tail = spoken && gst_voice_converter_get_latency (self->converter) > 0;
  if (!spoken && !tail)
    return silent_frame (self);
  if (!spoken)
    gst_voice_format_silence (self->session_format.encoding, frame, size);
  /* The resampler gives its first samples late. */
  gst_voice_converter_process (self->converter, frame, size, self->converted);
  return take_frame (self);
}

static void
push_frame (GstAiAgentSrc *self, GstBuffer *buffer, GstClockTime pts,
    gboolean discont)
{
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = FRAME;
  if (discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_frame_src_push (GST_FRAME_SRC (self), buffer);
}

static void
on_tick (gint64 due, gpointer data)
{
  GstAiAgentSrc *self = data;
  GQueue events = G_QUEUE_INIT;
  guint8 frame[MAX_FRAME];
  gboolean discont;
  GstEvent *event;

  g_autoptr (AgentSession) session = gst_aiagent_half_dup_session (&self->half);
  if (!session || !g_atomic_int_get (&self->playing))
    return; /* what the agent says in PAUSED waits */
  follow_clock (self);
  /* And until a clock that was set back a little comes to where it was. */
  if (get_ahead (self, due) > (gint64) RESYNC || !negotiate (self, session))
    return;
  GstClockTime pts = next_pts (self, due, &discont);
  GstVoiceFormat format = self->session_format;
  gboolean spoken = agent_session_speak (session, frame, pts, &events);
  if (spoken)
    agent_session_get_spoken (session, &format);
  prepare_converter (self, &format);
  push_frame (self, next_buffer (self, frame, spoken), pts, discont);
  while ((event = g_queue_pop_head (&events)))
    gst_frame_src_queue_event (GST_FRAME_SRC (self), event);
}

/* ---- What the session tells */

static void
on_fact (GstElement *element, GstStructure *fact)
{
  gst_frame_src_queue_event (GST_FRAME_SRC (element),
      gst_voice_event_new (gst_structure_copy (fact)));
  gst_element_post_message (element,
      gst_message_new_element (GST_OBJECT (element), fact));
}

static void
on_failed (GstElement *element, const GError *error)
{
  gst_aiagent_half_post_error (&GST_AIAGENT_SRC (element)->half, error);
}

static void
start_ticking (gpointer data)
{
  GstAiAgentSrc *self = data;
  g_autoptr (MediaLoop) loop = gst_frame_src_dup_loop (GST_FRAME_SRC (self));

  if (self->ticking || !loop)
    return;
  self->ticking = TRUE;
  self->next_pts = GST_CLOCK_TIME_NONE;
  self->tail = FALSE;
  gst_object_ref (self); /* the ticker's */
  media_ticker_start (&self->ticker, loop, on_tick, self);
}

static void
stop_ticking (gpointer data)
{
  GstAiAgentSrc *self = data;

  if (!self->ticking)
    return;
  self->ticking = FALSE;
  media_ticker_stop (&self->ticker);
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  gst_object_unref (self);
}

static void
on_set_ticking (GstElement *element, gboolean ticking)
{
  g_autoptr (AgentSession) session =
      gst_aiagent_half_dup_session (&GST_AIAGENT_SRC (element)->half);
  if (!session)
    return;
  g_autoptr (MediaLoop) loop = agent_session_dup_loop (session);

  media_loop_invoke (loop, ticking ? start_ticking : stop_ticking,
      gst_object_ref (element), gst_object_unref);
}

/* The caller's burst behind a stall comes back as a burst, whose time stamps are ahead
 * of the clock then, and further with every burst; a sink that keeps to the clock would
 * be as late. */
static gboolean
is_surplus (GstAiAgentSrc *self, gint64 due)
{
  return get_ahead (self, due) > (gint64) MAX_AHEAD;
}

/* The caller's buffers may be of any size; what goes out are frames. */
static void
push_loop_back (GstFrameSrc *src, gconstpointer data, gsize size, gint64 now)
{
  GstAiAgentSrc *self = GST_AIAGENT_SRC (src);
  g_autoptr (AgentSession) session = gst_aiagent_half_dup_session (&self->half);
  gboolean discont;

  if (!session || !g_atomic_int_get (&self->playing) ||
      !negotiate (self, session))
    return;
  prepare_converter (self, &self->session_format);
  follow_clock (self);
  /* A file has no pace. */
  const gboolean live = agent_session_is_in_call (session);
  gst_voice_converter_process (self->converter, data, size, self->converted);
  while (self->converted->len >= GST_VOICE_FRAME_SIZE (&self->format)) {
    GstBuffer *buffer = take_frame (self);
    if (live && is_surplus (self, now)) {
      GST_DEBUG_OBJECT (self, "ahead of the clock: a frame is left out");
      gst_buffer_unref (buffer);
    } else {
      GstClockTime pts = next_pts (self, now, &discont);
      push_frame (self, buffer, pts, discont);
    }
    now += FRAME;
  }
}

static void
on_frame (GstElement *element, gconstpointer data, gsize size)
{
  GstAiAgentSrc *self = GST_AIAGENT_SRC (element);
  g_autoptr (AgentSession) session = gst_aiagent_half_dup_session (&self->half);

  gst_aiagent_loop_back_give (&self->loop_back, data, size,
      session && agent_session_is_in_call (session));
}

/* Behind the frames that wait for the loop. */
static void
on_end (GstElement *element)
{
  gst_aiagent_loop_back_end (&GST_AIAGENT_SRC (element)->loop_back);
}

/* Behind the frames that went before it; takes @event. */
static void
on_control (GstElement *element, GstEvent *event)
{
  gst_frame_src_queue_event (GST_FRAME_SRC (element), event);
}

static const AgentListener listener = {
  .fact = on_fact,
  .failed = on_failed,
  .set_ticking = on_set_ticking,
  .frame = on_frame,
  .end = on_end,
  .control = on_control,
};

/* ---- From downstream */

static GstCaps *
query_peer (GstElement *element, const gchar *name, GstCaps *filter)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, name);

  return gst_pad_peer_query_caps (pad, filter);
}

/* A sipsink asks for the law of its call next to raw audio. What lies before the
 * aiagentsink may be raw all the same. */
static GstVoiceEncoding
find_law (GstAiAgentSrc *self, AgentSession *session)
{
  g_autoptr (GstElement) sink = agent_session_dup_sink (session);
  g_autoptr (GstCaps) after = query_peer (GST_ELEMENT (self), "src", NULL);
  GstVoiceFormat law;

  if (!sink || !gst_voice_format_parse_preferred_law (&law, after))
    return GST_VOICE_S16;
  g_autoptr (GstCaps) one = gst_voice_format_to_caps (&law);
  g_autoptr (GstCaps) before = query_peer (sink, "sink", one);
  return gst_caps_is_empty (before) ? GST_VOICE_S16 : law.encoding;
}

static void
take_call (GstAiAgentSrc *self, AgentSession *session, const GstVoiceCall *call)
{
  if (agent_session_takes_laws (session) && call->state != GST_VOICE_CALL_ENDED)
    agent_session_set_call_law (session, find_law (self, session));
  agent_session_call (session, AGENT_SRC, call);
}

static gboolean
gst_aiagent_src_src_event (GstFrameSrc *src, GstEvent *event)
{
  GstAiAgentSrc *self = GST_AIAGENT_SRC (src);
  GstVoiceControlResult result;
  GstVoiceCall call;
  GstClockTime delay;
  g_autoptr (AgentSession) session = gst_aiagent_half_dup_session (&self->half);

  if (session && gst_voice_control_result_event_parse (event, &result))
    agent_session_result (session, &result);
  else if (session && gst_voice_call_event_parse (event, &call))
    take_call (self, session, &call);
  else if (session && gst_voice_path_event_parse (event, &delay))
    agent_session_set_path (session, delay);
  else
    return GST_FRAME_SRC_CLASS (gst_aiagent_src_parent_class)
        ->src_event (src, event);
  gst_event_unref (event);
  return TRUE;
}

/* ---- GstFrameSrc */

static MediaLoop *
gst_aiagent_src_get_loop (GstFrameSrc *src)
{
  GstAiAgentSrc *self = GST_AIAGENT_SRC (src);

  if (!gst_aiagent_half_prepare (&self->half))
    return NULL;
  return agent_session_dup_loop (gst_aiagent_half_get_session (&self->half));
}

static GstCaps *
gst_aiagent_src_get_caps (GstFrameSrc *src)
{
  AgentSession *session =
      gst_aiagent_half_get_session (&GST_AIAGENT_SRC (src)->half);
  GstVoiceFormat format;

  agent_session_get_format (session, &format);
  if (format.encoding != GST_VOICE_S16)
    return gst_caps_merge (gst_voice_format_to_caps (&format),
        gst_voice_format_caps_preferring (&format));
  agent_session_get_wanted (session, &format);
  return format.rate ? gst_voice_format_caps_preferring (&format)
                     : gst_caps_from_string (GST_VOICE_CAPS);
}

static void
gst_aiagent_src_set_format (GstFrameSrc *src, const GstVoiceFormat *format)
{
  g_clear_pointer (&GST_AIAGENT_SRC (src)->converter, gst_voice_converter_free);
}

static void
gst_aiagent_src_set_playing (GstFrameSrc *src, gboolean playing)
{
  GstAiAgentSrc *self = GST_AIAGENT_SRC (src);

  g_atomic_int_set (&self->playing, playing);
  gst_aiagent_loop_back_set_playing (&self->loop_back, playing);
}

/* Only now can it tick; or it never will. */
static void
come_or_go (GstAiAgentSrc *self, gboolean paused)
{
  self->has_played = FALSE;
  if (paused)
    agent_session_resume (gst_aiagent_half_get_session (&self->half));
  else
    agent_session_close (gst_aiagent_half_get_session (&self->half), AGENT_SRC);
}

/* Where nobody would speak but agents, each waiting for the other; the first time only,
 * a pause is no reason to greet again. */
static void
begin_unless_waiting (GstAiAgentSrc *self)
{
  g_autoptr (GstElement) sink =
      agent_session_dup_sink (gst_aiagent_half_get_session (&self->half));

  if (!self->has_played &&
      gst_aiagent_walk_is_in_vain (GST_ELEMENT (self), sink))
    agent_session_begin (gst_aiagent_half_get_session (&self->half));
  self->has_played = TRUE;
}

static GstStateChangeReturn
gst_aiagent_src_change_state (GstElement *element, GstStateChange transition)
{
  GstAiAgentSrc *self = GST_AIAGENT_SRC (element);

  if (transition == GST_STATE_CHANGE_NULL_TO_READY &&
      !gst_aiagent_half_join (&self->half, &listener))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    agent_session_close (gst_aiagent_half_get_session (&self->half), AGENT_SRC);
    gst_aiagent_loop_back_drop (&self->loop_back);
  }
  GstStateChangeReturn result = GST_ELEMENT_CLASS (gst_aiagent_src_parent_class)
                                    ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    come_or_go (self, result != GST_STATE_CHANGE_FAILURE);
  else if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    begin_unless_waiting (self);
  else if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_aiagent_half_leave (&self->half);
  return result;
}

static void
gst_aiagent_src_finalize (GObject *object)
{
  GstAiAgentSrc *self = GST_AIAGENT_SRC (object);

  g_clear_pointer (&self->converter, gst_voice_converter_free);
  g_byte_array_unref (self->converted);
  gst_aiagent_loop_back_clear (&self->loop_back);
  gst_aiagent_half_clear (&self->half);
  G_OBJECT_CLASS (gst_aiagent_src_parent_class)->finalize (object);
}

static void
gst_aiagent_src_init (GstAiAgentSrc *self)
{
  self->converted = g_byte_array_new ();
  self->next_pts = self->latest = GST_CLOCK_TIME_NONE;
  gst_aiagent_loop_back_init (&self->loop_back, GST_FRAME_SRC (self),
      push_loop_back);
  gst_aiagent_half_init (&self->half, GST_ELEMENT (self), AGENT_SRC);
}

static void
gst_aiagent_src_class_init (GstAiAgentSrcClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstFrameSrcClass *src_class = GST_FRAME_SRC_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_aiagent_src_finalize;
  element_class->change_state = gst_aiagent_src_change_state;
  src_class->get_loop = gst_aiagent_src_get_loop;
  src_class->get_caps = gst_aiagent_src_get_caps;
  src_class->set_format = gst_aiagent_src_set_format;
  src_class->set_playing = gst_aiagent_src_set_playing;
  src_class->src_event = gst_aiagent_src_src_event;
  gst_aiagent_half_class_init (element_class);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Voice agent source",
      "Source/Audio", "Gives an agent's voice, one frame every 20 ms",
      "gst-voice-agent authors");
}
