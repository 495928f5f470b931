/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "elementproperty.h"
#include "lib/logic/launchsettings.h"
#include "lib/logic/setting.h"

#include <string.h>

/* ---- What is allowed */

static gchar *
describe_range (GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_INT (pspec)) {
    GParamSpecInt *p = G_PARAM_SPEC_INT (pspec);
    return g_strdup_printf ("a number from %d to %d", p->minimum, p->maximum);
  }
  if (G_IS_PARAM_SPEC_UINT (pspec)) {
    GParamSpecUInt *p = G_PARAM_SPEC_UINT (pspec);
    return g_strdup_printf ("a number from %u to %u", p->minimum, p->maximum);
  }
  if (G_IS_PARAM_SPEC_INT64 (pspec)) {
    GParamSpecInt64 *p = G_PARAM_SPEC_INT64 (pspec);
    return g_strdup_printf ("a number from %" G_GINT64_FORMAT
                            " to %" G_GINT64_FORMAT,
        p->minimum, p->maximum);
  }
  if (G_IS_PARAM_SPEC_UINT64 (pspec)) {
    GParamSpecUInt64 *p = G_PARAM_SPEC_UINT64 (pspec);
    return g_strdup_printf ("a number from %" G_GUINT64_FORMAT
                            " to %" G_GUINT64_FORMAT,
        p->minimum, p->maximum);
  }
  if (G_IS_PARAM_SPEC_DOUBLE (pspec)) {
    GParamSpecDouble *p = G_PARAM_SPEC_DOUBLE (pspec);
    return g_strdup_printf ("a number from %g to %g", p->minimum, p->maximum);
  }
  if (G_IS_PARAM_SPEC_FLOAT (pspec)) {
    GParamSpecFloat *p = G_PARAM_SPEC_FLOAT (pspec);
    return g_strdup_printf ("a number from %g to %g", (gdouble) p->minimum,
        (gdouble) p->maximum);
  }
  return NULL;
}

static gchar *
describe_names (GParamSpec *pspec)
{
  GString *names = g_string_new (NULL);

  if (G_IS_PARAM_SPEC_ENUM (pspec)) {
    const GEnumClass *values = G_PARAM_SPEC_ENUM (pspec)->enum_class;
    for (guint i = 0; i < values->n_values; i++)
      g_string_append_printf (names, "%s%s", i ? ", " : "one of ",
          values->values[i].value_nick);
  } else {
    const GFlagsClass *values = G_PARAM_SPEC_FLAGS (pspec)->flags_class;
    for (guint i = 0; i < values->n_values; i++)
      g_string_append_printf (names, "%s%s", i ? ", " : "some of ",
          values->values[i].value_nick);
    g_string_append (names, " (with + in between)");
  }
  return g_string_free (names, FALSE);
}

gchar *
element_property_describe (GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_ENUM (pspec) || G_IS_PARAM_SPEC_FLAGS (pspec))
    return describe_names (pspec);
  if (G_IS_PARAM_SPEC_BOOLEAN (pspec))
    return g_strdup ("true or false");
  if (G_IS_PARAM_SPEC_STRING (pspec))
    return g_strdup ("a text");
  gchar *range = describe_range (pspec);
  return range
      ? range
      : g_strdup_printf ("a %s", g_type_name (G_PARAM_SPEC_VALUE_TYPE (pspec)));
}

/* ---- Values */

gboolean
element_property_parse (GParamSpec *pspec, const gchar *text, GValue *value)
{
  g_value_init (value, G_PARAM_SPEC_VALUE_TYPE (pspec));
  /* GStreamer reads nothing as the number 0. */
  if (!*text && !G_VALUE_HOLDS_STRING (value))
    return FALSE;
  return gst_value_deserialize_with_pspec (value, text, pspec) &&
      !g_param_value_validate (pspec, value);
}

/* House rule of many elements, ours too: who may not read a property may not know what
 * it is set to. */
static gchar *
quote (GParamSpec *pspec, const gchar *text)
{
  if (!(pspec->flags & G_PARAM_READABLE) || setting_is_secret (pspec->name))
    return g_strdup ("set to something wrong");
  return g_strdup_printf ("\"%s\"", text);
}

