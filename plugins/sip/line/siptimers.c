/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "siptimers.h"

#include <string.h>

/* A day: longer than any ringing that somebody means. */
#define LONGEST_RING (24 * 60 * 60 * 1000)

typedef struct
{
  const gchar *name;
  guint longest;
  gsize offset;
} Field;

static const Field fields[] = {
  { "ring-timeout", LONGEST_RING, G_STRUCT_OFFSET (SipTimers, ring_timeout) },
  { "max-duration", G_MAXINT, G_STRUCT_OFFSET (SipTimers, max_duration) },
  { "hang-up-delay", 60000, G_STRUCT_OFFSET (SipTimers, hang_up_delay) },
  /* No caller waits longer without hearing anything. */
  { "busy-wait", 30000, G_STRUCT_OFFSET (SipTimers, busy_wait) },
};

typedef struct
{
  SipTimers *timers;
  GError **error;
} Reading;

static const Field *
find_field (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].name, name))
      return &fields[i];
  return NULL;
}

/* -1: it is no number of ms. Text has int where the application may have uint. */
static gint64
get_ms (const GValue *value)
{
  if (G_VALUE_HOLDS_INT (value))
    return g_value_get_int (value);
  return G_VALUE_HOLDS_UINT (value) ? (gint64) g_value_get_uint (value) : -1;
}

static gboolean
read_field (GQuark id, const GValue *value, gpointer user)
{
  const Reading *reading = user;
  const gchar *name = g_quark_to_string (id);
  const Field *field = find_field (name);
  const gint64 ms = get_ms (value);

  if (field && ms >= 0 && ms <= field->longest) {
    G_STRUCT_MEMBER (guint, reading->timers, field->offset) = (guint) ms;
    return TRUE;
  }
  if (field)
    g_set_error (reading->error, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_SETTINGS,
        "timers has a %s that is no number of ms from 0 to %u.", name,
        field->longest);
  else
    g_set_error (reading->error, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_SETTINGS,
        "timers has \"%s\", but there are ring-timeout, max-duration, "
        "hang-up-delay and busy-wait.",
        name);
  return FALSE;
}

gboolean
sip_timers_read (SipTimers *self, const GstStructure *said, GError **error)
{
  Reading reading = { self, error };

  *self = (SipTimers){ .ring_timeout = 60000, .hang_up_delay = 200 };
  return !said || gst_structure_foreach (said, read_field, &reading);
}
