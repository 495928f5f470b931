/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gateway/gatewayconfig.h"
#include "lib/logic/setting.h"

#include <glib/gstdio.h>

#include <string.h>

static gchar *folder;

static gchar *
write_file (const gchar *name, const gchar *text)
{
  gchar *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

static GatewayConfig *
load (const gchar *text, GError **error)
{
  g_autofree gchar *path = write_file ("gateway.ini", text);
  const GatewayOptions options = { .config = path };

  return gateway_config_new (&options, error);
}

/* ---- Good ones */

static void
test_full (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GatewayConfig) config = load (
      "[gateway]\n"
      "log=log.json\ncdr=/tmp/cdr.json\nredact=transcripts, digits\n"
      "metrics=[::1]:9100\ncontrol=unix:c\ndrain-timeout=5\nset.PORT=5060\n"
      "[route phone]\n"
      "file=a.launch\nlines=10\nwarm=3\nentry=sales; support;\n"
      "set.NAME=there\nproperty.sipsrc.local-uri=sip:${ENTRY}@0.0.0.0:${PORT}\n"
      "[route other]\nfile=a.launch\nset.PORT=5070\n",
      &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (config->log, "/log.json"));
  g_assert_cmpstr (config->cdr, ==, "/tmp/cdr.json");
  g_assert_true (config->redact_transcripts && config->redact_digits);
  g_assert_cmpstr (config->metrics_host, ==, "::1");
  g_assert_cmpuint (config->metrics_port, ==, 9100);
  g_assert_cmpuint (config->drain_timeout, ==, 5);
  g_autofree gchar *control = g_build_filename (folder, "c", NULL);
  g_assert_cmpstr (config->control, ==, control);
  g_assert_cmpuint (config->routes->len, ==, 2);
  const LaunchRoute *route = g_ptr_array_index (config->routes, 0);
  g_assert_cmpuint (route->lines, ==, 10);
  g_assert_cmpuint (route->warm, ==, 3);
  g_assert_cmpuint (g_strv_length (route->entries), ==, 2);

  const LaunchLineNames names = { "0123456789ab", 7, "support" };
  g_autofree gchar *text = launch_route_expand (route, &names, &error);
  g_assert_cmpstr (text, ==,
      "0123456789ab 7 phone \nsupport hello there 5060\n\n");
  g_autofree gchar *value = launch_route_expand_property (route, &names,
      g_ptr_array_index (route->properties, 0), &error);
  g_assert_cmpstr (value, ==, "sip:support@0.0.0.0:5060");

  const LaunchRoute *other = g_ptr_array_index (config->routes, 1);
  const LaunchLineNames nameless = { "id", 8, NULL };
  g_assert_cmpuint (other->lines, ==, 1);
  g_assert_cmpuint (other->warm, ==, 1);
  g_autofree gchar *plain = launch_route_expand (other, &nameless, &error);
  g_assert_cmpstr (plain, ==, "id 8 other \nnone hello you 5070\n\n");
}

