/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentlog.h"
#include "gstaiagentmessages.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What a session tells the outside: facts, errors and frames to its elements, lines to
 * the log. */

typedef enum
{
  AGENT_SINK,
  AGENT_SRC,
  AGENT_N_ROLES,
} AgentRole;

/* What the session tells its elements; from media threads, never under its lock.
 * The element is kept alive meanwhile. */
typedef struct
{
  /* A fact, for bus and far end; (transfer full). Told to the src, to the sink if
   * there is no src. */
  void (*fact) (GstElement *element, GstStructure *fact);
  void (*failed) (GstElement *element, const GError *error);
  /* src: a dialogue goes on (frames every 20 ms) or not. */
  void (*set_ticking) (GstElement *element, gboolean ticking);
  /* src: loop-back. @data: session format. */
  void (*frame) (GstElement *element, gconstpointer data, gsize size);
  /* src: no more frames will come. */
  void (*end) (GstElement *element);
  /* sink, may be NULL: the call that rings as @call_id waits for the agent no longer. */
  void (*ready) (GstElement *element, const gchar *call_id);
  /* src, may be NULL: @event, a voice-control, is due without a dialogue; takes it. */
  void (*control) (GstElement *element, GstEvent *event);
} AgentListener;

typedef struct
{
  GstElement *element; /* not owned: detaches before it goes; NULL: none */
  AgentListener listener;
} AgentReporter;

typedef struct
{
  /* Set when made, never changed: read freely. */
  gchar *name; /* of the session */
  GMutex *lock; /* the session's: a leaf; protects everything below */

  AgentReporter reporters[AGENT_N_ROLES];
  gchar *call_id; /* of the dialogue, "" = it has none */
  gchar *display_name; /* of its caller, "" if unknown */
  gchar *backend, *model; /* at work since the last start; NULL: none was */
} AgentReport;

void agent_report_init (AgentReport *self, const gchar *name, GMutex *lock);
void agent_report_clear (AgentReport *self);
/* Whose dialogue it is that is told of from now on; @call NULL: nobody says. */
void agent_report_name_unlocked (AgentReport *self, const GstVoiceCall *call);

/* ---- Any thread, no lock */

/* What is at work from now on, as facts name it. */
void agent_report_name_backend (AgentReport *self, const gchar *backend,
    const gchar *model);
/* (transfer full); NULL, as *@model: nothing was. */
gchar *agent_report_dup_backend (AgentReport *self, gchar **model);

/* The element of @role, referenced; NULL if none. */
GstElement *agent_report_dup_element (AgentReport *self, AgentRole role,
    AgentListener *listener);
/* Running time now, of any of the elements. */
GstClockTime agent_report_get_now (AgentReport *self);

void agent_report_turn (AgentReport *self, const GstAiAgentTurn *turn);
void agent_report_over_budget (AgentReport *self,
    const GstAiAgentOverBudget *over);
void agent_report_transcript (AgentReport *self,
    const GstVoiceAgentTranscript *transcript, guint64 turn_id);
/* What was heard of an answer's words: takes @words, NULL = they are not known. */
void agent_report_heard (AgentReport *self, gchar *words, guint64 turn_id,
    GstClockTime start, GstClockTime end);
void agent_report_tool (AgentReport *self, const GstAiAgentTool *tool);
/* @refusal: NULL if it was accepted. */
void agent_report_input (AgentReport *self, const gchar *type,
    const gchar *refusal);
void agent_report_usage (AgentReport *self, guint64 input_tokens,
    guint64 output_tokens);
/* How the backend stands in @dialogue, 0 = there was none; @reason may be NULL. @call_id
 * NULL: the dialogue's. */
void agent_report_state (AgentReport *self, const gchar *call_id,
    guint64 dialogue, GstVoiceAgentState state, const gchar *reason);
void agent_report_warning (AgentReport *self, const GError *error);
void agent_report_failure (AgentReport *self, const GError *error);
/* The setting @name counts from the next start only. */
void agent_report_late_setting (AgentReport *self, const gchar *name);

/* To the src. */
void agent_report_frame (AgentReport *self, gconstpointer data, gsize size);
void agent_report_end (AgentReport *self);

/* ---- The log; takes the lock */

#define AGENT_LOG(report, level, ...) \
  AGENT_LOG_CALL (report, NULL, level, __VA_ARGS__)
/* Of a call that may have no dialogue. */
#define AGENT_LOG_CALL(report, call_id, level, ...) \
  G_STMT_START \
  { \
    if (agent_log_shows (level)) \
      agent_report_log (report, call_id, level, __FILE__, G_STRFUNC, __LINE__, \
          __VA_ARGS__); \
  } \
  G_STMT_END

/* @call_id NULL: the dialogue's. */
void agent_report_log (AgentReport *self, const gchar *call_id,
    GstDebugLevel level, const gchar *file, const gchar *function, gint line,
    const gchar *format, ...) G_GNUC_PRINTF (7, 8);

G_END_DECLS
