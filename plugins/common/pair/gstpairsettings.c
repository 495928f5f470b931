/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstpairsettings.h"

struct _GstPairSettings
{
  GHashTable *values; /* name of the property -> Setting, which owns the name */
};

typedef struct
{
  GParamSpec *pspec;
  GValue value;
} Setting;

static void
free_setting (gpointer data)
{
  Setting *setting = data;

  g_value_unset (&setting->value);
  g_param_spec_unref (setting->pspec);
  g_free (setting);
}

GstPairSettings *
gst_pair_settings_new (void)
{
  GstPairSettings *self = g_new (GstPairSettings, 1);

  self->values =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_setting);
  return self;
}

void
gst_pair_settings_free (GstPairSettings *self)
{
  g_hash_table_unref (self->values);
  g_free (self);
}

static void
insert_all (GstPairSettings *self, const GstPairSettings *other)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, other->values);
  while (g_hash_table_iter_next (&iter, NULL, &data)) {
    const Setting *setting = data;
    gst_pair_settings_set (self, setting->pspec, &setting->value);
  }
}

GstPairSettings *
gst_pair_settings_copy (const GstPairSettings *self)
{
  GstPairSettings *copy = gst_pair_settings_new ();

  insert_all (copy, self);
  return copy;
}

void
gst_pair_settings_set (GstPairSettings *self, GParamSpec *pspec,
    const GValue *value)
{
  Setting *setting = g_new0 (Setting, 1);

  setting->pspec = g_param_spec_ref (pspec);
  g_value_init (&setting->value, G_VALUE_TYPE (value));
  g_value_copy (value, &setting->value);
  g_hash_table_replace (self->values, (gpointer) g_param_spec_get_name (pspec),
      setting);
}

static const GValue *
lookup (const GstPairSettings *self, const gchar *name)
{
  const Setting *setting = g_hash_table_lookup (self->values, name);

  return setting ? &setting->value : NULL;
}

gboolean
gst_pair_settings_get (const GstPairSettings *self, GParamSpec *pspec,
    GValue *value)
{
  const GValue *set = lookup (self, g_param_spec_get_name (pspec));

  g_value_copy (set ? set : g_param_spec_get_default_value (pspec), value);
  return set != NULL;
}

/* The value in force: borrowed until the next change. */
static const GValue *
value_of (const GstPairSettings *self, GObjectClass *klass, const gchar *name)
{
  const GValue *set = lookup (self, name);
  GParamSpec *pspec = g_object_class_find_property (klass, name);

  return set ? set : g_param_spec_get_default_value (pspec);
}

guint
gst_pair_settings_get_uint (const GstPairSettings *self, GObjectClass *klass,
    const gchar *name)
{
  return g_value_get_uint (value_of (self, klass, name));
}

gint
gst_pair_settings_get_enum (const GstPairSettings *self, GObjectClass *klass,
    const gchar *name)
{
  return g_value_get_enum (value_of (self, klass, name));
}

gboolean
gst_pair_settings_get_boolean (const GstPairSettings *self, GObjectClass *klass,
    const gchar *name)
{
  return g_value_get_boolean (value_of (self, klass, name));
}

gchar *
gst_pair_settings_dup_string (const GstPairSettings *self, GObjectClass *klass,
    const gchar *name)
{
  return g_value_dup_string (value_of (self, klass, name));
}

GstStructure *
gst_pair_settings_dup_structure (const GstPairSettings *self,
    GObjectClass *klass, const gchar *name)
{
  return g_value_dup_boxed (value_of (self, klass, name));
}

static gchar *
describe (const GValue *value)
{
  gchar *text = gst_value_serialize (value);

  return text ? text : g_strdup_value_contents (value);
}

static void
set_contradiction (GError **error, const Setting *one, const Setting *other)
{
  const gchar *name = g_param_spec_get_name (one->pspec);

  if (!(one->pspec->flags & G_PARAM_READABLE)) { /* a secret */
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "The two elements of one session disagree: \"%s\" is not the same on "
        "both.",
        name);
    return;
  }
  g_autofree gchar *first = describe (&one->value);
  g_autofree gchar *second = describe (&other->value);
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "The two elements of one session disagree: \"%s\" is %s on one and %s on "
      "the other.",
      name, first, second);
}

gboolean
gst_pair_settings_merge (GstPairSettings *self, const GstPairSettings *other,
    GError **error)
{
  GHashTableIter iter;
  gpointer name, theirs;

  g_hash_table_iter_init (&iter, other->values);
  while (g_hash_table_iter_next (&iter, &name, &theirs)) {
    const Setting *ours = g_hash_table_lookup (self->values, name);
    const Setting *setting = theirs;
    if (ours &&
        gst_value_compare (&ours->value, &setting->value) != GST_VALUE_EQUAL) {
      set_contradiction (error, ours, setting);
      return FALSE;
    }
  }
  insert_all (self, other);
  return TRUE;
}
