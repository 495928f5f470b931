/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Settings with which the lines run, but hardly as they were meant. */

#include "launchroute.h"
#include "launchsettings.h"
#include "setting.h"

#include <string.h>

/* ---- Files that lines write */

/* A sink with a location is a file or, as of an HTTP client, no file. Devices and pipes
 * are there for all. */
static gboolean
is_file (const gchar *element, const gchar *property, const gchar *value)
{
  return g_str_has_suffix (element, "sink") &&
      g_str_equal (property, "location") && *value && !strstr (value, "://") &&
      (!g_file_test (value, G_FILE_TEST_EXISTS) ||
          g_file_test (value, G_FILE_TEST_IS_REGULAR));
}

static void
take_file (const gchar *element, const gchar *property, const gchar *value,
    gpointer files)
{
  if (is_file (element, property, value))
    g_ptr_array_add (files, g_strdup (value));
}

/* What the line called @id writes; the texts were expanded before. */
static GPtrArray *
list_files (const LaunchRoute *route, const gchar *id, guint number)
{
  const LaunchLineNames names = { id, number, route->entries[0] };
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *text = launch_route_expand (route, &names, NULL);

  launch_settings_foreach (text, take_file, files);
  for (guint i = 0; i < route->properties->len; i++) {
    const LaunchProperty *property = g_ptr_array_index (route->properties, i);
    g_autofree gchar *value =
        launch_route_expand_property (route, &names, property, NULL);
    take_file (property->factory, property->name, value, files);
  }
  return files;
}

static void
warn_of_fixed_files (const LaunchRoute *route, const gchar *where,
    GPtrArray *warnings)
{
  g_autoptr (GPtrArray) one = list_files (route, "000000000000", 0);
  g_autoptr (GPtrArray) other = list_files (route, "000000000001", 1);

  for (guint i = 0; i < one->len; i++) {
    const gchar *file = g_ptr_array_index (one, i);
    if (g_ptr_array_find_with_equal_func (other, file, g_str_equal, NULL))
      g_ptr_array_add (warnings,
          g_strdup_printf ("%s: every line writes the file %s, so each call "
                           "replaces what the last one left there. Put "
                           "${LINE_ID} into its name.",
              where, file));
  }
}

/* ---- Secrets that others can read: of a command line `ps` shows, of a file it is often
 * forgotten who may. They are used all the same. A key of TLS is a file. */

static void
take_secret (const gchar *element, const gchar *property, const gchar *value,
    gpointer secrets)
{
  if (!setting_is_secret (property) || !*value ||
      g_str_equal (property, "tls-key"))
    return;
  gchar *name = g_strdup_printf ("%s of %s", property, element);
  if (g_ptr_array_find_with_equal_func (secrets, name, g_str_equal, NULL))
    g_free (name);
  else
    g_ptr_array_add (secrets, name);
}

static void
warn_of_secrets (const LaunchRoute *route, const gchar *where,
    GPtrArray *warnings)
{
  const LaunchLineNames names = { "000000000000", 0, route->entries[0] };
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *text = launch_route_expand (route, &names, NULL);

  launch_settings_foreach (text, take_secret, found);
  for (guint i = 0; i < route->properties->len; i++) {
    const LaunchProperty *property = g_ptr_array_index (route->properties, i);
    g_autofree gchar *value =
        launch_route_expand_property (route, &names, property, NULL);
    take_secret (property->factory, property->name, value, found);
  }
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (warnings,
        g_strdup_printf (
            "%s: %s stands where others may read it. Put it into a "
            "file that its property with -file names, or into its "
            "variable of the environment (VOICE_...).",
            where, (const gchar *) g_ptr_array_index (found, i)));
}

/* ---- From outside */

void
launch_route_warn (const LaunchRoute *self, const gchar *where,
    GPtrArray *warnings)
{
  warn_of_fixed_files (self, where, warnings);
  warn_of_secrets (self, where, warnings);
}
