/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "scenariofile.h"

#include <stddef.h>

typedef struct
{
  const gchar *group, *key;
  gsize offset;
  guint preset, most;
} Field;

#define FIELD(group, key, field, preset, most) \
  { \
    group, key, offsetof (Scenario, field), preset, most \
  }

static const Field fields[] = {
  FIELD ("call", "seed", seed, 1, 10000),
  FIELD ("call", "duration", duration, 600, 3600),
  FIELD ("call", "loss", loss, 0, 500),
  FIELD ("call", "burst", burst, 0, 50),
  FIELD ("call", "jitter", jitter, 0, 500),
  FIELD ("call", "reorder", reorder, 0, 500),
  FIELD ("call", "duplicate", duplicate, 0, 500),
  FIELD ("caller", "length-min", length_min, 600, 60000),
  FIELD ("caller", "length-max", length_max, 3000, 60000),
  FIELD ("caller", "wait-min", wait_min, 300, 60000),
  FIELD ("caller", "wait-max", wait_max, 2000, 60000),
  FIELD ("caller", "hesitates", hesitates, 0, 1000),
  FIELD ("caller", "hesitation-min", hesitation_min, 200, 5000),
  FIELD ("caller", "hesitation-max", hesitation_max, 800, 5000),
  FIELD ("caller", "talks-over", talks_over, 0, 1000),
  FIELD ("caller", "coughs", coughs, 0, 1000),
  FIELD ("caller", "noise", noise, 0, 90),
  FIELD ("caller", "echo", echo, 0, 60),
  FIELD ("caller", "echo-delay", echo_delay, 120, 1000),
  FIELD ("expect", "turns", turns, G_MAXUINT, 100),
  FIELD ("expect", "false-turns", false_turns, G_MAXUINT, 1000),
  FIELD ("expect", "interruptions", interruptions, G_MAXUINT, 100),
  FIELD ("expect", "false-interruptions", false_interruptions, G_MAXUINT, 1000),
  FIELD ("expect", "turn-around-error", turn_around_error, G_MAXUINT, 10000),
  FIELD ("expect", "heard-error", heard_error, G_MAXUINT, 10000),
};

static const Field *
find_field (const gchar *group, const gchar *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].group, group) &&
        g_str_equal (fields[i].key, key))
      return &fields[i];
  return NULL;
}

static gboolean
read_field (Scenario *self, GKeyFile *file, const Field *field, GError **error)
{
  const guint64 value =
      g_key_file_get_uint64 (file, field->group, field->key, error);

  if (*error)
    return FALSE;
  if (value > field->most) {
    g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
        "[%s] %s is more than %u", field->group, field->key, field->most);
    return FALSE;
  }
  G_STRUCT_MEMBER (guint, self, field->offset) = (guint) value;
  return TRUE;
}

static gboolean
read_group (Scenario *self, GKeyFile *file, const gchar *group, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, error);

  for (guint i = 0; keys && keys[i]; i++) {
    const Field *field = find_field (group, keys[i]);
    if (g_str_equal (keys[i], "agent-file"))
      continue;
    if (!field) {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
          "[%s] %s is no setting of a scenario", group, keys[i]);
      return FALSE;
    }
    if (!read_field (self, file, field, error))
      return FALSE;
  }
  return keys != NULL;
}

static gboolean
read_agent (Scenario *self, GKeyFile *file, const gchar *path, GError **error)
{
  g_autofree gchar *name =
      g_key_file_get_string (file, "agent", "agent-file", error);
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autofree gchar *whole = name ? g_build_filename (folder, name, NULL) : NULL;

  return whole && g_file_get_contents (whole, &self->agent, NULL, error);
}

static gboolean
is_ordered (const Scenario *self, GError **error)
{
  if (self->length_min <= self->length_max &&
      self->wait_min <= self->wait_max &&
      self->hesitation_min <= self->hesitation_max && self->duration > 0)
    return TRUE;
  g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
      "a minimum is over its maximum, or there is no duration");
  return FALSE;
}

static gboolean
read_all (Scenario *self, GKeyFile *file, const gchar *path, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i]; i++)
    if (!read_group (self, file, groups[i], error))
      return FALSE;
  return is_ordered (self, error) && read_agent (self, file, path, error);
}

Scenario *
scenario_read (const gchar *path, GError **error)
{
  g_autoptr (Scenario) self = g_new0 (Scenario, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GError *problem = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    G_STRUCT_MEMBER (guint, self, fields[i].offset) = fields[i].preset;
  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &problem) &&
      read_all (self, file, path, &problem))
    return g_steal_pointer (&self);
  g_propagate_prefixed_error (error, problem, "%s: ", path);
  return NULL;
}

void
scenario_free (Scenario *self)
{
  g_free (self->agent);
  g_free (self);
}
