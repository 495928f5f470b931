/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The command line; NULL: not given. */
typedef struct
{
  gchar *config; /* file of settings */
  GStrv files; /* or launch files, a route each */
  GStrv variables; /* NAME=VALUE */
  gchar *lines, *warm; /* numbers */
  gchar *log, *cdr, *redact, *metrics, *control;
  gchar *drain_timeout; /* a number */
} GatewayOptions;

/* Takes them from the command line; FALSE with @error. Whoever asks for help or the version gets it, and the program ends. */
gboolean gateway_options_parse (GatewayOptions *self, gint *argc, gchar ***argv,
    GError **error);
void gateway_options_clear (GatewayOptions *self);

G_END_DECLS
