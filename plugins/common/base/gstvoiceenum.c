/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstvoiceenum.h"

static gint
compare (const GValue *one, const GValue *other)
{
  gint a = g_value_get_enum (one), b = g_value_get_enum (other);

  return a < b ? GST_VALUE_LESS_THAN
      : a > b  ? GST_VALUE_GREATER_THAN
               : GST_VALUE_EQUAL;
}

static gchar *
serialize (const GValue *value)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (G_VALUE_TYPE (value));
  const GEnumValue *found = g_enum_get_value (klass, g_value_get_enum (value));

  return found ? g_strdup (found->value_name)
               : g_strdup_printf ("%d", g_value_get_enum (value));
}

static const GEnumValue *
find_value (GEnumClass *klass, const gchar *text)
{
  const GEnumValue *found = g_enum_get_value_by_nick (klass, text);
  gint64 number;

  if (!found)
    found = g_enum_get_value_by_name (klass, text);
  if (!found &&
      g_ascii_string_to_signed (text, 10, G_MININT, G_MAXINT, &number, NULL))
    found = g_enum_get_value (klass, (gint) number);
  return found;
}

static void
warn_of (const GEnumClass *klass, const gchar *text)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < klass->n_values; i++)
    g_string_append_printf (known, "%s%s", i ? ", " : "",
        klass->values[i].value_nick);
  g_warning ("\"%s\" is no %s; known are %s.", text,
      G_ENUM_CLASS_TYPE_NAME (klass), known->str);
}

static gboolean
deserialize (GValue *value, const gchar *text)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (G_VALUE_TYPE (value));
  const GEnumValue *found = find_value (klass, text);

  if (found)
    g_value_set_enum (value, found->value);
  else
    warn_of (klass, text);
  return found != NULL;
}

void
gst_voice_enum_register (GType type)
{
  GstValueTable *table = g_new0 (GstValueTable, 1); /* as long as the type */

  table->type = type;
  table->compare = compare;
  table->serialize = serialize;
  table->deserialize = deserialize;
  gst_type_mark_as_plugin_api (type, 0);
  gst_value_register (table);
}
