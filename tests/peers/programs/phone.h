/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "phonemedia.h"
#include "sipwire.h"

/* The test phone between its script and its packets: one call at a time. */

typedef struct
{
  SipLink link;
  SipDialog dialog;
  PhoneMedia media;
  gboolean tcp, alaw;
  gboolean bundled; /* offers video at the same port, and takes RTCP there */
  guint sip_port, media_port;
  gchar *uri; /* called, or heard of */
  gchar *response; /* last final one, or NULL */
  gchar *request; /* INVITE waiting for an answer */
  guint sdp_version;
  gboolean linked, in_call, bye_seen, bye_answered, ringing;
  guint reinvites; /* that the other side sent */
  gsize mark; /* first packet of the current look */
} Phone;

extern Phone phone;

/* Says why and ends the program with code 1. */
void phone_fail (const gchar *format, ...) G_GNUC_PRINTF (1, 2) G_GNUC_NORETURN;
/* Connects to where @uri points, if not yet done. */
void phone_open (const gchar *uri);
/* Lives for so long, or until @reached (then TRUE); NULL: all the time. */
gboolean phone_run (gint milliseconds, gboolean (*reached) (void));
/* Sends @request again and again until a final response; its code, 0 = none. */
guint phone_transact (const gchar *request, gint milliseconds);
void phone_reply (const gchar *request, guint code, const gchar *reason,
    const gchar *body);
/* Our description, newer than the last. */
gchar *phone_sdp (const gchar *direction);
/* Media goes where @message's description says. */
void phone_take_description (const gchar *message);
gboolean phone_is_called (void);
gboolean phone_is_hung_up (void);
