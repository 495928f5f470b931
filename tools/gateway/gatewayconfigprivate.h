/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gatewayconfig.h"

G_BEGIN_DECLS

/* What the command line and the file of settings share. */

#define GATEWAY_MAX_DRAIN_TIMEOUT (24 * 60 * 60)

/* FALSE with @error. */
gboolean gateway_config_refuse (GError **error, GatewayConfigError code,
    const gchar *format, ...) G_GNUC_PRINTF (3, 4);

/* @where is an option, or file, group and key. */
gboolean gateway_parse_number (const gchar *where, const gchar *text,
    guint least, guint most, guint *number, GError **error);
gboolean gateway_parse_redact (GatewayConfig *self, const gchar *where,
    const gchar *text, GError **error);
gboolean gateway_parse_metrics (GatewayConfig *self, const gchar *where,
    const gchar *text, GError **error);

/* The variables of --set, which win over those of the file. */
gboolean gateway_set_options (GHashTable *variables,
    const GatewayOptions *options, GError **error);
guint gateway_default_warm (const GatewayRoute *route);

/* ---- gatewayroute.c */

/* Letters, digits and - _ . + of ASCII: names of routes and entries can stand in a
 * launch text, in a file's name and in a SIP URI as they are. */
gboolean gateway_name_is_good (const gchar *name);
/* One that is, of a launch file. (transfer full) */
gchar *gateway_name_of_file (const gchar *file);

GatewayRoute *gateway_route_new (const gchar *name, const gchar *file,
    GHashTable *variables);
void gateway_route_free (GatewayRoute *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GatewayRoute, gateway_route_free)
/* Reads the file and sees that a line can be made of it. @where: for errors. */
gboolean gateway_route_check (GatewayRoute *self, const gchar *where,
    GError **error);
/* Its text or a property has ${@name} in it, or with a default. */
gboolean gateway_route_uses (const GatewayRoute *self, const gchar *name);
gboolean gateway_route_set_variable (GHashTable *variables, const gchar *where,
    const gchar *name, const gchar *value, GError **error);
/* @key: "property.FACTORY.NAME" */
gboolean gateway_route_add_property (GatewayRoute *self, const gchar *where,
    const gchar *key, const gchar *value, GError **error);

/* ---- gatewaywarnings.c */

/* After the check: adds sentences that begin with @where. */
void gateway_route_warn (const GatewayRoute *self, const gchar *where,
    GPtrArray *warnings);

/* ---- gatewaysettings.c */

gboolean gateway_config_read (GatewayConfig *self,
    const GatewayOptions *options, GError **error);

G_END_DECLS
