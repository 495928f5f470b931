/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "launchroute.h"
#include "launchtext.h"
#include "setting.h"

#include <string.h>

/* ---- Names */

static gboolean
is_good (gchar c)
{
  return g_ascii_isalnum (c) || (c && strchr ("-_.+", c));
}

gboolean
launch_route_name_is_good (const gchar *name)
{
  for (const gchar *c = name; *c; c++)
    if (!is_good (*c))
      return FALSE;
  return *name != '\0';
}

gchar *
launch_route_name_of_file (const gchar *file)
{
  g_autofree gchar *base = g_filename_display_basename (file);
  GString *name = g_string_new (NULL);

  if (g_str_has_suffix (base, ".launch"))
    base[strlen (base) - strlen (".launch")] = '\0';
  for (const gchar *c = base; *c; c = g_utf8_next_char (c))
    g_string_append_c (name, is_good (*c) ? *c : '_');
  return g_string_free (name, FALSE);
}

/* ---- Life */

static void
property_free (gpointer data)
{
  LaunchProperty *self = data;

  g_free (self->factory);
  g_free (self->name);
  g_free (self->value);
  g_free (self);
}

static GHashTable *
copy_variables (GHashTable *variables)
{
  GHashTable *copy =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, variables);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (copy, g_strdup (name), g_strdup (value));
  return copy;
}

LaunchRoute *
launch_route_new (const gchar *name, const gchar *file, GHashTable *variables)
{
  LaunchRoute *self = g_new0 (LaunchRoute, 1);

  self->name = g_strdup (name);
  self->file = g_strdup (file);
  self->lines = 1;
  self->entries = g_new0 (gchar *, 1);
  self->variables = copy_variables (variables);
  self->properties = g_ptr_array_new_with_free_func (property_free);
  return self;
}

void
launch_route_free (LaunchRoute *self)
{
  g_free (self->name);
  g_free (self->file);
  g_free (self->text);
  g_strfreev (self->entries);
  g_hash_table_unref (self->variables);
  g_ptr_array_unref (self->properties);
  g_free (self);
}

gboolean
launch_route_set_variable (GHashTable *variables, const gchar *where,
    const gchar *name, const gchar *value, GError **error)
{
  static const gchar *const ours[] = { "LINE_ID", "LINE_NUMBER", "ROUTE",
    "ENTRY", NULL };

  if (!launch_text_is_name (name)) {
    g_set_error (error, SETTING_ERROR, SETTING_ERROR_VALUE,
        "%s: \"%s\" cannot be a variable; a name has letters, digits and _.",
        where, name);
    return FALSE;
  }
  if (g_strv_contains (ours, name)) {
    g_set_error (error, SETTING_ERROR, SETTING_ERROR_CLASH,
        "%s: the gateway itself gives every line its %s.", where, name);
    return FALSE;
  }
  g_hash_table_insert (variables, g_strdup (name), g_strdup (value));
  return TRUE;
}

gboolean
launch_route_add_property (LaunchRoute *self, const gchar *where,
    const gchar *key, const gchar *value, GError **error)
{
  g_auto (GStrv) words = g_strsplit (key, ".", 3);

  if (g_strv_length (words) != 3 || !*words[1] || !*words[2]) {
    g_set_error (error, SETTING_ERROR, SETTING_ERROR_UNKNOWN,
        "%s: \"%s\" must be property.ELEMENT.NAME, as in "
        "property.sipsrc.local-uri.",
        where, key);
    return FALSE;
  }
  LaunchProperty *property = g_new (LaunchProperty, 1);
  *property = (LaunchProperty){ g_strdup (words[1]), g_strdup (words[2]),
    g_strdup (value) };
  g_ptr_array_add (self->properties, property);
  return TRUE;
}

/* ---- Lines of it */

static GHashTable *
line_variables (const LaunchRoute *self, const LaunchLineNames *names)
{
  GHashTable *variables = copy_variables (self->variables);

  g_hash_table_insert (variables, g_strdup ("LINE_ID"), g_strdup (names->id));
  g_hash_table_insert (variables, g_strdup ("LINE_NUMBER"),
      g_strdup_printf ("%u", names->number));
  g_hash_table_insert (variables, g_strdup ("ROUTE"), g_strdup (self->name));
  if (names->entry)
    g_hash_table_insert (variables, g_strdup ("ENTRY"),
        g_strdup (names->entry));
  return variables;
}

gchar *
launch_route_expand (const LaunchRoute *self, const LaunchLineNames *names,
    GError **error)
{
  g_autoptr (GHashTable) variables = line_variables (self, names);
  g_autofree gchar *file = g_filename_display_name (self->file);

  return launch_text_expand (file, self->text, variables, error);
}

gchar *
launch_route_expand_property (const LaunchRoute *self,
    const LaunchLineNames *names, const LaunchProperty *property,
    GError **error)
{
  g_autoptr (GHashTable) variables = line_variables (self, names);
  g_autofree gchar *what = g_strdup_printf ("route %s, property.%s.%s",
      self->name, property->factory, property->name);

  return launch_text_expand_value (what, property->value, variables, error);
}

static gboolean
has_variable (const gchar *text, const gchar *name)
{
  g_autofree gchar *plain = g_strdup_printf ("${%s}", name);
  g_autofree gchar *with_default = g_strdup_printf ("${%s:-", name);

  return strstr (text, plain) || strstr (text, with_default);
}

