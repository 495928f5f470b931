/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "whipoffer.h"

G_BEGIN_DECLS

/* What the files of whipoffer and whipanswer.c share. */

struct _WhipOffer
{
  gint ref_count; /* atomic */
  GstSDPMessage *sdp;
  GArray *refused; /* Refused, in the order in which they went */
  GPtrArray *profiles; /* as offered, one an m= line, refused ones, too */
};

/* An m= line that was taken out. */
typedef struct
{
  guint index; /* at that moment */
  gchar *media, *format;
  gchar *mid; /* NULL: it had none */
} Refused;

#define WHIP_N_DIRECTIONS 4
extern const gchar *const whip_directions[WHIP_N_DIRECTIONS];

/* The m= line @index, which the answer refuses. */
void whip_offer_take_out (WhipOffer *self, guint index);
/* The first m= line of @kind that is not refused, or NULL. */
const GstSDPMedia *whip_sdp_find_media (const GstSDPMessage *sdp,
    const gchar *kind);
/* Whether that one is sendrecv or @one_way. */
gboolean whip_sdp_has_direction (const GstSDPMessage *sdp, const gchar *kind,
    const gchar *one_way);

G_END_DECLS
