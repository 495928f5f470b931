/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/sdp/sdp.h>

G_BEGIN_DECLS

/* What a browser offers (RFC 8829), checked before webrtcbin sees it, and what the
 * line leaves of it. Pure functions over GstSDPMessage.
 *
 * What webrtcbin 1.22 would misunderstand is taken out: sprop-stereo and
 * sprop-maxcapturerate of Opus make its answer recvonly. So are m= lines that are
 * refused as they are offered (port 0), or that nobody here has a use for. It sees one
 * profile; the answer has that of the offer (RFC 8829 5.1.2). */

typedef struct _WhipOffer WhipOffer;

/* NULL with WHIP_ERROR: 400 what cannot be read, 422 what cannot be answered. */
WhipOffer *whip_offer_parse (const gchar *text, gsize size, GError **error);
WhipOffer *whip_offer_ref (WhipOffer *self);
void whip_offer_unref (WhipOffer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhipOffer, whip_offer_unref)

const GstSDPMessage *whip_offer_get_message (const WhipOffer *self);

/* Payload type by which the far end wants @encoding ("OPUS", "PCMU", "VP8", any
 * case) of the first @media ("audio", "video") that is offered; -1: it does not. */
gint whip_offer_find_payload (const WhipOffer *self, const gchar *media,
    const gchar *encoding);
/* Whether the far end means to send / to receive @media. */
gboolean whip_offer_sends (const WhipOffer *self, const gchar *media);
gboolean whip_offer_receives (const WhipOffer *self, const gchar *media);
/* Leaves of @media what the line can do: it hears payload type @heard, speaks
 * @spoken (-1: it does not); other formats go. Of several m= lines of one kind only
 * the first is used. One that is of no use is taken out, and is refused in the answer:
 * beside an inactive m= line webrtcbin 1.22 sends nothing at all. */
void whip_offer_restrict (WhipOffer *self, const gchar *media, gint heard,
    gint spoken);
/* For a log, "audio opus/48000/2 (111) sendrecv, ..."; (transfer full) */
gchar *whip_offer_describe (const WhipOffer *self);
/* Media index of a mid, 0 for NULL and for those taken out (they share one
 * transport); -1: there is none. */
gint whip_offer_find_mid (const WhipOffer *self, const gchar *mid);
const gchar *whip_offer_get_first_mid (const WhipOffer *self);
gboolean whip_offer_is_restart (const WhipOffer *self, const gchar *ufrag);

/* Whether one of the offer's a=fingerprint lines is that of the certificate @pem
 * (RFC 8122). */
gboolean whip_offer_has_certificate (const WhipOffer *self, const gchar *pem);

G_END_DECLS
