/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gstvoiceagentapi.h"
#include "gstvoiceagentcall.h"
#include "gstvoiceagentformat.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * SECTION:gstvoiceagentbackend
 * @title: GstVoiceAgentBackend
 *
 * The mind of an agent: hears the caller, gives audio to say. Abstract; an application
 * gives its own to an aiagentsink or aiagentsrc as `backend-object`. One session at a
 * time has it: another one that is given it meanwhile is refused (GST_RESOURCE_ERROR_BUSY).
 *
 * Whoever uses it, the session of an aiagentsink and an aiagentsrc, calls the virtual
 * functions below, on its threads: of media, which have 20 ms for a hundred calls. None
 * may block unless its text says so; what takes time goes to threads of the backend's
 * own. Audio and facts of one dialogue come in order, but from more than one thread, so
 * that two functions may run at the same time. Absent ones do nothing.
 *
 * What the backend has to say goes the other way, by the functions at the end: from any
 * thread, at any speed, none of which blocks. They take a lock of the session's for a
 * moment and may call back (gst_voice_agent_backend_cut() is followed by interrupt()
 * before it returns): they are not called with a lock held that a virtual function
 * takes. While no session has the backend they do nothing, and return 0, FALSE or NONE.
 *
 * Dialogue follows dialogue, and a thread may be late: what was made for one caller must
 * not reach the next. So what is said or asked for goes with the number of the dialogue
 * that it is for, as gst_voice_agent_backend_get_dialogue() gives it in open(); if that
 * is over, nothing happens. 0 = whichever is on: only where a virtual function that runs
 * in the dialogue is what calls.
 *
 * Audio is S16 in the machine's byte order, one channel, of the rate that open() names;
 * with @takes_laws it may be of a law (ITU-T G.711) instead, both ways, as
 * gst_voice_agent_backend_get_format() says. Running time is that of the pipeline, in ns.
 *
 * Facts and records call a backend by the name of its type, and name the model behind it
 * if it has a readable property `model` (string), which is read before prepare().
 *
 * Since: 0.1
 */

#define GST_TYPE_VOICE_AGENT_BACKEND (gst_voice_agent_backend_get_type ())
GST_VOICE_AGENT_API
GType gst_voice_agent_backend_get_type (void);
G_DECLARE_DERIVABLE_TYPE (GstVoiceAgentBackend, gst_voice_agent_backend, GST,
    VOICE_AGENT_BACKEND, GObject)

/**
 * GstVoiceAgentState:
 * @GST_VOICE_AGENT_CONNECTING: it asks somebody else, who has not answered yet
 * @GST_VOICE_AGENT_READY: it can hear and answer
 * @GST_VOICE_AGENT_RETRYING: the connection was lost or refused; it tries again
 * @GST_VOICE_AGENT_FAILED: it does not try any more
 *
 * What a backend that needs somebody else says of that.
 *
 * Since: 0.1
 */
typedef enum
{
  GST_VOICE_AGENT_CONNECTING,
  GST_VOICE_AGENT_READY,
  GST_VOICE_AGENT_RETRYING,
  GST_VOICE_AGENT_FAILED,
} GstVoiceAgentState;

/**
 * GstVoiceAgentTranscript:
 * @agent: who said it: the agent, or, %FALSE, the caller
 * @text: the words
 * @final: no better text of the same words will come
 * @start: running time (ns) of the first sound; 0 = that of the caller's last turn,
 *     %GST_CLOCK_TIME_NONE = it was not spoken
 * @end: the same of the last sound
 * @confidence: 0 to 1, -1 = not known
 * @rejected: (nullable): why it was not taken, %NULL = it was
 * @answer: of the agent, the answer whose words these are, as
 *     gst_voice_agent_backend_begin_answer() has numbered it. They are told as not final
 *     then; what was heard of them is told, as final, once it was. 0 = told as it is
 *
 * What somebody said. Who fills it in zeroes what it does not know.
 *
 * Since: 0.1
 */
typedef struct
{
  gboolean agent;
  const gchar *text;
  gboolean final;
  GstClockTime start, end;
  gdouble confidence;
  const gchar *rejected;
  guint answer;

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING];
} GstVoiceAgentTranscript;

