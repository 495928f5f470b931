/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstsiphalf.h"
#include "gstsip.h"
#include "gstsipaccount.h"
#include "gstsipmessages.h"
#include "gstsipproperties.h"

#include "common/base/gstvoicelog.h"
#include "common/pair/gstsessiontable.h"
#include "common/frame/gstvoicetime.h"

SipLine *
gst_sip_half_dup_line (GstSipHalf *self)
{
  return gst_pair_half_dup_session (&self->pair);
}

SipLine *
gst_sip_half_get_line (const GstSipHalf *self)
{
  return gst_pair_half_get_session (&self->pair);
}

/* ---- Properties */

static void
set_property (GObject *object, guint prop_id, const GValue *value,
    GParamSpec *pspec)
{
  GstSipHalf *self = gst_pair_half_of (object);

  gst_pair_half_check_late (&self->pair, value, pspec);
  gst_pair_half_set (&self->pair, value, pspec);
}

static void
get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  GstSipHalf *self = gst_pair_half_of (object);
  g_autoptr (SipLine) line = gst_sip_half_dup_line (self);

  if (prop_id == GST_SIP_PROP_STATS)
    g_value_take_boxed (value, sip_line_get_stats (line));
  else
    gst_pair_half_get (&self->pair, value, pspec);
}

/* ---- Action signals: FALSE when there is nothing to act upon */

static gboolean
action_call (GstElement *element, const gchar *uri)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  return line != NULL && uri != NULL && sip_line_dial (line, uri);
}

static gboolean
action_answer (GstElement *element)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  return line != NULL && sip_line_answer (line);
}

static gboolean
action_reject (GstElement *element, guint status)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  return line != NULL && sip_line_reject (line, status);
}

static gboolean
action_hang_up (GstElement *element)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  return line != NULL && sip_line_hang_up (line);
}

static gboolean
action_transfer (GstElement *element, const gchar *target)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  return line != NULL && target != NULL &&
      sip_line_transfer (line, target, NULL);
}

static gboolean
action_hold (GstElement *element)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  return line != NULL && sip_line_hold (line, SIP_HOLD_MODE_SENDONLY, NULL);
}

static gboolean
action_hold_silently (GstElement *element)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  return line != NULL && sip_line_hold (line, SIP_HOLD_MODE_INACTIVE, NULL);
}

static gboolean
action_resume (GstElement *element)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  return line != NULL && sip_line_hold (line, SIP_HOLD_MODE_NONE, NULL);
}

static gboolean
action_send_dtmf (GstElement *element, const gchar *digits)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  return line != NULL && digits != NULL && sip_line_send_dtmf (line, digits);
}

static gboolean
action_drain (GstElement *element, gboolean drain)
{
  g_autoptr (SipLine) line = gst_sip_half_dup_line (gst_pair_half_of (element));

  if (line != NULL)
    sip_line_drain (line, drain);
  return line != NULL;
}

/* #GstSipSink has the same. */