static void
test_command_line (void)
{
  g_autofree gchar *file = g_build_filename (folder, "a.launch", NULL);
  gchar *files[] = { file, file, NULL };
  gchar *variables[] = { (gchar *) "PORT=gr\xc3\xbc\xc3\x9f=2",
    (gchar *) "NAME=", NULL };
  const GatewayOptions options = { .files = files,
    .variables = variables,
    .lines = (gchar *) "40",
    .drain_timeout = (gchar *) "0",
    .redact = (gchar *) "digits",
    .metrics = (gchar *) ":9100" };
  const LaunchLineNames names = { "id", 0, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GatewayConfig) config = gateway_config_new (&options, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (config->routes->len, ==, 2);
  const LaunchRoute *route = g_ptr_array_index (config->routes, 0);
  const LaunchRoute *same = g_ptr_array_index (config->routes, 1);
  g_assert_cmpstr (route->name, ==, "a");
  g_assert_cmpstr (same->name, ==, "a-2");
  g_assert_cmpuint (route->lines, ==, 40);
  g_assert_cmpuint (route->warm, ==, GATEWAY_DEFAULT_WARM);
  g_assert_cmpuint (config->drain_timeout, ==, 0);
  g_assert_cmpstr (config->metrics_host, ==, "0.0.0.0");
  g_assert_true (config->redact_digits && !config->redact_transcripts);
  g_autofree gchar *text = launch_route_expand (route, &names, &error);
  g_assert_cmpstr (text, ==,
      "id 0 a \nnone hello you gr\xc3\xbc\xc3\x9f=2\n\n");
}

/* Of launch files, whatever these are called. */
static void
test_route_names (void)
{
  g_autofree gchar *plain = g_build_filename (folder, "a.launch", NULL);
  g_autofree gchar *odd = g_build_filename (folder, "a b\xfc.launch", NULL);
  g_autofree gchar *second = g_build_filename (folder, "a-2", NULL);
  gchar *files[] = { plain, second, plain, odd, plain, NULL };
  gchar *variables[] = { (gchar *) "PORT=1", NULL };
  const GatewayOptions options = { .files = files, .variables = variables };
  const gchar *const expected[] = { "a", "a-2", "a-3", "a_b_", "a-4" };
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (odd, "a", -1, NULL));
  g_assert_true (g_file_set_contents (second, "a", -1, NULL));
  g_autoptr (GatewayConfig) config = gateway_config_new (&options, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    const LaunchRoute *route = g_ptr_array_index (config->routes, i);
    g_assert_cmpstr (route->name, ==, expected[i]);
  }
  g_unlink (second);
  g_assert_true (g_file_set_contents (odd, "${NO}", -1, NULL));
  g_assert_null (gateway_config_new (&options, &error));
  g_clear_error (&error);
  gchar *missing[] = { odd, NULL };
  const GatewayOptions wrong = { .files = missing };
  g_assert_null (gateway_config_new (&wrong, &error));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_unlink (odd);
}

/* An editor began the file with a mark, another wrote Latin-1. */
static void
test_encoding (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GatewayConfig) config =
      load ("\xef\xbb\xbf[route r]\nfile=a.launch\nset.PORT=1\n", &error);

  g_assert_no_error (error);
  g_assert_nonnull (config);
  g_assert_null (load ("[route gr\xfc\xdf]\n", &error));
  g_assert_nonnull (
      g_strstr_len (error->message, -1, "gateway.ini is no text"));
}

/* ---- Mistakes that run */

#define RECORD "[route r]\nlines=3\nfile="

/* @warnings: parts of what is said, a line each; NULL: nothing is. */
static void
assert_warnings (const gchar *text, const gchar *warnings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GatewayConfig) config = load (text, &error);
  g_auto (GStrv) parts = g_strsplit (warnings ? warnings : "", "\n", -1);

  g_assert_no_error (error);
  g_assert_cmpuint (config->warnings->len, ==, g_strv_length (parts));
  for (guint i = 0; i < config->warnings->len; i++) {
    const gchar *warning = g_ptr_array_index (config->warnings, i);
    g_test_message ("%s", warning);
    g_assert_nonnull (strstr (warning, "gateway.ini, [route "));
    g_assert_nonnull (strstr (warning, parts[i]));
    g_assert_null (strstr (warning, "canary"));
  }
}

/* Every line would write the same file: the next call replaces what was recorded of
 * the last. */
static void
test_fixed_recording (void)
{
  assert_warnings (RECORD "fixed.launch\n", "records/call.wav");
  assert_warnings ("[route r]\nfile=fixed.launch\n", "records/call.wav");
  assert_warnings (RECORD "two.launch\n", "one.wav\ntwo.wav");
  assert_warnings (RECORD "named.launch\n", NULL);
  assert_warnings (RECORD "named.launch\nset.NAME=call\n", NULL);
  assert_warnings (RECORD "set.launch\nset.NAME=call\n", "call.wav");
  assert_warnings (RECORD "set.launch\nset.NAME=a b\n", "a b.wav");
  assert_warnings (RECORD "open.launch\nproperty.filesink.location=x.wav\n",
      "x.wav");
  assert_warnings (RECORD
      "open.launch\nproperty.filesink.location=${LINE_NUMBER}.wav\n",
      NULL);
  assert_warnings (RECORD "reads.launch\n", NULL);
}

