/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Who is given what of the events that travel with the audio:
 *
 * voice-control  to the participant whose call it names; without a name to whoever
 *                spoke last; if that is nobody the answer is "ambiguous". The answer
 *                of that participant's channel goes back to whoever asked.
 * dtmf-event     to those with relay-dtmf who hear its sender.
 * voice-event    to all others who hear its sender.
 * voice-call     is the room's own: to each listener the talk begins when the first
 *                participant it hears is in a call, and ends with the last one. So an
 *                agent greets once, and goes on when somebody joins or leaves. It is on
 *                hold while all are. Both halves of a participant are told, downstream
 *                and upstream.
 *
 * A participant on hold is not heard: its music is not meant for the room. Early media
 * is heard by all but agents, who would take it for a caller. */

#include "mixevents.h"

#include "mixlog.h"
#include "mixparticipantprivate.h"

#include "common/base/gstvoicelog.h"
#include "common/event/gstvoiceevents.h"

#define GST_CAT_DEFAULT voicemixer_debug

/* ---- Deliveries */

typedef struct
{
  GstPad *sink; /* upstream through it; NULL: */
  MixOutput *output; /* downstream to it; a reference each */
  GstEvent *event;
  gchar *log_id; /* of the call that its receiver has to do with */
} MixDelivery;

static void
delivery_clear (gpointer data)
{
  MixDelivery *self = data;

  gst_clear_object (&self->sink);
  g_clear_pointer (&self->output, mix_output_unref);
  gst_clear_event (&self->event);
  g_free (self->log_id);
}

GArray *
mix_deliveries_new (void)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (MixDelivery));

  g_array_set_clear_func (array, delivery_clear);
  return array;
}

static void
deliver_down (GArray *deliveries, MixParticipant *to, GstEvent *event)
{
  MixDelivery delivery = { NULL, mix_output_ref (to->output),
    gst_event_ref (event), mix_participant_dup_log_id (to) };

  g_array_append_val (deliveries, delivery);
}

static void
deliver_up (GArray *deliveries, MixParticipant *to, GstEvent *event)
{
  if (!to->sink) {
    gst_event_unref (event);
    return;
  }
  MixDelivery delivery = { gst_object_ref (to->sink), NULL, event,
    mix_participant_dup_log_id (to) };
  g_array_append_val (deliveries, delivery);
}

/* What digits and words are is nobody's business. */
static void
log_delivery (const MixDelivery *delivery)
{
  GstPad *pad =
      delivery->output ? mix_output_get_pad (delivery->output) : delivery->sink;
  GstVoiceCall call;
  GstVoiceControl control;
  GstVoiceControlResult result;

  if (gst_voice_call_event_parse (delivery->event, &call)) {
    g_autofree gchar *id = gst_voice_log_text (call.call_id);
    GST_DEBUG_OBJECT (pad, "%s: is told that the talk is %s", id,
        gst_voice_call_state_to_string (call.state));
  } else if (gst_voice_control_event_parse (delivery->event, &control))
    GST_DEBUG_OBJECT (pad, "%s: is asked to %s", delivery->log_id,
        gst_voice_control_action_to_string (control.action));
  else if (gst_voice_control_result_event_parse (delivery->event, &result))
    GST_DEBUG_OBJECT (pad, "%s: is told that %s is %s", delivery->log_id,
        gst_voice_control_action_to_string (result.action), result.result);
  else
    GST_DEBUG_OBJECT (pad, "%s: is given %s", delivery->log_id,
        gst_structure_get_name (gst_event_get_structure (delivery->event)));
}

void
mix_deliveries_send (GArray *deliveries)
{
  for (guint i = 0; i < deliveries->len; i++) {
    MixDelivery *delivery = &g_array_index (deliveries, MixDelivery, i);
    log_delivery (delivery);
    if (delivery->output)
      mix_output_push_event (delivery->output,
          g_steal_pointer (&delivery->event));
    else
      gst_pad_push_event (delivery->sink, g_steal_pointer (&delivery->event));
  }
}

/* ---- Calls */

static void
note_call (MixSeats *self, MixParticipant *from, const GstVoiceCall *call,
    GstEvent *event)
{
  const gboolean up = gst_voice_call_state_is_up (call->state);
  const guint64 spoke =
      g_strcmp0 (from->call_id, call->call_id) ? 0 : from->spoke;

  mix_participant_forget_call (from);
  from->early = call->state == GST_VOICE_CALL_EARLY && !call->speak_early;
  from->held = call->state == GST_VOICE_CALL_HELD;
  self->matrix_dirty = TRUE;
  if (!up && !(call->state == GST_VOICE_CALL_EARLY && call->speak_early))
    return;
  from->spoke = spoke;
  from->call_id = g_strdup (call->call_id);
  from->call = gst_event_ref (event);
}

/* The first that @listener hears in a call; @held: all of them are on hold. */
static MixParticipant *
find_talk (MixSeats *self, MixParticipant *listener, gboolean *held)
{
  MixParticipant *first = NULL;

  *held = TRUE;
  for (guint i = 0; i < self->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->slots, i);
    if (!p || !p->call || p->leaving || !mix_participant_hears (listener, p))
      continue;
    first = first ? first : p;
    *held &= p->held;
  }
  return first;
}

