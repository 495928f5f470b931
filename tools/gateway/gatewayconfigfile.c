/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The file of settings (--config): [gateway] and a group [route NAME] for each
 * launch file. */

#include "gatewayconfigprivate.h"
#include "lib/logic/launchtext.h"
#include "lib/logic/setting.h"

#include <string.h>

#define ROUTE_PREFIX "route "

typedef struct
{
  GatewayConfig *config;
  GKeyFile *keys;
  const gchar *file;
  gchar *folder;
  GHashTable *variables; /* of [gateway] */
  const GatewayOptions *options;
} Reader;

static gboolean
unknown_key (const gchar *where, const gchar *known, GError **error)
{
  return setting_refuse (error, SETTING_ERROR_UNKNOWN,
      "%s: there is no such setting; known are %s.", where, known);
}

/* FILE, [GROUP] KEY */
static gchar *
place (const Reader *self, const gchar *group, const gchar *key)
{
  return g_strdup_printf ("%s, [%s]%s%s", self->file, group, key ? " " : "",
      key ? key : "");
}

static gchar *
dup_path (const Reader *self, const gchar *path)
{
  return g_path_is_absolute (path)
      ? g_strdup (path)
      : g_build_filename (self->folder, path, NULL);
}

/* The value, NULL with @error: has a bad escape, or is empty. */
static gchar *
dup_value (const Reader *self, const gchar *group, const gchar *key,
    const gchar *where, GError **error)
{
  g_autoptr (GError) reason = NULL;
  gchar *value = g_key_file_get_string (self->keys, group, key, &reason);

  if (value && !reason && (*value || strchr (key, '.')))
    return value;
  setting_refuse (error, SETTING_ERROR_VALUE, "%s %s", where,
      reason ? reason->message : "is empty.");
  g_free (value);
  return NULL;
}

static gboolean
take_control (Reader *self, const gchar *where, const gchar *value,
    GError **error)
{
  g_autofree gchar *path = gateway_parse_control (where, value, error);

  if (path)
    self->config->control = dup_path (self, path);
  return path != NULL;
}

static gboolean
take_gateway_key (Reader *self, const gchar *key, const gchar *where,
    const gchar *value, GError **error)
{
  GatewayConfig *config = self->config;

  if (g_str_has_prefix (key, "set."))
    return launch_route_set_variable (self->variables, where, key + 4, value,
        error);
  if (g_str_equal (key, "log"))
    config->log =
        g_str_equal (value, "-") ? g_strdup (value) : dup_path (self, value);
  else if (g_str_equal (key, "cdr"))
    config->cdr = dup_path (self, value);
  else if (g_str_equal (key, "redact"))
    return gateway_parse_redact (config, where, value, error);
  else if (g_str_equal (key, "metrics"))
    return gateway_parse_metrics (config, where, value, error);
  else if (g_str_equal (key, "control"))
    return take_control (self, where, value, error);
  else if (g_str_equal (key, "drain-timeout"))
    return setting_parse_number (where, value, 0, GATEWAY_MAX_DRAIN_TIMEOUT,
        &config->drain_timeout, error);
  else
    return unknown_key (where,
        "log, cdr, redact, metrics, control, drain-timeout and set.NAME",
        error);
  return TRUE;
}

static gboolean
take_entries (LaunchRoute *route, const gchar *where, const gchar *value,
    GError **error)
{
  g_auto (GStrv) names = g_strsplit (value, ";", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gchar **name = names; *name; name++) {
    g_strstrip (*name);
    if (!**name)
      continue;
    if (!launch_route_name_is_good (*name))
      return setting_refuse (error, SETTING_ERROR_VALUE,
          "%s names \"%s\"; a name or number to be called at has letters, "
          "digits and - _ . + (separate names by ;).",
          where, *name);
    g_strv_builder_add (builder, *name);
  }
  g_strfreev (route->entries);
  route->entries = g_strv_builder_end (builder);
  if (*route->entries)
    return TRUE;
  return setting_refuse (error, SETTING_ERROR_VALUE, "%s has no name.", where);
}

static gboolean
take_route_key (Reader *self, LaunchRoute *route, const gchar *key,
    const gchar *where, const gchar *value, GError **error)
{
  if (g_str_has_prefix (key, "set."))
    return launch_route_set_variable (route->variables, where, key + 4, value,
        error);
  if (g_str_has_prefix (key, "property."))
    return launch_route_add_property (route, where, key, value, error);
  if (g_str_equal (key, "entry"))
    return take_entries (route, where, value, error);
  if (g_str_equal (key, "lines"))
    return setting_parse_number (where, value, 1, GATEWAY_MAX_LINES,
        &route->lines, error);
  if (g_str_equal (key, "warm"))
    return setting_parse_number (where, value, 1, GATEWAY_MAX_LINES,
        &route->warm, error);
  if (!g_str_equal (key, "file"))
    return unknown_key (where,
        "file, lines, warm, entry, set.NAME and property.ELEMENT.NAME", error);
  route->file = dup_path (self, value);
  return TRUE;
}

