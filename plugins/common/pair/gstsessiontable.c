/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstsessiontable.h"

#define GST_TYPE_SESSION_TABLE (gst_session_table_get_type ())
G_DECLARE_FINAL_TYPE (GstSessionTable, gst_session_table, GST, SESSION_TABLE,
    GObject)

struct _GstSessionTable
{
  GObject parent;

  GMutex lock; /* leaf; protects everything below */
  GHashTable *sessions; /* "type name" -> GWeakRef */
  GPtrArray *halves; /* Half: who is in a session */
};

/* An element leaves before it goes, so neither is owned. */
typedef struct
{
  GstElement *element;
  GObject *session;
  gchar *name;
  gboolean told; /* that its other half may stand elsewhere */
} Half;

G_DEFINE_FINAL_TYPE (GstSessionTable, gst_session_table, G_TYPE_OBJECT)

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
free_half (gpointer data)
{
  Half *half = data;

  g_free (half->name);
  g_free (half);
}

static void
gst_session_table_finalize (GObject *object)
{
  GstSessionTable *self = GST_SESSION_TABLE (object);

  g_ptr_array_unref (self->halves);
  g_hash_table_unref (self->sessions);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (gst_session_table_parent_class)->finalize (object);
}

static void
gst_session_table_init (GstSessionTable *self)
{
  g_mutex_init (&self->lock);
  self->sessions =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_weak_ref);
  self->halves = g_ptr_array_new_with_free_func (free_half);
}

static void
gst_session_table_class_init (GstSessionTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gst_session_table_finalize;
}

static GObject *
lookup (GstSessionTable *self, const gchar *key)
{
  g_mutex_lock (&self->lock);
  GWeakRef *ref = g_hash_table_lookup (self->sessions, key);
  GObject *session = ref ? g_weak_ref_get (ref) : NULL;
  g_mutex_unlock (&self->lock);
  return session;
}

/* Forgets the sessions that have ended. Lock held; what this reads alive goes to
 * @alive, to be released without the lock: it may be the last reference. */
static void
prune_unlocked (GstSessionTable *self, GPtrArray *alive)
{
  GHashTableIter iter;
  gpointer ref;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &ref)) {
    GObject *session = g_weak_ref_get (ref);
    if (session)
      g_ptr_array_add (alive, session);
    else
      g_hash_table_iter_remove (&iter);
  }
}

/* On the session: its table, which the element no longer has by READY->NULL. */
static GQuark
table_quark (void)
{
  return g_quark_from_static_string ("gst-session-table");
}

/* @session, or the one that another thread put there first; (transfer full). */
static GObject *
insert (GstSessionTable *self, const gchar *key, GObject *session)
{
  g_autoptr (GPtrArray) alive = g_ptr_array_new_with_free_func (g_object_unref);

  g_object_set_qdata_full (session, table_quark (), g_object_ref (self),
      g_object_unref);
  g_mutex_lock (&self->lock);
  prune_unlocked (self, alive);
  GWeakRef *ref = g_hash_table_lookup (self->sessions, key);
  GObject *other = ref ? g_weak_ref_get (ref) : NULL;
  if (!other) {
    ref = g_new0 (GWeakRef, 1);
    g_weak_ref_init (ref, session);
    g_hash_table_replace (self->sessions, g_strdup (key), ref);
  }
  g_mutex_unlock (&self->lock);
  if (!other)
    return session;
  g_object_unref (session);
  return other;
}

/* ---- The context */

GstContext *
gst_session_table_context_new (void)
{
  GstContext *context = gst_context_new (GST_SESSION_TABLE_CONTEXT, FALSE);
  g_autoptr (GstSessionTable) table =
      g_object_new (GST_TYPE_SESSION_TABLE, NULL);

  gst_structure_set (gst_context_writable_structure (context), "table",
      GST_TYPE_SESSION_TABLE, table, NULL);
  return context;
}

static GstSessionTable *
table_of_element (GstElement *element)
{
  g_autoptr (GstContext) context =
      gst_element_get_context (element, GST_SESSION_TABLE_CONTEXT);
  GstSessionTable *table = NULL;

  if (context)
    gst_structure_get (gst_context_get_structure (context), "table",
        GST_TYPE_SESSION_TABLE, &table, NULL);
  return table;
}

