/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sessionlimits.h"

#include <arpa/inet.h>
#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)
#define MINUTE (60 * SECOND)

typedef struct
{
  gdouble spent; /* sessions that are not paid back by time yet */
  gint64 at; /* ns: when that was so */
} Source;

struct _SessionLimits
{
  guint sessions; /* under way */
  GHashTable *sources; /* name -> Source */
  Source others; /* all that there is no place for */
  gint64 looked; /* ns: when there was none last, 0 = never */
};

SessionLimits *
session_limits_new (void)
{
  SessionLimits *self = g_new0 (SessionLimits, 1);

  self->sources =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
session_limits_free (SessionLimits *self)
{
  g_hash_table_unref (self->sources);
  g_free (self);
}

static gchar *
name_source (const gchar *source)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  guint8 bytes[16];
  gchar text[INET6_ADDRSTRLEN];

  if (inet_pton (AF_INET6, source, bytes) != 1)
    return g_strdup (source);
  /* IPv4, of a socket that takes both. */
  if (!memcmp (bytes, mapped, sizeof mapped))
    return g_strdup (
        inet_ntop (AF_INET, bytes + sizeof mapped, text, sizeof text));
  memset (bytes + 8, 0, 8);
  return g_strdup (inet_ntop (AF_INET6, bytes, text, sizeof text));
}

/* Nobody who owes: he would begin anew. */
static gboolean
is_paid (gpointer name, gpointer value, gpointer now)
{
  const Source *source = value;

  return source->at + MINUTE <= *(const gint64 *) now;
}

static gboolean
has_place (SessionLimits *self, gint64 now)
{
  if (g_hash_table_size (self->sources) < SESSION_LIMITS_SOURCES)
    return TRUE;
  /* A flood does not make us look through all of them each time. */
  if (self->looked && now - self->looked < SECOND)
    return FALSE;
  self->looked = now;
  return g_hash_table_foreach_remove (self->sources, is_paid, &now) > 0;
}

static Source *
find_source (SessionLimits *self, const gchar *address, gint64 now)
{
  g_autofree gchar *name = name_source (address);
  Source *source = g_hash_table_lookup (self->sources, name);

  if (source)
    return source;
  if (!has_place (self, now))
    return &self->others;
  source = g_new0 (Source, 1);
  source->at = now;
  g_hash_table_insert (self->sources, g_steal_pointer (&name), source);
  return source;
}

static gboolean
take (Source *self, guint per_minute, gint64 now)
{
  const gdouble repaid =
      (gdouble) MAX (now - self->at, 0) / MINUTE * per_minute;

  self->spent = MAX (self->spent - repaid, 0);
  self->at = MAX (now, self->at);
  if (self->spent + 1 > per_minute)
    return FALSE;
  self->spent += 1;
  return TRUE;
}

SessionLimitsVerdict
session_limits_begin (SessionLimits *self, const gchar *source, guint most,
    guint per_minute, gint64 now)
{
  if (most && self->sessions >= most)
    return SESSION_LIMITS_TOO_MANY;
  if (source && per_minute &&
      !take (find_source (self, source, now), per_minute, now))
    return SESSION_LIMITS_TOO_FAST;
  self->sessions++;
  return SESSION_LIMITS_FREE;
}

void
session_limits_end (SessionLimits *self)
{
  g_return_if_fail (self->sessions);

  self->sessions--;
}

guint
session_limits_count_sources (const SessionLimits *self)
{
  return g_hash_table_size (self->sources);
}
