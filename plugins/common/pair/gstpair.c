/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstpair.h"

#include "gstlatesetting.h"
#include "gstsessiontable.h"

GST_DEBUG_CATEGORY_STATIC (pair_debug);
#define GST_CAT_DEFAULT pair_debug

#define DEFAULT_NAME "default"

static GQuark
half_quark (void)
{
  return g_quark_from_static_string ("gst-pair-half");
}

/* On the session: there is a source, which does the reporting for both. */
static GQuark
has_src_quark (void)
{
  return g_quark_from_static_string ("gst-pair-has-src");
}

static void
init_log (void)
{
  static gsize once;

  if (g_once_init_enter (&once)) {
    GST_DEBUG_CATEGORY_INIT (pair_debug, "pair", 0,
        "the two elements of a session");
    g_once_init_leave (&once, 1);
  }
}

void
gst_pair_half_init (GstPairHalf *self, GstElement *element)
{
  init_log ();
  self->element = element;
  self->name = g_strdup (DEFAULT_NAME);
  self->settings = gst_pair_settings_new ();
  g_object_set_qdata (G_OBJECT (element), half_quark (), self);
}

void
gst_pair_half_clear (GstPairHalf *self)
{
  g_clear_object ((GObject **) &self->session);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->settings, gst_pair_settings_free);
}

gpointer
gst_pair_half_of (gpointer element)
{
  return g_object_get_qdata (element, half_quark ());
}

/* ---- Properties */

static gboolean
is_called (GParamSpec *pspec, const gchar *name)
{
  return g_str_equal (g_param_spec_get_name (pspec), name);
}

void
gst_pair_half_check_late (GstPairHalf *self, const GValue *value,
    GParamSpec *pspec)
{
  GST_OBJECT_LOCK (self->element);
  gboolean joined = self->session != NULL, started = self->started;
  GST_OBJECT_UNLOCK (self->element);
  if (is_called (pspec, "session"))
    gst_late_setting_check_kept (self->element, pspec, value, joined);
  else if (is_called (pspec, "context"))
    gst_late_setting_check_kept (self->element, pspec, value, started);
  else
    gst_late_setting_check (self->element, pspec, value);
}

void
gst_pair_half_set (GstPairHalf *self, const GValue *value, GParamSpec *pspec)
{
  GST_OBJECT_LOCK (self->element);
  if (is_called (pspec, "session")) {
    g_free (self->name);
    self->name = g_value_dup_string (value);
  } else {
    gst_pair_settings_set (self->settings, pspec, value);
  }
  GST_OBJECT_UNLOCK (self->element);
}

void
gst_pair_half_get (GstPairHalf *self, GValue *value, GParamSpec *pspec)
{
  if (is_called (pspec, "session-object")) {
    g_value_take_object (value, gst_pair_half_dup_session (self));
    return;
  }
  GST_OBJECT_LOCK (self->element);
  if (is_called (pspec, "session"))
    g_value_set_string (value, self->name);
  else
    gst_pair_settings_get (self->settings, pspec, value);
  GST_OBJECT_UNLOCK (self->element);
}

gchar *
gst_pair_half_dup_name (GstPairHalf *self)
{
  GST_OBJECT_LOCK (self->element);
  gchar *name = g_strdup (self->name ? self->name : DEFAULT_NAME);
  GST_OBJECT_UNLOCK (self->element);
  return name;
}

GstPairSettings *
gst_pair_half_dup_settings (GstPairHalf *self)
{
  GST_OBJECT_LOCK (self->element);
  GstPairSettings *settings = gst_pair_settings_copy (self->settings);
  GST_OBJECT_UNLOCK (self->element);
  return settings;
}

/* ---- Membership */

static gboolean
is_src (const GstPairHalf *self)
{
  return GST_OBJECT_FLAG_IS_SET (self->element, GST_ELEMENT_FLAG_SOURCE);
}

static void
note_src (const GstPairHalf *self, gpointer session, gboolean has)
{
  if (is_src (self))
    g_object_set_qdata (session, has_src_quark (), GINT_TO_POINTER (has));
}

