/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gateway/gatewayconfig.h"
#include "lib/records/eventlog.h"

#include <glib/gstdio.h>

#define HIDDEN "\xe2\x80\xa6"

static gchar *folder, *log_file, *cdr_file;

static gchar *
path_of (const gchar *name)
{
  return g_build_filename (folder, name, NULL);
}

/* A route with secrets in variables and properties. */
static GatewayConfig *
make_config (void)
{
  g_autofree gchar *launch = path_of ("a.launch");
  g_autofree gchar *ini = path_of ("gateway.ini");
  const GatewayOptions options = { .config = ini };
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (launch, "a", -1, NULL));
  g_assert_true (g_file_set_contents (ini,
      "[gateway]\nlog=log.json\ncdr=cdr.json\nset.WORD=hidden\n"
      "[route r]\nfile=a.launch\nlines=2\nwarm=1\nentry=sales;support\n"
      "set.API_TOKEN=abcd\nset.MY_SECRET=abcd-efgh\nset.PASS=123\n"
      "property.x.backend::api-key=${WORD}-word\n"
      "property.x.password=of-${ENTRY}\n",
      -1, NULL));
  GatewayConfig *config = gateway_config_new (&options, &error);
  g_assert_no_error (error);
  return config;
}

static EventLog *
open_log_of (const GatewayConfig *config)
{
  g_autoptr (GPtrArray) secrets = g_ptr_array_new_with_free_func (g_free);
  const EventLogSettings settings = { config->log, config->cdr,
    config->redact_transcripts, config->redact_digits, secrets };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < config->routes->len; i++)
    launch_route_list_secrets (g_ptr_array_index (config->routes, i), secrets);
  EventLog *log = event_log_new (&settings, &error);
  g_assert_no_error (error);
  return log;
}

static EventLog *
open_log (void)
{
  g_autoptr (GatewayConfig) config = make_config ();

  return open_log_of (config);
}

/* The members of the only line of @file, which goes. */
static JsonObject *
read_line (const gchar *file)
{
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_unlink (file);
  g_assert_true (g_str_has_suffix (text, "}\n"));
  g_autoptr (JsonNode) root = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_node_dup_object (root);
}

static void
assert_text (JsonObject *object, const gchar *member, const gchar *expected)
{
  g_assert_cmpstr (json_object_get_string_member (object, member), ==,
      expected);
}

static void
test_event (void)
{
  EventLog *log = open_log ();
  g_autoptr (GstStructure) fields =
      gst_structure_new ("voice/call", "one", G_TYPE_STRING, "xabcdx", "longer",
          G_TYPE_STRING, "abcd-efgh!", "key", G_TYPE_STRING, "hidden-word",
          "entries", G_TYPE_STRING, "of-sales of-support", "short",
          G_TYPE_STRING, "123", "X-Token", G_TYPE_STRING, "any", "name",
          G_TYPE_STRING, "a\033[31m\302\233b\342\200\256c", "number",
          G_TYPE_DOUBLE, 0.5, "input-tokens", G_TYPE_UINT64, (guint64) 7, NULL);

  event_log_add (log, "r", "id", "voice/call", fields);
  event_log_free (log);
  g_autoptr (JsonObject) line = read_line (log_file);
  assert_text (line, "route", "r");
  assert_text (line, "one", "x" HIDDEN "x");
  assert_text (line, "longer", HIDDEN "!");
  assert_text (line, "key", HIDDEN);
  assert_text (line, "entries", HIDDEN " " HIDDEN);
  assert_text (line, "short", "123");
  assert_text (line, "X-Token", HIDDEN);
  assert_text (line, "name", "a\357\277\275[31m\357\277\275b\357\277\275c");
  g_assert_cmpfloat (json_object_get_double_member (line, "number"), ==, 0.5);
  g_assert_cmpint (json_object_get_int_member (line, "input-tokens"), ==, 7);
  g_unlink (cdr_file);
}

static void
take_row (const gchar *row, gpointer user)
{
  gchar **rows = user;
  gchar *before = *rows;

  *rows = g_strconcat (before, row, "\n", NULL);
  g_free (before);
}

