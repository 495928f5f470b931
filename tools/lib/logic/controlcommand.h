/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What somebody asks of a gateway: a line of JSON, one object,
 *
 *   {"command":"call", "uri":"sip:bob@192.0.2.7", "route":"out", "id":"1"}
 *   {"command":"say", "call-id":"...", "text":"One moment."}
 *   {"command":"send-dtmf", "call-id":"...", "digits":"12#"}
 *   {"command":"transfer", "call-id":"...", "target":"sip:carol@192.0.2.8"}
 *   {"command":"interrupt" | "hang-up" | "hold" | "resume", "call-id":"..."}
 *   {"command":"drain"}
 *
 * "call-id" may be left out while there is one call, which is then meant.
 * "id", a string, may stand in each, and comes back in its reply. Members that a command
 * does not have are refused, so that a slip of the pen does not go unnoticed. */

#define CONTROL_COMMAND_MAX 16384 /* bytes of a line */

typedef enum
{
  CONTROL_COMMAND_CALL,
  CONTROL_COMMAND_SAY,
  CONTROL_COMMAND_INTERRUPT,
  CONTROL_COMMAND_HANG_UP,
  CONTROL_COMMAND_TRANSFER,
  CONTROL_COMMAND_SEND_DTMF,
  CONTROL_COMMAND_HOLD,
  CONTROL_COMMAND_RESUME,
  CONTROL_COMMAND_DRAIN,
} ControlCommandType;

typedef struct
{
  ControlCommandType type;
  gchar *id; /* NULL: it has none */
  gchar *call_id; /* all but CALL and DRAIN; NULL: the only one */
  gchar *route; /* CALL */
  gchar
      *argument; /* CALL: uri, SAY: text, TRANSFER: target, SEND_DTMF: digits */
} ControlCommand;

#define CONTROL_COMMAND_ERROR (control_command_error_quark ())
GQuark control_command_error_quark (void);

/* NULL, with @error: one sentence. Then *@id is what it called itself, if that could be
 * read ((transfer full)). */
ControlCommand *control_command_new (const gchar *line, gsize size, gchar **id,
    GError **error);
void control_command_free (ControlCommand *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ControlCommand, control_command_free)

const gchar *control_command_type_to_string (ControlCommandType type);

/* A reply, without an end of line: @error NULL: it was done. (transfer full) */
gchar *control_reply_new (const gchar *id, const gchar *call_id,
    const gchar *error);

G_END_DECLS
