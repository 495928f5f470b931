/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A setting that somebody wrote, as an option or into a file. Every error names the
 * option, or file, group and key. */

#define SETTING_ERROR (setting_error_quark ())
GQuark setting_error_quark (void);

typedef enum
{
  SETTING_ERROR_FILE,
  SETTING_ERROR_UNKNOWN, /* no such group or key */
  SETTING_ERROR_VALUE,
  SETTING_ERROR_MISSING,
  SETTING_ERROR_CLASH, /* two settings that exclude each other */
} SettingError;

/* FALSE with @error. */
gboolean setting_refuse (GError **error, SettingError code, const gchar *format,
    ...) G_GNUC_PRINTF (3, 4);

/* @where is an option, or file, group and key. */
gboolean setting_parse_number (const gchar *where, const gchar *text,
    guint least, guint most, guint *number, GError **error);

/* If values of a property or variable that is called so are secrets. */
gboolean setting_is_secret (const gchar *name);

G_END_DECLS