/* The same rows, nothing more in them, go to who listens. */
static void
test_tee (void)
{
  EventLog *log = open_log ();
  g_autofree gchar *rows = g_strdup ("");
  g_autofree gchar *written = NULL;
  g_autoptr (GstStructure) fields =
      gst_structure_new ("voice/call", "one", G_TYPE_STRING, "xabcdx", NULL);

  event_log_set_tee (log, take_row, &rows);
  event_log_add (log, "r", "id", "voice/call", fields);
  event_log_note (log, "A note with %s.", "abcd-efgh");
  event_log_set_tee (log, NULL, NULL);
  event_log_free (log);
  g_assert_true (g_file_get_contents (log_file, &written, NULL, NULL));
  g_assert_cmpstr (rows, ==, written);
  g_assert_null (strstr (rows, "abcd"));
  g_assert_nonnull (strstr (rows, "gateway/note"));
  g_unlink (log_file);
  g_unlink (cdr_file);
}

static void
test_problem (void)
{
  EventLog *log = open_log ();
  g_autoptr (GError) error =
      g_error_new (GST_RESOURCE_ERROR, 1, "It broke with abcd.");
  g_autoptr (GstElement) source = gst_object_ref_sink (gst_bin_new ("bin"));
  g_autoptr (GstMessage) message =
      gst_message_new_error_with_details (GST_OBJECT (source), error,
          "file.c(1): hidden-word is wrong",
          gst_structure_new ("details", "sip-status", G_TYPE_UINT, 403, NULL));

  event_log_add_problem (log, "r", "id", message);
  event_log_free (log);
  g_autoptr (JsonObject) line = read_line (log_file);
  assert_text (line, "event", "error");
  assert_text (line, "element", "bin");
  assert_text (line, "message", "It broke with " HIDDEN ".");
  assert_text (line, "detail", "file.c(1): " HIDDEN " is wrong");
  g_assert_cmpint (json_object_get_int_member (line, "sip-status"), ==, 403);
  g_unlink (cdr_file);
}

static void
test_cdr (void)
{
  EventLog *log = open_log ();
  g_autoptr (JsonBuilder) record = json_builder_new ();

  json_builder_begin_object (record);
  json_builder_set_member_name (record, "from");
  json_builder_add_string_value (record, "sip:abcd@b");
  json_builder_set_member_name (record, "media");
  json_builder_begin_object (record);
  json_builder_set_member_name (record, "codec");
  json_builder_add_string_value (record, "of-support");
  json_builder_set_member_name (record, "lost");
  json_builder_add_int_value (record, 7);
  json_builder_end_object (record);
  json_builder_set_member_name (record, "answered");
  json_builder_add_null_value (record);
  json_builder_end_object (record);
  event_log_add_cdr (log, record);
  event_log_free (log);
  g_autoptr (JsonObject) line = read_line (cdr_file);
  assert_text (line, "from", "sip:" HIDDEN "@b");
  g_assert_true (json_object_get_null_member (line, "answered"));
  JsonObject *media = json_object_get_object_member (line, "media");
  assert_text (media, "codec", HIDDEN);
  g_assert_cmpint (json_object_get_int_member (media, "lost"), ==, 7);
  g_unlink (log_file);
}

/* Both files go on under their names when these were given to others. */
static void
test_reopen (void)
{
  EventLog *log = open_log ();

  g_unlink (log_file);
  g_unlink (cdr_file);
  event_log_reopen (log);
  event_log_add (log, "r", "id", "voice/call", NULL);
  event_log_free (log);
  g_autoptr (JsonObject) line = read_line (log_file);
  assert_text (line, "event", "voice/call");
  g_assert_true (g_file_test (cdr_file, G_FILE_TEST_EXISTS));
  g_unlink (cdr_file);
}

static void
test_lost (void)
{
  g_autoptr (GatewayConfig) config = make_config ();

  g_free (config->log);
  config->log = g_strdup ("/dev/full");
  EventLog *log = open_log_of (config);
  event_log_add (log, "r", "id", "voice/call", NULL);
  while (!event_log_get_lost (log))
    g_usleep (1000);
  event_log_free (log);
  g_unlink (cdr_file);
}

int
main (int argc, char **argv)
{
  const gchar *const files[] = { "a.launch", "gateway.ini" };

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp (NULL, NULL);
  log_file = path_of ("log.json");
  cdr_file = path_of ("cdr.json");
  g_test_add_func ("/eventlog/event", test_event);
  g_test_add_func ("/eventlog/tee", test_tee);
  g_test_add_func ("/eventlog/problem", test_problem);
  g_test_add_func ("/eventlog/cdr", test_cdr);
  g_test_add_func ("/eventlog/reopen", test_reopen);
  g_test_add_func ("/eventlog/lost", test_lost);
  gint code = g_test_run ();
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree gchar *file = path_of (files[i]);
    g_unlink (file);
  }
  g_rmdir (folder);
  g_free (folder);
  g_free (log_file);
  g_free (cdr_file);
  return code;
}
