/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What gst-inspect shows of our elements reads like one product: the rules for
 * properties, signals, templates and descriptions. */

#include <gst/gst.h>

#include <string.h>

static const gchar *const plugins[] = { "sip", "aiagent", "whip",
  "voicemixer" };

static gboolean
is_kebab (const gchar *name)
{
  for (const gchar *c = name; *c != '\0'; c++)
    if (!g_ascii_islower (*c) && !g_ascii_isdigit (*c) && *c != '-')
      return FALSE;
  return g_ascii_islower (*name);
}

static gboolean
has_unit_suffix (const gchar *name)
{
  const gchar *const units[] = { "-ms", "-ns", "-us", "-sec", "-seconds" };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_has_suffix (name, units[i]))
      return TRUE;
  return FALSE;
}

/* Times that people type are milliseconds, and say so at the end. */
static gboolean
is_time (const gchar *name)
{
  const gchar *const times[] = { "latency", "time", "timeout", "delay",
    "duration", "silence" };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    if (g_str_has_suffix (name, times[i]))
      return TRUE;
  return FALSE;
}

static void
check_blurb (const GParamSpec *pspec)
{
  const gchar *blurb = g_param_spec_get_blurb ((GParamSpec *) pspec);

  g_assert_nonnull (blurb);
  g_assert_cmpuint (strlen (blurb), >, 10);
  g_assert_true (g_ascii_isupper (blurb[0]));
  g_assert_false (g_str_has_suffix (blurb, "."));
  g_assert_null (strstr (blurb, "  "));
  if (is_time (pspec->name) && G_IS_PARAM_SPEC_UINT (pspec))
    g_assert_true (
        strstr (blurb, "(ms") != NULL && blurb[strlen (blurb) - 1] == ')');
}

static void
check_range (const GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_UINT (pspec)) {
    const GParamSpecUInt *range = G_PARAM_SPEC_UINT (pspec);
    g_assert_cmpuint (range->minimum, <, range->maximum);
    g_assert_cmpuint (range->default_value, >=, range->minimum);
    g_assert_cmpuint (range->default_value, <=, range->maximum);
  } else if (G_IS_PARAM_SPEC_ENUM (pspec)) {
    GEnumClass *modes = G_PARAM_SPEC_ENUM (pspec)->enum_class;
    for (guint i = 0; i < modes->n_values; i++) {
      g_assert_true (is_kebab (modes->values[i].value_nick));
      g_assert_cmpuint (strlen (modes->values[i].value_name), >=, 3);
      g_assert_true (g_ascii_isupper (modes->values[i].value_name[0]));
    }
    GstPluginAPIFlags flags;
    g_assert_true (gst_type_is_plugin_api (pspec->value_type, &flags));
  }
}

static void
check_property (const GParamSpec *pspec)
{
  const GParamFlags states = GST_PARAM_MUTABLE_READY |
      GST_PARAM_MUTABLE_PAUSED | GST_PARAM_MUTABLE_PLAYING;

  g_test_message ("%s.%s", g_type_name (pspec->owner_type), pspec->name);
  g_assert_true (is_kebab (pspec->name));
  g_assert_false (has_unit_suffix (pspec->name));
  g_assert_cmpint (pspec->flags & G_PARAM_STATIC_STRINGS, ==,
      G_PARAM_STATIC_STRINGS);
  check_blurb (pspec);
  check_range (pspec);
  if (!(pspec->flags & G_PARAM_WRITABLE))
    g_assert_cmpint (pspec->flags & states, ==, 0);
}

/* What nobody can survey is merged before there is more of it. */
#define MAX_OWN 32

static void
check_properties (GstElement *element)
{
  guint n, own = 0;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);

  for (guint i = 0; i < n; i++) {
    const gchar *owner = g_type_name (specs[i]->owner_type);
    if (g_str_equal (owner, "GstObject") || g_str_equal (owner, "GstElement"))
      continue;
    check_property (specs[i]);
    own += specs[i]->owner_type == G_OBJECT_TYPE (element);
    if (specs[i]->flags & G_PARAM_READABLE) {
      g_auto (GValue) value = G_VALUE_INIT;
      g_value_init (&value, specs[i]->value_type);
      g_object_get_property (G_OBJECT (element), specs[i]->name, &value);
      if (specs[i]->flags & G_PARAM_WRITABLE)
        g_assert_cmpint (g_param_values_cmp (specs[i], &value,
                             g_param_spec_get_default_value (specs[i])),
            ==, 0);
    }
  }
  g_assert_cmpuint (own, <=, MAX_OWN);
}

/* Commands only: nothing that an application could be asked by. */
static void
check_signals (GType type)
{
  guint n;

  for (; type != GST_TYPE_ELEMENT; type = g_type_parent (type)) {
    g_autofree guint *ids = g_signal_list_ids (type, &n);
    for (guint i = 0; i < n; i++) {
      GSignalQuery query;
      g_signal_query (ids[i], &query);
      g_test_message ("%s::%s", g_type_name (type), query.signal_name);
      g_assert_true (is_kebab (query.signal_name));
      g_assert_true (query.signal_flags & G_SIGNAL_ACTION);
    }
  }
}

static void
check_description (GstElementFactory *factory)
{
  const gchar *const keys[] = { GST_ELEMENT_METADATA_LONGNAME,
    GST_ELEMENT_METADATA_KLASS, GST_ELEMENT_METADATA_DESCRIPTION,
    GST_ELEMENT_METADATA_AUTHOR };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    const gchar *text = gst_element_factory_get_metadata (factory, keys[i]);
    g_assert_nonnull (text);
    g_assert_cmpuint (strlen (text), >, 5);
    g_assert_false (g_str_has_suffix (text, "."));
  }
  g_assert_cmpuint (gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory)),
      ==, GST_RANK_NONE);
}

static void
check_element (gconstpointer name)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);

  g_assert_nonnull (factory);
  check_description (factory);
  g_autoptr (GstElement) element = gst_element_factory_create (factory, NULL);
  g_assert_nonnull (element);
  gst_object_ref_sink (element);
  check_properties (element);
  check_signals (G_OBJECT_TYPE (element));
}

static void
add_tests (const gchar *plugin)
{
  GList *features =
      gst_registry_get_feature_list_by_plugin (gst_registry_get (), plugin);

  for (GList *l = features; l != NULL; l = l->next) {
    if (!GST_IS_ELEMENT_FACTORY (l->data))
      continue;
    gchar *name = g_strdup (gst_plugin_feature_get_name (l->data));
    g_autofree gchar *path = g_strdup_printf ("/inspect/%s", name);
    g_test_add_data_func_full (path, name, (GTestDataFunc) check_element,
        g_free);
  }
  gst_plugin_feature_list_free (features);
}

/* A plugin that cannot be loaded must not pass as one without elements. */
static void
test_plugins (void)
{
  const gchar *const names[] = { "sipsrc", "sipsink", "whipserver" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GstElementFactory) found = gst_element_factory_find (names[i]);
    g_assert_nonnull (found);
  }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inspect/plugins", test_plugins);
  for (guint i = 0; i < G_N_ELEMENTS (plugins); i++)
    add_tests (plugins[i]);
  return g_test_run ();
}
