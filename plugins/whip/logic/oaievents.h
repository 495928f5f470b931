/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The data channel "oai-events": what an agent does as server events of OpenAI's
 * Realtime API, and the client events of that API which an agent can follow. One
 * of these for each call; it counts items and responses. Times are ns. */

typedef struct _OaiEvents OaiEvents;
typedef void (*OaiSend) (const gchar *json, gpointer user);

OaiEvents *oai_events_new (OaiSend send, gpointer user);
void oai_events_free (OaiEvents *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OaiEvents, oai_events_free)

/* session.created: the channel is open, @id names the call. */
void oai_events_opened (OaiEvents *self, const gchar *id);

/* @state as in aiagent/turn: speech-started, speech-stopped, response-started,
 * response-done, interrupted, response-resumed. */
void oai_events_turn (OaiEvents *self, const gchar *state, guint64 speech_start,
    guint64 speech_end, guint64 turn_around);
/* @rejected "": it was understood. Only final ones go out. */
void oai_events_caller_said (OaiEvents *self, const gchar *text,
    const gchar *rejected);
void oai_events_agent_said (OaiEvents *self, const gchar *text);
/* response.function_call_arguments.done */
void oai_events_tool (OaiEvents *self, const gchar *id, const gchar *name,
    const gchar *arguments);
void oai_events_error (OaiEvents *self, const gchar *type,
    const gchar *message);
/* voice.call.ended, which that API does not have: who is hung up on learns why. */
void oai_events_ended (OaiEvents *self, const gchar *reason);

/* ---- What the far end asks for */

typedef enum
{
  OAI_NOTHING, /* well-formed, and nothing to do about it */
  OAI_TEXT, /* the caller wrote @text */
  OAI_CANCEL, /* the agent is to be silent */
  OAI_INSTRUCTIONS, /* @text tells the agent what it is */
} OaiRequestType;

typedef struct
{
  OaiRequestType type;
  gchar *text;
} OaiRequest;

#define OAI_MAX_MESSAGE (64 * 1024)
#define OAI_MAX_TEXT 4000 /* characters */

/* FALSE, with a sentence for the sender: G_IO_ERROR_INVALID_DATA. */
gboolean oai_request_parse (const gchar *json, gssize size, OaiRequest *request,
    GError **error);
void oai_request_clear (OaiRequest *request);

G_END_DECLS
