/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/pair/gstsessiontable.h"
#include "common/event/gstvoiceevents.h"

#include <gst/check/gstharness.h>
#include <glib/gstdio.h>

#define RAW_8K \
  "audio/x-raw,format=S16LE,rate=8000,channels=1,layout=interleaved"
#define RAW_16K \
  "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved"
#define RAW_48K \
  "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved"
#define MULAW "audio/x-mulaw,rate=8000,channels=1"
#define FRAME_TIME (20 * GST_MSECOND)

/* One element of the pair in a harness, with a bus. */
typedef struct
{
  GstElement *element;
  GstHarness *harness;
  GstBus *bus;
} AgentHalfTest;

static inline void
half_make (AgentHalfTest *half, const gchar *name, GstContext *context)
{
  half->bus = gst_bus_new ();
  half->element = gst_element_factory_make (name, NULL);
  g_assert_nonnull (half->element);
  if (context)
    gst_element_set_context (half->element, context);
  gst_element_set_bus (half->element, half->bus);
}

static inline void
half_play (AgentHalfTest *half, const gchar *sink_caps, const gchar *src_caps)
{
  half->harness = gst_harness_new_with_element (half->element,
      sink_caps ? "sink" : NULL, src_caps ? "src" : NULL);
  gst_harness_use_systemclock (half->harness);
  if (src_caps)
    gst_harness_set_sink_caps_str (half->harness, src_caps);
  gst_harness_play (half->harness);
  if (sink_caps)
    gst_harness_set_src_caps_str (half->harness, sink_caps);
}

static inline void
half_stop (AgentHalfTest *half)
{
  gst_element_set_state (half->element, GST_STATE_NULL);
  gst_element_set_bus (half->element, NULL);
  if (half->harness)
    gst_harness_teardown (half->harness);
  gst_object_unref (half->element);
  gst_object_unref (half->bus);
}

static inline GstEvent *
call_event (const gchar *id, gboolean started)
{
  const GstVoiceCall call = {
    .state = started ? GST_VOICE_CALL_ANSWERED : GST_VOICE_CALL_ENDED,
    .call_id = id,
    .channel = "sip",
    .from = "sip:a@b",
    .to = "sip:c@d",
  };

  return gst_voice_call_event_new (&call);
}

/* The next fact called @name with @state (NULL: any), which is waited for.
 * Twenty seconds are more than any needs, on a busy machine. */
static inline GstMessage *
wait_fact (AgentHalfTest *half, const gchar *name, const gchar *state)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  gint64 left;

  while ((left = until - g_get_monotonic_time ()) > 0) {
    GstMessage *message = gst_bus_timed_pop_filtered (half->bus,
        (GstClockTime) left * 1000, GST_MESSAGE_ELEMENT);
    if (!message)
      break;
    const GstStructure *fact = gst_message_get_structure (message);
    if (gst_structure_has_name (fact, name) &&
        (!state ||
            !g_strcmp0 (gst_structure_get_string (fact, "state"), state)))
      return message;
    gst_message_unref (message);
  }
  g_error ("no %s %s on the bus", name, state ? state : "");
}

static inline guint64
element_counter (GstElement *element, const gchar *field)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 value = 0;

  g_object_get (element, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, field, &value));
  return value;
}

/* A script in a file; remove and free the name. */
static inline gchar *
write_script (const gchar *text)
{
  gchar *path = NULL;
  gint fd = g_file_open_tmp ("script-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static inline void
set_script (GstElement *element, const gchar *path)
{
  gst_util_set_object_arg (G_OBJECT (element), "backend", "script");
  gst_child_proxy_set (GST_CHILD_PROXY (element), "backend::agent-file", path,
      NULL);
}