/**
 * GstSipSrc::call:
 *
 * @uri: whom to call, as #GstSipSrc:uri has it
 *
 * Returns: TRUE if the line was free to. What comes of it is on the bus. FALSE, with a
 * warning there, where #GstSipSrc:dial-allow does not have @uri. Action; any thread,
 * never waits.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc::answer:
 *
 * Returns: TRUE if a call rang, which is now answered. Action; any thread, never
 * waits.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc::reject:
 *
 * @status: of SIP, 300 to 699; 0 is 486 (busy)
 *
 * Returns: TRUE if a call rang, which is now refused; FALSE for another status, too.
 * Action; any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc::hang-up:
 *
 * Ends the call at once, or cancels one that is not answered yet.
 *
 * Returns: FALSE if there is none. Action; any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc::transfer:
 *
 * @target: to whom: a number, which the far end calls where it is itself, or a SIP address
 *
 * Asks the far end to call @target in place of this side (REFER). What comes of it is told
 * by messages `voice/transfer`; once @target has answered the call ends here, and until then
 * it goes on.
 *
 * Returns: TRUE if the far end is asked. FALSE where #GstSipSrc:dial-allow,
 * #GstSipSrc:max-dials forbids it, no call is up, or one is being transferred already. Action;
 * any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc::hold:
 *
 * Puts the far end on hold: it is heard no more, and hears what reaches the #GstSipSink.
 * The message `voice/call` with held tells when it is so, a warning that it refuses.
 *
 * Returns: FALSE if no call is up. Action; any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc::hold-silently:
 *
 * The same, but the far end hears nothing: no audio goes either way (`inactive`).
 *
 * Returns: FALSE if no call is up. Action; any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc::resume:
 *
 * Takes the far end back that is on hold by this side.
 *
 * Returns: FALSE if no call is up. Action; any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc::send-dtmf:
 *
 * @digits: 0-9, *, #, A-D; a comma is a pause of 500 ms
 *
 * Dials into the call, behind the audio that was sent so far.
 *
 * Returns: FALSE if there is no call, its far end takes none, or these are none.
 * Action; any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc::drain:
 *
 * @drain: whether new calls are refused
 *
 * While a line drains nobody takes a new call at its local address, and INVITE and OPTIONS
 * get 503. It ends with READY->NULL.
 *
 * Returns: FALSE in NULL. Action; any thread, never waits.
 *
 * Since: 0.1
 */

