/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the listeners hear, always on the media loop: from the stream, which is
 * there already, and from the SIP loop, by an event of its own. */

#include "siplineprivate.h"
#include "signalling/siploop.h"

GstElement *
sip_line_dup_listener (SipLine *self, SipLineRole role,
    SipLineListener *listener)
{
  g_mutex_lock (&self->lock);
  GstElement *element = self->pair.members[role].element;
  if (element)
    gst_object_ref (element);
  *listener = self->halves[role].listener;
  g_mutex_unlock (&self->lock);
  return element;
}

/* ---- The stream's callbacks */

guint
sip_line_next_serial (SipLine *self)
{
  self->last_serial = MAX (self->last_serial + 1, 1);
  return self->last_serial;
}

SipStreamUser *
sip_stream_user_new (SipLine *line, guint serial)
{
  SipStreamUser *self = g_new (SipStreamUser, 1);

  *self = (SipStreamUser){ g_object_ref (line), serial, FALSE };
  return self;
}

void
sip_stream_user_free (gpointer data)
{
  SipStreamUser *self = data;

  g_object_unref (self->line);
  g_free (self);
}

static void
on_frame (const RtpStreamFrame *frame, gpointer user)
{
  SipStreamUser *self = user;
  SipLineListener listener;
  GstElement *element = g_atomic_int_get (&self->waits)
      ? NULL
      : sip_line_dup_listener (self->line, SIP_LINE_SRC, &listener);

  if (!element)
    return;
  if (listener.frame)
    listener.frame (frame, element);
  gst_object_unref (element);
}

static void
listen_to_digit (SipLine *self, gchar digit, gboolean end, guint duration)
{
  for (SipLineRole role = 0; role < SIP_LINE_N_ROLES; role++) {
    SipLineListener listener;
    GstElement *element = sip_line_dup_listener (self, role, &listener);

    if (element && listener.dtmf)
      listener.dtmf (digit, end, duration, element);
    gst_clear_object (&element);
  }
}

/* Of the call whose stream has @serial. */
static KeyFilter *
get_keys (SipLine *self, guint serial)
{
  if (self->keys_serial != serial)
    self->keys = (KeyFilter){ .has_rtp = FALSE };
  self->keys_serial = serial;
  return &self->keys;
}

static gint64
loop_time (void)
{
  return media_loop_now (media_loop_get_current ());
}

static void
on_dtmf (gchar digit, gboolean end, guint duration, gpointer user)
{
  SipStreamUser *self = user;

  if (g_atomic_int_get (&self->waits))
    return;
  KeyFilter *keys = get_keys (self->line, self->serial);
  if (key_filter_rtp (keys, digit, end, loop_time ()))
    listen_to_digit (self->line, digit, end, duration);
}

static void
on_timeout (gpointer user)
{
  SipStreamUser *self = user;

  sip_line_invoke_for (self->line, self->serial, sip_line_media_lost);
}

