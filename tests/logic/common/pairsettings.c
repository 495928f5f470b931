/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "common/pair/gstpairsettings.h"

/* ---- The shared property table of a pair */

#define TYPE_HALF (half_get_type ())
G_DECLARE_FINAL_TYPE (Half, half, TEST, HALF, GObject)

struct _Half
{
  GObject parent;
};

G_DEFINE_FINAL_TYPE (Half, half, G_TYPE_OBJECT)

enum
{
  PROP_LATENCY = 1,
  PROP_URI,
  PROP_MODE,
  PROP_ECHO,
  PROP_HEADERS,
  PROP_BACKEND,
  PROP_PASSWORD,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void
half_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
}

static void
half_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
}

static void
half_init (Half *self)
{
}

static void
half_class_init (HalfClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = half_set_property;
  object_class->get_property = half_get_property;
  props[PROP_LATENCY] =
      g_param_spec_uint ("latency", NULL, NULL, 0, 1000, 60, flags);
  props[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, "sip:x", flags);
  props[PROP_MODE] = g_param_spec_enum ("mode", NULL, NULL, GST_TYPE_STATE,
      GST_STATE_READY, flags);
  props[PROP_ECHO] = g_param_spec_boolean ("echo", NULL, NULL, TRUE, flags);
  props[PROP_HEADERS] =
      g_param_spec_boxed ("headers", NULL, NULL, GST_TYPE_STRUCTURE, flags);
  props[PROP_BACKEND] =
      g_param_spec_object ("backend", NULL, NULL, G_TYPE_OBJECT, flags);
  props[PROP_PASSWORD] = g_param_spec_string ("password", NULL, NULL, NULL,
      G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static GObjectClass *klass;

static void
set_uint (GstPairSettings *settings, guint number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_UINT);
  g_value_set_uint (&value, number);
  gst_pair_settings_set (settings, props[PROP_LATENCY], &value);
}

static void
set_text (GstPairSettings *settings, guint prop, const gchar *text)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  gst_pair_settings_set (settings, props[prop], &value);
}

static void
set_headers (GstPairSettings *settings, const gchar *text)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, gst_structure_from_string (text, NULL));
  gst_pair_settings_set (settings, props[PROP_HEADERS], &value);
}

static void
set_object (GstPairSettings *settings, GObject *object)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_OBJECT);
  g_value_set_object (&value, object);
  gst_pair_settings_set (settings, props[PROP_BACKEND], &value);
}

static guint
latency_of (GstPairSettings *settings)
{
  return gst_pair_settings_get_uint (settings, klass, "latency");
}

/* ---- Tests */

static void
test_defaults (void)
{
  g_autoptr (GstPairSettings) settings = gst_pair_settings_new ();
  g_autofree gchar *uri = gst_pair_settings_dup_string (settings, klass, "uri");
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_cmpuint (latency_of (settings), ==, 60);
  g_assert_cmpstr (uri, ==, "sip:x");
  g_assert_cmpint (gst_pair_settings_get_enum (settings, klass, "mode"), ==,
      GST_STATE_READY);
  g_assert_true (gst_pair_settings_get_boolean (settings, klass, "echo"));
  g_value_init (&value, G_TYPE_UINT);
  g_assert_false (
      gst_pair_settings_get (settings, props[PROP_LATENCY], &value));
  g_assert_cmpuint (g_value_get_uint (&value), ==, 60);
}

static void
test_set (void)
{
  g_autoptr (GstPairSettings) settings = gst_pair_settings_new ();
  g_auto (GValue) value = G_VALUE_INIT;

  set_uint (settings, 40);
  set_uint (settings, 20);
  g_autoptr (GstPairSettings) copy = gst_pair_settings_copy (settings);
  set_uint (settings, 30);
  g_assert_cmpuint (latency_of (settings), ==, 30);
  g_assert_cmpuint (latency_of (copy), ==, 20);
  g_value_init (&value, G_TYPE_UINT);
  g_assert_true (gst_pair_settings_get (copy, props[PROP_LATENCY], &value));
  g_assert_cmpuint (g_value_get_uint (&value), ==, 20);
}

