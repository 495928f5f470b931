/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Launch files as the tools read them: a row that begins with # is a comment, a
 * backslash at the end of a row joins it to the next, and
 *
 *   ${NAME}            is the variable's value; to be without one is an error
 *   ${NAME:-DEFAULT}   is DEFAULT where the variable is unset or empty, and may
 *                      have variables in it
 *   $${                is ${ itself
 *
 * as a shell has it. */

#define LAUNCH_TEXT_ERROR (launch_text_error_quark ())
GQuark launch_text_error_quark (void);

typedef enum
{
  LAUNCH_TEXT_ERROR_SYNTAX, /* no name, or no closing brace */
  LAUNCH_TEXT_ERROR_UNKNOWN, /* a variable without value and default */
} LaunchTextError;

gboolean launch_text_is_name (const gchar *name);

/* Past the byte order mark that some editors begin a file with. */
const gchar *launch_text_skip_mark (const gchar *text);

/* @text with @variables (string -> string) filled in; NULL with @error, which names
 * @file and the row. (transfer full) */
gchar *launch_text_expand (const gchar *file, const gchar *text,
    GHashTable *variables, GError **error);

/* The same for a single value, as of a setting: # and \ have no meaning there, and
 * an error begins with @what. */
gchar *launch_text_expand_value (const gchar *what, const gchar *value,
    GHashTable *variables, GError **error);

G_END_DECLS
