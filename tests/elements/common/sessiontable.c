/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How the two elements of a pair meet. The elements here are of the smallest kind
 * that joins: NULL->READY takes a session, READY->NULL drops it. In between they look
 * whether the other half stands elsewhere. */

#include "common/pair/gstsessiontable.h"

#include <string.h>

/* ---- A session, and an element that wants one */

#define TYPE_SESSION (session_get_type ())
G_DECLARE_FINAL_TYPE (Session, session, TEST, SESSION, GObject)
#define TYPE_OTHER_SESSION (other_session_get_type ())
G_DECLARE_FINAL_TYPE (OtherSession, other_session, TEST, OTHER_SESSION, GObject)
#define TYPE_HALF (half_get_type ())
G_DECLARE_FINAL_TYPE (Half, half, TEST, HALF, GstElement)

struct _Session
{
  GObject parent;
};

struct _OtherSession
{
  GObject parent;
};

struct _Half
{
  GstElement parent;
  const gchar *name;
  GObject *session;
  gboolean is_other; /* its session is an OtherSession */
};

G_DEFINE_FINAL_TYPE (Session, session, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (OtherSession, other_session, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (Half, half, GST_TYPE_ELEMENT)

static gint n_sessions; /* alive; atomic */

static void
session_finalize (GObject *object)
{
  g_atomic_int_add (&n_sessions, -1);
  G_OBJECT_CLASS (session_parent_class)->finalize (object);
}

static void
session_init (Session *self)
{
  g_atomic_int_inc (&n_sessions);
}

static void
session_class_init (SessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = session_finalize;
}

static void
other_session_init (OtherSession *self)
{
}

static void
other_session_class_init (OtherSessionClass *klass)
{
}

static GObject *
new_session (const gchar *name)
{
  return g_object_new (TYPE_SESSION, NULL);
}

static GObject *
new_other_session (const gchar *name)
{
  return g_object_new (TYPE_OTHER_SESSION, NULL);
}

static void
half_join (Half *self)
{
  GstElement *element = GST_ELEMENT (self);

  self->session = self->is_other
      ? gst_session_table_join (element, TYPE_OTHER_SESSION, self->name,
            new_other_session)
      : gst_session_table_join (element, TYPE_SESSION, self->name, new_session);
  gst_session_table_enter (element, self->session, self->name);
}

static GstStateChangeReturn
half_change_state (GstElement *element, GstStateChange transition)
{
  Half *self = TEST_HALF (element);

  if (transition == GST_STATE_CHANGE_NULL_TO_READY)
    half_join (self);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    gst_session_table_check (element, self->session);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL) {
    gst_session_table_leave (element, self->session);
    g_clear_object (&self->session);
  }
  return GST_ELEMENT_CLASS (half_parent_class)
      ->change_state (element, transition);
}

static void
half_init (Half *self)
{
  self->name = "default";
}

static void
half_class_init (HalfClass *klass)
{
  GST_ELEMENT_CLASS (klass)->change_state = half_change_state;
}

static Half *
add_half (GstElement *bin, const gchar *name)
{
  Half *half = g_object_new (TYPE_HALF, NULL);

  half->name = name;
  g_assert_true (gst_bin_add (GST_BIN (bin), GST_ELEMENT (half)));
  return half;
}

static Half *
add_sink (GstElement *bin, const gchar *name)
{
  Half *half = add_half (bin, name);

  GST_OBJECT_FLAG_SET (half, GST_ELEMENT_FLAG_SINK);
  return half;
}

static GstElement *
add_bin (GstElement *parent)
{
  GstElement *bin = gst_bin_new (NULL);

  g_assert_true (gst_bin_add (GST_BIN (parent), bin));
  return bin;
}

static void
set_state (gpointer element, GstState state)
{
  g_assert_cmpint (gst_element_set_state (element, state), !=,
      GST_STATE_CHANGE_FAILURE);
}

static void
end (GstElement *pipeline)
{
  set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

static void
assert_met (const Half *a, const Half *b)
{
  g_assert_nonnull (a->session);
  g_assert_true (a->session == b->session);
}

/* ---- Tests */

static void
test_pair (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  Half *a = add_half (pipeline, "x"), *b = add_half (pipeline, "x");
  Half *c = add_half (pipeline, "y");

  set_state (pipeline, GST_STATE_READY);
  assert_met (a, b);
  g_assert_true (a->session != c->session);
  g_assert_cmpint (n_sessions, ==, 2);
  set_state (pipeline, GST_STATE_NULL);
  g_assert_cmpint (n_sessions, ==, 0);
  set_state (pipeline, GST_STATE_READY);
  assert_met (a, b);
  end (pipeline);
  g_assert_cmpint (n_sessions, ==, 0);
}

static void
test_nested (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstElement *bin = add_bin (pipeline);
  Half *deep = add_half (add_bin (bin), "x");
  Half *side = add_half (add_bin (pipeline), "x");
  Half *top = add_half (pipeline, "x");

  set_state (pipeline, GST_STATE_READY);
  assert_met (deep, top);
  assert_met (side, top);
  end (pipeline);
}

/* Whichever is first, and wherever the other is put. */
static void
test_added_later (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstElement *bin = add_bin (pipeline);
  Half *first = add_half (bin, "x");

  set_state (pipeline, GST_STATE_PLAYING);
  Half *top = add_half (pipeline, "x");
  set_state (top, GST_STATE_PLAYING);
  assert_met (first, top);
  Half *deep = add_half (add_bin (pipeline), "x");
  GstObject *deep_bin = GST_OBJECT_PARENT (deep);
  g_assert_true (gst_element_sync_state_with_parent (GST_ELEMENT (deep_bin)));
  assert_met (first, deep);
  end (pipeline);
}

/* One of the pair goes and comes back: its half of the session is still there. */
static void
test_half_restarts (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  Half *a = add_half (add_bin (pipeline), "x"), *b = add_half (pipeline, "x");

  set_state (pipeline, GST_STATE_PLAYING);
  GObject *session = a->session;
  set_state (a, GST_STATE_NULL);
  g_assert_null (a->session);
  set_state (a, GST_STATE_PLAYING);
  g_assert_true (a->session == session);
  set_state (b, GST_STATE_NULL);
  set_state (a, GST_STATE_NULL);
  g_assert_cmpint (n_sessions, ==, 0); /* nobody was left */
  set_state (b, GST_STATE_PLAYING);
  set_state (a, GST_STATE_PLAYING);
  assert_met (a, b);
  end (pipeline);
}

static void
test_two_pipelines (void)
{
  GstElement *one = gst_pipeline_new (NULL), *two = gst_pipeline_new (NULL);
  Half *a = add_half (one, "x"), *b = add_half (two, "x");

  set_state (one, GST_STATE_PLAYING);
  set_state (two, GST_STATE_PLAYING);
  g_assert_true (a->session != b->session);
  /* Nor does one that moves take its table along. */
  gst_object_ref (a);
  set_state (a, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (one), GST_ELEMENT (a));
  gst_bin_add (GST_BIN (two), GST_ELEMENT (a));
  gst_object_unref (a);
  set_state (a, GST_STATE_PLAYING);
  assert_met (a, b);
  end (one);
  end (two);
}

static void
test_shared_on_purpose (void)
{
  GstElement *one = gst_pipeline_new (NULL), *two = gst_pipeline_new (NULL);
  Half *a = add_half (one, "x"), *b = add_half (two, "x");
  g_autoptr (GstContext) context = gst_session_table_context_new ();

  gst_element_set_context (one, context);
  gst_element_set_context (two, context);
  set_state (one, GST_STATE_PLAYING);
  set_state (two, GST_STATE_PLAYING);
  assert_met (a, b);
  end (one);
  end (two);
}

/* An element under GstHarness has no bus, and may have no context either. */
static void
test_alone (void)
{
  Half *a = g_object_new (TYPE_HALF, NULL), *b = g_object_new (TYPE_HALF, NULL);
  g_autoptr (GstContext) context = gst_session_table_context_new ();

  gst_object_ref_sink (a);
  gst_object_ref_sink (b);
  set_state (a, GST_STATE_READY);
  g_assert_nonnull (a->session);
  set_state (a, GST_STATE_NULL);
  gst_element_set_context (GST_ELEMENT (a), context);
  gst_element_set_context (GST_ELEMENT (b), context);
  set_state (a, GST_STATE_READY);
  set_state (b, GST_STATE_READY);
  assert_met (a, b);
  set_state (a, GST_STATE_NULL);
  set_state (b, GST_STATE_NULL);
  gst_object_unref (a);
  gst_object_unref (b);
  g_assert_cmpint (n_sessions, ==, 0);
}

/* The type is part of the key. */
static void
test_types (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  Half *a = add_half (pipeline, "x");

  set_state (pipeline, GST_STATE_READY);
  g_autoptr (GObject) other = gst_session_table_join (GST_ELEMENT (a),
      TYPE_OTHER_SESSION, "x", new_other_session);
  g_assert_true (TEST_IS_OTHER_SESSION (other));
  g_assert_true (TEST_IS_SESSION (a->session));
  end (pipeline);
}

/* A context that somebody else made up under our name is no use. */
static void
test_foreign_context (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  Half *a = add_half (pipeline, "x"), *b = add_half (pipeline, "x");
  g_autoptr (GstContext) context =
      gst_context_new (GST_SESSION_TABLE_CONTEXT, FALSE);

  gst_element_set_context (pipeline, context);
  set_state (pipeline, GST_STATE_READY);
  assert_met (a, b);
  end (pipeline);
}

/* ---- Halves that stand apart */

/* How many warnings there are on the bus; each must have @part in it. */
static guint
take_warnings (GstElement *pipeline, const gchar *part)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING))) {
    g_autoptr (GError) error = NULL;
    gst_message_parse_warning (message, &error, NULL);
    g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
    if (!part || !strstr (error->message, part))
      g_error ("%s", error->message);
    gst_message_unref (message);
    n++;
  }
  return n;
}

