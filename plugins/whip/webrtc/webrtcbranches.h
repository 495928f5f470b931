/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "webrtcvalve.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What stands around a webrtcbin: payloaders and encoders before it, depayloaders and
 * decoders behind it, out to where media are raw. */

/* Into webrtcbin. */
typedef struct
{
  const gchar *media; /* "audio", "video" */
  GstElement *payloader; /* has a property "pt" */
  GstPad *upstream; /* linked to a sink pad of webrtcbin */
  GstPad *boundary; /* raw src pad */
  WebrtcValve *valve; /* there, of whoever looked; NULL: none yet */
  guint32 ssrc; /* of the next session; 0: the payloader does not say */
  /* In this session, by its answer. Written by the HTTP loop before the session is
   * connected, read by others after. */
  gboolean speaks;
} WebrtcSender;

/* Out of webrtcbin. */
typedef struct
{
  const gchar *media;
  GstPad *downstream; /* sink pad: a src pad of webrtcbin is linked to it */
  GstPad *boundary; /* raw src pad */
  gulong packet_probe, raw_probe; /* on these, of whoever looked; 0: none yet */
} WebrtcReceiver;

/* Fixed once found. */
typedef struct
{
  GPtrArray *senders; /* WebrtcSender */
  GPtrArray *receivers; /* WebrtcReceiver */
  GPtrArray *encoded; /* GstElement between webrtcbin and the raw side */
} WebrtcBranches;

/* In NULL->READY, as what follows: the webrtcbin in @bin called @name, or if that is NULL
 * the only one. NULL with GST_RESOURCE_ERROR_SETTINGS; (transfer full) */
GstElement *webrtc_find_webrtcbin (GstBin *bin, const gchar *name,
    GError **error);

void webrtc_branches_init (WebrtcBranches *self);
void webrtc_branches_clear (WebrtcBranches *self);
/* FALSE with GST_RESOURCE_ERROR_SETTINGS. */
gboolean webrtc_branches_find (WebrtcBranches *self, GstBin *bin,
    GstElement *webrtc, GError **error);

/* Encoding names that @sender / @receiver works with; (transfer full). */
GStrv webrtc_sender_dup_encodings (const WebrtcSender *sender);
GStrv webrtc_receiver_dup_encodings (const WebrtcReceiver *receiver);
/* Whether a decoder makes use of Opus' forward error correction. */
gboolean webrtc_branches_read_fec (const WebrtcBranches *self);

/* For the next session; before the payloader starts. */
void webrtc_sender_choose_ssrc (WebrtcSender *sender);
/* @sink of webrtcbin learns what comes from @sender. */
void webrtc_sender_tell_formats (const WebrtcSender *sender, GstPad *sink);

G_END_DECLS
