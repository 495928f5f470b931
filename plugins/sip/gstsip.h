/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_SIP_DEFAULT_SESSION "default"
#define GST_SIP_DEFAULT_LOCAL_URI "sip:*:5060"

GST_ELEMENT_REGISTER_DECLARE (sipsrc);
GST_ELEMENT_REGISTER_DECLARE (sipsink);

/* The modes of sipline.h as users see them. */
#define GST_TYPE_SIP_TRANSPORT (gst_sip_transport_get_type ())
GType gst_sip_transport_get_type (void);
#define GST_TYPE_SIP_ANSWER_MODE (gst_sip_answer_mode_get_type ())
GType gst_sip_answer_mode_get_type (void);
#define GST_TYPE_SIP_ON_HANGUP (gst_sip_on_hangup_get_type ())
GType gst_sip_on_hangup_get_type (void);

G_END_DECLS
