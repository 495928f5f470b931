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
};

G_DEFINE_FINAL_TYPE (GstSessionTable, gst_session_table, G_TYPE_OBJECT)

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
gst_session_table_finalize (GObject *object)
{
  GstSessionTable *self = GST_SESSION_TABLE (object);

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

/* @session, or the one that another thread put there first; (transfer full). */
static GObject *
insert (GstSessionTable *self, const gchar *key, GObject *session)
{
  g_autoptr (GPtrArray) alive = g_ptr_array_new_with_free_func (g_object_unref);

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
