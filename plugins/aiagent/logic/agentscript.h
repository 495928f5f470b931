/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The file of the `script` backend: an agent that says what is written, when it is
 * written, whatever the caller says. A GKeyFile:
 *
 *   [agent]
 *   rate=8000             Hz of its audio: 8000, 16000, 24000 or 48000
 *   think-time=200        ms from the end of the caller's turn to the first audio
 *   burst=0               ms of audio handed over at once; 0 = the whole answer
 *   burst-interval=20     ms between bursts
 *   greeting=NAME         answer given when the call begins
 *   turns=NAME;NAME;...   answers to the caller's turns in order; after the last
 *                         one it is given again
 *   digit-5=NAME          answer to a keypad digit (0-9, star, pound, a-d)
 *
 *   [answer NAME]
 *   audio=tone:440,500;silence:200;wav:hello.wav
 *                         pieces in order: a tone of Hz for ms, silence of ms, a
 *                         RIFF file of 16-bit PCM (relative to the script);
 *                         tones and silence at most ten minutes
 *   text=Hello            what the audio says: the transcript
 *   interruptible=true    false: the caller hears all of it
 *   think-time=...        instead of the agent's
 *   tool=NAME             hang-up, transfer, hold, resume, send-dtmf, or a tool of
 *                         the application (message aiagent/tool)
 *   tool-target=TEXT      number or digits; arguments of an own tool
 *   tool-when=after       after: behind the last word; before: ahead of the first
 *   late=0                ms of audio sent in spite of an interruption, as a slow
 *                         network would
 *   failure=none          error: the dialogue fails after the audio; stall: the
 *                         audio stops half-way and nothing follows */

typedef enum
{
  SCRIPT_PIECE_TONE,
  SCRIPT_PIECE_SILENCE,
  SCRIPT_PIECE_WAV,
} ScriptPieceType;

typedef struct
{
  ScriptPieceType type;
  guint frequency; /* Hz */
  guint duration; /* ms */
  gchar *path; /* of a WAV */
} ScriptPiece;

typedef enum
{
  SCRIPT_FAILURE_NONE,
  SCRIPT_FAILURE_ERROR,
  SCRIPT_FAILURE_STALL,
} ScriptFailure;

typedef struct
{
  gchar *name;
  GArray *pieces; /* ScriptPiece */
  gchar *text, *tool, *tool_target;
  gboolean tool_before;
  gboolean interruptible;
  gint think_time; /* ms, -1 = the agent's */
  guint late; /* ms */
  ScriptFailure failure;
} ScriptAnswer;

typedef struct
{
  guint rate, think_time, burst, burst_interval;
  GPtrArray *answers; /* ScriptAnswer */
  const ScriptAnswer *greeting;
  GPtrArray *turns; /* ScriptAnswer, borrowed */
  const ScriptAnswer *digits[16]; /* by RFC 4733 event number */
} AgentScript;

/* G_KEY_FILE_ERROR with a sentence naming section and key. Relative paths are
 * taken as below @directory. */
AgentScript *agent_script_parse (const gchar *data, gsize size,
    const gchar *directory, GError **error);
void agent_script_free (AgentScript *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgentScript, agent_script_free)

/* Appends 16-bit samples of the pieces that need no file. */
void agent_script_render (const ScriptPiece *piece, guint rate,
    GByteArray *out);

/* The samples of a RIFF WAVE file in memory, mixed down to mono; FALSE (with
 * G_KEY_FILE_ERROR_INVALID_VALUE) unless it is 16-bit PCM. */
gboolean agent_script_read_wav (const guint8 *data, gsize size, guint *rate,
    GByteArray *out, GError **error);

G_END_DECLS
