/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "whipoffer.h"

G_BEGIN_DECLS

/* What is answered to an offer. Pure functions, too. */

/* A stream that we send. */
typedef struct
{
  const gchar *media;
  guint32 ssrc;
} WhipStream;

/* What webrtcbin does not know of us, or not in time. */
typedef struct
{
  const gchar
      *external_address; /* in place of the host candidates' own, or NULL */
  const WhipStream *streams; /* not every far end finds one without */
  guint n_streams;
  gboolean reads_fec; /* the decoder of Opus makes use of it */
} WhipOwn;

/* The answer of webrtcbin to @self as text, with a=ssrc and a=msid (RFC 5576, 8830) of
 * our streams. NULL with WHIP_ERROR 503 if there is no candidate. */
gchar *whip_offer_write_answer (const WhipOffer *self,
    const GstSDPMessage *answer, const WhipOwn *own, GError **error);
/* Whether the answer sends the first @media that was not refused. */
gboolean whip_answer_sends (const GstSDPMessage *answer, const gchar *media);

G_END_DECLS