void
gst_pair_half_enter (GstPairHalf *self, gpointer session, const gchar *name)
{
  note_src (self, session, TRUE);
  gst_session_table_enter (self->element, session, name);
  GST_OBJECT_LOCK (self->element);
  self->session = session;
  GST_OBJECT_UNLOCK (self->element);
  GST_DEBUG_OBJECT (self->element, "joins session %s", name);
}

void
gst_pair_half_start (GstPairHalf *self)
{
  GST_OBJECT_LOCK (self->element);
  self->started = TRUE;
  GST_OBJECT_UNLOCK (self->element);
}

gpointer
gst_pair_half_leave (GstPairHalf *self)
{
  GST_OBJECT_LOCK (self->element);
  gpointer session = g_steal_pointer (&self->session);
  self->started = FALSE;
  GST_OBJECT_UNLOCK (self->element);

  if (!session)
    return NULL;
  GST_DEBUG_OBJECT (self->element, "leaves its session");
  note_src (self, session, FALSE);
  gst_session_table_leave (self->element, session);
  return session;
}

gpointer
gst_pair_half_dup_session (GstPairHalf *self)
{
  GST_OBJECT_LOCK (self->element);
  gpointer session = self->session ? g_object_ref (self->session) : NULL;
  GST_OBJECT_UNLOCK (self->element);
  return session;
}

gpointer
gst_pair_half_get_session (const GstPairHalf *self)
{
  return self->session;
}

gboolean
gst_pair_half_is_reporter (GstPairHalf *self)
{
  if (is_src (self))
    return TRUE;
  g_autoptr (GObject) session = gst_pair_half_dup_session (self);
  return !session || !g_object_get_qdata (session, has_src_quark ());
}

/* ---- The session's side */

void
gst_pair_init (GstPair *self, const gchar *const *names, GMutex *lock,
    StepFunc run, GDestroyNotify free, gpointer session)
{
  *self = (GstPair){ .names = names };
  step_queue_init (&self->steps, lock, run, free, session);
}

void
gst_pair_clear (GstPair *self)
{
  for (guint i = 0; i < GST_PAIR_N_ROLES; i++)
    gst_pair_detach_unlocked (self, i);
  step_queue_clear (&self->steps);
}

gboolean
gst_pair_agrees_unlocked (const GstPair *self, guint role,
    const GstPairSettings *settings, GError **error)
{
  const GstPairMember *other = &self->members[!role];

  if (!other->element)
    return TRUE;
  g_autoptr (GstPairSettings) merged = gst_pair_settings_copy (other->settings);
  return gst_pair_settings_merge (merged, settings, error);
}

gboolean
gst_pair_attach_unlocked (GstPair *self, guint role, GstElement *element,
    const GstPairSettings *settings, GError **error)
{
  GstPairMember *member = &self->members[role];

  if (member->element) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY,
        "Another %s has this session already; give one of them another "
        "session name.",
        self->names[role]);
    return FALSE;
  }
  if (!gst_pair_agrees_unlocked (self, role, settings, error))
    return FALSE;
  *member = (GstPairMember){ element, gst_pair_settings_copy (settings) };
  self->klass = G_OBJECT_GET_CLASS (element);
  return TRUE;
}

void
gst_pair_detach_unlocked (GstPair *self, guint role)
{
  GstPairMember *member = &self->members[role];

  g_clear_pointer (&member->settings, gst_pair_settings_free);
  member->element = NULL;
}

void
gst_pair_change_unlocked (GstPair *self, guint role, GstPairSettings *settings)
{
  GstPairMember *member = &self->members[role];

  g_clear_pointer (&member->settings, gst_pair_settings_free);
  member->settings = settings;
}

GstPairSettings *
gst_pair_merge_unlocked (const GstPair *self, GError **error)
{
  GstPairSettings *merged = gst_pair_settings_new ();

  for (guint i = 0; i < GST_PAIR_N_ROLES; i++)
    if (self->members[i].element &&
        !gst_pair_settings_merge (merged, self->members[i].settings, error))
      break;
  return merged;
}
