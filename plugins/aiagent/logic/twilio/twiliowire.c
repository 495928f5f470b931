/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Numbers are written as strings, as both carriers do. Audio is written without a JSON
 * library: fifty times a second for each call, and there is nothing in it to be escaped. */

#include "twiliowire.h"

#include "aiagent/logic/remote/wirejson.h"

#include <string.h>

#define BYTES_PER_MS 8
#define LEAP 1000 /* ms */
#define ID_LENGTH 32 /* digits behind the two letters */

/* ---- Dialects */

typedef struct
{
  const gchar *sequence, *stream, *account, *call, *parameters, *format, *rate;
  const gchar *mulaw, *alaw;
  const gchar *prefixes[3]; /* of account, call and stream */
  gboolean protocol; /* `connected` names it */
  gboolean stream_in_start; /* the ids stand in `start`, too */
  gboolean parties_in_start;
  const gchar *key_track; /* NULL: a key has none */
} Dialect;

static const Dialect dialects[] = {
  [TWILIO_DIALECT_TWILIO] = { "sequenceNumber", "streamSid", "accountSid",
      "callSid", "customParameters", "mediaFormat", "sampleRate",
      "audio/x-mulaw", "audio/x-alaw", { "AC", "CA", "MZ" }, TRUE, TRUE, FALSE,
      "inbound_track" },
  [TWILIO_DIALECT_TELNYX] = { "sequence_number", "stream_id", "user_id",
      "call_control_id", "custom_parameters", "media_format", "sample_rate",
      "PCMU", "PCMA", { "", "v3:", "" }, FALSE, FALSE, TRUE, NULL },
};

static const Dialect *
dialect_of (const TwilioStream *self)
{
  return &dialects[self->dialect];
}

/* ---- What the bot says */

static gboolean
refuse (GError **error, const gchar *why)
{
  g_set_error_literal (error, WIRE_JSON_ERROR, 0, why);
  return FALSE;
}

static gboolean
read_media (TwilioCommand *self, JsonObject *root, GError **error)
{
  self->type = TWILIO_MEDIA;
  self->audio = wire_json_bytes (wire_json_object (root, "media"), "payload");
  return self->audio || refuse (error, "media has no payload");
}

static gboolean
read_mark (TwilioCommand *self, JsonObject *root, GError **error)
{
  self->type = TWILIO_MARK;
  self->name =
      g_strdup (wire_json_string (wire_json_object (root, "mark"), "name"));
  return self->name || refuse (error, "a mark has no name");
}

gboolean
twilio_command_read (TwilioCommand *self, const gchar *text, gsize size,
    GError **error)
{
  g_autoptr (JsonNode) node = wire_json_read (text, size, error);

  *self = (TwilioCommand){ .type = TWILIO_OTHER };
  if (!node)
    return FALSE;
  JsonObject *root = json_node_get_object (node);
  const gchar *event = wire_json_string (root, "event");
  if (!event)
    return refuse (error, "it has no event");
  if (g_str_equal (event, "media"))
    return read_media (self, root, error);
  if (g_str_equal (event, "mark"))
    return read_mark (self, root, error);
  if (g_str_equal (event, "clear"))
    self->type = TWILIO_CLEAR;
  return TRUE;
}

void
twilio_command_clear (TwilioCommand *self)
{
  g_clear_pointer (&self->audio, g_bytes_unref);
  g_clear_pointer (&self->name, g_free);
}

/* ---- Names */

/* The same for the same call, and what it is made of does not show. */
static gchar *
make_id (const gchar *prefix, const gchar *of, guint n)
{
  g_autofree gchar *text = g_strdup_printf ("%s\n%s\n%u", prefix, of, n);
  g_autofree gchar *sum =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf ("%s%.*s", prefix, ID_LENGTH, sum);
}

void
twilio_stream_init (TwilioStream *self, TwilioDialect dialect,
    const gchar *call_id, guint n)
{
  const Dialect *words = &dialects[dialect];

  *self = (TwilioStream){
    .dialect = dialect,
    .account = make_id (words->prefixes[0], "account", 0),
    .call = make_id (words->prefixes[1], call_id, 0),
    .id = make_id (words->prefixes[2], call_id, n),
    .first = -1,
  };
}

void
twilio_stream_clear (TwilioStream *self)
{
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->call, g_free);
  g_clear_pointer (&self->id, g_free);
}

/* ---- What it is told */

