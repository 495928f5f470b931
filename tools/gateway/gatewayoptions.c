/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gatewayoptions.h"
#include "config.h"

#include <gst/gst.h>

#include <stdio.h>
#include <stdlib.h>

#define SUMMARY \
  "Runs GStreamer launch files as lines for many callers at once: each call gets " \
  "a\npipeline of its own, and another one waits for the next caller."

/* tools/manpage.py reads it, too: a section begins with a heading and a colon; what is
 * indented by four or more stands as it is. */
#define DESCRIPTION \
  "Launch files:\n" \
  "  ${NAME} is a variable, ${NAME:-DEFAULT} one with a default, and $${ is ${\n" \
  "  itself. Every line has ${LINE_ID}, ${LINE_NUMBER}, ${ROUTE} and, where the\n" \
  "  route has entries, ${ENTRY}. A line serves one call and is then replaced,\n" \
  "  whatever on-hangup its text sets.\n" \
  "\n" \
  "  Values stand in the text as they are: quote those that may have spaces, as in\n" \
  "  location=\"${FILE}\".\n" \
  "\n" \
  "Steering:\n" \
  "  voice-gateway call URI --route NAME [--control unix:PATH]\n" \
  "\n" \
  "  asks a gateway that runs with --control for a call, prints its events, and ends\n" \
  "  with it: 0 = it was answered, 1 = not. Without --control the socket is\n" \
  "  $XDG_RUNTIME_DIR/voice-gateway.control, if there is one, else\n" \
  "  /run/voice-gateway/control. What else can be asked there, in lines of JSON: say,\n" \
  "  interrupt, hang-up, transfer, send-dtmf, hold, resume, drain.\n" \
  "\n" \
  "Signals:\n" \
  "  SIGTERM, Ctrl-C   no new calls (503), the end when the last one is over or\n" \
  "                    after --drain-timeout; a second one ends at once\n" \
  "  SIGHUP            log and records begin anew, after they were moved\n" \
  "\n" \
  "Exit codes:\n" \
  "  0   all calls were over\n" \
  "  1   calls were cut, or the lines do not start\n" \
  "  2   an option, a setting or a file cannot be used\n" \
  "\n" \
  "Examples:\n" \
  "  An agent for up to 40 phone calls at once:\n" \
  "    voice-gateway --lines 40 pipelines/sip-agent.launch\n" \
  "  Phones and browsers, with a log of all events and a record of each call:\n" \
  "    voice-gateway --config pipelines/gateway.ini --log events.json --cdr " \
  "calls.json\n" \
  "  Figures for Prometheus, nothing of what callers said in the log:\n" \
  "    voice-gateway --metrics 127.0.0.1:9100 --redact transcripts,digits " \
  "FILE.launch\n" \
  "  Calls that are asked for from outside, and one of them:\n" \
  "    voice-gateway --control unix:control pipelines/sip-agent.launch\n" \
  "    voice-gateway call sip:bob@192.0.2.7 --route sip-agent --control " \
  "unix:control\n" \
  "  A recording of each call, in the launch file:\n" \
  "    location=call-${LINE_ID}.wav\n" \
  "\n" \
  "Configuration file:\n" \
  "    [gateway]\n" \
  "    log=events.json          cdr=, redact=, metrics=, control= and\n" \
  "                             drain-timeout= likewise\n" \
  "    set.NAME=VALUE\n" \
  "    [route NAME]             a group for each launch file\n" \
  "    file=FILE.launch         relative to this file\n" \
  "    lines=40\n" \
  "    warm=2                   for each entry\n" \
  "    entry=sales;support      values of ${ENTRY}\n" \
  "    set.NAME=VALUE\n" \
  "    property.sipsrc.local-uri=sip:*:5060   for every sipsrc of the file\n"

static gboolean
print_version (const gchar *option, const gchar *value, gpointer data,
    GError **error)
{
  puts ("voice-gateway " PACKAGE_VERSION);
  exit (0);
}

gboolean
gateway_options_parse (GatewayOptions *self, gint *argc, gchar ***argv,
    GError **error)
{
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &self->config,
        "Which files to run, with how many lines and which settings", "FILE" },
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &self->variables,
        "Value of a variable in the launch files (repeatable)", "NAME=VALUE" },
    { "lines", 'n', 0, G_OPTION_ARG_STRING, &self->lines,
        "Calls at once, for each file (default 1)", "N" },
    { "warm", 'w', 0, G_OPTION_ARG_STRING, &self->warm,
        "Lines that wait for a call (default 2, or 1 of 1)", "N" },
    { "log", 'l', 0, G_OPTION_ARG_FILENAME, &self->log,
        "All events as lines of JSON, \"-\" = standard output (default \"-\" "
        "unless a terminal shows the errors)",
        "FILE" },
    { "cdr", 0, 0, G_OPTION_ARG_FILENAME, &self->cdr,
        "A line of JSON for each call that is over", "FILE" },
    { "redact", 0, 0, G_OPTION_ARG_STRING, &self->redact,
        "What the log leaves out: transcripts, digits", "LIST" },
    { "metrics", 'm', 0, G_OPTION_ARG_STRING, &self->metrics,
        "Where Prometheus reads /metrics, and /health is", "HOST:PORT" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &self->control,
        "Socket on which the gateway is steered", "unix:PATH" },
    { "drain-timeout", 0, 0, G_OPTION_ARG_STRING, &self->drain_timeout,
        "How long calls may go on after SIGTERM (default 60)", "SECONDS" },
    { "version", 'V', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK,
        (gpointer) print_version, "Print the version and end", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->files, NULL,
        "FILE.launch..." },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, SUMMARY);
  g_option_context_set_description (context, DESCRIPTION);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  return g_option_context_parse (context, argc, argv, error);
}

void
gateway_options_clear (GatewayOptions *self)
{
  g_free (self->config);
  g_strfreev (self->files);
  g_strfreev (self->variables);
  g_free (self->lines);
  g_free (self->warm);
  g_free (self->log);
  g_free (self->cdr);
  g_free (self->redact);
  g_free (self->metrics);
  g_free (self->control);
  g_free (self->drain_timeout);
}
