/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* The property values that a user set explicitly on one element of a pair. Both
 * elements install the same GParamSpecs; the session merges the two tables at
 * NULL->READY. Not locked: the owner's object lock (element) or lock (session). */
typedef struct _GstPairSettings GstPairSettings;

GstPairSettings *gst_pair_settings_new (void);
void gst_pair_settings_free (GstPairSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstPairSettings, gst_pair_settings_free)
GstPairSettings *gst_pair_settings_copy (const GstPairSettings *self);

void gst_pair_settings_set (GstPairSettings *self, GParamSpec *pspec,
    const GValue *value);
/* The explicit value, else the default of @pspec. TRUE if it was explicit. */
gboolean gst_pair_settings_get (const GstPairSettings *self, GParamSpec *pspec,
    GValue *value);

/* By canonical property name; the default of @klass's pspec when not set. */
guint gst_pair_settings_get_uint (const GstPairSettings *self,
    GObjectClass *klass, const gchar *name);
gint gst_pair_settings_get_enum (const GstPairSettings *self,
    GObjectClass *klass, const gchar *name);
gboolean gst_pair_settings_get_boolean (const GstPairSettings *self,
    GObjectClass *klass, const gchar *name);
gchar *gst_pair_settings_dup_string (const GstPairSettings *self,
    GObjectClass *klass, const gchar *name);
GstStructure *gst_pair_settings_dup_structure (const GstPairSettings *self,
    GObjectClass *klass, const gchar *name);

/* Adds what @other has set to @self. FALSE with GST_RESOURCE_ERROR_SETTINGS,
 * naming property and both values, where they differ; @self is then unchanged. */
gboolean gst_pair_settings_merge (GstPairSettings *self,
    const GstPairSettings *other, GError **error);

VOICE_API_END
G_END_DECLS
