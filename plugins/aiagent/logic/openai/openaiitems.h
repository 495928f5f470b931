/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the agent says: items of the service's conversation, and the answers that the
 * caller hears of them. One is here from its first sign until it was heard, or cut off. */

#define OPENAI_ITEMS 64

typedef struct
{
  gchar *id, *response;
  guint content_index;
  guint answer; /* 0 = it has no sound yet */
  gboolean ended; /* all of its sound has come */
  guint64 bytes; /* of sound that came */
  gint odd; /* half a sample that waits for the other, -1 = none */
  GString *text; /* what it says, as far as that was told */
} OpenaiItem;

typedef struct _OpenaiItems OpenaiItems;

OpenaiItems *openai_items_new (void);
void openai_items_free (OpenaiItems *self);
void openai_items_clear (OpenaiItems *self);

/* NULL: there is none. */
OpenaiItem *openai_items_find (OpenaiItems *self, const gchar *id);
/* Which one goes when another one comes; NULL: there is room. One that has no sound before
 * one that has, one that is complete before one that is not, and not what is being spoken
 * while there is another. */
OpenaiItem *openai_items_get_excess (OpenaiItems *self);
/* Adds it, if it is not there, in place of the excess. */
OpenaiItem *openai_items_get (OpenaiItems *self, const gchar *id,
    const gchar *response);
guint openai_items_get_length (const OpenaiItems *self);
OpenaiItem *openai_items_get_at (OpenaiItems *self, guint index);

/* @answer was heard to its end; nothing of it is left to be cut. */
void openai_items_played (OpenaiItems *self, guint answer);

typedef struct
{
  gchar *id;
  guint content_index;
  gint64 ms; /* heard; 0 = nothing: it goes as a whole */
} OpenaiCut;

/* All that waits is cut off; @answer was heard for @heard ms, 0 = none was. (transfer
 * full): OpenaiCut, for each item that is not as it was said. @byte_rate: of a second. */
GArray *openai_items_cut (OpenaiItems *self, guint answer, guint heard,
    guint byte_rate);

G_END_DECLS
