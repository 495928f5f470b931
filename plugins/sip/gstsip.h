/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_SIP_DEFAULT_SESSION "default"
#define GST_SIP_DEFAULT_LOCAL_URI "sip:*:5060"

GST_ELEMENT_REGISTER_DECLARE (sipsrc);
GST_ELEMENT_REGISTER_DECLARE (sipsink);

/* The modes of line/sipline.h as users see them. */
#define GST_TYPE_SIP_SRTP (gst_sip_srtp_get_type ())
GType gst_sip_srtp_get_type (void);
#define GST_TYPE_SIP_SRTP_KEYS (gst_sip_srtp_keys_get_type ())
GType gst_sip_srtp_keys_get_type (void);
#define GST_TYPE_SIP_TLS_VERIFY (gst_sip_tls_verify_get_type ())
GType gst_sip_tls_verify_get_type (void);
#define GST_TYPE_SIP_DTMF (gst_sip_dtmf_get_type ())
GType gst_sip_dtmf_get_type (void);

#define GST_TYPE_SIP_REFER (gst_sip_refer_get_type ())
GType gst_sip_refer_get_type (void);
#define GST_TYPE_SIP_EARLY_MEDIA (gst_sip_early_media_get_type ())
GType gst_sip_early_media_get_type (void);
#define GST_TYPE_SIP_ANSWER_MODE (gst_sip_answer_mode_get_type ())
GType gst_sip_answer_mode_get_type (void);
#define GST_TYPE_SIP_DIAL (gst_sip_dial_get_type ())
GType gst_sip_dial_get_type (void);
#define GST_TYPE_SIP_ON_HANGUP (gst_sip_on_hangup_get_type ())
GType gst_sip_on_hangup_get_type (void);
#define GST_TYPE_SIP_VOICE_PROCESSING (gst_sip_voice_processing_get_type ())
GType gst_sip_voice_processing_get_type (void);

G_END_DECLS