gboolean
launch_route_uses (const LaunchRoute *self, const gchar *name)
{
  if (has_variable (self->text, name))
    return TRUE;
  for (guint i = 0; i < self->properties->len; i++) {
    const LaunchProperty *property = g_ptr_array_index (self->properties, i);
    if (has_variable (property->value, name))
      return TRUE;
  }
  return FALSE;
}

/* ---- Secrets */

static void
add_secret (GPtrArray *secrets, const gchar *name, const gchar *value)
{
  if (setting_is_secret (name))
    g_ptr_array_add (secrets, g_strdup (value));
}

/* As lines of @entry have them. */
static void
list_properties (const LaunchRoute *self, const gchar *entry,
    GPtrArray *secrets)
{
  const LaunchLineNames names = { "", 0, entry };

  for (guint i = 0; i < self->properties->len; i++) {
    const LaunchProperty *property = g_ptr_array_index (self->properties, i);
    g_autofree gchar *value =
        launch_route_expand_property (self, &names, property, NULL);
    if (value)
      add_secret (secrets, property->name, value);
  }
}

void
launch_route_list_secrets (const LaunchRoute *self, GPtrArray *secrets)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, self->variables);
  while (g_hash_table_iter_next (&iter, &name, &value))
    add_secret (secrets, name, value);
  list_properties (self, self->entries[0], secrets);
  for (guint i = 1; self->entries[0] && self->entries[i]; i++)
    list_properties (self, self->entries[i], secrets);
}

/* ---- Checks */

static gboolean
check_numbers (const LaunchRoute *self, const gchar *where, GError **error)
{
  guint entries = MAX (g_strv_length (self->entries), 1);

  if (self->warm <= self->lines && self->warm * entries <= self->lines)
    return TRUE;
  g_autofree gchar *each = entries > 1
      ? g_strdup_printf (" for each of %u entries", entries)
      : g_strdup ("");
  g_set_error (error, SETTING_ERROR, SETTING_ERROR_CLASH,
      "%s: %u warm lines%s are more than all lines (%u).", where, self->warm,
      each, self->lines);
  return FALSE;
}

static gboolean
read_text (LaunchRoute *self, const gchar *where, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree gchar *file = g_filename_display_name (self->file);
  gsize size;

  if (!g_file_get_contents (self->file, &self->text, &size, &reason)) {
    g_set_error (error, SETTING_ERROR, SETTING_ERROR_FILE, "%s: %s", where,
        reason->message);
    return FALSE;
  }
  if (strlen (self->text) == size && g_utf8_validate (self->text, -1, NULL))
    return TRUE;
  g_set_error (error, SETTING_ERROR, SETTING_ERROR_FILE, "%s: %s is no text.",
      where, file);
  return FALSE;
}

/* A comment may name the variable: only what is made of the text counts. */
static gboolean
is_same_for (const LaunchRoute *self, const gchar *entry, const gchar *other)
{
  const LaunchLineNames names[] = { { "id", 0, entry }, { "id", 0, other } };
  g_autofree gchar *first = launch_route_expand (self, &names[0], NULL);
  g_autofree gchar *second = launch_route_expand (self, &names[1], NULL);
  gboolean same = !g_strcmp0 (first, second);

  for (guint i = 0; same && i < self->properties->len; i++) {
    const LaunchProperty *property = g_ptr_array_index (self->properties, i);
    g_autofree gchar *one =
        launch_route_expand_property (self, &names[0], property, NULL);
    g_autofree gchar *two =
        launch_route_expand_property (self, &names[1], property, NULL);
    same = !g_strcmp0 (one, two);
  }
  return same;
}

static gboolean
check_entries_used (const LaunchRoute *self, const gchar *where, GError **error)
{
  g_autofree gchar *file = g_filename_display_name (self->file);

  if (!*self->entries)
    return TRUE;
  g_autofree gchar *other = g_strconcat (self->entries[0], "-", NULL);
  if (!is_same_for (self, self->entries[0], other))
    return TRUE;
  g_set_error (error, SETTING_ERROR, SETTING_ERROR_CLASH,
      "%s entry: there is no ${ENTRY} in %s, nor in a property of the route, so "
      "no line would be called by these names; write "
      "property.sipsrc.local-uri=sip:${ENTRY}@0.0.0.0:5060 or the like.",
      where, file);
  return FALSE;
}

gboolean
launch_route_check (LaunchRoute *self, const gchar *where, GError **error)
{
  const LaunchLineNames names = { "000000000000", 0, self->entries[0] };

  if (!check_numbers (self, where, error) || !read_text (self, where, error))
    return FALSE;
  g_autofree gchar *text = launch_route_expand (self, &names, error);
  if (!text)
    return FALSE;
  if (!*g_strstrip (text)) {
    g_autofree gchar *file = g_filename_display_name (self->file);
    g_set_error (error, SETTING_ERROR, SETTING_ERROR_FILE,
        "%s: %s holds no pipeline, only comments.", where, file);
    return FALSE;
  }
  for (guint i = 0; i < self->properties->len; i++) {
    g_autofree gchar *value = launch_route_expand_property (self, &names,
        g_ptr_array_index (self->properties, i), error);
    if (!value)
      return FALSE;
  }
  return check_entries_used (self, where, error);
}
