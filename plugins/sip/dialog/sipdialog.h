/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/media/rtpstream.h"
#include "sip/signalling/sdpanswer.h"
#include "sip/signalling/sipstate.h"
#include "sip/signalling/sipagent.h"
#include "sip/signalling/sipincoming.h"

G_BEGIN_DECLS

/* One SIP dialog with its media, from the first INVITE to the end of the BYE. It
 * belongs to a line until the call is over for the line, then finishes alone. All
 * on the SIP loop only. */

typedef struct _SipDialog SipDialog;

typedef struct
{
  SdpLocal codecs; /* only its codecs */
  guint16 first_port, last_port;
  gchar *external_address; /* NULL: the route's */
  gchar *user; /* our name in From and Contact */
  GstStructure *headers; /* for our INVITE and 200, may be NULL */
  SipTransport transport;
} SipDialogSettings;

void sip_dialog_settings_clear (SipDialogSettings *self);

/* A cause: our 200 was never confirmed. */
#define SIP_DIALOG_NO_ACK "The far end never confirmed the answer: no ACK came"

/* How it ended. */
typedef struct
{
  SipCallBy by;
  guint status; /* 0 = none */
  const gchar *cause; /* for a person */
  GQuark domain; /* 0: no failure */
  gint code;
  guint retry_after; /* s, 0 = it does not say */
} SipDialogEnd;

typedef struct
{
  /* Makes the stream of the dialog, which then holds a reference. */
  RtpStream *(*new_stream) (PacketTransport *rtp, PacketTransport *rtcp,
      const gchar *cname, const gchar *call_id, gpointer owner);
  /* RINGING, EARLY, ANSWERED, CHANGED */
  void (*state) (SipCallState state, gpointer owner);
  /* Once; the dialog forgets the owner then. */
  void (*ended) (const SipDialogEnd *end, gpointer owner);
  /* The call goes on, but a person should know. */
  void (*warning) (const gchar *text, gpointer owner);
  /* SIP INFO. */
  void (*digit) (gchar digit, guint duration, gpointer owner);
} SipDialogOwner;

/* Takes the handle, checks the offer, opens media ports. NULL: it was refused, with
 * *@status for what @error says. */
SipDialog *sip_dialog_new_incoming (SipAgent *agent, const SipIncoming *call,
    const SipDialogSettings *settings, const SipDialogOwner *owner,
    gpointer user, guint *status, GError **error);
/* Resolves and calls @uri; a failure arrives at ended(), never before this
 * returns. @uri is good to call for sip_uri_check(). */
SipDialog *sip_dialog_new_outgoing (SipAgent *agent, const gchar *uri,
    const SipDialogSettings *settings, const SipDialogOwner *owner,
    gpointer user);

void sip_dialog_ring (SipDialog *self); /* 180 */
void sip_dialog_answer (SipDialog *self); /* 200 */
void sip_dialog_reject (SipDialog *self, guint status);
/* BYE (once there was an ACK), CANCEL or a refusal, whatever fits. ended() is called
 * at once with @end. */
void sip_dialog_end (SipDialog *self, const SipDialogEnd *end);

/* Facts for messages; strings live as long as the dialog. */
gboolean sip_dialog_is_outgoing (SipDialog *self);
gboolean sip_dialog_was_answered (SipDialog *self);
/* From the INVITE to the 200; 0 before that. */
GstClockTime sip_dialog_get_setup_time (SipDialog *self);
const gchar *sip_dialog_get_call_id (SipDialog *self);
/* Its Call-ID, which a stranger may have written, as a line of the log may have it. */
const gchar *sip_dialog_log_id (const SipDialog *self);
const gchar *sip_dialog_get_from (SipDialog *self);
const gchar *sip_dialog_get_to (SipDialog *self);
/* The far end's, NULL if unknown. */
const gchar *sip_dialog_get_display_name (SipDialog *self);
const GstStructure *sip_dialog_get_headers (SipDialog *self);
const RtpStreamMedia *sip_dialog_get_media (SipDialog *self);

/* Waits until no BYE is unanswered, at most @timeout ms. Not on the SIP loop. */
void sip_dialog_linger (guint timeout);

G_END_DECLS