/* They are used, and what they are stands in no sentence. */
static void
test_secrets (void)
{
  assert_warnings (RECORD "secret.launch\n", "token of whipserver");
  assert_warnings (RECORD "open-secret.launch\nset.TOKEN=canary\n",
      "token of whipserver");
  assert_warnings (RECORD
      "open.launch\nproperty.aiagentsink.backend::key=canary\n"
      "property.whipserver.turn-server=turn://u:canary@h:1\n"
      "property.whipserver.token-file=canary\n",
      "backend::key of aiagentsink\nturn-server of whipserver");
}

static const gchar *const recordings[][2] = {
  { "secret.launch", "whipserver token=canary tls-key=key.pem" },
  { "open-secret.launch", "whipserver token=${TOKEN:-} token-file=t" },
  { "fixed.launch",
      "sipsrc ! wavenc ! filesink async=false location=records/call.wav\n" },
  { "two.launch",
      "a ! filesink location=one.wav b ! splitmuxsink location=two.wav" },
  { "named.launch",
      "sipsrc ! wavenc ! filesink location=${NAME:-x}-${LINE_ID}.wav\n" },
  { "set.launch", "sipsrc ! filesink location=\"${NAME}.wav\"" },
  { "open.launch", "sipsrc ! wavenc ! filesink" },
  { "reads.launch",
      "filesrc location=a.wav ! filesink location=/dev/null\n"
      "a ! souphttpclientsink location=http://a/b" },
};

