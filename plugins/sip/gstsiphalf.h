/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/line/sipline.h"

#include "common/pair/gstpair.h"
#include "common/event/gstvoiceevents.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What sipsrc and sipsink have in common: the property table, the action signals,
 * and membership in the line. */
typedef struct
{
  GstPairHalf pair; /* the first: gst_pair_half_of() */

  /* Set when made, never changed. */
  SipLineRole role;

  gint run; /* atomic: how often it joined a line */

  /* Media loop thread only. */
  gint announced_run; /* the run that these are of: */
  gboolean announced; /* the stream knows of a call, in the state: */
  GstVoiceCallState announced_state;
  gchar *call_id; /* of that call, or NULL */
  gchar *log_id; /* the same as the log may have it */
} GstSipHalf;

/* Installs properties and signals, and their handlers. */
void gst_sip_half_class_init (GstElementClass *klass);
void gst_sip_half_init (GstSipHalf *self, GstElement *element,
    SipLineRole role);
/* Of GST_TYPE_URI_HANDLER: sip: addresses are the property `uri`. */
void gst_sip_half_uri_handler_init (gpointer iface, SipLineRole role);
void gst_sip_half_clear (GstSipHalf *self);

/* NULL->READY: checks the settings, finds or makes the line and merges the
 * settings into it. FALSE: posted. */
gboolean gst_sip_half_join (GstSipHalf *self, const SipLineListener *listener);
/* READY->PAUSED: what was set in READY counts, and whether the other half is where it
 * is looked for. FALSE: posted. */
gboolean gst_sip_half_prepare (GstSipHalf *self);
/* READY->NULL. */
void gst_sip_half_leave (GstSipHalf *self);

/* Any thread; (transfer full), NULL in NULL. */
SipLine *gst_sip_half_dup_line (GstSipHalf *self);
/* Borrowed: where gst_pair_half_get_session() may be used. */
SipLine *gst_sip_half_get_line (const GstSipHalf *self);

/* Tell the application. Of the two halves of a line only one does. */
void gst_sip_half_report (GstSipHalf *self, const SipCallEvent *event);
/* Media loop thread. What the stream is to be told of @event, downstream of a source
 * and upstream of a sink; (transfer full), NULL: nothing. */
GstEvent *gst_sip_half_announce (GstSipHalf *self, const SipCallEvent *event);
/* Media loop thread: of the call that was announced, for the log. */
const gchar *gst_sip_half_get_log_id (const GstSipHalf *self);
void gst_sip_half_report_account (GstSipHalf *self,
    const SipAccountEvent *event);
void gst_sip_half_report_dtmf (GstSipHalf *self, gchar digit, guint duration);

G_END_DECLS
