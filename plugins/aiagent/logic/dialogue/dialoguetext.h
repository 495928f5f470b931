/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A key file whose errors name the line: GKeyFile reads it, but forgets where. */

#define DIALOGUE_TEXT_DIGITS "0123456789*#ABCD"

typedef struct
{
  GKeyFile *file;
  gchar **lines;
} DialogueText;

/* Checks what GKeyFile lets pass or says without a line: sections and keys that
 * stand twice, text that is no UTF-8. dialogue_text_close() in any case. */
gboolean dialogue_text_open (DialogueText *self, const gchar *data, gsize size,
    GError **error);
void dialogue_text_close (DialogueText *self);

/* Sets @error to "line N: [group] key: ..."; FALSE. @group, @key: may be NULL. */
gboolean dialogue_text_fail (const DialogueText *self, const gchar *group,
    const gchar *key, GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (5, 6);
/* 1 is the first; 0: not there. */
guint dialogue_text_find (const DialogueText *self, const gchar *group,
    const gchar *key);

/* Each key of @group is one of @keys, or begins with one of @prefixes. */
gboolean dialogue_text_check_keys (const DialogueText *self, const gchar *group,
    const gchar *const *keys, const gchar *const *prefixes, GError **error);
/* Without space at both ends; NULL if absent; (transfer full). */
gchar *dialogue_text_get (const DialogueText *self, const gchar *group,
    const gchar *key);
/* @list: NULL if the key is absent, else at least one item, none empty. */
gboolean dialogue_text_get_list (const DialogueText *self, const gchar *group,
    const gchar *key, GStrv *list, GError **error);

/* Small letters, digits and _, at most 30. */
gboolean dialogue_text_is_name (const gchar *text);
/* Index in DIALOGUE_TEXT_DIGITS (the RFC 4733 event), -1 if it is not one key. */
gint dialogue_text_digit (const gchar *text);
/* "HH AH L OW": of the 39 of the CMU dictionary. */
gboolean dialogue_text_are_phones (const gchar *text);
/* These 39, without stress; NULL at the end. */
extern const gchar *const dialogue_text_phones[];

G_END_DECLS