static gboolean
read_group (Reader *self, const gchar *group, LaunchRoute *route,
    GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (self->keys, group, NULL, NULL);

  for (gchar **key = keys; *key; key++) {
    g_autofree gchar *where = place (self, group, *key);
    g_autofree gchar *value = dup_value (self, group, *key, where, error);
    if (!value)
      return FALSE;
    if (route ? !take_route_key (self, route, *key, where, value, error)
              : !take_gateway_key (self, *key, where, value, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_route (Reader *self, const gchar *group, GError **error)
{
  const gchar *name = group + strlen (ROUTE_PREFIX);
  g_autoptr (LaunchRoute) route =
      launch_route_new (name, NULL, self->variables);
  g_autofree gchar *where = place (self, group, NULL);

  if (!*name)
    return setting_refuse (error, SETTING_ERROR_MISSING,
        "%s needs a name, as in [route phone].", where);
  if (!launch_route_name_is_good (name))
    return setting_refuse (error, SETTING_ERROR_VALUE,
        "%s: the name of a route has letters, digits and - _ . +, nothing else.",
        where);
  if (!read_group (self, group, route, error) ||
      !gateway_set_options (route->variables, self->options, error))
    return FALSE;
  if (!route->file)
    return setting_refuse (error, SETTING_ERROR_MISSING,
        "%s needs a launch file (file=...).", where);
  if (!route->warm)
    route->warm = gateway_default_warm (route);
  if (!launch_route_check (route, where, error))
    return FALSE;
  launch_route_warn (route, where, self->config->warnings);
  g_ptr_array_add (self->config->routes, g_steal_pointer (&route));
  return TRUE;
}

static gboolean
check_entries (Reader *self, GError **error)
{
  g_autoptr (GHashTable) owners = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->config->routes->len; i++) {
    LaunchRoute *route = g_ptr_array_index (self->config->routes, i);
    for (gchar **entry = route->entries; *entry; entry++) {
      const gchar *owner = g_hash_table_lookup (owners, *entry);
      if (owner)
        return setting_refuse (error, SETTING_ERROR_CLASH,
            "%s, [route %s] entry: %s is an entry of [route %s] already.",
            self->file, route->name, *entry, owner);
      g_hash_table_insert (owners, *entry, route->name);
    }
  }
  return TRUE;
}

static gboolean
read_groups (Reader *self, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (self->keys, NULL);

  if (g_key_file_has_group (self->keys, "gateway") &&
      !read_group (self, "gateway", NULL, error))
    return FALSE;
  for (gchar **group = groups; *group; group++) {
    if (g_str_has_prefix (*group, ROUTE_PREFIX)) {
      if (!read_route (self, *group, error))
        return FALSE;
    } else if (!g_str_equal (*group, "gateway")) {
      return setting_refuse (error, SETTING_ERROR_UNKNOWN,
          "%s, [%s]: there is no such group; known are [gateway] and "
          "[route NAME].",
          self->file, *group);
    }
  }
  if (!self->config->routes->len)
    return setting_refuse (error, SETTING_ERROR_MISSING,
        "%s has no group [route NAME] with a launch file.", self->file);
  return check_entries (self, error);
}

/* GKeyFile makes one group of two, and takes the last of two keys. */
static gboolean
check_once (const gchar *file, const gchar *text, GError **error)
{
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const gchar *group = "";

  for (guint i = 0; rows[i]; i++) {
    gchar *row = g_strstrip (rows[i]);
    gchar *equals = strchr (row, '=');
    if (*row == '[')
      group = row;
    else if (*row == '#' || !equals)
      continue;
    else
      *equals = '\0';
    g_autofree gchar *what = row == group
        ? g_strdup (group)
        : g_strconcat (group, " ", g_strchomp (row), NULL);
    gpointer earlier = g_hash_table_lookup (seen, what);
    if (earlier)
      return setting_refuse (error, SETTING_ERROR_CLASH,
          "%s, %s is there twice, in lines %u and %u.", file, what,
          GPOINTER_TO_UINT (earlier), i + 1);
    g_hash_table_insert (seen, g_steal_pointer (&what),
        GUINT_TO_POINTER (i + 1));
  }
  return TRUE;
}

static gboolean
load (Reader *self, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree gchar *text = NULL;
  gsize size;

  if (!g_file_get_contents (self->options->config, &text, &size, &reason))
    return setting_refuse (error, SETTING_ERROR_FILE, "%s: %s", self->file,
        reason->message);
  if (strlen (text) != size || !g_utf8_validate (text, -1, NULL))
    return setting_refuse (error, SETTING_ERROR_FILE, "%s is no text.",
        self->file);
  const gchar *start = launch_text_skip_mark (text);
  if (!g_key_file_load_from_data (self->keys, start, strlen (start),
          G_KEY_FILE_NONE, &reason))
    return setting_refuse (error, SETTING_ERROR_FILE, "%s: %s", self->file,
        reason->message);
  return check_once (self->file, start, error);
}

gboolean
gateway_config_read (GatewayConfig *config, const GatewayOptions *options,
    GError **error)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GHashTable) variables =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree gchar *folder = g_path_get_dirname (options->config);
  g_autofree gchar *file = g_filename_display_name (options->config);
  Reader reader = { config, keys, file, folder, variables, options };

  if (options->lines || options->warm || (options->files && *options->files))
    return setting_refuse (error, SETTING_ERROR_CLASH,
        "--config says which files to run and with how many lines; --lines, "
        "--warm and launch files cannot stand beside it.");
  return load (&reader, error) && read_groups (&reader, error);
}
