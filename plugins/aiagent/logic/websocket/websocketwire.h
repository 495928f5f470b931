/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The texts of an agent with raw PCM by WebSocket, in the shape of jambonz' `listen`: what
 * it asks for, and what it is told. The page on it: backends/websocket/README.md. */

typedef enum
{
  WEBSOCKET_MARK, /* name */
  WEBSOCKET_CLEAR_MARKS,
  WEBSOCKET_KILL_AUDIO,
  WEBSOCKET_PLAY_AUDIO, /* audio, rate, id */
  WEBSOCKET_DISCONNECT,
  WEBSOCKET_TOOL, /* name, id, arguments */
  WEBSOCKET_TRANSCRIPT, /* text, agent, final */
  WEBSOCKET_OTHER, /* of a type that is not known: name */
} WebsocketCommandType;

typedef struct
{
  WebsocketCommandType type;
  gchar *name;
  gchar *id;
  gchar *text;
  gchar *arguments; /* a JSON object */
  gboolean agent; /* who said it; FALSE: the caller */
  gboolean final;
  GBytes *audio; /* S16LE */
  guint rate; /* Hz, 0 = that of the connection */
} WebsocketCommand;

/* FALSE, with @error (WIRE_JSON_ERROR): it is none, and says why, for a person. */
gboolean websocket_command_read (WebsocketCommand *self, const gchar *text,
    gsize size, GError **error);
void websocket_command_clear (WebsocketCommand *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WebsocketCommand, websocket_command_clear)

/* Audio comes in pieces of any length: @data behind the odd byte that is kept, whole
 * samples of which go to @out (emptied before). */
typedef struct
{
  gboolean odd;
  guint8 kept;
} WebsocketSamples;

void websocket_samples_take (WebsocketSamples *self, const guint8 *data,
    gsize size, GByteArray *out);

/* ---- What it is told; (transfer full) */

typedef struct
{
  const gchar *call_id, *channel, *session, *line, *from, *to, *display_name;
  gboolean outgoing;
  const gchar *headers; /* a JSON object, NULL = none */
  const gchar *origin; /* the same: what networks say of the caller */
  const gchar *history; /* a JSON array, NULL = it is the first connection */
  const gchar *tools; /* a JSON array, NULL = none */
  guint rate; /* Hz */
} WebsocketStart;

gchar *websocket_write_start (const WebsocketStart *start);
gchar *websocket_write_mark (const gchar *name, gboolean cleared);
/* @id: of the playAudio, NULL = it had none. */
gchar *websocket_write_play_done (const gchar *id);
gchar *websocket_write_key (gchar key);
/* @time: ms of the audio that was sent. */
gchar *websocket_write_turn (gboolean began, guint64 time);
gchar *websocket_write_hold (gboolean held);
/* @event: "say", "text" or "instructions". */
gchar *websocket_write_text (const gchar *event, const gchar *text);
gchar *websocket_write_tool_result (const gchar *id, const gchar *json);
gchar *websocket_write_control_result (const gchar *id, const gchar *result,
    const gchar *reason);

G_END_DECLS
