/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipaccountprivate.h"

#include "sip/logic/sipuri.h"
#include "sip/signalling/siphost.h"
#include "sip/signalling/siploop.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>
#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* Mappings for UDP last 30 s in the worst NATs (RFC 5626 4.4.1). */
guint sip_account_ping_interval = 25000;

/* RFC 3581: where the request came from, as its first hop saw it; (transfer full), NULL
 * if that does not say it. */
static gchar *
seen_address (const sip_t *sip)
{
  const sip_via_t *via = sip->sip_via;
  const gboolean has_port = via && via->v_rport && *via->v_rport;

  if (!via || (!via->v_received && !has_port))
    return NULL;
  const gchar *host = via->v_received ? via->v_received : via->v_host;
  const gchar *port = has_port ? via->v_rport : via->v_port;
  const gboolean bare = strchr (host, ':') && *host != '[';
  g_autofree gchar *seen = g_strdup_printf ("%s%s%s:%s", bare ? "[" : "", host,
      bare ? "]" : "", port ? port : "5060");
  g_autofree gchar *uri = g_strconcat ("sip:", seen, NULL);
  return sip_uri_check (uri, TRUE) == SIP_URI_GOOD ? g_steal_pointer (&seen)
                                                   : NULL;
}

static gboolean
is_same_host (const gchar *a, const gchar *b)
{
  const gsize length = strrchr (a, ':') - a;

  return !strncmp (a, b, length) && b[length] == ':' &&
      !strchr (b + length + 1, ':');
}

/* A connection begins at any port: without a NAT we are still reached at ours. */
gboolean
sip_account_learn_address (SipAccount *self, const sip_t *sip)
{
  g_autofree gchar *seen =
      sip_host_is_given (self->external_address, &self->remote)
      ? NULL
      : seen_address (sip);

  if (!seen || g_str_equal (seen, self->address) ||
      (self->by != SIP_TRANSPORT_UDP && !self->is_public &&
          is_same_host (seen, self->address)))
    return FALSE;
  GST_INFO ("account %s: the registrar sees %s in place of %s",
      self->settings->account.name, seen, self->address);
  g_free (self->old_address);
  self->old_address = g_steal_pointer (&self->address);
  self->address = g_steal_pointer (&seen);
  self->is_public = TRUE;
  return TRUE;
}

/* ---- Pings */

/* Each ping has a handle of its own: one that was asked for a password waits for it for
 * ever, and what is sent with the same handle waits behind it. */
static void
forget_ping (SipAccount *self)
{
  if (!self->ping_nh)
    return;
  nua_handle_bind (self->ping_nh, NULL);
  nua_handle_destroy (g_steal_pointer (&self->ping_nh));
}

void
sip_account_stop_pings (SipAccount *self)
{
  io_loop_clear_timeout (&self->ping_timer);
  forget_ping (self);
}

static gboolean
on_ping (gpointer data)
{
  SipAccount *self = data;
  g_autofree gchar *address = packet_address_to_string (&self->remote);
  g_autofree gchar *to =
      g_strdup_printf ("sip:%s;transport=%s", address, self->transport_name);
  g_autofree gchar *party =
      g_strdup_printf ("<%s>", self->settings->account.aor);

  g_clear_pointer (&self->ping_timer, g_source_unref);
  forget_ping (self); /* there may be one where the registration was renewed */
  self->ping_nh = nua_handle (sip_agent_get_nua (self->agent),
      sip_handle_get_magic (&self->ping),
      NUTAG_URL (self->settings->account.registrar),
      SIPTAG_TO_STR (self->settings->account.registrar),
      SIPTAG_FROM_STR (party), TAG_END ());
  nua_options (self->ping_nh, NUTAG_PROXY (to), TAG_END ());
  return G_SOURCE_REMOVE;
}

void
sip_account_keep_alive (SipAccount *self)
{
  if (!self->is_public || self->ping_timer)
    return;
  self->ping_timer = io_loop_add_timeout (sip_loop_get (),
      sip_account_ping_interval, on_ping, self);
}

/* Any answer will do. None, or another mapping: the registrar is told again at
 * once. */
void
sip_account_handle_pong (SipHandle *handle, const SipEvent *event)
{
  SipAccount *self =
      (SipAccount *) ((gchar *) handle - G_STRUCT_OFFSET (SipAccount, ping));
  PacketAddress from;

  if (event->event != nua_r_options || event->status < 200)
    return;
  if (event->sip && sip_agent_get_source (self->agent, &from) &&
      !sip_account_learn_address (self, event->sip)) {
    forget_ping (self);
    sip_account_keep_alive (self);
    return;
  }
  sip_account_stop_pings (self);
  if (!self->asked && !self->finding)
    sip_account_begin (self);
}