/* The example that comes along. */
static void
test_shipped (void)
{
  g_autofree gchar *path = g_build_filename (TEST_DATA_DIR, "..", "..",
      "pipelines", "gateway.ini", NULL);
  const GatewayOptions options = { .config = path };
  g_autoptr (GError) error = NULL;
  g_autoptr (GatewayConfig) config = gateway_config_new (&options, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (config->routes->len, ==, 2);
}

/* ---- Broken ones */

#define ROUTE "[route r]\nfile=a.launch\nset.PORT=1\n"

static const struct
{
  const gchar *text;
  SettingError code;
  const gchar *place, *part; /* what the message has in it */
} broken[] = {
  { "", SETTING_ERROR_MISSING, "gateway.ini", "[route NAME]" },
  { "nonsense\n", SETTING_ERROR_FILE, "gateway.ini", "nonsense" },
  { "[gateway]\nlog=x\n", SETTING_ERROR_MISSING, "gateway.ini",
      "[route NAME]" },
  { "[gateways]\n" ROUTE, SETTING_ERROR_UNKNOWN, "gateway.ini, [gateways]",
      "[gateway]" },
  { "[route]\n", SETTING_ERROR_UNKNOWN, "[route]", "[route NAME]" },
  { "[gateway]\nlogs=x\n" ROUTE, SETTING_ERROR_UNKNOWN, "[gateway] logs",
      "drain-timeout" },
  { "[gateway]\nlog=\n" ROUTE, SETTING_ERROR_VALUE, "[gateway] log", "empty" },
  { "[gateway]\nlog=\\q\n" ROUTE, SETTING_ERROR_VALUE, "[gateway] log", "" },
  { "[gateway]\nredact=names\n" ROUTE, SETTING_ERROR_VALUE, "[gateway] redact",
      "\"names\"" },
  { "[gateway]\nmetrics=9100\n" ROUTE, SETTING_ERROR_VALUE, "[gateway] metrics",
      "127.0.0.1:9100" },
  { "[gateway]\nmetrics=a:0\n" ROUTE, SETTING_ERROR_VALUE, "[gateway] metrics",
      "\"a:0\"" },
  { "[gateway]\ndrain-timeout=-1\n" ROUTE, SETTING_ERROR_VALUE,
      "[gateway] drain-timeout", "86400" },
  { "[gateway]\nset.1A=x\n" ROUTE, SETTING_ERROR_VALUE, "[gateway] set.1A",
      "\"1A\"" },
  { "[gateway]\nset.LINE_ID=x\n" ROUTE, SETTING_ERROR_CLASH,
      "[gateway] set.LINE_ID", "LINE_ID" },
  { "[route r]\nset.PORT=1\n", SETTING_ERROR_MISSING, "[route r]", "file=" },
  { "[route r]\nfile=none.launch\n", SETTING_ERROR_FILE, "[route r]",
      "none.launch" },
  { "[route r]\nfile=empty.launch\n", SETTING_ERROR_FILE, "[route r]",
      "empty.launch" },
  { "[route r]\nfile=latin.launch\n", SETTING_ERROR_FILE, "[route r]",
      "latin.launch" },
  { ROUTE "lines=0\n", SETTING_ERROR_VALUE, "[route r] lines", "\"0\"" },
  { ROUTE "lines=many\n", SETTING_ERROR_VALUE, "[route r] lines", "\"many\"" },
  { ROUTE "warm=0\n", SETTING_ERROR_VALUE, "[route r] warm", "\"0\"" },
  { ROUTE "lines=2\nwarm=3\n", SETTING_ERROR_CLASH, "[route r]",
      "3 warm lines are more than all lines (2)" },
  { ROUTE "lines=3\nwarm=2\nentry=a;b\n", SETTING_ERROR_CLASH, "[route r]",
      "each of 2 entries" },
  { ROUTE "entry=;\n", SETTING_ERROR_VALUE, "[route r] entry", "no name" },
  { "[route r]\nfile=fixed.launch\nentry=a\n", SETTING_ERROR_CLASH,
      "[route r] entry", "no ${ENTRY} in" },
  { "[route r]\nfile=comment.launch\nentry=a\nlines=2\n", SETTING_ERROR_CLASH,
      "[route r] entry", "comment.launch" },
  { ROUTE "entry=a b\n", SETTING_ERROR_VALUE, "[route r] entry", "\"a b\"" },
  { ROUTE "entry=a\n[route s]\nfile=a.launch\nset.PORT=2\nentry=b;a\nlines=2\n",
      SETTING_ERROR_CLASH, "[route s] entry", "[route r]" },
  { ROUTE "color=red\n", SETTING_ERROR_UNKNOWN, "[route r] color",
      "property.ELEMENT.NAME" },
  { ROUTE "[route s]\nfile=a.launch\n[route r]\nlines=2\n", SETTING_ERROR_CLASH,
      "[route r] is there twice", "lines 1 and 6" },
  { ROUTE "lines=1\n# lines=3\n lines = 2\n", SETTING_ERROR_CLASH,
      "[route r] lines is there twice", "lines 4 and 6" },
  { "[route a b]\nfile=a.launch\n", SETTING_ERROR_VALUE, "[route a b]",
      "letters, digits" },
  { "[route gr\xc3\xbc\xc3\x9f]\nfile=a.launch\n", SETTING_ERROR_VALUE,
      "[route gr\xc3\xbc\xc3\x9f]", "letters, digits" },
  { ROUTE "property.sipsrc=red\n", SETTING_ERROR_UNKNOWN,
      "[route r] property.sipsrc", "property.ELEMENT.NAME" },
};

static void
test_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("%s", broken[i].text);
    g_assert_null (load (broken[i].text, &error));
    g_test_message ("-> %s", error->message);
    g_assert_error (error, SETTING_ERROR, (gint) broken[i].code);
    g_assert_true (g_str_has_prefix (error->message, folder));
    g_assert_nonnull (g_strstr_len (error->message, -1, broken[i].place));
    g_assert_nonnull (g_strstr_len (error->message, -1, broken[i].part));
  }
}

/* Variables that are missing, in the file and in a property. */
static void
test_variables (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load ("[route r]\nfile=a.launch\n", &error));
  g_assert_nonnull (g_strstr_len (error->message, -1, "a.launch, line 3: "));
  g_clear_error (&error);
  g_assert_null (load (ROUTE "property.sipsrc.local-uri=${NO}\n", &error));
  g_assert_true (g_str_has_prefix (error->message,
      "route r, property.sipsrc.local-uri: "));
}

