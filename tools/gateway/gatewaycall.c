/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gatewaycall.h"
#include "gatewayconfigprivate.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#define CALL_ID "call"
#define CANNOT_BE_USED 2

#define SUMMARY "Calls an address with a gateway that runs."
#define DESCRIPTION \
  "It prints the events of the call as lines of JSON, and ends with it: with 0 if it\n" \
  "was answered, with 1 if not, with 2 if there is no gateway. Without --control the\n" \
  "socket is $XDG_RUNTIME_DIR/voice-gateway.control, if there is one, else\n" \
  "/run/voice-gateway/control.\n" \
  "The call goes on where this program is ended by Ctrl-C.\n"

typedef struct
{
  gchar *call_id; /* NULL: no reply yet */
  gchar *line; /* of the gateway, NULL: not known yet */
  gboolean answered, over;
  gint code;
} Following;

/* ---- What the gateway says */

static const gchar *
text_of (JsonObject *object, const gchar *member)
{
  const gchar *text =
      json_object_get_string_member_with_default (object, member, "");

  return text ? text : "";
}

static gint
refuse (const gchar *sentence)
{
  fprintf (stderr, "voice-gateway call: %s\n", sentence);
  return CANNOT_BE_USED;
}

static void
take_reply (Following *self, JsonObject *object)
{
  if (json_object_get_boolean_member_with_default (object, "ok", FALSE)) {
    self->call_id = g_strdup (text_of (object, "call-id"));
    return;
  }
  refuse (text_of (object, "error"));
  self->over = TRUE;
  self->code = 1;
}

static void
take_state (Following *self, JsonObject *object)
{
  const gchar *state = text_of (object, "state");

  if (g_str_equal (state, "answered"))
    self->answered = TRUE;
  if (g_str_equal (state, "ended"))
    self->over = TRUE;
}

/* Errors name the line only: it has one call. */
static void
take_event (Following *self, JsonObject *object, const gchar *row)
{
  gboolean about = g_str_equal (text_of (object, "call-id"), self->call_id);

  if (about && !self->line)
    self->line = g_strdup (text_of (object, "line"));
  if (!self->line || !g_str_equal (text_of (object, "line"), self->line))
    return;
  puts (row);
  fflush (stdout);
  if (about && g_str_equal (text_of (object, "event"), "voice/call"))
    take_state (self, object);
}

static void
take_row (Following *self, const gchar *row)
{
  g_autoptr (JsonNode) root = json_from_string (row, NULL);

  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    return;
  JsonObject *object = json_node_get_object (root);
  if (json_object_has_member (object, "ok") &&
      !json_object_has_member (object, "event"))
    take_reply (self, object);
  else if (self->call_id)
    take_event (self, object, row);
}

static void
follow (Following *self, GInputStream *stream)
{
  g_autoptr (GDataInputStream) rows = g_data_input_stream_new (stream);

  while (!self->over) {
    g_autofree gchar *row =
        g_data_input_stream_read_line (rows, NULL, NULL, NULL);
    if (!row) {
      self->code = refuse ("The gateway has gone.");
      return;
    }
    take_row (self, row);
  }
  if (self->call_id)
    self->code = self->answered ? 0 : 1;
}

/* ---- Asking */

static gchar *
make_command (const gchar *uri, const gchar *route)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "command", "call");
  json_object_set_string_member (object, "uri", uri);
  json_object_set_string_member (object, "route", route);
  json_object_set_string_member (object, "id", CALL_ID);
  json_node_set_object (root, object);
  g_autofree gchar *text = json_to_string (root, FALSE);
  return g_strconcat (text, "\n", NULL);
}

static gint
call (const gchar *path, const gchar *uri, const gchar *route)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *command = make_command (uri, route);
  g_autoptr (GSocketConnection) connection = g_socket_client_connect (client,
      G_SOCKET_CONNECTABLE (address), NULL, &error);
  Following following = { NULL };

  if (!connection ||
      !g_output_stream_write_all (g_io_stream_get_output_stream (
                                      G_IO_STREAM (connection)),
          command, strlen (command), NULL, NULL, &error)) {
    g_autofree gchar *name = g_filename_display_name (path);
    g_autofree gchar *sentence =
        g_strdup_printf ("%s: %s. A gateway with "
                         "--control unix:%s has to run.",
            name, error->message, name);
    return refuse (sentence);
  }
  follow (&following, g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_free (following.call_id);
  g_free (following.line);
  return following.code;
}

/* ---- The command line */

/* Root, too, has a folder of its own, and steers the service. */
static gchar *
dup_default_path (void)
{
  const gchar *folder = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree gchar *own = folder && *folder
      ? g_build_filename (folder, "voice-gateway.control", NULL)
      : NULL;

  return own && g_file_test (own, G_FILE_TEST_EXISTS)
      ? g_steal_pointer (&own)
      : g_strdup ("/run/voice-gateway/control");
}

static gint
call_with (const gchar *control, const gchar *route, GStrv uris)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *path = control
      ? gateway_parse_control ("--control", control, &error)
      : dup_default_path ();

  if (!uris || !uris[0] || uris[1])
    return refuse ("Name one address to call.");
  if (!route)
    return refuse ("--route says which of the gateway's routes calls.");
  return path ? call (path, uris[0], route) : refuse (error->message);
}

gint
gateway_call_main (gint argc, gchar **argv)
{
  g_autofree gchar *control = NULL;
  g_autofree gchar *route = NULL;
  g_auto (GStrv) uris = NULL;
  const GOptionEntry entries[] = {
    { "route", 'r', 0, G_OPTION_ARG_STRING, &route,
        "Which of the gateway's routes calls", "NAME" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &control,
        "The gateway's control socket", "unix:PATH" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &uris, NULL, "URI" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_set_prgname ("voice-gateway call");
  g_option_context_set_summary (context, SUMMARY);
  g_option_context_set_description (context, DESCRIPTION);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return refuse (error->message);
  return call_with (control, route, uris);
}