/**
 * GstVoiceAgentBackendClass:
 * @parent_class: the parent
 * @needs_turns: it hears nothing unless it is told of turns: `turn-detection=backend` and
 *     `none` are refused when it is prepared
 * @finds_turns: it tells of the caller's turns itself, by
 *     gst_voice_agent_backend_begin_turn() and _end_turn(): `turn-detection=auto` leaves
 *     them to it
 * @takes_laws: a caller whose audio is of a law is handed over as it came, byte for byte,
 *     by @send_encoded in place of @send_audio, and what is written is of that law, too
 * @prepare: READY->PAUSED, on the thread that changes the state, and may take as long as
 *     reading a file; nothing else of it runs meanwhile. @format comes as S16 of rate 0;
 *     the rate that is wanted, 8000, 16000, 24000 or 48000 Hz, goes in there; 0 =
 *     whatever the caller has. A class that takes laws may put one in, at 8000 Hz, which
 *     its dialogues have then whatever the caller has. %FALSE, with @error, which is posted: it cannot work as it
 *     is set (GST_RESOURCE_ERROR_SETTINGS, _NOT_FOUND, _NOT_AUTHORIZED)
 * @ring: a call comes in, or goes out, that is not answered yet: who needs somebody else
 *     may connect already. @call, valid until this returns: its dialogue begins with
 *     @open, or, if it is not answered, ends with @close without one. May not block
 * @open: a dialogue begins, with audio of @rate Hz. @call, valid until this returns, may
 *     be %NULL: nobody says who calls. May not block: who connects begins to. What is
 *     said before this returns is heard
 * @send_audio: the caller's audio, at most 20 ms of it, valid until this returns. @time:
 *     running time of the first sample; @speaking: within a turn of the caller's. On the
 *     thread that brings it: may not block
 * @send_encoded: the same of a dialogue whose format is a law: @size bytes, one each
 *     sample
 * @turn: the caller's turn began, or is over; by `turn-detection=element`, or, with one
 *     of the backend's own, because the caller is gone or held. @time: running time of its
 *     first, or last, sound. Of a turn that begins into an answer, who does not have @held is
 *     told when it is certain that it interrupts (`barge-in-confirm`), which may be a second
 *     after that sound. May not block
 * @interrupt: what may be interrupted is cut off, by a caller who speaks, behind turn(),
 *     or by a command; also what was not handed over yet: an answer under way is given
 *     up. @answer was audible for @heard ms, to the caller; 0 = none was. May not block
 * @held: a backend that has this decides later what a caller meant who speaks into its
 *     answer. It is called in place of interrupt() when the turn begins, and the rest of
 *     what was being said is kept, unheard, until gst_voice_agent_backend_resume() or
 *     gst_voice_agent_backend_drop(), which name @hold. @answer, @heard (ms): as in
 *     interrupt(); @total: ms that had come in of it. Again, with another number, for
 *     what is kept still when another turn begins. May not block
 * @done: @answer was heard to its end. On the media loop: may not block
 * @heard: how much of @answer the caller has heard, all in all, and no more will be:
 *     @words of its text, %NULL where that is not known, and @heard ms; behind @done,
 *     @interrupt or, where what was held is given up, the drop, and before @close. May
 *     not block
 * @marked: all that stands before @mark, as gst_voice_agent_backend_mark() has set it, was
 *     heard, and what stands before earlier ones; of those marks nothing more is told. On
 *     the media loop: may not block
 * @digit: the caller pressed a key: 0 to 9, *, #, A to D. May not block
 * @result: what became of the control request @id: @result is "accepted", "refused" (by
 *     who was to be called), "forbidden", "unsupported", "ambiguous" or "failed", @reason is
 *     for a person, may be %NULL. A transfer may be "asked", "trying" and "ringing" before
 *     that. May not block
 * @tool_result: what came of the tool @id, JSON: of one of the application's, by its
 *     action signal `tool-result`; of one that the session runs itself; or why it was not
 *     run. May be called before gst_voice_agent_backend_call_tool() returns. Any thread:
 *     may not block. %FALSE: it has not called such a tool, or wants no answer
 * @say: to speak @text. On the application's thread: may not block. %FALSE: it cannot
 * @read: the caller wrote @text in place of speaking. May not block. %FALSE: it does not
 *     read
 * @instruct: @text says what it is to be. May not block. %FALSE: it is what it is
 * @tick: every 20 ms of a dialogue, on the media loop: may not block
 * @close: the dialogue is over. What is being said is not heard any more; what is said
 *     from now on is refused. May not block: who disconnects begins to
 * @is_immediate: %TRUE: it answers with gst_voice_agent_backend_play_frame() only, so
 *     that nothing has to tick. Any thread; may not block
 * @is_thinking: %TRUE: its answer to what it heard is still to come: a stream that has
 *     ended waits for it. On the media loop: may not block
 * @costs: %TRUE: its dialogues are with somebody who is paid for them: what strangers may
 *     not spend. Asked behind each prepare(). May not block
 * @pause: the call is put on hold, or, @paused %FALSE, taken back. In between nobody is
 *     heard, nothing is said and nothing ticks; what was being said then begins again at
 *     its clause. May not block
 * @resumed: of a backend that has @held: the turn lasts, and has no voice, as a cough has
 *     none; what was kept goes on meanwhile. May not block
 * @rejected: of a backend that has @held, in place of turn(FALSE): the turn is over too
 *     soon to be an interruption, or had no voice. What was kept waits: by the words the
 *     backend resumes it, or finds that it was one. @time: running time of the turn's last
 *     sound. May not block
 * @get_completeness: how likely it is that the caller, who is in a turn and silent now, has
 *     finished, by the words so far: from 0, something is missing, to 1, nothing is; -1:
 *     the words are not known. The more complete it is, the sooner the turn is taken to be
 *     over. On the thread that brings audio, often: may not block
 *
 * What a backend does. No function is called before @prepare, nor, but for @prepare
 * again, behind the @close of the last dialogue; digits, audio, turns and ticks only
 * between @open and @close.
 *
 * Since: 0.1
 */
