/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What waits for words or results that come late: the caller's turns, whose words the
 * service tells when it has understood them, and tools. The last ones only. */

#define OPENAI_SPEECHES 32
#define OPENAI_CALLS 64

typedef struct
{
  gchar *item; /* "" = not known yet */
  guint64 start, end; /* running time (ns); OPENAI_NO_TIME = not known */
  guint answer; /* the first that began behind it, 0 = none has */
  GString *text;
} OpenaiSpeech;

typedef struct
{
  gchar *id, *name;
  guint connection; /* on which it was called for */
  gboolean called, answered;
} OpenaiCall;

typedef struct _OpenaiLate OpenaiLate;

OpenaiLate *openai_late_new (void);
void openai_late_free (OpenaiLate *self);
void openai_late_clear (OpenaiLate *self);

OpenaiSpeech *openai_late_add_speech (OpenaiLate *self, const gchar *item,
    guint64 start);
/* NULL: there is none. */
OpenaiSpeech *openai_late_find_speech (OpenaiLate *self, const gchar *item);
OpenaiSpeech *openai_late_get_last_speech (OpenaiLate *self);
/* The oldest one that has no item yet. */
OpenaiSpeech *openai_late_get_nameless_speech (OpenaiLate *self);
/* @answer began: those that had none before are answered by it. */
void openai_late_answered (OpenaiLate *self, guint answer);

/* NULL: there is none. */
OpenaiCall *openai_late_find_call (OpenaiLate *self, const gchar *id);
/* As above; @name "" adds nothing to what is known. */
OpenaiCall *openai_late_get_call (OpenaiLate *self, const gchar *id,
    const gchar *name, guint connection);
/* Called on @connection, and not answered. */
guint openai_late_count_open (OpenaiLate *self, guint connection);

G_END_DECLS
