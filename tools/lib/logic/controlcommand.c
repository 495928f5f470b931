/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "controlcommand.h"

#include <string.h>

G_DEFINE_QUARK (control - command, control_command_error)

static const struct
{
  const gchar *name;
  const gchar *argument; /* NULL: none */
  gboolean of_call; /* has a call-id */
} kinds[] = {
  [CONTROL_COMMAND_CALL] = { "call", "uri", FALSE },
  [CONTROL_COMMAND_SAY] = { "say", "text", TRUE },
  [CONTROL_COMMAND_INTERRUPT] = { "interrupt", NULL, TRUE },
  [CONTROL_COMMAND_HANG_UP] = { "hang-up", NULL, TRUE },
  [CONTROL_COMMAND_TRANSFER] = { "transfer", "target", TRUE },
  [CONTROL_COMMAND_SEND_DTMF] = { "send-dtmf", "digits", TRUE },
  [CONTROL_COMMAND_HOLD] = { "hold", NULL, TRUE },
  [CONTROL_COMMAND_RESUME] = { "resume", NULL, TRUE },
  [CONTROL_COMMAND_DRAIN] = { "drain", NULL, FALSE },
};

const gchar *
control_command_type_to_string (ControlCommandType type)
{
  return kinds[type].name;
}

void
control_command_free (ControlCommand *self)
{
  g_free (self->id);
  g_free (self->call_id);
  g_free (self->route);
  g_free (self->argument);
  g_free (self);
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, CONTROL_COMMAND_ERROR, 0, text);
  return FALSE;
}

/* NULL: it is not there, or no text. */
static const gchar *
get_text (JsonObject *object, const gchar *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node && JSON_NODE_HOLDS_VALUE (node) &&
          json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node)
      : NULL;
}

static gboolean
find_kind (const gchar *name, ControlCommandType *type)
{
  for (guint i = 0; name && i < G_N_ELEMENTS (kinds); i++)
    if (!strcmp (name, kinds[i].name)) {
      *type = (ControlCommandType) i;
      return TRUE;
    }
  return FALSE;
}

/* Where a member of @object goes; NULL: @self has no such one. */
static gchar **
place_of (ControlCommand *self, const gchar *member)
{
  if (!strcmp (member, "id"))
    return &self->id;
  if (!strcmp (member, "call-id"))
    return kinds[self->type].of_call ? &self->call_id : NULL;
  if (!strcmp (member, "route"))
    return self->type == CONTROL_COMMAND_CALL ? &self->route : NULL;
  return kinds[self->type].argument &&
          !strcmp (member, kinds[self->type].argument)
      ? &self->argument
      : NULL;
}

static gboolean
take_member (ControlCommand *self, JsonObject *object, const gchar *member,
    GError **error)
{
  const gchar *text = get_text (object, member);
  gchar **place = place_of (self, member);

  if (!strcmp (member, "command"))
    return TRUE;
  if (!place)
    return refuse (error, "\"%s\" has no member \"%s\".",
        kinds[self->type].name, member);
  if (!text)
    return refuse (error, "\"%s\" is no string.", member);
  g_free (*place);
  *place = g_strdup (text);
  return TRUE;
}

static gboolean
is_missing (const gchar *text)
{
  return !text || !*text;
}

static gboolean
check (const ControlCommand *self, GError **error)
{
  const gchar *name = kinds[self->type].name;

  if (self->call_id && !*self->call_id)
    return refuse (error, "\"call-id\" is empty.");
  if (kinds[self->type].argument && is_missing (self->argument))
    return refuse (error, "\"%s\" wants \"%s\".", name,
        kinds[self->type].argument);
  if (self->type == CONTROL_COMMAND_CALL && is_missing (self->route))
    return refuse (error, "\"call\" wants \"route\".");
  return TRUE;
}

static gboolean
read_object (ControlCommand *self, JsonObject *object, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);

  if (!find_kind (get_text (object, "command"), &self->type))
    return refuse (error,
        "\"command\" is none of call, say, interrupt, hang-up, transfer, "
        "send-dtmf, hold, resume, drain.");
  for (GList *l = members; l; l = l->next)
    if (!take_member (self, object, l->data, error))
      return FALSE;
  return check (self, error);
}

/* JSON of json-glib takes comments and more; a "\0" would end it early. */
static gboolean
is_line (const gchar *line, gsize size)
{
  return size <= CONTROL_COMMAND_MAX && !memchr (line, '\0', size) &&
      !memchr (line, '\n', size) && g_utf8_validate (line, (gssize) size, NULL);
}

ControlCommand *
control_command_new (const gchar *line, gsize size, gchar **id, GError **error)
{
  g_autoptr (ControlCommand) self = g_new0 (ControlCommand, 1);
  g_autoptr (JsonParser) parser = json_parser_new ();

  *id = NULL;
  if (!is_line (line, size) ||
      !json_parser_load_from_data (parser, line, (gssize) size, NULL) ||
      !json_parser_get_root (parser) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser))) {
    refuse (error, "A command is a line with one JSON object.");
    return NULL;
  }
  JsonObject *object = json_node_get_object (json_parser_get_root (parser));
  *id = g_strdup (get_text (object, "id"));
  return read_object (self, object, error) ? g_steal_pointer (&self) : NULL;
}

gchar *
control_reply_new (const gchar *id, const gchar *call_id, const gchar *error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  if (id) {
    json_builder_set_member_name (builder, "id");
    json_builder_add_string_value (builder, id);
  }
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, !error);
  if (call_id) {
    json_builder_set_member_name (builder, "call-id");
    json_builder_add_string_value (builder, call_id);
  }
  if (error) {
    json_builder_set_member_name (builder, "error");
    json_builder_add_string_value (builder, error);
  }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
