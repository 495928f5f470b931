/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"
#include "gstpairsettings.h"
#include "common/loop/stepqueue.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* What an element of a pair shares with the other one: the name of their session, what
 * was set of it, and membership. The two have no common base class (one is a
 * GstFrameSrc, the other a GstVoiceSink), so each owns one of these, as the first member
 * of what its kind of pair adds.
 *
 * From NULL to READY an element joins: gst_session_table_join(), the session's own
 * attach with gst_pair_half_dup_settings(), gst_pair_half_enter(). From READY to NULL:
 * gst_pair_half_leave(), the session's own detach. */
typedef struct
{
  /* Set when made, never changed: read freely. */
  GstElement *element; /* not owned: it owns us */

  /* Under the object lock of the element. */
  gchar *name;
  GstPairSettings *settings;
  gboolean started; /* the session was above READY since it was joined */

  /* Written in NULL->READY and READY->NULL, under the object lock; read under it, or by
   * gst_pair_half_get_session(). */
  gpointer session;
} GstPairHalf;

void gst_pair_half_init (GstPairHalf *self, GstElement *element);
void gst_pair_half_clear (GstPairHalf *self);

/* That of @element, which has one; borrowed. */
gpointer gst_pair_half_of (gpointer element);

/* ---- Properties; no lock. They are known by their names: `session` is the name and
 * kept from NULL to NULL; `context` is kept as long once the session was started, which
 * has its loop since then; `session-object` is the session; all else are settings. */

/* At the beginning of set_property: warns if @value comes too late. */
void gst_pair_half_check_late (GstPairHalf *self, const GValue *value,
    GParamSpec *pspec);
void gst_pair_half_set (GstPairHalf *self, const GValue *value,
    GParamSpec *pspec);
void gst_pair_half_get (GstPairHalf *self, GValue *value, GParamSpec *pspec);

/* (transfer full) */
gchar *gst_pair_half_dup_name (GstPairHalf *self);
GstPairSettings *gst_pair_half_dup_settings (GstPairHalf *self);

/* ---- Membership */

/* NULL->READY: @session, which knows the element by now, is joined; takes it. */
void gst_pair_half_enter (GstPairHalf *self, gpointer session,
    const gchar *name);
/* READY->PAUSED: what is kept until NULL is kept from now on. */
void gst_pair_half_start (GstPairHalf *self);
/* READY->NULL. The session, (transfer full), or NULL if none was joined. */
gpointer gst_pair_half_leave (GstPairHalf *self);

/* Any thread; (transfer full), NULL in NULL. */
gpointer gst_pair_half_dup_session (GstPairHalf *self);
/* Where the element cannot leave meanwhile: in its state changes, and with the
 * STREAM_LOCK of its pad held while that is active, since deactivating waits for it.
 * Borrowed, no lock. */
gpointer gst_pair_half_get_session (const GstPairHalf *self);

/* Any thread. Of the two halves one tells the application what the session does: the
 * source where there is one. */
gboolean gst_pair_half_is_reporter (GstPairHalf *self);

/* ---- The other side: what the session of a pair has of both, as a member of it.
 *
 * Halves attach and detach, begin and end, each in its thread. What follows from that is
 * done in the order in which it was decided: `steps`, which the session adds to under its
 * lock, and works off as it likes. */

#define GST_PAIR_N_ROLES 2

typedef struct
{
  GstElement
      *element; /* not owned: detaches before it goes; NULL: there is none */
  GstPairSettings *settings; /* of the element */
} GstPairMember;

typedef struct
{
  /* Set when made, never changed: read freely. */
  const gchar *const *names; /* of the elements, by role */

  StepQueue steps; /* as it says */

  /* The session's lock protects everything below. */
  GstPairMember members[GST_PAIR_N_ROLES];
  GObjectClass *klass; /* of the elements: describes the settings */
} GstPair;

/* @lock is that of @session, a leaf; @run and @free as in step_queue_init(). */
void gst_pair_init (GstPair *self, const gchar *const *names, GMutex *lock,
    StepFunc run, GDestroyNotify free, gpointer session);
void gst_pair_clear (GstPair *self);

/* ---- Lock held */

/* GST_RESOURCE_ERROR_BUSY when @role is taken, _SETTINGS when the halves disagree. */
gboolean gst_pair_attach_unlocked (GstPair *self, guint role,
    GstElement *element, const GstPairSettings *settings, GError **error);
void gst_pair_detach_unlocked (GstPair *self, guint role);
/* Whether @role may have @settings beside those of the other half. */
gboolean gst_pair_agrees_unlocked (const GstPair *self, guint role,
    const GstPairSettings *settings, GError **error);
/* What was set since; takes @settings. */
void gst_pair_change_unlocked (GstPair *self, guint role,
    GstPairSettings *settings);
/* Those of both halves; where they disagree, those of the first. (transfer full) */
GstPairSettings *gst_pair_merge_unlocked (const GstPair *self, GError **error);

VOICE_API_END
G_END_DECLS
