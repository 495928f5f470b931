/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixset.h"

#include <string.h>

struct _MixSet
{
  gboolean all;
  GArray *numbers; /* guint */
};

static MixSet *
mix_set_new (gboolean all)
{
  MixSet *self = g_new0 (MixSet, 1);

  self->all = all;
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

MixSet *
mix_set_parse (const gchar *text, GError **error)
{
  gboolean all = !text || !strcmp (text, "all");
  g_autoptr (MixSet) self = mix_set_new (all);
  gboolean none = all || !strcmp (text, "none");
  g_auto (GStrv) words = g_strsplit_set (none ? "" : text, ", ", -1);

  for (gchar **word = words; *word; word++) {
    guint64 number;
    if (!**word)
      continue;
    if (!g_ascii_string_to_unsigned (*word, 10, 0, G_MAXUINT, &number, NULL)) {
      g_set_error (error, g_quark_from_static_string ("mix-set"), 0,
          "\"%s\" is no number of a pad: write numbers with commas, as in "
          "\"0,2\", or \"all\", or \"none\".",
          *word);
      return NULL;
    }
    const guint small = (guint) number;
    g_array_append_val (self->numbers, small);
  }
  return g_steal_pointer (&self);
}

void
mix_set_free (MixSet *self)
{
  g_array_unref (self->numbers);
  g_free (self);
}

gboolean
mix_set_contains (const MixSet *self, guint number)
{
  for (guint i = 0; i < self->numbers->len; i++)
    if (g_array_index (self->numbers, guint, i) == number)
      return TRUE;
  return self->all;
}