struct _GstVoiceAgentBackendClass
{
  GObjectClass parent_class;

  gboolean needs_turns;
  gboolean finds_turns;
  gboolean takes_laws;

  gboolean (*prepare) (GstVoiceAgentBackend *self, GstVoiceFormat *format,
      GError **error);
  void (*ring) (GstVoiceAgentBackend *self, const GstVoiceCall *call);
  void (
      *open) (GstVoiceAgentBackend *self, const GstVoiceCall *call, guint rate);
  void (*send_audio) (GstVoiceAgentBackend *self, const gint16 *samples,
      guint n_samples, GstClockTime time, gboolean speaking);
  void (*send_encoded) (GstVoiceAgentBackend *self, const guint8 *data,
      gsize size, GstClockTime time, gboolean speaking);
  void (*turn) (GstVoiceAgentBackend *self, gboolean began, GstClockTime time);
  void (*interrupt) (GstVoiceAgentBackend *self, guint answer, guint heard);
  void (*held) (GstVoiceAgentBackend *self, guint hold, guint answer,
      guint heard, guint total);
  void (*done) (GstVoiceAgentBackend *self, guint answer);
  void (*heard) (GstVoiceAgentBackend *self, guint answer, const gchar *words,
      guint heard);
  void (*marked) (GstVoiceAgentBackend *self, guint mark);
  void (*digit) (GstVoiceAgentBackend *self, gchar digit);
  void (*result) (GstVoiceAgentBackend *self, const gchar *id,
      const gchar *result, const gchar *reason);
  gboolean (*tool_result) (GstVoiceAgentBackend *self, const gchar *id,
      const gchar *json);
  gboolean (*say) (GstVoiceAgentBackend *self, const gchar *text);
  gboolean (*read) (GstVoiceAgentBackend *self, const gchar *text);
  gboolean (*instruct) (GstVoiceAgentBackend *self, const gchar *text);
  void (*tick) (GstVoiceAgentBackend *self);
  void (*close) (GstVoiceAgentBackend *self);
  gboolean (*is_immediate) (GstVoiceAgentBackend *self);
  gboolean (*is_thinking) (GstVoiceAgentBackend *self);
  void (*pause) (GstVoiceAgentBackend *self, gboolean paused);
  gboolean (*costs) (GstVoiceAgentBackend *self);
  void (*resumed) (GstVoiceAgentBackend *self);
  void (*rejected) (GstVoiceAgentBackend *self, GstClockTime time);
  gdouble (*get_completeness) (GstVoiceAgentBackend *self);

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING_LARGE - 3];
};

