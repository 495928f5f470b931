/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "speechdecoder.h"

#include <pocketsphinx.h>

G_BEGIN_DECLS

/* What speechdecoder.c and speechevidence.c share. */

struct _SpeechDecoder
{
  ps_decoder_t *grammar, *phones;
  ps_decoder_t *wordings; /* NULL: nothing but the grammar is listened for */
  GArray *powers; /* gfloat, of each 10 ms */
  gboolean elsewhere; /* the grammar's words leave much of what is loud */
};

/* Of @powers those within 20 dB of the most, from @first on. */
guint speech_decoder_count_loud (const GArray *powers, guint first);

G_END_DECLS
