/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gatewaycontrol.h"
#include "lib/control/controlsocket.h"
#include "lib/logic/controlcommand.h"

/* A `call` whose reply waits for the id of the call. */
typedef struct
{
  guint64 client;
  gchar *id;
  gchar *line;
} Dialing;

struct _GatewayControl
{
  ControlSocket *socket;
  const GatewayControlHost *host;
  GPtrArray *dialing; /* Dialing */
};

static void
dialing_free (Dialing *self)
{
  g_free (self->id);
  g_free (self->line);
  g_free (self);
}

static void
reply (GatewayControl *self, guint64 client, const gchar *id,
    const gchar *call_id, const gchar *error)
{
  g_autofree gchar *line = control_reply_new (id, call_id, error);

  control_socket_reply (self->socket, client, line);
}

/* ---- call */

static LaunchPool *
find_route (const GatewayControl *self, const gchar *name)
{
  for (guint i = 0; i < self->host->pools->len; i++) {
    LaunchPool *pool = g_ptr_array_index (self->host->pools, i);
    if (g_str_equal (launch_pool_get_route (pool)->name, name))
      return pool;
  }
  return NULL;
}

/* A sentence, NULL: it is being called. */
static const gchar *
dial (GatewayControl *self, guint64 client, const ControlCommand *command)
{
  LaunchPool *pool = find_route (self, command->route);
  LaunchCommandResult result;

  if (!pool)
    return "no such route";
  if (self->host->is_draining (self->host->user))
    return "draining: no new calls";
  const gchar *line = launch_pool_dial (pool, command->argument, &result);
  if (!line)
    return result == LAUNCH_COMMAND_UNSUPPORTED ? "unsupported"
        : launch_pool_get_waiting (pool) == 0
        ? "no line is free"
        : "no line takes it: dial-allow does not have the address, or they begin";
  Dialing *dialing = g_new0 (Dialing, 1);
  dialing->client = client;
  dialing->id = g_strdup (command->id);
  dialing->line = g_strdup (line);
  g_ptr_array_add (self->dialing, dialing);
  return NULL;
}

static void
end_dialing (GatewayControl *self, const gchar *line, const gchar *call_id,
    const gchar *error)
{
  for (guint i = self->dialing->len; i-- > 0;) {
    Dialing *dialing = g_ptr_array_index (self->dialing, i);
    if (!g_str_equal (dialing->line, line))
      continue;
    reply (self, dialing->client, dialing->id, call_id, error);
    g_ptr_array_remove_index (self->dialing, i);
  }
}

/* Whoever calls in while the line begins to dial has it: then the outgoing call ends
 * without an id. */
void
gateway_control_told (GatewayControl *self, const gchar *line,
    const GstStructure *fields)
{
  const gchar *state = gst_structure_get_string (fields, "state");

  if (!self->dialing->len || !gst_structure_has_name (fields, "voice/call") ||
      g_strcmp0 (gst_structure_get_string (fields, "direction"), "outgoing"))
    return;
  if (!g_strcmp0 (state, "calling"))
    end_dialing (self, line, gst_structure_get_string (fields, "call-id"),
        NULL);
  else if (!g_strcmp0 (state, "ended"))
    end_dialing (self, line, NULL, gst_structure_get_string (fields, "cause"));
}

void
gateway_control_ended (GatewayControl *self, const gchar *line,
    const gchar *error)
{
  end_dialing (self, line, NULL, error ? error : "The line ended");
}

/* ---- Commands */

static const gchar *
run_in_call (GatewayControl *self, const ControlCommand *command)
{
  static const gchar *const words[] = { [LAUNCH_COMMAND_DONE] = NULL,
    [LAUNCH_COMMAND_FAILED] = "failed",
    [LAUNCH_COMMAND_UNSUPPORTED] = "unsupported" };
  LaunchPoolCall call = { NULL };

  for (guint i = 0; i < self->host->pools->len; i++)
    launch_pool_find_calls (g_ptr_array_index (self->host->pools, i),
        command->call_id, &call);
  if (call.n == 0)
    return "no such call";
  if (call.n > 1)
    return "ambiguous";
  return words[launch_pool_call_run (&call,
      control_command_type_to_string (command->type), command->argument)];
}

static void
run (GatewayControl *self, guint64 client, const ControlCommand *command)
{
  const gchar *error = NULL;

  switch (command->type) {
    case CONTROL_COMMAND_CALL:
      error = dial (self, client, command);
      if (error)
        reply (self, client, command->id, NULL, error);
      break;
    case CONTROL_COMMAND_DRAIN:
      reply (self, client, command->id, NULL, NULL);
      if (!self->host->is_draining (self->host->user))
        self->host->drain (self->host->user);
      break;
    default:
      error = run_in_call (self, command);
      reply (self, client, command->id, NULL, error);
  }
}

static void
on_line (guint64 client, const gchar *line, gsize size, gpointer user)
{
  GatewayControl *self = user;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *id = NULL;
  g_autoptr (ControlCommand) command =
      control_command_new (line, size, &id, &error);

  if (command)
    run (self, client, command);
  else
    reply (self, client, id, NULL, error->message);
}

static void
on_note (const gchar *sentence, gpointer user)
{
  GatewayControl *self = user;

  event_log_note (self->host->log, "%s", sentence);
}

static void
on_row (const gchar *row, gpointer user)
{
  GatewayControl *self = user;

  control_socket_publish (self->socket, row);
}

/* ---- Life */

static const ControlSocketListener listener = { on_line, on_note };

GatewayControl *
gateway_control_new (const gchar *path, const GatewayControlHost *host,
    GError **error)
{
  GatewayControl *self = g_new0 (GatewayControl, 1);

  self->host = host;
  self->dialing =
      g_ptr_array_new_with_free_func ((GDestroyNotify) dialing_free);
  self->socket = control_socket_new (path, &listener, self, error);
  if (self->socket) {
    event_log_set_tee (host->log, on_row, self);
    return self;
  }
  gateway_control_free (self);
  return NULL;
}

void
gateway_control_free (GatewayControl *self)
{
  event_log_set_tee (self->host->log, NULL, NULL);
  g_clear_pointer (&self->socket, control_socket_free);
  g_ptr_array_unref (self->dialing);
  g_free (self);
}