/* ---- For subclasses: to the session */

/* Answers. */
GST_VOICE_AGENT_API
guint gst_voice_agent_backend_begin_answer (GstVoiceAgentBackend *self,
    guint64 dialogue, gboolean interruptible);
GST_VOICE_AGENT_API
gboolean gst_voice_agent_backend_write (GstVoiceAgentBackend *self,
    guint answer, gconstpointer data, gsize size);
GST_VOICE_AGENT_API
gboolean gst_voice_agent_backend_end_answer (GstVoiceAgentBackend *self,
    guint answer);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_begin_clause (GstVoiceAgentBackend *self,
    guint answer, const gchar *text);
GST_VOICE_AGENT_API
gboolean gst_voice_agent_backend_mark (GstVoiceAgentBackend *self, guint answer,
    guint mark);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_play_frame (GstVoiceAgentBackend *self,
    gconstpointer data, gsize size);
GST_VOICE_AGENT_API
GstClockTime gst_voice_agent_backend_get_audible (GstVoiceAgentBackend *self);

GST_VOICE_AGENT_API
void gst_voice_agent_backend_set_stages (GstVoiceAgentBackend *self,
    guint answer, GstClockTime transcriber, GstClockTime model,
    GstClockTime voice);
GST_VOICE_AGENT_API
GstClockTime gst_voice_agent_backend_get_respond_by (
    GstVoiceAgentBackend *self);

/* Answers that are cut off. */
GST_VOICE_AGENT_API
gboolean gst_voice_agent_backend_cut (GstVoiceAgentBackend *self,
    guint64 dialogue);
GST_VOICE_AGENT_API
gboolean gst_voice_agent_backend_resume (GstVoiceAgentBackend *self,
    guint hold);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_drop (GstVoiceAgentBackend *self, guint hold);

/* The caller's turns, where the backend finds them. */
GST_VOICE_AGENT_API
gboolean gst_voice_agent_backend_begin_turn (GstVoiceAgentBackend *self,
    guint64 dialogue, GstClockTime time);
GST_VOICE_AGENT_API
gboolean gst_voice_agent_backend_end_turn (GstVoiceAgentBackend *self,
    guint64 dialogue, GstClockTime time);

GST_VOICE_AGENT_API
gboolean gst_voice_agent_backend_finds_turns (GstVoiceAgentBackend *self);

/* What is to be done, and facts. */
GST_VOICE_AGENT_API
void gst_voice_agent_backend_control (GstVoiceAgentBackend *self,
    guint64 dialogue, const GstVoiceControl *control);
GST_VOICE_AGENT_API
guint64 gst_voice_agent_backend_get_dialogue (GstVoiceAgentBackend *self);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_get_format (GstVoiceAgentBackend *self,
    GstVoiceFormat *format);
GST_VOICE_AGENT_API
gchar *gst_voice_agent_backend_dup_tools (GstVoiceAgentBackend *self);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_transcript (GstVoiceAgentBackend *self,
    guint64 dialogue, const GstVoiceAgentTranscript *transcript);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_call_tool (GstVoiceAgentBackend *self,
    guint64 dialogue, const gchar *name, const gchar *id,
    const gchar *arguments);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_add_usage (GstVoiceAgentBackend *self,
    guint64 dialogue, guint64 input_tokens, guint64 output_tokens);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_set_state (GstVoiceAgentBackend *self,
    GstVoiceAgentState state, const gchar *reason);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_warn (GstVoiceAgentBackend *self,
    const GError *error);
GST_VOICE_AGENT_API
void gst_voice_agent_backend_fail (GstVoiceAgentBackend *self,
    const GError *error);

G_END_DECLS
