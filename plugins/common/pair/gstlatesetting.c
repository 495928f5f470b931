/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstlatesetting.h"

static gboolean
is_running (GstElement *element)
{
  GST_OBJECT_LOCK (element);
  gboolean running = GST_STATE (element) > GST_STATE_READY;
  GST_OBJECT_UNLOCK (element);
  return running;
}

/* What cannot be read is not known to be the same. */
static gboolean
is_same (GstElement *element, GParamSpec *pspec, const GValue *value)
{
  g_auto (GValue) now = G_VALUE_INIT;

  if (!(pspec->flags & G_PARAM_READABLE))
    return FALSE;
  g_value_init (&now, G_PARAM_SPEC_VALUE_TYPE (pspec));
  g_object_get_property (G_OBJECT (element), pspec->name, &now);
  /* The first knows boxed types by their pointer only, the second no objects. */
  return g_param_values_cmp (pspec, &now, value) == 0 ||
      gst_value_compare (&now, value) == GST_VALUE_EQUAL;
}

void
gst_late_setting_tell (GstElement *element, const gchar *name)
{
  GST_ELEMENT_WARNING (element, RESOURCE, SETTINGS,
      ("\"%s\" was set while %s runs: it counts from the next start.", name,
          GST_OBJECT_NAME (element)),
      ("It can be changed in NULL and READY; until then what was set before goes "
       "on."));
}

void
gst_late_setting_check (GstElement *element, GParamSpec *pspec,
    const GValue *value)
{
  if (!(pspec->flags & GST_PARAM_MUTABLE_READY) || !is_running (element) ||
      is_same (element, pspec, value))
    return;
  gst_late_setting_tell (element, pspec->name);
}

void
gst_late_setting_check_kept (GstElement *element, GParamSpec *pspec,
    const GValue *value, gboolean kept)
{
  if (!kept || is_same (element, pspec, value))
    return;
  GST_ELEMENT_WARNING (element, RESOURCE, SETTINGS,
      ("\"%s\" was set while %s was not in NULL: it counts from the next start "
       "there.",
          pspec->name, GST_OBJECT_NAME (element)),
      ("The two halves of a pair have agreed on it; until NULL what was set before "
       "goes on."));
}