static void
install_actions (GType type)
{
  const GSignalFlags flags = G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION;

  g_signal_new_class_handler ("call", type, flags, G_CALLBACK (action_call),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
  g_signal_new_class_handler ("answer", type, flags, G_CALLBACK (action_answer),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 0);
  g_signal_new_class_handler ("reject", type, flags, G_CALLBACK (action_reject),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 1, G_TYPE_UINT);
  g_signal_new_class_handler ("hang-up", type, flags,
      G_CALLBACK (action_hang_up), NULL, NULL, NULL, G_TYPE_BOOLEAN, 0);
  g_signal_new_class_handler ("transfer", type, flags,
      G_CALLBACK (action_transfer), NULL, NULL, NULL, G_TYPE_BOOLEAN, 1,
      G_TYPE_STRING);
  g_signal_new_class_handler ("hold", type, flags, G_CALLBACK (action_hold),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 0);
  g_signal_new_class_handler ("hold-silently", type, flags,
      G_CALLBACK (action_hold_silently), NULL, NULL, NULL, G_TYPE_BOOLEAN, 0);
  g_signal_new_class_handler ("resume", type, flags, G_CALLBACK (action_resume),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 0);
  g_signal_new_class_handler ("drain", type, flags, G_CALLBACK (action_drain),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 1, G_TYPE_BOOLEAN);
  g_signal_new_class_handler ("send-dtmf", type, flags,
      G_CALLBACK (action_send_dtmf), NULL, NULL, NULL, G_TYPE_BOOLEAN, 1,
      G_TYPE_STRING);
}

void
gst_sip_half_class_init (GstElementClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  gst_sip_properties_install (object_class);
  gst_element_class_add_static_metadata (klass, GST_VOICE_CHANNEL_METADATA,
      "sip");
  install_actions (G_TYPE_FROM_CLASS (klass));
}

void
gst_sip_half_init (GstSipHalf *self, GstElement *element, SipLineRole role)
{
  self->role = role;
  gst_pair_half_init (&self->pair, element);
}

void
gst_sip_half_clear (GstSipHalf *self)
{
  g_clear_pointer (&self->call_id, g_free);
  g_clear_pointer (&self->log_id, g_free);
  gst_pair_half_clear (&self->pair);
}

/* ---- URI handler */

static GstURIType
uri_type_src (GType type)
{
  return GST_URI_SRC;
}

static GstURIType
uri_type_sink (GType type)
{
  return GST_URI_SINK;
}

static const gchar *const *
uri_protocols (GType type)
{
  static const gchar *const protocols[] = { "sip", "sips", NULL };

  return protocols;
}

static gchar *
get_uri (GstURIHandler *handler)
{
  gchar *uri = NULL;

  g_object_get (handler, "uri", &uri, NULL);
  return uri;
}

static gboolean
set_uri (GstURIHandler *handler, const gchar *uri, GError **error)
{
  if (GST_STATE (handler) > GST_STATE_READY) {
    g_set_error_literal (error, GST_URI_ERROR, GST_URI_ERROR_BAD_STATE,
        "Another address cannot be called while the line is running; use the "
        "action \"call\".");
    return FALSE;
  }
  g_object_set (handler, "uri", uri, NULL);
  return TRUE;
}

void
gst_sip_half_uri_handler_init (gpointer iface, SipLineRole role)
{
  GstURIHandlerInterface *handler = iface;

  handler->get_type = role == SIP_LINE_SRC ? uri_type_src : uri_type_sink;
  handler->get_protocols = uri_protocols;
  handler->get_uri = get_uri;
  handler->set_uri = set_uri;
}

/* ---- Membership */

static GObject *
new_line (const gchar *name)
{
  return G_OBJECT (sip_line_new (name));
}

/* What was set so far, if it can be; (transfer full), NULL with @error. */
static GstPairSettings *
dup_settings (GstSipHalf *self, GError **error)
{
  g_autoptr (GstPairSettings) settings =
      gst_pair_half_dup_settings (&self->pair);

  return gst_sip_settings_check (settings,
             G_OBJECT_GET_CLASS (self->pair.element), error)
      ? g_steal_pointer (&settings)
      : NULL;
}

/* NULL with @error. */
static SipLine *
join (GstSipHalf *self, const gchar *session, const SipLineListener *listener,
    GError **error)
{
  g_autoptr (GstPairSettings) settings = dup_settings (self, error);

  if (settings == NULL)
    return NULL;
  g_autoptr (SipLine) line = gst_session_table_join (self->pair.element,
      SIP_TYPE_LINE, session, new_line);
  if (!sip_line_attach (line, self->role, self->pair.element, settings,
          listener, error))
    return NULL;
  return g_steal_pointer (&line);
}

gboolean
gst_sip_half_join (GstSipHalf *self, const SipLineListener *listener)
{
  g_autofree gchar *session = gst_pair_half_dup_name (&self->pair);
  g_autoptr (GError) error = NULL;
  g_atomic_int_inc (&self->run);
  SipLine *line = join (self, session, listener, &error);

  if (line == NULL) {
    gst_element_post_message (self->pair.element,
        gst_sip_message_new_failure (self->pair.element, session, NULL, FALSE,
            error, 0));
    return FALSE;
  }
  gst_pair_half_enter (&self->pair, line, session);
  return TRUE;
}

gboolean
gst_sip_half_prepare (GstSipHalf *self)
{
  SipLine *line = gst_sip_half_get_line (self);
  g_autofree gchar *session = gst_pair_half_dup_name (&self->pair);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPairSettings) settings = dup_settings (self, &error);

  if (settings == NULL ||
      !sip_line_change (line, self->role, settings, &error)) {
    gst_element_post_message (self->pair.element,
        gst_sip_message_new_failure (self->pair.element, session, NULL, FALSE,
            error, 0));
    return FALSE;
  }
  gst_pair_half_start (&self->pair);
  gst_session_table_check (self->pair.element, line);
  return TRUE;
}

void
gst_sip_half_leave (GstSipHalf *self)
{
  g_autoptr (SipLine) line = gst_pair_half_leave (&self->pair);

  if (line != NULL)
    sip_line_detach (line, self->role);
}

/* ---- Reports */

void
gst_sip_half_report (GstSipHalf *self, const SipCallEvent *event)
{
  if (!gst_pair_half_is_reporter (&self->pair))
    return;
  g_autofree gchar *session = gst_pair_half_dup_name (&self->pair);
  GstMessage *message = gst_sip_message_new (self->pair.element, session,
      gst_voice_running_time_now (self->pair.element), event);
  if (message != NULL)
    gst_element_post_message (self->pair.element, message);
  /* A line that goes on waiting has lost a call, not its purpose. */
  if (event->error != NULL)
    gst_element_post_message (self->pair.element,
        gst_sip_message_new_failure (self->pair.element, session,
            event->call_id, !event->is_last, event->error, event->sip_status));
}

