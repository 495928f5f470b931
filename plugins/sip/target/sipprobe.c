/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Any response says that a server is there, but 503: a 404 or 405 is one of somebody who
 * takes calls and no OPTIONS. What it says holds until it was asked twice more. */

#include "sipprobe.h"
#include "siptargets.h"
#include "sip/logic/sipuri.h"
#include "sip/signalling/siploop.h"
#include "sip/signalling/sipport.h"
#include "sip/signalling/siptext.h"

#include <gst/gst.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

guint sip_probe_wait = 4000;

struct _SipProbe
{
  SipAgent *agent; /* held */
  gchar *uri, *party;
  SipTransport transport; /* of the servers that were found last */
  SipTransport named; /* by the URI */
  guint interval; /* s */
  GSource *round_timer; /* of the next round */
  GSource *judge_timer; /* of this one's end */
  SipTargets *targets; /* of this round */
  gboolean listed; /* all of them are asked */
  gboolean any; /* is there, of this round */
  gboolean down; /* none was, of the last */
  gboolean known; /* it was found out once */
  SipProbeTold told;
  gpointer user;
  GSList *pings; /* Ping: without an answer */
};

typedef struct
{
  SipHandle handle; /* first */
  SipProbe *probe;
  PacketAddress address;
  nua_handle_t *nh;
  TlsWatch *watch; /* by TLS */
} Ping;

static void begin_round (SipProbe *self);
static void settle (SipProbe *self);

/* ---- What is known of all of them */

static void
set_down (SipProbe *self, gboolean down)
{
  if (self->known && down == self->down)
    return;
  self->known = TRUE;
  self->down = down;
  if (down)
    GST_WARNING ("no server of %s is there", self->uri);
  self->told (down, self->user);
}

/* ---- One server */

static void
ping_free (Ping *self)
{
  self->probe->pings = g_slist_remove (self->probe->pings, self);
  g_clear_pointer (&self->watch, tls_watch_free);
  if (self->nh) {
    nua_handle_bind (self->nh, NULL);
    nua_handle_destroy (self->nh);
  }
  g_free (self);
}

/* @wait: s that it asks for, 0 = it is there. */
static void
mark (const Ping *self, guint wait, const gchar *why)
{
  SipProbe *probe = self->probe;
  g_autofree gchar *address = packet_address_to_string (&self->address);
  const gboolean was_avoided =
      sip_target_is_avoided (probe->transport, &self->address);

  if (wait && !was_avoided)
    GST_WARNING ("%s, a server of %s, is down: %s", address, probe->uri, why);
  sip_target_mark_probed (probe->transport, &self->address, wait);
  if (!wait && was_avoided &&
      !sip_target_is_avoided (probe->transport, &self->address))
    GST_INFO ("%s, a server of %s, is there again", address, probe->uri);
  if (!wait) {
    probe->any = TRUE;
    set_down (probe, FALSE);
  }
}

static void
on_pong (SipHandle *handle, const SipEvent *event)
{
  Ping *self = (Ping *) handle;
  SipProbe *probe = self->probe;
  PacketAddress from;
  const guint twice = 2 * probe->interval + 1;

  if (event->event != nua_r_options || event->status < 200)
    return;
  if (!event->sip || !sip_agent_get_source (probe->agent, &from))
    mark (self, twice, "it cannot be reached");
  else if (event->status == 503)
    mark (self,
        MAX (twice,
            event->sip->sip_retry_after
                ? (guint) event->sip->sip_retry_after->af_delta
                : 0),
        "it takes no calls");
  else
    mark (self, 0, NULL);
  ping_free (self);
  settle (probe);
}

static void
on_no_connection (const gchar *why, gpointer user)
{
  Ping *self = user;
  SipProbe *probe = self->probe;

  mark (self, 2 * probe->interval + 1, why);
  ping_free (self);
  settle (probe);
}

