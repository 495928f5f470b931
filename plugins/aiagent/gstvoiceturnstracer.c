/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#define GST_USE_UNSTABLE_API /* as every tracer has to */

#include "gstvoiceturnstracer.h"

#include "logic/turn/turntable.h"

#include <gst/gsttracer.h>

#define GST_TYPE_VOICE_TURNS_TRACER (gst_voice_turns_tracer_get_type ())
G_DECLARE_FINAL_TYPE (GstVoiceTurnsTracer, gst_voice_turns_tracer, GST,
    VOICE_TURNS_TRACER, GstTracer)

struct _GstVoiceTurnsTracer
{
  GstTracer parent;

  GMutex lock; /* protects all below: messages come from any thread */
  TurnTable *table;
};

G_DEFINE_FINAL_TYPE (GstVoiceTurnsTracer, gst_voice_turns_tracer,
    GST_TYPE_TRACER)

static guint64
get_time (const GstStructure *turn, const gchar *field)
{
  guint64 value = 0;

  gst_structure_get_uint64 (turn, field, &value);
  return value;
}

/* FALSE: nobody waited for it. */
static gboolean
read_row (const GstStructure *turn, TurnRow *row)
{
  *row = (TurnRow){
    .session = (gchar *) gst_structure_get_string (turn, "session"),
    .turn = get_time (turn, "turn-id"),
    .at = get_time (turn, "first-audio-out"),
    .turn_around = get_time (turn, "turn-around"),
  };
  gst_structure_get_int64 (turn, "budget-left", &row->left);
  for (TurnStage stage = TURN_STAGE_DETECTION; stage < TURN_N_STAGES; stage++)
    row->stages.spent[stage] = get_time (turn, turn_stage_get_name (stage));
  return row->session &&
      !g_strcmp0 (gst_structure_get_string (turn, "state"),
          "response-started") &&
      row->turn && row->turn_around;
}

static void
on_message (GstTracer *tracer, GstClockTime time, GstElement *element,
    GstMessage *message)
{
  GstVoiceTurnsTracer *self = GST_VOICE_TURNS_TRACER (tracer);
  const GstStructure *fact = gst_message_get_structure (message);
  TurnRow row;

  if (!fact || !gst_structure_has_name (fact, "aiagent/turn") ||
      !read_row (fact, &row))
    return;
  g_mutex_lock (&self->lock);
  turn_table_add (self->table, &row);
  g_mutex_unlock (&self->lock);
}

static void
gst_voice_turns_tracer_finalize (GObject *object)
{
  GstVoiceTurnsTracer *self = GST_VOICE_TURNS_TRACER (object);
  g_autofree gchar *text = turn_table_print (self->table);

  g_printerr ("%s", text ? text : "No caller waited for an answer.\n");
  turn_table_free (self->table);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (gst_voice_turns_tracer_parent_class)->finalize (object);
}

static void
gst_voice_turns_tracer_init (GstVoiceTurnsTracer *self)
{
  g_mutex_init (&self->lock);
  self->table = turn_table_new ();
  gst_tracing_register_hook (GST_TRACER (self), "element-post-message-pre",
      G_CALLBACK (on_message));
}

static void
gst_voice_turns_tracer_class_init (GstVoiceTurnsTracerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gst_voice_turns_tracer_finalize;
}

gboolean
gst_voice_turns_tracer_register (GstPlugin *plugin)
{
  return gst_tracer_register (plugin, "voiceturns",
      GST_TYPE_VOICE_TURNS_TRACER);
}