/* The state of a voice-call that @self, which has announced another, or none, has
 * still to announce. FALSE: it is on the bus only, or known. */
static gboolean
next_state (const GstSipHalf *self, SipCallState state, GstVoiceCallState *next)
{
  switch (state) {
    case SIP_CALL_CALLING:
      *next = GST_VOICE_CALL_CALLING;
      return !self->announced;
    case SIP_CALL_RINGING: /* also behind early media, which goes on */
      *next = GST_VOICE_CALL_RINGING;
      return !self->announced ||
          self->announced_state == GST_VOICE_CALL_CALLING;
    case SIP_CALL_EARLY:
      *next = GST_VOICE_CALL_EARLY;
      return !self->announced || self->announced_state != *next;
    case SIP_CALL_ANSWERED:
      *next = GST_VOICE_CALL_ANSWERED;
      return TRUE;
    case SIP_CALL_HELD:
      *next = GST_VOICE_CALL_HELD;
      return TRUE;
    case SIP_CALL_RESUMED:
      *next = GST_VOICE_CALL_RESUMED;
      return TRUE;
    case SIP_CALL_ENDED:
    case SIP_CALL_FAILED:
      *next = GST_VOICE_CALL_ENDED;
      return self->announced;
    default:
      return FALSE;
  }
}

/* A call that was up when its elements left it has no end for them. */
static void
forget_other_run (GstSipHalf *self)
{
  gint run = g_atomic_int_get (&self->run);

  if (self->announced_run == run)
    return;
  self->announced_run = run;
  self->announced = FALSE;
  g_clear_pointer (&self->call_id, g_free);
  g_clear_pointer (&self->log_id, g_free);
}

GstEvent *
gst_sip_half_announce (GstSipHalf *self, const SipCallEvent *event)
{
  GstVoiceCallState state;

  forget_other_run (self);
  if (!next_state (self, event->state, &state))
    return NULL;
  self->announced = state != GST_VOICE_CALL_ENDED;
  self->announced_state = state;
  g_free (self->call_id);
  self->call_id = self->announced ? g_strdup (event->call_id) : NULL;
  g_free (self->log_id);
  self->log_id = self->call_id ? gst_voice_log_text (self->call_id) : NULL;
  g_autofree gchar *session = gst_pair_half_dup_name (&self->pair);
  const GstVoiceCall call = gst_sip_describe_call (event, session, state);
  return self->role == SIP_LINE_SINK ? gst_voice_call_event_new_upstream (&call)
                                     : gst_voice_call_event_new (&call);
}

const gchar *
gst_sip_half_get_log_id (const GstSipHalf *self)
{
  return self->log_id != NULL ? self->log_id : "no call";
}

void
gst_sip_half_report_dtmf (GstSipHalf *self, gchar digit, guint duration)
{
  if (!gst_pair_half_is_reporter (&self->pair))
    return;
  g_autofree gchar *session = gst_pair_half_dup_name (&self->pair);
  gst_element_post_message (self->pair.element,
      gst_sip_message_new_dtmf (self->pair.element, session,
          gst_voice_running_time_now (self->pair.element), self->call_id, digit,
          duration * GST_MSECOND));
}

/* One that was never registered will not be: the line has no purpose. */
void
gst_sip_half_report_account (GstSipHalf *self, const SipAccountEvent *event)
{
  if (!gst_pair_half_is_reporter (&self->pair))
    return;
  g_autofree gchar *session = gst_pair_half_dup_name (&self->pair);
  gst_element_post_message (self->pair.element,
      gst_sip_account_message_new (self->pair.element, session,
          gst_voice_running_time_now (self->pair.element), event));
  if (event->error != NULL)
    gst_element_post_message (self->pair.element,
        gst_sip_message_new_failure (self->pair.element, session, NULL,
            event->state != SIP_ACCOUNT_REFUSED || event->is_spare,
            event->error, event->status));
}
