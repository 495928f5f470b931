/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gatewayconfigprivate.h"
#include "lib/logic/setting.h"

#include <string.h>

void
gateway_config_free (GatewayConfig *self)
{
  g_ptr_array_unref (self->routes);
  g_ptr_array_unref (self->warnings);
  g_free (self->log);
  g_free (self->cdr);
  g_free (self->control);
  g_free (self->metrics_host);
  g_free (self);
}

/* ---- Values; @where is an option, or file, group and key */

gboolean
gateway_parse_redact (GatewayConfig *self, const gchar *where,
    const gchar *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);

  for (gchar **word = words; *word; word++) {
    g_strstrip (*word);
    if (g_str_equal (*word, "transcripts"))
      self->redact_transcripts = TRUE;
    else if (g_str_equal (*word, "digits"))
      self->redact_digits = TRUE;
    else
      return setting_refuse (error, SETTING_ERROR_VALUE,
          "%s names \"%s\", but can hide transcripts and digits "
          "(transcripts,digits).",
          where, *word);
  }
  return TRUE;
}

gchar *
gateway_parse_control (const gchar *where, const gchar *text, GError **error)
{
  static const gchar unix_prefix[] = "unix:";

  if (g_str_has_prefix (text, unix_prefix) && text[strlen (unix_prefix)])
    return g_strdup (text + strlen (unix_prefix));
  setting_refuse (error, SETTING_ERROR_VALUE,
      "%s is \"%s\", but must be a socket such as unix:control.", where, text);
  return NULL;
}

/* HOST:PORT, [V6]:PORT, :PORT */
gboolean
gateway_parse_metrics (GatewayConfig *self, const gchar *where,
    const gchar *text, GError **error)
{
  const gchar *colon = strrchr (text, ':');
  guint64 port;

  if (!colon ||
      !g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &port, NULL))
    return setting_refuse (error, SETTING_ERROR_VALUE,
        "%s is \"%s\", but must be an address and a port such as "
        "127.0.0.1:9100.",
        where, text);
  g_autofree gchar *host = g_strndup (text, colon - text);
  gsize length = strlen (host);
  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    self->metrics_host = g_strndup (host + 1, length - 2);
  else
    self->metrics_host = g_strdup (length ? host : "0.0.0.0");
  self->metrics_port = (guint16) port;
  return TRUE;
}

static gboolean
parse_variable (GHashTable *variables, const gchar *text, GError **error)
{
  const gchar *equals = strchr (text, '=');

  if (!equals)
    return setting_refuse (error, SETTING_ERROR_VALUE,
        "--set is \"%s\", but must be NAME=VALUE.", text);
  g_autofree gchar *name = g_strndup (text, equals - text);
  if (!g_utf8_validate (text, -1, NULL))
    return setting_refuse (error, SETTING_ERROR_VALUE,
        "--set %s=... has a value that is no UTF-8.", name);
  return launch_route_set_variable (variables, "--set", name, equals + 1,
      error);
}

gboolean
gateway_set_options (GHashTable *variables, const GatewayOptions *options,
    GError **error)
{
  for (gchar **text = options->variables; text && *text; text++)
    if (!parse_variable (variables, *text, error))
      return FALSE;
  return TRUE;
}

guint
gateway_default_warm (const LaunchRoute *route)
{
  guint entries = MAX (g_strv_length (route->entries), 1);

  return CLAMP (route->lines / entries, 1, GATEWAY_DEFAULT_WARM);
}

/* ---- The command line */

static gboolean
has_route (const GatewayConfig *self, const gchar *name)
{
  for (guint i = 0; i < self->routes->len; i++) {
    const LaunchRoute *route = g_ptr_array_index (self->routes, i);
    if (g_str_equal (route->name, name))
      return TRUE;
  }
  return FALSE;
}

/* NAME, NAME-2 and so on for files that are called alike. */
static gchar *
dup_route_name (const GatewayConfig *self, const gchar *file)
{
  g_autofree gchar *first = launch_route_name_of_file (file);
  gchar *name = g_strdup (first);

  for (guint n = 2; has_route (self, name); n++) {
    g_free (name);
    name = g_strdup_printf ("%s-%u", first, n);
  }
  return name;
}