gchar *
twilio_write_connected (TwilioDialect dialect)
{
  JsonBuilder *json = wire_json_begin ();

  wire_json_add (json, "event", "connected");
  if (dialects[dialect].protocol)
    wire_json_add (json, "protocol", "Call");
  wire_json_add (json, "version", "1.0.0");
  return wire_json_end (json);
}

static void
add_number (JsonBuilder *json, const gchar *name, guint number)
{
  gchar text[16];

  g_snprintf (text, sizeof text, "%u", number);
  wire_json_add (json, name, text);
}

static JsonBuilder *
begin_event (TwilioStream *self, const gchar *event)
{
  JsonBuilder *json = wire_json_begin ();

  wire_json_add (json, "event", event);
  add_number (json, dialect_of (self)->sequence, ++self->sequence);
  wire_json_add (json, dialect_of (self)->stream, self->id);
  return json;
}

static void
add_format (const TwilioStream *self, JsonBuilder *json, gboolean alaw)
{
  const Dialect *words = dialect_of (self);

  wire_json_open (json, words->format);
  wire_json_add (json, "encoding", alaw ? words->alaw : words->mulaw);
  wire_json_add_int (json, words->rate, 8000);
  wire_json_add_int (json, "channels", 1);
  json_builder_end_object (json);
}

gchar *
twilio_write_start (TwilioStream *self, const gchar *from, const gchar *to,
    gboolean alaw, const gchar *parameters)
{
  const Dialect *words = dialect_of (self);
  JsonBuilder *json = begin_event (self, "start");

  wire_json_open (json, "start");
  wire_json_add (json, words->account, self->account);
  wire_json_add (json, words->call, self->call);
  if (words->stream_in_start) {
    wire_json_add (json, words->stream, self->id);
    wire_json_add_json (json, "tracks", "[\"inbound\"]");
  }
  if (words->parties_in_start) {
    wire_json_add (json, "from", from);
    wire_json_add (json, "to", to);
  }
  wire_json_add_json (json, words->parameters, parameters ? parameters : "{}");
  add_format (self, json, alaw);
  json_builder_end_object (json);
  return wire_json_end (json);
}

gchar *
twilio_write_media (TwilioStream *self, const guint8 *data, gsize size,
    gint64 time)
{
  const Dialect *words = dialect_of (self);
  g_autofree gchar *payload = g_base64_encode (data, size);

  if (self->first < 0)
    self->first = time;
  else if (self->first == 0 && time > self->next + LEAP)
    self->first = time - self->next;
  const gint64 at = MAX (time - self->first, 0);
  self->next = at + (gint64) size / BYTES_PER_MS;
  return g_strdup_printf (
      "{\"event\":\"media\",\"%s\":\"%u\",\"%s\":\"%s\",\"media\":"
      "{\"track\":\"inbound\",\"chunk\":\"%u\",\"timestamp\":\"%" G_GINT64_FORMAT
      "\",\"payload\":\"%s\"}}",
      words->sequence, ++self->sequence, words->stream, self->id, ++self->chunk,
      at, payload);
}

gchar *
twilio_write_key (TwilioStream *self, gchar key)
{
  const gchar text[] = { key, '\0' };
  JsonBuilder *json = begin_event (self, "dtmf");

  wire_json_open (json, "dtmf");
  if (dialect_of (self)->key_track)
    wire_json_add (json, "track", dialect_of (self)->key_track);
  wire_json_add (json, "digit", text);
  json_builder_end_object (json);
  return wire_json_end (json);
}

gchar *
twilio_write_mark (TwilioStream *self, const gchar *name)
{
  JsonBuilder *json = begin_event (self, "mark");

  wire_json_open (json, "mark");
  wire_json_add (json, "name", name);
  json_builder_end_object (json);
  return wire_json_end (json);
}

gchar *
twilio_write_stop (TwilioStream *self)
{
  const Dialect *words = dialect_of (self);
  JsonBuilder *json = begin_event (self, "stop");

  wire_json_open (json, "stop");
  wire_json_add (json, words->account, self->account);
  wire_json_add (json, words->call, self->call);
  json_builder_end_object (json);
  return wire_json_end (json);
}

/* ---- Who we are */

gchar *
twilio_sign (const gchar *uri, const gchar *auth_token)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1,
      (const guchar *) auth_token, strlen (auth_token));
  guint8 digest[20];
  gsize size = sizeof digest;

  g_hmac_update (hmac, (const guchar *) uri, -1);
  g_hmac_get_digest (hmac, digest, &size);
  return g_base64_encode (digest, size);
}
