/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the listeners hear, always on the media loop: from the stream, which is
 * there already, and from the SIP loop, by an event of its own. */

#include "sipcallprivate.h"

/* The element of @role, referenced, with a copy of its functions; NULL if none. */
static GstElement *
dup_listener (SipCall *self, SipCallRole role, SipCallListener *listener)
{
  g_mutex_lock (&self->lock);
  SipCallHalf *half = &self->halves[role];
  GstElement *element = half->element ? gst_object_ref (half->element) : NULL;
  *listener = half->listener;
  g_mutex_unlock (&self->lock);
  return element;
}

/* ---- The stream's callbacks */

static void
on_frame (const RtpStreamFrame *frame, gpointer user)
{
  SipCallListener listener;
  GstElement *element = dup_listener (user, SIP_CALL_SRC, &listener);

  if (!element)
    return;
  if (listener.frame)
    listener.frame (frame, element);
  gst_object_unref (element);
}

static void
on_dtmf (gchar digit, gboolean end, guint duration, gpointer user)
{
  for (SipCallRole role = 0; role < SIP_CALL_N_ROLES; role++) {
    SipCallListener listener;
    GstElement *element = dup_listener (user, role, &listener);

    if (element && listener.dtmf)
      listener.dtmf (digit, end, duration, element);
    gst_clear_object (&element);
  }
}

static void
on_timeout (gpointer user)
{
  sip_line_invoke (user, sip_line_media_lost);
}

static void
on_bye (const gchar *reason, gpointer user)
{
  /* RTCP is not authenticated: SIP says when the call is over. */
}

static void
on_latched (const PacketAddress *remote, gpointer user)
{
}

static void
on_dtmf_sent (gpointer user)
{
}

void
sip_call_tell_drained (SipCall *self)
{
  SipCallListener listener;

  g_mutex_lock (&self->lock);
  gboolean hang_up = self->hang_up_when_drained;
  self->hang_up_when_drained = FALSE;
  g_mutex_unlock (&self->lock);
  if (hang_up)
    sip_line_invoke (self, sip_line_audio_sent);
  GstElement *element = dup_listener (self, SIP_CALL_SINK, &listener);
  if (element && listener.drained)
    listener.drained (element);
  gst_clear_object (&element);
}

static void
on_drained (gpointer user)
{
  sip_call_tell_drained (user);
}

const RtpStreamCallbacks sip_call_stream_callbacks = {
  .frame = on_frame,
  .dtmf = on_dtmf,
  .timeout = on_timeout,
  .bye = on_bye,
  .latched = on_latched,
  .dtmf_sent = on_dtmf_sent,
  .drained = on_drained,
};

/* ---- Events from the SIP loop */

typedef struct
{
  SipCall *call;
  SipCallEvent event; /* whose strings are owned here */
} Telling;

static void
telling_free (gpointer data)
{
  Telling *self = data;

  g_free ((gchar *) self->event.call_id);
  g_free ((gchar *) self->event.from);
  g_free ((gchar *) self->event.to);
  g_free ((gchar *) self->event.cause);
  if (self->event.headers)
    gst_structure_free ((GstStructure *) self->event.headers);
  if (self->event.error)
    g_error_free ((GError *) self->event.error);
  g_object_unref (self->call);
  g_free (self);
}

static void
tell (gpointer data)
{
  Telling *self = data;

  for (SipCallRole role = 0; role < SIP_CALL_N_ROLES; role++) {
    SipCallListener listener;
    GstElement *element = dup_listener (self->call, role, &listener);

    if (element && listener.state)
      listener.state (&self->event, element);
    gst_clear_object (&element);
  }
}

void
sip_call_tell (SipCall *self, const SipCallEvent *event)
{
  g_autoptr (MediaLoop) loop = sip_call_dup_loop (self);
  Telling *telling = g_new (Telling, 1);

  telling->call = g_object_ref (self);
  telling->event = *event;
  telling->event.call_id = g_strdup (event->call_id ? event->call_id : "");
  telling->event.from = g_strdup (event->from ? event->from : "");
  telling->event.to = g_strdup (event->to ? event->to : "");
  telling->event.cause = g_strdup (event->cause);
  telling->event.headers =
      event->headers ? gst_structure_copy (event->headers) : NULL;
  telling->event.error = event->error ? g_error_copy (event->error) : NULL;
  media_loop_invoke (loop, tell, telling, telling_free);
}

typedef struct
{
  SipCall *call;
  gchar digit;
  guint duration;
} Digit;

static void
tell_digit (gpointer data)
{
  Digit *self = data;

  on_dtmf (self->digit, FALSE, self->duration, self->call);
  on_dtmf (self->digit, TRUE, self->duration, self->call);
}

static void
digit_free (gpointer data)
{
  Digit *self = data;

  g_object_unref (self->call);
  g_free (self);
}

void
sip_call_tell_digit (SipCall *self, gchar digit, guint duration)
{
  g_autoptr (MediaLoop) loop = sip_call_dup_loop (self);
  Digit *telling = g_new (Digit, 1);

  *telling = (Digit){ g_object_ref (self), digit, duration };
  media_loop_invoke (loop, tell_digit, telling, digit_free);
}