/* `session` was set on one of the two; it is said once, and again only after a start
 * from NULL. */
static void
test_apart (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  Half *src = add_half (add_bin (pipeline), "x");
  Half *sink = add_sink (pipeline, "default");

  g_autofree gchar *both =
      g_strdup_printf ("%s has session=default and %s has session=x",
          GST_OBJECT_NAME (sink), GST_OBJECT_NAME (src));

  set_state (pipeline, GST_STATE_READY);
  g_assert_cmpuint (take_warnings (pipeline, NULL), ==, 0);
  set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (take_warnings (pipeline, both), ==, 1);
  set_state (pipeline, GST_STATE_READY);
  set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (take_warnings (pipeline, NULL), ==, 0);
  set_state (pipeline, GST_STATE_NULL);
  set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (take_warnings (pipeline, both), ==, 1);
  end (pipeline);
}

/* Two pairs of which each has a misspelt half, beside one that is good. */
static void
test_two_apart (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);

  add_half (pipeline, "good");
  add_sink (pipeline, "good");
  add_half (pipeline, "a");
  add_sink (pipeline, "A");
  add_half (pipeline, "b");
  add_sink (pipeline, "B");
  set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (take_warnings (pipeline, "session="), ==, 2);
  end (pipeline);
}

/* Pairs under names of their own, a half that has no other anywhere, one whose other
 * half is of another kind. */
