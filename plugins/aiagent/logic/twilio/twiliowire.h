/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Media streams of a carrier, both ways, as Twilio has them: we are the carrier, and the bot
 * is the server. What others write in another way stands in a table. */

typedef enum
{
  TWILIO_DIALECT_TWILIO,
  TWILIO_DIALECT_TELNYX,
} TwilioDialect;

/* ---- What the bot says */

typedef enum
{
  TWILIO_MEDIA, /* audio */
  TWILIO_MARK, /* name */
  TWILIO_CLEAR,
  TWILIO_OTHER, /* of an event that is not known */
} TwilioCommandType;

typedef struct
{
  TwilioCommandType type;
  GBytes *audio; /* in the law of the stream */
  gchar *name;
} TwilioCommand;

/* FALSE, with @error (WIRE_JSON_ERROR): it is none, and says why, for a person. */
gboolean twilio_command_read (TwilioCommand *self, const gchar *text,
    gsize size, GError **error);
void twilio_command_clear (TwilioCommand *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwilioCommand, twilio_command_clear)

/* ---- What it is told; all (transfer full) */

typedef struct
{
  TwilioDialect dialect;
  gchar *account, *call, *id; /* what the carrier would call them */
  guint sequence, chunk; /* messages, and those of audio */
  gint64 first; /* ms: of the first audio; -1 = none came */
  gint64 next; /* ms: timestamp of what follows without a gap */
} TwilioStream;

/* @n: of the connection in its call: each is a stream of its own. */
void twilio_stream_init (TwilioStream *self, TwilioDialect dialect,
    const gchar *call_id, guint n);
void twilio_stream_clear (TwilioStream *self);

gchar *twilio_write_connected (TwilioDialect dialect);
/* @parameters: a JSON object, NULL = none. */
gchar *twilio_write_start (TwilioStream *self, const gchar *from,
    const gchar *to, gboolean alaw, const gchar *parameters);
/* @time: ms, of any beginning; from 0 on as long as it is not known, which is no gap then. */
gchar *twilio_write_media (TwilioStream *self, const guint8 *data, gsize size,
    gint64 time);
gchar *twilio_write_key (TwilioStream *self, gchar key);
gchar *twilio_write_mark (TwilioStream *self, const gchar *name);
gchar *twilio_write_stop (TwilioStream *self);

/* X-Twilio-Signature of a connection to @uri: HMAC-SHA1 of it, as base64. */
gchar *twilio_sign (const gchar *uri, const gchar *auth_token);

G_END_DECLS
