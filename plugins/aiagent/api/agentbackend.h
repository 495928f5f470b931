/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/event/gstvoiceevents.h"
#include "common/frame/gstvoiceformat.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The mind of an agent: hears the caller, gives audio to say. Abstract; an
 * application may bring its own (property backend-object).
 *
 * Its functions are called on media threads, never two at a time for one dialogue
 * step but from more than one thread: they must not block, and what takes time
 * goes to threads of the backend's own. What the backend has to say goes to its
 * session, from any thread, at any speed. */

#define AGENT_TYPE_BACKEND (agent_backend_get_type ())
G_DECLARE_DERIVABLE_TYPE (AgentBackend, agent_backend, AGENT, BACKEND, GObject)

/* What somebody said. */
typedef struct
{
  gboolean agent; /* FALSE: the caller */
  const gchar *text;
  gboolean final;
  GstClockTime start,
      end; /* running time of the speech; 0 = of the caller's last
                            * turn, NONE = it was not spoken */
  gdouble confidence; /* 0..1, -1 = not known */
  const gchar *rejected; /* NULL, or why it was not taken */
  /* Of the agent: the answer whose words these are, from agent_backend_begin(). They
   * are told as not final then; what was heard of them is, once it was. 0 = told as
   * it is. */
  guint answer;
} AgentTranscript;

/* The session, as agent_backend_begin() and so on see it. */
typedef struct
{
  guint (*begin) (gpointer host, gboolean interruptible);
  gboolean (
      *write) (gpointer host, guint answer, gconstpointer data, gsize size);
  void (*end) (gpointer host, guint answer);
  void (*clause) (gpointer host, guint answer, const gchar *text);
  gboolean (*cut) (gpointer host);
  gboolean (*resume) (gpointer host, guint hold);
  void (*drop) (gpointer host, guint hold);
  GstClockTime (*audible) (gpointer host);
  void (*frame) (gpointer host, gconstpointer data, gsize size);
  guint64 (*dialogue) (gpointer host);
  void (*control) (gpointer host, guint64 dialogue,
      const GstVoiceControl *control);
  void (*transcript) (gpointer host, const AgentTranscript *transcript);
  void (*tool) (gpointer host, const gchar *name, const gchar *id,
      const gchar *arguments);
  void (*failed) (gpointer host, const GError *error);
  /* A property was set that counts from the next start. */
  void (*set_late) (gpointer host, GParamSpec *pspec);
} AgentBackendHost;

struct _AgentBackendClass
{
  GObjectClass parent_class;

  /* It hears nothing unless the session tells it of turns. */
  gboolean needs_turns;

  /* READY->PAUSED: FALSE when it cannot work as it is set. @format: what it gives,
   * and is given (mono S16); rate 0 = whatever the caller has. */
  gboolean (
      *prepare) (AgentBackend *self, GstVoiceFormat *format, GError **error);
  /* A dialogue begins, with audio of @rate Hz. @call may be NULL: nobody says who
   * calls. */
  void (*open) (AgentBackend *self, const GstVoiceCall *call, guint rate);
  /* The caller's audio; @speaking: within a turn. */
  void (*send_audio) (AgentBackend *self, const gint16 *samples,
      guint n_samples, gboolean speaking);
  /* The caller's turn began / is over (with local turn detection). @time: running
   * time of the first / last sound of it. */
  void (*turn) (AgentBackend *self, gboolean began, GstClockTime time);
  /* The caller, behind turn(), or a command cuts off what may be interrupted: also
   * what has not been handed over yet. @answer was audible for @heard ms; 0 = none
   * was. */
  void (*interrupt) (AgentBackend *self, guint answer, guint heard);
  /* A backend that has this decides later what a caller meant who speaks into its
   * answer: it is called in place of interrupt() when the turn begins, and the rest
   * of what was being said is kept, unheard, until agent_backend_resume() or
   * agent_backend_drop(), which name @hold. @answer, @heard as in interrupt(), @total:
   * ms that had come in of it. Again, with another number, for what is kept still
   * when another turn begins. */
  void (*held) (AgentBackend *self, guint hold, guint answer, guint heard,
      guint total);
  /* @answer was heard to its end. */
  void (*done) (AgentBackend *self, guint answer);
  void (*digit) (AgentBackend *self, gchar digit);
  /* What became of a control request or a tool. */
  void (*result) (AgentBackend *self, const gchar *id, const gchar *result,
      const gchar *reason);
  /* FALSE: it cannot speak text. */
  gboolean (*say) (AgentBackend *self, const gchar *text);
  /* The caller wrote @text in place of speaking. FALSE: it does not read. */
  gboolean (*read) (AgentBackend *self, const gchar *text);
  /* @text says what it is to be. FALSE: it is what it is. */
  gboolean (*instruct) (AgentBackend *self, const gchar *text);
  /* Every 20 ms of a dialogue, on the media loop. */
  void (*tick) (AgentBackend *self);
  void (*close) (AgentBackend *self);
  /* TRUE: it answers with host->frame() only, so nothing has to tick. */
  gboolean (*is_immediate) (AgentBackend *self);
  /* TRUE: its answer to what it heard is still to come. */
  gboolean (*is_thinking) (AgentBackend *self);
  /* The call is put on hold, or taken back. In between nobody is heard, nothing is
   * said and nothing ticks; what was being said then begins again at its clause. */
  void (*pause) (AgentBackend *self, gboolean paused);
};