/* ---- Elements */

typedef struct
{
  const LaunchRoute *route;
  const LaunchProperty *property;
} Setting;

G_GNUC_PRINTF (4, 5)
static gboolean
fail (const Setting *self, GstParseError code, GError **error,
    const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, GST_PARSE_ERROR, (gint) code,
      "route %s, property.%s.%s: %s", self->route->name,
      self->property->factory, self->property->name, text);
  return FALSE;
}

static gboolean
set_value (const Setting *self, GObject *target, GParamSpec *pspec,
    const gchar *text, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  if (!(pspec->flags & G_PARAM_WRITABLE) ||
      (pspec->flags & G_PARAM_CONSTRUCT_ONLY))
    return fail (self, GST_PARSE_ERROR_COULD_NOT_SET_PROPERTY, error,
        "it cannot be set.");
  if (!element_property_parse (pspec, text, &value)) {
    g_autofree gchar *allowed = element_property_describe (pspec);
    g_autofree gchar *quoted = quote (pspec, text);
    return fail (self, GST_PARSE_ERROR_COULD_NOT_SET_PROPERTY, error,
        "it is %s, but must be %s.", quoted, allowed);
  }
  g_object_set_property (target, pspec->name, &value);
  return TRUE;
}

static gboolean
set_on (const Setting *self, GObject *element, const gchar *text,
    GError **error)
{
  g_autoptr (GObject) target = NULL;
  GParamSpec *pspec = NULL;

  if (GST_IS_CHILD_PROXY (element))
    gst_child_proxy_lookup (GST_CHILD_PROXY (element), self->property->name,
        &target, &pspec);
  else
    pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (element),
        self->property->name);
  if (pspec)
    return set_value (self, target ? target : element, pspec, text, error);
  return fail (self, GST_PARSE_ERROR_NO_SUCH_PROPERTY, error,
      "%s has no such property.", self->property->factory);
}

gboolean
element_property_set (GstBin *bin, const LaunchRoute *route,
    const LaunchProperty *property, const gchar *text, GError **error)
{
  const Setting self = { route, property };
  g_autoptr (GstIterator) it =
      gst_bin_iterate_all_by_element_factory_name (bin, property->factory);
  g_auto (GValue) item = G_VALUE_INIT;
  gboolean good = TRUE;
  guint n = 0;

  while (good && gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    good = set_on (&self, g_value_get_object (&item), text, error);
    g_value_reset (&item);
    n++;
  }
  if (n)
    return good;
  return fail (&self, GST_PARSE_ERROR_NO_SUCH_ELEMENT, error,
      "there is no %s in %s.", property->factory, route->file);
}

/* ---- Texts */

static GParamSpec *
find_pspec (const gchar *factory, const gchar *name)
{
  g_autoptr (GstElementFactory) found = gst_element_factory_find (factory);
  g_autoptr (GstPluginFeature) loaded =
      found ? gst_plugin_feature_load (GST_PLUGIN_FEATURE (found)) : NULL;
  GType type = loaded
      ? gst_element_factory_get_element_type (GST_ELEMENT_FACTORY (loaded))
      : G_TYPE_INVALID;

  if (type == G_TYPE_INVALID)
    return NULL;
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  return g_object_class_find_property (G_OBJECT_CLASS (klass), name);
}

static void
find_fault (const gchar *element, const gchar *name, const gchar *text,
    gpointer user)
{
  gchar **fault = user;
  GParamSpec *pspec = *fault ? NULL : find_pspec (element, name);
  g_auto (GValue) value = G_VALUE_INIT;

  if (!pspec || element_property_parse (pspec, text, &value))
    return;
  g_autofree gchar *allowed = element_property_describe (pspec);
  g_autofree gchar *quoted = quote (pspec, text);
  *fault = g_strdup_printf ("%s.%s: it is %s, but must be %s.", element, name,
      quoted, allowed);
}

gchar *
element_property_find_fault (const gchar *text)
{
  gchar *fault = NULL;

  launch_settings_foreach (text, find_fault, &fault);
  return fault;
}
