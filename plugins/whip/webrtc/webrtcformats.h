/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "webrtcbranches.h"

#include "sdp/whipoffer.h"

G_BEGIN_DECLS

/* What an offer and the line have in common is what is left of @offer, and what the
 * senders are to speak. FALSE with WHIP_ERROR: nothing. HTTP loop. */
gboolean webrtc_formats_choose (const WebrtcBranches *branches,
    WhipOffer *offer, GError **error);

G_END_DECLS