static void
tell_talk (MixParticipant *listener, GstVoiceCallState state,
    GArray *deliveries)
{
  GstVoiceCall call;

  gst_voice_call_event_parse (listener->talk, &call);
  call.state = state;
  g_autoptr (GstEvent) event = gst_voice_call_event_new (&call);
  deliver_down (deliveries, listener, event);
  deliver_up (deliveries, listener, gst_voice_call_event_new_upstream (&call));
}

static void
update_talk (MixSeats *self, MixParticipant *p, GArray *deliveries)
{
  gboolean held;
  MixParticipant *other = find_talk (self, p, &held);

  if (!other) {
    if (p->talk)
      tell_talk (p, GST_VOICE_CALL_ENDED, deliveries);
    gst_clear_event (&p->talk);
    return;
  }
  const gboolean begins = !p->talk;
  if (begins)
    p->talk = gst_event_ref (other->call);
  if (held && (begins || !p->talk_held))
    tell_talk (p, GST_VOICE_CALL_HELD, deliveries);
  else if (begins)
    tell_talk (p, GST_VOICE_CALL_ANSWERED, deliveries);
  else if (!held && p->talk_held)
    tell_talk (p, GST_VOICE_CALL_RESUMED, deliveries);
  p->talk_held = held;
}

void
mix_events_update_talk (MixSeats *self, GArray *deliveries)
{
  for (guint i = 0; i < self->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->slots, i);
    /* Whoever is in a call itself has a dialogue with its own channel. */
    if (p && !p->leaving && !p->call)
      update_talk (self, p, deliveries);
  }
}

/* ---- Control */

static MixParticipant *
find_call (MixSeats *self, const gchar *call_id)
{
  for (guint i = 0; i < self->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->slots, i);
    if (p && !g_strcmp0 (p->call_id, call_id))
      return p;
  }
  return NULL;
}

/* Without a name: whoever spoke last of those in a call, or the only one there. */
static MixParticipant *
find_addressee (MixSeats *self, MixParticipant *from)
{
  MixParticipant *last = NULL;
  guint n = 0;

  for (guint i = 0; i < self->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->slots, i);
    if (!p || p == from || !p->call_id)
      continue;
    n++;
    if (!last || p->spoke > last->spoke)
      last = p;
  }
  return n == 1 || (last && last->spoke) ? last : NULL;
}

static void
route_control (MixSeats *self, MixParticipant *from, GstEvent *event,
    const GstVoiceControl *control, GArray *deliveries)
{
  MixParticipant *to =
      control->to ? find_call (self, control->to) : find_addressee (self, from);

  if (to) {
    to->asked_by = from->leaving ? NULL : from;
    deliver_down (deliveries, to, event);
    return;
  }
  const GstVoiceControlResult result = { control->action, control->id,
    control->to ? "failed" : "ambiguous",
    control->to
        ? "There is no such call in the room."
        : "Several are in the room, and nobody has spoken yet: say which "
          "call is meant." };
  deliver_up (deliveries, from, gst_voice_control_result_event_new (&result));
}

/* ---- Routing */

static void
route_to_all (MixSeats *self, MixParticipant *from, GstEvent *event,
    GArray *deliveries)
{
  const gboolean digits = gst_event_has_name (event, "dtmf-event");

  for (guint i = 0; i < self->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->slots, i);
    if (p && p != from && !p->leaving && (!digits || p->settings.relay_dtmf) &&
        mix_participant_hears (p, from))
      deliver_down (deliveries, p, event);
  }
}

void
mix_events_route (MixSeats *self, MixParticipant *from, GstEvent *event,
    GArray *deliveries)
{
  GstVoiceControl control;
  GstVoiceCall call;

  if (gst_voice_control_event_parse (event, &control))
    route_control (self, from, event, &control, deliveries);
  else if (gst_voice_call_event_parse (event, &call))
    note_call (self, from, &call, event);
  else
    route_to_all (self, from, event, deliveries);
  gst_event_unref (event);
}

gboolean
mix_events_take_upstream (MixSeats *self, MixParticipant *to, GstEvent *event)
{
  GstVoiceControlResult result;
  g_autoptr (GstPad) sink = NULL;
  g_autofree gchar *id = NULL;

  if (gst_voice_control_result_event_parse (event, &result)) {
    g_mutex_lock (&self->lock);
    if (to->asked_by && to->asked_by->sink)
      sink = gst_object_ref (to->asked_by->sink);
    id = mix_participant_dup_log_id (to);
    g_mutex_unlock (&self->lock);
  }
  if (sink) {
    GST_DEBUG_OBJECT (sink, "%s: is told that %s is %s", id,
        gst_voice_control_action_to_string (result.action), result.result);
    return gst_pad_push_event (sink, event);
  }
  gst_event_unref (event);
  return TRUE;
}

void
mix_events_broadcast (MixSeats *self, MixParticipant *from, GstEvent *event)
{
  g_autoptr (GArray) deliveries = mix_deliveries_new ();

  g_mutex_lock (&self->lock);
  route_to_all (self, from, event, deliveries);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < deliveries->len; i++) {
    MixDelivery *delivery = &g_array_index (deliveries, MixDelivery, i);
    gst_pad_push_event (mix_output_get_pad (delivery->output),
        g_steal_pointer (&delivery->event));
  }
  gst_event_unref (event);
}
