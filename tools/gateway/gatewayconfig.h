/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the gateway is to do: from launch files and options, or from a file of
 * settings. Every error names file, group and key, or the option. */

#define GATEWAY_CONFIG_ERROR (gateway_config_error_quark ())
GQuark gateway_config_error_quark (void);

typedef enum
{
  GATEWAY_CONFIG_ERROR_FILE,
  GATEWAY_CONFIG_ERROR_UNKNOWN, /* no such group or key */
  GATEWAY_CONFIG_ERROR_VALUE,
  GATEWAY_CONFIG_ERROR_MISSING,
  GATEWAY_CONFIG_ERROR_CLASH, /* two settings that exclude each other */
} GatewayConfigError;

/* property.FACTORY.NAME=VALUE: set on every element of that kind. */
typedef struct
{
  gchar *factory, *name, *value;
} GatewayProperty;

/* Callers who get the same launch text. */
typedef struct
{
  gchar *name;
  gchar *file; /* launch file, as it can be opened */
  gchar *text; /* what is in it */
  guint lines; /* at most, of all entries together */
  guint warm; /* that wait, for each entry */
  GStrv entries; /* values of ${ENTRY}; empty: the route has no such names */
  GHashTable *variables; /* string -> string */
  GPtrArray *properties; /* GatewayProperty */
} GatewayRoute;

typedef struct
{
  GPtrArray *routes; /* GatewayRoute */
  gchar *log; /* file, "-" or NULL */
  gchar *cdr; /* file or NULL */
  gchar *metrics_host; /* NULL: no metrics */
  guint16 metrics_port;
  gboolean redact_transcripts, redact_digits;
  guint drain_timeout; /* s */
  GPtrArray *warnings; /* sentences: what runs, but hardly as it was meant */
} GatewayConfig;

/* The command line; NULL: not given. */
typedef struct
{
  gchar *config; /* file of settings */
  GStrv files; /* or launch files, a route each */
  GStrv variables; /* NAME=VALUE */
  gchar *lines, *warm; /* numbers */
  gchar *log, *cdr, *redact, *metrics;
  gchar *drain_timeout; /* a number */
} GatewayOptions;

#define GATEWAY_DEFAULT_WARM 2
#define GATEWAY_DEFAULT_DRAIN_TIMEOUT 60
#define GATEWAY_MAX_LINES 10000

GatewayConfig *gateway_config_new (const GatewayOptions *options,
    GError **error);
void gateway_config_free (GatewayConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GatewayConfig, gateway_config_free)

/* What is different in each line of a route. */
typedef struct
{
  const gchar *id; /* ${LINE_ID} */
  guint number; /* ${LINE_NUMBER} */
  const gchar *entry; /* ${ENTRY}, NULL: none */
} GatewayLineNames;

/* What gst_parse_launch() gets for the line; (transfer full). */
gchar *gateway_route_expand (const GatewayRoute *self,
    const GatewayLineNames *names, GError **error);
/* The value of one of its `properties`; (transfer full). */
gchar *gateway_route_expand_property (const GatewayRoute *self,
    const GatewayLineNames *names, const GatewayProperty *property,
    GError **error);

G_END_DECLS
