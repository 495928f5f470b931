/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which servers did not take a call, and are tried last for a while. Names are the
 * caller's; times are monotonic, in us. */

#define TARGET_MEMORY_MAX 256 /* the one that ends first gives way */

typedef struct _TargetMemory TargetMemory;

TargetMemory *target_memory_new (void);
void target_memory_free (TargetMemory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TargetMemory, target_memory_free)

/* @name is avoided till @until; longer if it was already. */
void target_memory_avoid (TargetMemory *self, const gchar *name, gint64 until);
/* It works. */
void target_memory_clear (TargetMemory *self, const gchar *name);
gboolean target_memory_is_avoided (TargetMemory *self, const gchar *name,
    gint64 now);

G_END_DECLS