static gboolean
parse_option (const gchar *option, const gchar *text, guint least, guint most,
    guint *number, GError **error)
{
  return !text ||
      setting_parse_number (option, text, least, most, number, error);
}

static gboolean
add_file (GatewayConfig *self, const gchar *file, const GatewayOptions *options,
    GHashTable *variables, GError **error)
{
  g_autofree gchar *name = dup_route_name (self, file);
  g_autofree gchar *where = g_filename_display_name (file);
  g_autoptr (LaunchRoute) route = launch_route_new (name, file, variables);

  if (!parse_option ("--lines", options->lines, 1, GATEWAY_MAX_LINES,
          &route->lines, error) ||
      !parse_option ("--warm", options->warm, 1, GATEWAY_MAX_LINES,
          &route->warm, error))
    return FALSE;
  if (!route->warm)
    route->warm = gateway_default_warm (route);
  if (!launch_route_check (route, where, error))
    return FALSE;
  launch_route_warn (route, where, self->warnings);
  g_ptr_array_add (self->routes, g_steal_pointer (&route));
  return TRUE;
}

static gboolean
add_files (GatewayConfig *self, const GatewayOptions *options, GError **error)
{
  g_autoptr (GHashTable) variables =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!options->files || !*options->files)
    return setting_refuse (error, SETTING_ERROR_MISSING,
        "There is nothing to run: name a launch file, or --config FILE.");
  if (!gateway_set_options (variables, options, error))
    return FALSE;
  for (gchar **file = options->files; *file; file++)
    if (!add_file (self, *file, options, variables, error))
      return FALSE;
  return TRUE;
}

static void
replace (gchar **value, const gchar *option)
{
  if (!option)
    return;
  g_free (*value);
  *value = g_strdup (option);
}

/* Options win over the file. */
static gboolean
take_options (GatewayConfig *self, const GatewayOptions *options,
    GError **error)
{
  replace (&self->log, options->log);
  replace (&self->cdr, options->cdr);
  if (options->redact &&
      !gateway_parse_redact (self, "--redact", options->redact, error))
    return FALSE;
  if (options->metrics) {
    g_clear_pointer (&self->metrics_host, g_free);
    if (!gateway_parse_metrics (self, "--metrics", options->metrics, error))
      return FALSE;
  }
  if (options->control) {
    g_free (self->control);
    self->control =
        gateway_parse_control ("--control", options->control, error);
    if (!self->control)
      return FALSE;
  }
  return parse_option ("--drain-timeout", options->drain_timeout, 0,
      GATEWAY_MAX_DRAIN_TIMEOUT, &self->drain_timeout, error);
}

/* A misspelt one would change nothing, and nobody would know. */
static gboolean
check_options_used (const GatewayConfig *self, const GatewayOptions *options,
    GError **error)
{
  for (guint i = 0; options->variables && options->variables[i]; i++) {
    g_autofree gchar *name =
        g_strndup (options->variables[i], strcspn (options->variables[i], "="));
    gboolean used = FALSE;
    for (guint j = 0; j < self->routes->len; j++)
      used =
          used || launch_route_uses (g_ptr_array_index (self->routes, j), name);
    if (!used)
      return setting_refuse (error, SETTING_ERROR_UNKNOWN,
          "--set: there is no ${%s} in any file.", name);
  }
  return TRUE;
}

GatewayConfig *
gateway_config_new (const GatewayOptions *options, GError **error)
{
  g_autoptr (GatewayConfig) self = g_new0 (GatewayConfig, 1);

  self->routes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) launch_route_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->drain_timeout = GATEWAY_DEFAULT_DRAIN_TIMEOUT;
  if (options->config ? !gateway_config_read (self, options, error)
                      : !add_files (self, options, error))
    return NULL;
  return take_options (self, options, error) &&
          check_options_used (self, options, error)
      ? g_steal_pointer (&self)
      : NULL;
}