static void
test_merge (void)
{
  g_autoptr (GstPairSettings) one = gst_pair_settings_new ();
  g_autoptr (GstPairSettings) two = gst_pair_settings_new ();
  g_autoptr (GError) error = NULL;

  set_uint (one, 40);
  set_text (two, PROP_URI, "sip:y");
  g_assert_true (gst_pair_settings_merge (one, two, &error));
  g_assert_no_error (error);
  g_autofree gchar *uri = gst_pair_settings_dup_string (one, klass, "uri");
  g_assert_cmpstr (uri, ==, "sip:y");
  g_assert_cmpuint (latency_of (one), ==, 40);
  g_assert_cmpuint (latency_of (two), ==, 60);
  /* The same again is no contradiction, nor is the default said aloud. */
  g_assert_true (gst_pair_settings_merge (one, two, &error));
  g_assert_true (gst_pair_settings_merge (two, one, &error));
  g_assert_no_error (error);
}

static void
assert_contradiction (GstPairSettings *one, GstPairSettings *two,
    const gchar *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (gst_pair_settings_merge (one, two, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  g_assert_cmpstr (error->message, ==, text);
  g_assert_false (gst_pair_settings_merge (one, two, NULL));
}

static void
test_contradiction (void)
{
  g_autoptr (GstPairSettings) one = gst_pair_settings_new ();
  g_autoptr (GstPairSettings) two = gst_pair_settings_new ();

  set_uint (one, 40);
  set_uint (two, 60); /* explicit, though it is the default */
  set_text (two, PROP_URI, "sip:y");
  assert_contradiction (one, two,
      "The two elements of one session disagree: \"latency\" is 40 on one and "
      "60 on the other.");
  g_autofree gchar *uri = gst_pair_settings_dup_string (one, klass, "uri");
  g_assert_cmpstr (uri, ==, "sip:x"); /* unchanged */
  g_assert_cmpuint (latency_of (one), ==, 40);
}

/* What may not be read is not printed either. */
static void
test_secret (void)
{
  g_autoptr (GstPairSettings) one = gst_pair_settings_new ();
  g_autoptr (GstPairSettings) two = gst_pair_settings_new ();

  set_text (one, PROP_PASSWORD, "hunter2");
  set_text (two, PROP_PASSWORD, "swordfish");
  assert_contradiction (one, two,
      "The two elements of one session disagree: \"password\" is not the same "
      "on both.");
}

/* Kinds of value whose comparison is not plain. */
static void
test_equality (void)
{
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GstPairSettings) one = gst_pair_settings_new ();
  g_autoptr (GstPairSettings) two = gst_pair_settings_new ();

  set_text (one, PROP_URI, NULL);
  set_text (two, PROP_URI, NULL);
  set_headers (one, "headers, X-One=a");
  set_headers (two, "headers, X-One=a");
  set_object (one, object);
  set_object (two, object);
  g_assert_true (gst_pair_settings_merge (one, two, NULL));
  set_headers (two, "headers, X-One=b");
  g_assert_false (gst_pair_settings_merge (one, two, NULL));
}

static void
test_null_contradiction (void)
{
  g_autoptr (GstPairSettings) one = gst_pair_settings_new ();
  g_autoptr (GstPairSettings) two = gst_pair_settings_new ();

  set_text (one, PROP_URI, NULL);
  set_text (two, PROP_URI, "sip:y");
  g_assert_false (gst_pair_settings_merge (one, two, NULL));
  g_autoptr (GError) error = NULL;
  g_assert_false (gst_pair_settings_merge (one, two, &error));
  g_test_message ("%s", error->message);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  klass = g_type_class_ref (TYPE_HALF);
  g_test_add_func ("/pairsettings/defaults", test_defaults);
  g_test_add_func ("/pairsettings/set", test_set);
  g_test_add_func ("/pairsettings/merge", test_merge);
  g_test_add_func ("/pairsettings/contradiction", test_contradiction);
  g_test_add_func ("/pairsettings/secret", test_secret);
  g_test_add_func ("/pairsettings/equality", test_equality);
  g_test_add_func ("/pairsettings/null", test_null_contradiction);
  return g_test_run ();
}