static void
test_bad_options (void)
{
  g_autofree gchar *file = g_build_filename (folder, "a.launch", NULL);
  gchar *files[] = { file, NULL };
  gchar *bad[] = { (gchar *) "PORT", NULL };
  gchar *latin[] = { (gchar *) "PORT=gr\xfc\xdf", NULL };
  gchar *good[] = { (gchar *) "PORT=1", NULL };
  gchar *misspelt[] = { (gchar *) "PORT=1", (gchar *) "PROT=1", NULL };
  const struct
  {
    GatewayOptions options;
    const gchar *part;
  } cases[] = {
    { { .variables = good }, "nothing" },
    { { .config = file, .files = files }, "--config" },
    { { .config = file, .lines = (gchar *) "2" }, "--lines" },
    { { .files = files, .variables = bad }, "NAME=VALUE" },
    { { .files = files, .variables = latin }, "no UTF-8" },
    { { .files = files, .variables = misspelt }, "no ${PROT}" },
    { { .files = files, .variables = good, .lines = (gchar *) "0" },
        "--lines is \"0\", but must be a number from 1 to" },
    { { .files = files, .variables = good, .lines = (gchar *) "-1" },
        "--lines is \"-1\"" },
    { { .files = files, .variables = good, .warm = (gchar *) "-1" },
        "--warm is \"-1\"" },
    { { .files = files,
          .variables = good,
          .lines = (gchar *) "2",
          .warm = (gchar *) "3" },
        "3 warm" },
    { { .files = files, .variables = good, .redact = (gchar *) "x" },
        "--redact names \"x\"" },
    { { .files = files, .variables = good, .metrics = (gchar *) "x" },
        "--metrics is \"x\"" },
    { { .files = files, .variables = good, .control = (gchar *) "tcp:1" },
        "--control is \"tcp:1\"" },
    { { .files = files, .variables = good, .control = (gchar *) "unix:" },
        "--control is \"unix:\"" },
    { { .files = files, .variables = good, .drain_timeout = (gchar *) "-1" },
        "--drain-timeout is \"-1\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (gateway_config_new (&cases[i].options, &error));
    g_assert_nonnull (g_strstr_len (error->message, -1, cases[i].part));
  }
}

static void
remove_file (const gchar *name)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp (NULL, NULL);
  g_free (write_file ("a.launch",
      "# a line\n${LINE_ID} ${LINE_NUMBER} ${ROUTE} \\\n${ENTRY:-none} hello "
      "${NAME:-you} ${PORT}\n"));
  g_free (write_file ("empty.launch", "# nothing\n\n"));
  g_free (write_file ("latin.launch", "gr\xfc\xdf\n"));
  g_free (write_file ("comment.launch", "# ${ENTRY}\nsipsrc ! sipsink\n"));
  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    g_free (write_file (recordings[i][0], recordings[i][1]));
  g_test_add_func ("/gatewayconfig/full", test_full);
  g_test_add_func ("/gatewayconfig/command-line", test_command_line);
  g_test_add_func ("/gatewayconfig/route-names", test_route_names);
  g_test_add_func ("/gatewayconfig/encoding", test_encoding);
  g_test_add_func ("/gatewayconfig/fixed-recording", test_fixed_recording);
  g_test_add_func ("/gatewayconfig/secrets", test_secrets);
  g_test_add_func ("/gatewayconfig/shipped", test_shipped);
  g_test_add_func ("/gatewayconfig/broken", test_broken);
  g_test_add_func ("/gatewayconfig/variables", test_variables);
  g_test_add_func ("/gatewayconfig/bad-options", test_bad_options);
  gint code = g_test_run ();
  const gchar *const files[] = { "a.launch", "empty.launch", "latin.launch",
    "comment.launch", "gateway.ini" };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    remove_file (files[i]);
  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    remove_file (recordings[i][0]);
  g_rmdir (folder);
  g_free (folder);
  return code;
}
