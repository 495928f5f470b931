/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How a line gets from any thread to the SIP loop: steps, which are done in the order in
 * which they were decided. */

#include "siplineprivate.h"
#include "signalling/siploop.h"

/* One of these. */
typedef struct
{
  void (*func) (SipLine *self);
  GstPairSettings *settings; /* to open with */
  GObjectClass *klass; /* which describes them */
  gchar *uri; /* to dial */
  SipLineTransfer *transfer;
  gboolean holds;
  SipHoldMode hold; /* for @id */
  gchar *id;
  guint status; /* to reject with */
  gboolean disconnected; /* with status, or 0 */
  guint call; /* it is for that one alone, 0: not for a call that there is */
} Step;

typedef struct
{
  SipLine *line;
  void (*func) (SipLine *self);
  guint serial; /* of the stream that asks */
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_object_unref (self->line);
  g_free (self);
}

static void
request_run (gpointer data)
{
  Request *self = data;

  /* Only this thread changes it. */
  if (self->serial == self->line->serial)
    self->func (self->line);
}

void
sip_line_invoke_for (SipLine *self, guint serial, void (*func) (SipLine *self))
{
  Request *request = g_new (Request, 1);

  *request = (Request){ g_object_ref (self), func, serial };
  io_loop_invoke (sip_loop_get (), request_run, request, request_free);
}

static Step *
add_step_unlocked (SipLine *self)
{
  Step *step = g_new0 (Step, 1);

  step_queue_add_unlocked (&self->pair.steps, step);
  return step;
}

void
sip_line_add_step_unlocked (SipLine *self, void (*func) (SipLine *self))
{
  add_step_unlocked (self)->func = func;
}

void
sip_line_add_call_step_unlocked (SipLine *self, void (*func) (SipLine *self))
{
  Step *step = add_step_unlocked (self);

  step->func = func;
  step->call = self->call;
}

void
sip_line_add_open_unlocked (SipLine *self)
{
  Step *step = add_step_unlocked (self);

  step->settings = gst_pair_merge_unlocked (&self->pair, NULL);
  step->klass = self->pair.klass;
}

void
sip_line_add_dial_unlocked (SipLine *self, const gchar *uri)
{
  add_step_unlocked (self)->uri = g_strdup (uri);
}

void
sip_line_add_reject_unlocked (SipLine *self, guint status)
{
  Step *step = add_step_unlocked (self);

  step->status = status;
  step->call = self->call;
}

void
sip_line_add_disconnect_unlocked (SipLine *self, guint call, guint status)
{
  Step *step = add_step_unlocked (self);

  step->disconnected = TRUE;
  step->status = status;
  step->call = call;
}

void
sip_line_add_transfer_unlocked (SipLine *self, SipLineTransfer *transfer)
{
  Step *step = add_step_unlocked (self);

  step->transfer = transfer;
  step->call = self->call;
}

void
sip_line_add_hold_unlocked (SipLine *self, SipHoldMode hold, const gchar *id)
{
  Step *step = add_step_unlocked (self);

  step->holds = TRUE;
  step->hold = hold;
  step->id = g_strdup (id);
  step->call = self->call;
}

void
sip_line_step_free (gpointer data)
{
  Step *self = data;

  g_clear_pointer (&self->settings, gst_pair_settings_free);
  g_free (self->uri);
  g_free (self->id);
  g_clear_pointer (&self->transfer, sip_line_transfer_free);
  g_free (self);
}

static void
run_steps (gpointer line)
{
  step_queue_run (&((SipLine *) line)->pair.steps);
}

void
sip_line_run_steps (SipLine *self)
{
  io_loop_invoke (sip_loop_get (), run_steps, g_object_ref (self),
      g_object_unref);
}

static guint
get_call (SipLine *self)
{
  g_mutex_lock (&self->lock);
  const guint call = self->call;
  g_mutex_unlock (&self->lock);
  return call;
}

void
sip_line_step_run (gpointer data, gpointer line)
{
  Step *self = data;
  const gboolean late = self->call && self->call != get_call (line);

  if (self->transfer)
    sip_line_transfer_now (line, &self->transfer, late);
  else if (self->disconnected)
    sip_line_disconnect_now (line, late, self->status);
  else if (self->holds)
    sip_line_hold_now (line, self->hold, &self->id, late);
  else if (late)
    return;
  else if (self->settings)
    sip_line_open_now (line, self->settings, self->klass);
  else if (self->uri)
    sip_line_dial_now (line, &self->uri);
  else if (self->status)
    sip_line_reject_now (line, self->status);
  else
    self->func (line);
}