static GstSessionTable *
find_table (GstElement *element)
{
  GstSessionTable *table = table_of_element (element);

  if (table)
    return table;
  /* The bins above answer from what they have seen, else the application may. */
  gst_element_post_message (element,
      gst_message_new_need_context (GST_OBJECT (element),
          GST_SESSION_TABLE_CONTEXT));
  table = table_of_element (element);
  if (table)
    return table;

  g_autoptr (GstContext) context = gst_session_table_context_new ();
  gst_element_set_context (element, context);
  gst_element_post_message (element,
      gst_message_new_have_context (GST_OBJECT (element),
          gst_context_ref (context)));
  return table_of_element (element);
}

gpointer
gst_session_table_join (GstElement *element, GType type, const gchar *name,
    GstSessionNew create)
{
  g_autoptr (GstSessionTable) table = find_table (element);
  g_autofree gchar *key = g_strdup_printf ("%s %s", g_type_name (type), name);
  GObject *session = lookup (table, key);

  return session ? session : insert (table, key, create (name));
}

/* ---- Halves that do not meet */

static gboolean
is_sink (const Half *half)
{
  return GST_OBJECT_FLAG_IS_SET (half->element, GST_ELEMENT_FLAG_SINK);
}

void
gst_session_table_enter (GstElement *element, gpointer session,
    const gchar *name)
{
  GstSessionTable *self = g_object_get_qdata (session, table_quark ());
  Half *half = g_new (Half, 1);

  *half = (Half){ element, session, g_strdup (name), FALSE };
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->halves, half);
  g_mutex_unlock (&self->lock);
}

static Half *
find_half_unlocked (GstSessionTable *self, GstElement *element)
{
  for (guint i = 0; i < self->halves->len; i++) {
    Half *half = g_ptr_array_index (self->halves, i);
    if (half->element == element)
      return half;
  }
  return NULL;
}

void
gst_session_table_leave (GstElement *element, gpointer session)
{
  GstSessionTable *self = g_object_get_qdata (session, table_quark ());

  g_mutex_lock (&self->lock);
  g_ptr_array_remove_fast (self->halves, find_half_unlocked (self, element));
  g_mutex_unlock (&self->lock);
}

static gboolean
is_alone_unlocked (GstSessionTable *self, const Half *half)
{
  guint n = 0;

  for (guint i = 0; i < self->halves->len; i++) {
    const Half *other = g_ptr_array_index (self->halves, i);
    n += other->session == half->session;
  }
  return n == 1;
}

/* The one that @half may be meant to meet. */
static Half *
find_astray_unlocked (GstSessionTable *self, const Half *half)
{
  for (guint i = 0; i < self->halves->len; i++) {
    Half *other = g_ptr_array_index (self->halves, i);
    if (G_OBJECT_TYPE (other->session) == G_OBJECT_TYPE (half->session) &&
        is_sink (other) != is_sink (half) && !other->told &&
        is_alone_unlocked (self, other))
      return other;
  }
  return NULL;
}

void
gst_session_table_check (GstElement *element, gpointer session)
{
  GstSessionTable *self = g_object_get_qdata (session, table_quark ());
  g_autofree gchar *name = NULL, *other_name = NULL;
  g_autoptr (GstElement) other_element = NULL;

  g_mutex_lock (&self->lock);
  Half *half = find_half_unlocked (self, element);
  Half *other = half && !half->told && is_alone_unlocked (self, half)
      ? find_astray_unlocked (self, half)
      : NULL;
  if (other) {
    half->told = other->told = TRUE;
    name = g_strdup (half->name);
    other_name = g_strdup (other->name);
    other_element = gst_object_ref (other->element);
  }
  g_mutex_unlock (&self->lock);
  if (other)
    GST_ELEMENT_WARNING (element, RESOURCE, SETTINGS,
        ("%s has session=%s and %s has session=%s, so they know nothing of each "
         "other. If they are to be the two halves of one, set the same session "
         "on both.",
            GST_OBJECT_NAME (element), name, GST_OBJECT_NAME (other_element),
            other_name),
        (NULL));
}