static void
on_failed (gpointer user)
{
  SipStreamUser *self = user;

  sip_line_invoke_for (self->line, self->serial, sip_line_keys_failed);
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
on_path (gint64 delay, gpointer user)
{
  SipStreamUser *self = user;
  SipLineListener listener;
  GstElement *element =
      sip_line_dup_listener (self->line, SIP_LINE_SINK, &listener);

  if (element && listener.path)
    listener.path (delay, element);
  gst_clear_object (&element);
}

static void
on_dtmf_sent (gpointer user)
{
}

static void
on_drained (gpointer user)
{
  SipStreamUser *self = user;
  SipLine *line = self->line;

  g_mutex_lock (&line->lock);
  gboolean hang_up = line->hang_up_when_drained && line->serial == self->serial;
  if (hang_up)
    line->hang_up_when_drained = FALSE;
  g_mutex_unlock (&line->lock);
  if (hang_up)
    sip_line_invoke_for (line, self->serial, sip_line_audio_sent);
}

typedef struct
{
  SipLine *line;
  guint serial; /* of its stream */
  gchar digit;
  guint duration;
} Digit;

static Digit *
digit_new (SipLine *line, guint serial, gchar digit, guint duration)
{
  Digit *self = g_new (Digit, 1);

  *self = (Digit){ g_object_ref (line), serial, digit, duration };
  return self;
}

static void
digit_free (gpointer data)
{
  Digit *self = data;

  g_object_unref (self->line);
  g_free (self);
}

static void
send_key (gpointer data)
{
  Digit *self = data;

  if (self->serial == self->line->serial && self->line->dialog)
    sip_dialog_send_key (self->line->dialog, self->digit, self->duration);
}

static void
on_key (gchar digit, guint duration, gpointer user)
{
  SipStreamUser *self = user;

  io_loop_invoke (sip_loop_get (), send_key,
      digit_new (self->line, self->serial, digit, duration), digit_free);
}

const RtpStreamCallbacks sip_line_stream_callbacks = {
  .frame = on_frame,
  .dtmf = on_dtmf,
  .timeout = on_timeout,
  .bye = on_bye,
  .latched = on_latched,
  .dtmf_sent = on_dtmf_sent,
  .drained = on_drained,
  .key = on_key,
  .path = on_path,
  .failed = on_failed,
};

/* ---- Events from the SIP loop */

typedef struct
{
  SipLine *line;
  SipCallEvent event; /* whose strings are owned here */
} Telling;

static void
telling_free (gpointer data)
{
  Telling *self = data;

  g_free ((gchar *) self->event.call_id);
  g_free ((gchar *) self->event.line);
  g_free ((gchar *) self->event.from);
  g_free ((gchar *) self->event.to);
  g_free ((gchar *) self->event.display_name);
  g_free ((gchar *) self->event.source);
  g_free ((gchar *) self->event.cause);
  g_free ((gchar *) self->event.address);
  g_free ((gchar *) self->event.transport);
  g_free ((gchar *) self->event.user_agent);
  g_free ((gchar *) self->event.trunk);
  g_free ((gchar *) self->event.target);
  g_free ((gchar *) self->event.control_id);
  if (self->event.headers)
    gst_structure_free ((GstStructure *) self->event.headers);
  if (self->event.origin)
    gst_structure_free ((GstStructure *) self->event.origin);
  if (self->event.error)
    g_error_free ((GError *) self->event.error);
  g_object_unref (self->line);
  g_free (self);
}

static void
tell (gpointer data)
{
  Telling *self = data;

  for (SipLineRole role = 0; role < SIP_LINE_N_ROLES; role++) {
    SipLineListener listener;
    GstElement *element = sip_line_dup_listener (self->line, role, &listener);

    if (element && listener.state)
      listener.state (&self->event, element);
    gst_clear_object (&element);
  }
}

void
sip_line_tell (SipLine *self, const SipCallEvent *event)
{
  g_autoptr (MediaLoop) loop = sip_line_dup_loop (self);
  Telling *telling = g_new (Telling, 1);

  telling->line = g_object_ref (self);
  telling->event = *event;
  telling->event.call_id = g_strdup (event->call_id ? event->call_id : "");
  telling->event.line = g_strdup (event->line);
  telling->event.from = g_strdup (event->from ? event->from : "");
  telling->event.to = g_strdup (event->to ? event->to : "");
  telling->event.display_name =
      g_strdup (event->display_name ? event->display_name : "");
  telling->event.source = g_strdup (event->source ? event->source : "");
  telling->event.cause = g_strdup (event->cause);
  telling->event.address = g_strdup (event->address);
  telling->event.transport = g_strdup (event->transport);
  telling->event.user_agent = g_strdup (event->user_agent);
  telling->event.trunk = g_strdup (event->trunk);
  telling->event.target = g_strdup (event->target);
  telling->event.control_id = g_strdup (event->control_id);
  telling->event.headers =
      event->headers ? gst_structure_copy (event->headers) : NULL;
  telling->event.origin =
      event->origin ? gst_structure_copy (event->origin) : NULL;
  telling->event.error = event->error ? g_error_copy (event->error) : NULL;
  media_loop_invoke (loop, tell, telling, telling_free);
}

void
sip_line_tell_warning (SipLine *self, const gchar *text)
{
  g_autoptr (GError) error =
      g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED, text);
  const SipCallEvent event = { .state = SIP_CALL_WARNED,
    .call_id = self->dialog ? sip_dialog_get_call_id (self->dialog) : NULL,
    .error = error };

  sip_line_tell (self, &event);
}

void
sip_line_tell_refused (gpointer line, const SipRefusal *refusal)
{
  const SipCallEvent event = { .state = SIP_CALL_REFUSED,
    .call_id = refusal->call_id,
    .line = refusal->line,
    .from = refusal->from,
    .to = refusal->to,
    .display_name = refusal->display_name,
    .address = refusal->address,
    .transport = refusal->transport,
    .user_agent = refusal->user_agent,
    .untold = refusal->untold,
    .by = refusal->status == 487 ? SIP_CALL_BY_PEER : SIP_CALL_BY_US,
    .cause = refusal->cause,
    .sip_status = refusal->status };

  sip_line_tell (line, &event);
}

static void
tell_digit (gpointer data)
{
  Digit *self = data;

  if (!key_filter_info (get_keys (self->line, self->serial), self->digit,
          loop_time ()))
    return;
  listen_to_digit (self->line, self->digit, FALSE, self->duration);
  listen_to_digit (self->line, self->digit, TRUE, self->duration);
}

void
sip_line_tell_digit (SipLine *self, gchar digit, guint duration)
{
  g_autoptr (MediaLoop) loop = sip_line_dup_loop (self);

  /* Only this thread changes the serial. */
  media_loop_invoke (loop, tell_digit,
      digit_new (self, self->serial, digit, duration), digit_free);
}