/* FALSE: there is somebody else. */
static gboolean
watch (Ping *self)
{
  g_autofree gchar *name = sip_uri_dup_host (self->probe->uri);
  g_autofree gchar *why = NULL;

  if (self->probe->transport != SIP_TRANSPORT_TLS)
    return TRUE;
  self->watch = tls_watch_new (sip_agent_get_tls (self->probe->agent),
      &self->address, name, on_no_connection, self, &why);
  return self->watch != NULL;
}

static void
ask (SipProbe *self, const PacketAddress *address)
{
  Ping *ping = g_new0 (Ping, 1);
  g_autofree gchar *text = packet_address_to_string (address);
  g_autofree gchar *to = g_strdup_printf ("sip:%s;transport=%s", text,
      sip_text_transport_name (self->transport));
  g_autofree gchar *party = g_strdup_printf ("<%s>", self->party);

  ping->handle.event = on_pong;
  ping->probe = self;
  ping->address = *address;
  self->pings = g_slist_prepend (self->pings, ping);
  if (!watch (ping)) {
    on_no_connection ("somebody else is there", ping);
    return;
  }
  ping->nh = nua_handle (sip_agent_get_nua (self->agent),
      sip_handle_get_magic (&ping->handle), NUTAG_URL (self->uri),
      SIPTAG_TO_STR (self->uri), SIPTAG_FROM_STR (party), TAG_END ());
  nua_options (ping->nh, NUTAG_PROXY (to), TAG_END ());
}

/* ---- All of them */

static gboolean
on_round (gpointer data)
{
  begin_round (data);
  return G_SOURCE_REMOVE;
}

static void
end_round (SipProbe *self)
{
  io_loop_clear_timeout (&self->judge_timer);
  self->listed = FALSE;
  while (self->pings)
    on_no_connection ("it does not react", self->pings->data);
  set_down (self, !self->any);
  self->round_timer = io_loop_add_timeout (sip_loop_get (),
      self->interval * 1000, on_round, self);
}

static gboolean
on_judge (gpointer data)
{
  SipProbe *self = data;

  g_clear_pointer (&self->targets, sip_targets_free); /* may be looking */
  end_round (self);
  return G_SOURCE_REMOVE;
}

/* Nobody is left to be waited for. */
static void
settle (SipProbe *self)
{
  if (self->listed && !self->pings)
    end_round (self);
}

static void
on_target (const PacketAddress *target, const GError *error, gpointer user)
{
  SipProbe *self = user;

  if (!target) {
    self->listed = TRUE;
    settle (self);
    return;
  }
  self->transport = sip_targets_get_transport (self->targets);
  ask (self, target);
  sip_targets_next (self->targets);
}

static void
begin_round (SipProbe *self)
{
  io_loop_clear_timeout (&self->round_timer);
  self->any = FALSE;
  g_clear_pointer (&self->targets, sip_targets_free);
  self->judge_timer =
      io_loop_add_timeout (sip_loop_get (), sip_probe_wait, on_judge, self);
  self->targets = sip_targets_new (self->uri, self->named,
      sip_port_get_family (sip_agent_get_host (self->agent)), on_target, self);
  sip_targets_next (self->targets);
}

SipProbe *
sip_probe_new (SipAgent *agent, const gchar *uri, SipTransport transport,
    const gchar *party, guint interval, SipProbeTold told, gpointer user)
{
  SipProbe *self = g_new0 (SipProbe, 1);

  self->agent = agent;
  sip_agent_hold (agent);
  self->uri = g_strdup (uri);
  self->party = g_strdup (party);
  self->transport = self->named = transport;
  self->interval = interval;
  self->told = told;
  self->user = user;
  begin_round (self);
  return self;
}

void
sip_probe_free (SipProbe *self)
{
  io_loop_clear_timeout (&self->round_timer);
  io_loop_clear_timeout (&self->judge_timer);
  while (self->pings)
    ping_free (self->pings->data);
  g_clear_pointer (&self->targets, sip_targets_free);
  sip_agent_release (self->agent);
  g_free (self->uri);
  g_free (self->party);
  g_free (self);
}

gboolean
sip_probe_is_down (const SipProbe *self)
{
  return self->down;
}

gboolean
sip_probe_is_known (const SipProbe *self)
{
  return self->known;
}