static void
test_not_apart (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);

  add_half (pipeline, "a");
  add_sink (pipeline, "a");
  add_sink (pipeline, "b");
  add_half (pipeline, "b");
  add_half (pipeline, "c");
  add_half (pipeline, "d");
  add_sink (pipeline, "e")->is_other = TRUE;
  set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpuint (take_warnings (pipeline, NULL), ==, 0);
  end (pipeline);
}

/* Who comes later is looked at when it comes. */
static void
test_apart_later (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);

  add_half (pipeline, "a");
  set_state (pipeline, GST_STATE_PLAYING);
  Half *good = add_sink (pipeline, "a");
  set_state (good, GST_STATE_PLAYING);
  g_assert_cmpuint (take_warnings (pipeline, NULL), ==, 0);
  set_state (good, GST_STATE_NULL);
  set_state (add_sink (pipeline, "b"), GST_STATE_PLAYING);
  g_assert_cmpuint (take_warnings (pipeline, "session=b"), ==, 1);
  end (pipeline);
}

#define ROUNDS 2000

static gpointer
join_and_leave (gpointer element)
{
  for (guint i = 0; i < ROUNDS; i++) {
    GObject *session =
        gst_session_table_join (element, TYPE_SESSION, "x", new_session);
    g_assert_true (TEST_IS_SESSION (session));
    g_object_unref (session);
  }
  return NULL;
}

/* The session dies and is made anew all the time, from two threads. */
static void
test_dying_session (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  Half *a = add_half (pipeline, "y"), *b = add_half (pipeline, "y");

  set_state (pipeline, GST_STATE_READY);
  GThread *one = g_thread_new ("one", join_and_leave, a);
  GThread *two = g_thread_new ("two", join_and_leave, b);
  g_thread_join (one);
  g_thread_join (two);
  g_assert_cmpint (n_sessions, ==, 1);
  end (pipeline);
}

static GObject *
new_slow_session (const gchar *name)
{
  g_usleep (20000);
  return g_object_new (TYPE_SESSION, NULL);
}

static gpointer
join_slowly (gpointer element)
{
  return gst_session_table_join (element, TYPE_SESSION, "x", new_slow_session);
}

/* Both find nothing and make one: only one of them is the session. */
static void
test_at_once (void)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  Half *a = add_half (pipeline, "y"), *b = add_half (pipeline, "y");

  set_state (pipeline, GST_STATE_READY);
  GThread *one = g_thread_new ("one", join_slowly, a);
  GThread *two = g_thread_new ("two", join_slowly, b);
  g_autoptr (GObject) first = g_thread_join (one);
  g_autoptr (GObject) second = g_thread_join (two);
  g_assert_nonnull (first);
  g_assert_true (first == second);
  g_assert_cmpint (n_sessions, ==, 2); /* with that of "y" */
  end (pipeline);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sessiontable/pair", test_pair);
  g_test_add_func ("/sessiontable/nested", test_nested);
  g_test_add_func ("/sessiontable/added-later", test_added_later);
  g_test_add_func ("/sessiontable/half-restarts", test_half_restarts);
  g_test_add_func ("/sessiontable/two-pipelines", test_two_pipelines);
  g_test_add_func ("/sessiontable/shared-on-purpose", test_shared_on_purpose);
  g_test_add_func ("/sessiontable/alone", test_alone);
  g_test_add_func ("/sessiontable/types", test_types);
  g_test_add_func ("/sessiontable/foreign-context", test_foreign_context);
  g_test_add_func ("/sessiontable/apart", test_apart);
  g_test_add_func ("/sessiontable/two-apart", test_two_apart);
  g_test_add_func ("/sessiontable/not-apart", test_not_apart);
  g_test_add_func ("/sessiontable/apart-later", test_apart_later);
  g_test_add_func ("/sessiontable/dying-session", test_dying_session);
  g_test_add_func ("/sessiontable/at-once", test_at_once);
  return g_test_run ();
}
