/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "whipoffer.h"

G_BEGIN_DECLS

/* What whipoffer.c (reading, restricting) and whipanswer.c (certificate, answer)
 * share. */

struct _WhipOffer
{
  gint ref_count; /* atomic */
  GstSDPMessage *sdp;
  GArray *refused; /* Refused, in the order in which they went */
};

/* An m= line that was taken out. */
typedef struct
{
  guint index; /* at that moment */
  gchar *media, *proto, *format, *mid;
} Refused;

/* The first m= line of @kind that is not refused, or NULL. */
const GstSDPMedia *whip_sdp_find_media (const GstSDPMessage *sdp,
    const gchar *kind);
/* Whether that one is sendrecv or @one_way. */
gboolean whip_sdp_has_direction (const GstSDPMessage *sdp, const gchar *kind,
    const gchar *one_way);

G_END_DECLS
