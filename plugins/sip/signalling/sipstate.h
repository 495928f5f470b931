/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* The words of a call that every floor of the plugin uses. */

typedef enum
{
  SIP_TRANSPORT_UDP,
  SIP_TRANSPORT_TCP,
  SIP_TRANSPORT_TLS,
} SipTransport;

/* The form of keys (property `dtmf`). */
typedef enum
{
  SIP_DTMF_AUTO,
  SIP_DTMF_RFC4733,
  SIP_DTMF_INFO,
  SIP_DTMF_INBAND,
} SipDtmf;

typedef enum
{
  SIP_CALL_CALLING, /* our INVITE is out */
  SIP_CALL_RINGING, /* in: waits for an answer; out: the far end rings */
  SIP_CALL_CODEC, /* frames of `format` follow; nothing else has changed */
  SIP_CALL_EARLY, /* out: media before the answer */
  SIP_CALL_ANSWERED,
  SIP_CALL_HELD, /* the far end listens no more: what comes now is not it */
  SIP_CALL_RESUMED,
  SIP_CALL_CHANGED, /* a re-INVITE: anything else, as another address */
  SIP_CALL_TRANSFER, /* of it: how that goes on; nothing has changed yet */
  SIP_CALL_TRIED, /* out: another target is tried, or has failed */
  SIP_CALL_CONTROLLED, /* what was asked of it is done, or not */
  SIP_CALL_WARNED, /* nothing changed, but .error should be known */
  SIP_CALL_REFUSED, /* another call, which no line had: nothing changed here */
  SIP_CALL_ENDED,
  SIP_CALL_FAILED, /* the line itself: no call can come (port in use, ...) */
} SipCallState;

typedef enum
{
  SIP_CALL_BY_US,
  SIP_CALL_BY_PEER,
  SIP_CALL_BY_NETWORK, /* time-outs, lost media */
} SipCallBy;
