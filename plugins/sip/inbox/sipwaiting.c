/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipwaiting.h"
#include "signalling/siploop.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_protos.h>

typedef struct
{
  SipWaiting *list;
  SipIncoming call;
  msg_t *message; /* keeps call.sip */
  gboolean gone; /* cancelled: the stack answers, and says when it is done */
  GSource *timer;
} Waiter;

struct _SipWaiting
{
  GQueue waiters; /* Waiter */
  SipWaitingOffer offer;
  SipWaitingGiveUp give_up;
  gpointer user;
  GSource *wake;
};

/* The handle has gone to somebody else, or is gone. */
static void
waiter_free (Waiter *self)
{
  g_queue_remove (&self->list->waiters, self);
  io_loop_clear_timeout (&self->timer);
  msg_destroy (self->message);
  g_free (self);
}

SipWaiting *
sip_waiting_new (SipWaitingOffer offer, SipWaitingGiveUp give_up, gpointer user)
{
  SipWaiting *self = g_new0 (SipWaiting, 1);

  g_queue_init (&self->waiters);
  self->offer = offer;
  self->give_up = give_up;
  self->user = user;
  return self;
}

void
sip_waiting_free (SipWaiting *self)
{
  io_loop_clear_timeout (&self->wake);
  while (self->waiters.head)
    waiter_free (self->waiters.head->data);
  g_free (self);
}

static gboolean
on_timeout (gpointer data)
{
  Waiter *waiter = data;
  SipWaiting *self = waiter->list;

  if (!waiter->gone) {
    self->give_up (&waiter->call, FALSE, self->user);
    waiter_free (waiter);
  } else {
    io_loop_clear_timeout (&waiter->timer);
  }
  return G_SOURCE_REMOVE;
}

gboolean
sip_waiting_add (SipWaiting *self, nua_t *nua, const SipIncoming *call,
    guint timeout)
{
  msg_t *message = nua_current_request (nua);

  if (!message || self->waiters.length >= SIP_WAITING_MAX)
    return FALSE;
  Waiter *waiter = g_new0 (Waiter, 1);
  waiter->list = self;
  waiter->message = msg_ref_create (message);
  waiter->call = *call;
  waiter->call.sip = sip_object (waiter->message);
  waiter->timer =
      io_loop_add_timeout (sip_loop_get (), timeout, on_timeout, waiter);
  g_queue_push_tail (&self->waiters, waiter);
  return TRUE;
}

static gboolean
on_wake (gpointer data)
{
  SipWaiting *self = data;

  io_loop_clear_timeout (&self->wake);
  for (GList *link = self->waiters.head; link;) {
    Waiter *waiter = link->data;
    link = link->next;
    if (!waiter->gone && self->offer (&waiter->call, self->user))
      waiter_free (waiter);
  }
  return G_SOURCE_REMOVE;
}

void
sip_waiting_wake (SipWaiting *self)
{
  if (self->waiters.length && !self->wake)
    self->wake = io_loop_add_timeout (sip_loop_get (), 0, on_wake, self);
}

static Waiter *
find (SipWaiting *self, nua_handle_t *nh)
{
  for (GList *link = self->waiters.head; link; link = link->next) {
    Waiter *waiter = link->data;
    if (waiter->call.nh == nh)
      return waiter;
  }
  return NULL;
}

gboolean
sip_waiting_handle (SipWaiting *self, nua_handle_t *nh, nua_event_t event,
    tagi_t *tags)
{
  Waiter *waiter = find (self, nh);
  int state = nua_callstate_init;

  if (!waiter)
    return FALSE;
  if (event == nua_i_cancel) {
    waiter->gone = TRUE;
    self->give_up (&waiter->call, TRUE, self->user);
  } else if (event == nua_i_state) {
    tl_gets (tags, NUTAG_CALLSTATE_REF (state), TAG_END ());
    if (state == nua_callstate_terminated) {
      waiter_free (waiter);
      nua_handle_destroy (nh);
    }
  }
  return TRUE;
}
