/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A set of pad numbers, as people write it: "0,2,7", "none" or "" for none of them,
 * NULL or "all" for every one there is or will be. Immutable. */
typedef struct _MixSet MixSet;

/* NULL with a G_IO_ERROR-free error text in @error (domain mix-set) for anything
 * else than numbers between commas and spaces. */
MixSet *mix_set_parse (const gchar *text, GError **error);
void mix_set_free (MixSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MixSet, mix_set_free)

gboolean mix_set_contains (const MixSet *self, guint number);

G_END_DECLS
