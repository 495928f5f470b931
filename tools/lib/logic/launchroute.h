/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Callers who get the same launch text. It is run as lines: a line is one pipeline
 * that was made of the text. Errors are of SETTING_ERROR and LAUNCH_TEXT_ERROR. */

/* property.FACTORY.NAME=VALUE: set on every element of that kind. */
typedef struct
{
  gchar *factory, *name, *value;
} LaunchProperty;

typedef struct
{
  gchar *name;
  gchar *file; /* launch file, as it can be opened */
  gchar *text; /* what is in it */
  guint lines; /* at most, of all entries together */
  guint warm; /* that wait, for each entry */
  GStrv entries; /* values of ${ENTRY}; empty: the route has no such names */
  GHashTable *variables; /* string -> string */
  GPtrArray *properties; /* LaunchProperty */
} LaunchRoute;

/* What is different in each line of a route. */
typedef struct
{
  const gchar *id; /* ${LINE_ID} */
  guint number; /* ${LINE_NUMBER} */
  const gchar *entry; /* ${ENTRY}, NULL: none */
} LaunchLineNames;

/* Letters, digits and - _ . + of ASCII: names of routes and entries can stand in a
 * launch text, in a file's name and in a SIP URI as they are. */
gboolean launch_route_name_is_good (const gchar *name);
/* One that is, of a launch file. (transfer full) */
gchar *launch_route_name_of_file (const gchar *file);

LaunchRoute *launch_route_new (const gchar *name, const gchar *file,
    GHashTable *variables);
void launch_route_free (LaunchRoute *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LaunchRoute, launch_route_free)

/* @where: for errors. */
gboolean launch_route_set_variable (GHashTable *variables, const gchar *where,
    const gchar *name, const gchar *value, GError **error);
/* @key: "property.FACTORY.NAME" */
gboolean launch_route_add_property (LaunchRoute *self, const gchar *where,
    const gchar *key, const gchar *value, GError **error);

/* Reads the file and sees that a line can be made of it. */
gboolean launch_route_check (LaunchRoute *self, const gchar *where,
    GError **error);
/* After the check: adds sentences that begin with @where, of what runs, but hardly
 * as it was meant. */
void launch_route_warn (const LaunchRoute *self, const gchar *where,
    GPtrArray *warnings);

/* Its text or a property has ${@name} in it, or with a default. */
gboolean launch_route_uses (const LaunchRoute *self, const gchar *name);

/* What gst_parse_launch() gets for the line; (transfer full). */
gchar *launch_route_expand (const LaunchRoute *self,
    const LaunchLineNames *names, GError **error);
/* The value of one of its `properties`; (transfer full). */
gchar *launch_route_expand_property (const LaunchRoute *self,
    const LaunchLineNames *names, const LaunchProperty *property,
    GError **error);
/* Adds the values, as its lines have them, of variables and properties whose names
 * say that they are secrets. */
void launch_route_list_secrets (const LaunchRoute *self, GPtrArray *secrets);

G_END_DECLS