/* By the session, before the first dialogue. @host: a GObject, not kept alive by
 * this; NULL = there is none any more. */
void agent_backend_set_host (AgentBackend *self, const AgentBackendHost *host,
    GObject *user);
/* The GParamSpecs of what was set since it was made; (transfer container). */
GPtrArray *agent_backend_dup_set (AgentBackend *self);

/* ---- For subclasses, from any thread; never with a lock held that one of the vfuncs
 * takes. Without a session they do nothing and return 0. */

/* A new answer; its number. @interruptible FALSE: the caller hears all of it. */
guint agent_backend_begin (AgentBackend *self, gboolean interruptible);
/* Bytes of it, in the backend's format. FALSE: it was cut off, stop. */
gboolean agent_backend_write (AgentBackend *self, guint answer,
    gconstpointer data, gsize size);
void agent_backend_end (AgentBackend *self, guint answer);
/* What is written from here to the next says @text (a clause, a sentence). After a
 * hold an answer begins again with the clause it was in; without any, from its start. */
void agent_backend_clause (AgentBackend *self, guint answer, const gchar *text);
/* Cuts off what is being said, as a caller who speaks does. FALSE: there was nothing
 * that may be. */
gboolean agent_backend_cut (AgentBackend *self);
/* It was no interruption: on with what is held, from the sample at which it was cut.
 * FALSE: nothing is, or it is held for another turn since @hold. */
gboolean agent_backend_resume (AgentBackend *self, guint hold);
/* It was one: what was held by @hold, or before, is gone. */
void agent_backend_drop (AgentBackend *self, guint hold);
/* Running time up to which the caller has heard the agent's voice; NONE: not yet. */
GstClockTime agent_backend_get_audible (AgentBackend *self);
/* A frame to be heard at once, in place of answers (loop-back). */
void agent_backend_frame (AgentBackend *self, gconstpointer data, gsize size);
/* Behind all that was written so far: hang up, transfer, ... @dialogue: the one it is
 * meant for, as agent_backend_get_dialogue() said in open(); 0 = whichever. */
void agent_backend_control (AgentBackend *self, guint64 dialogue,
    const GstVoiceControl *control);
guint64 agent_backend_get_dialogue (AgentBackend *self);
/* Facts: who said what, and tools that are the application's. */
void agent_backend_transcript (AgentBackend *self,
    const AgentTranscript *transcript);
void agent_backend_tool (AgentBackend *self, const gchar *name, const gchar *id,
    const gchar *arguments);
/* The dialogue cannot go on; posted on the bus. */
void agent_backend_failed (AgentBackend *self, const GError *error);

/* The vfuncs; absent ones do nothing. */
gboolean agent_backend_prepare (AgentBackend *self, GstVoiceFormat *format,
    GError **error);
void agent_backend_open (AgentBackend *self, const GstVoiceCall *call,
    guint rate);
void agent_backend_send_audio (AgentBackend *self, const gint16 *samples,
    guint n_samples, gboolean speaking);
void agent_backend_turn (AgentBackend *self, gboolean began, GstClockTime time);
void agent_backend_interrupt (AgentBackend *self, guint answer, guint heard);
void agent_backend_held (AgentBackend *self, guint hold, guint answer,
    guint heard, guint total);
void agent_backend_done (AgentBackend *self, guint answer);
void agent_backend_digit (AgentBackend *self, gchar digit);
void agent_backend_result (AgentBackend *self, const gchar *id,
    const gchar *result, const gchar *reason);
gboolean agent_backend_say (AgentBackend *self, const gchar *text);
gboolean agent_backend_read (AgentBackend *self, const gchar *text);
gboolean agent_backend_instruct (AgentBackend *self, const gchar *text);
void agent_backend_tick (AgentBackend *self);
void agent_backend_close (AgentBackend *self);
gboolean agent_backend_is_immediate (AgentBackend *self);
gboolean agent_backend_is_thinking (AgentBackend *self);
void agent_backend_pause (AgentBackend *self, gboolean paused);

G_END_DECLS
