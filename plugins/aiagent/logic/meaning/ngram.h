/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A trigram model of sentences with weights: interpolated Witten-Bell, as Bell, Cleary and
 * Witten (Text Compression, 1990) have it, the lowest order with an even share for each
 * word. */
typedef struct _Ngram Ngram;

Ngram *ngram_new (void);
void ngram_free (Ngram *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ngram, ngram_free)

/* @sentence: words with one space between them, which was said @weight times. */
void ngram_add (Ngram *self, const gchar *sentence, gdouble weight);
/* The model in ARPA's format. (transfer full) */
gchar *ngram_write (Ngram *self);
/* Of @word after @before and @last, which may be NULL: less is known of what went
 * before. */
gdouble ngram_get_probability (Ngram *self, const gchar *before,
    const gchar *last, const gchar *word);

G_END_DECLS
