/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - A REGISTER is a request like any other to the library, not one of those that it
 *   repeats: when that is done, what is told, and what Contact says stays with us.
 * - A password that is refused the first time is an error, and not tried again. One that
 *   was right once may be so again: somebody is changing it, or how it is asked for. That
 *   is tried again soon, and then seldom: who tries often is locked out. */

#include "sipaccountprivate.h"
#include "logic/registertimes.h"

#include "sip/logic/sipuri.h"
#include "sip/signalling/siphost.h"
#include "sip/signalling/sipport.h"
#include "sip/signalling/siploop.h"
#include "sip/signalling/siptext.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_extra.h>
#include <sofia-sip/sip_tag.h>
#include <stdlib.h>
#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* A NAT that gives each request another address is not followed. */
#define MAX_MOVES 3
#define DEAD_TIME 60 /* s that a server is tried last */
#define TRY_WAIT 2000 /* ms that one may say nothing where there is another */
#define NO_CONNECTION "there is no encrypted connection: %s"

/* ---- Requests */

static void
stop_try (SipAccount *self)
{
  io_loop_clear_timeout (&self->try_timer);
}

static void
forget_handle (SipAccount *self)
{
  stop_try (self);
  self->asked = FALSE;
  if (!self->nh)
    return;
  nua_handle_bind (self->nh, NULL);
  nua_handle_destroy (g_steal_pointer (&self->nh));
}

static void
forget_servers (SipAccount *self)
{
  g_clear_pointer (&self->targets, sip_targets_free);
  self->finding = FALSE;
}

void
sip_account_stop (SipAccount *self)
{
  forget_servers (self);
  sip_account_stop_pings (self);
  forget_handle (self);
  g_clear_pointer (&self->watch, tls_watch_free);
}

static gchar *
contact_of (const SipAccount *self, const gchar *address)
{
  /* RFC 3261 26.2.2: of sips: the transport is below TLS. */
  if (g_str_has_prefix (self->settings->account.aor, "sips:"))
    return g_strdup_printf ("<sips:%s@%s>", self->contact_user, address);
  return g_strdup_printf ("<sip:%s@%s;transport=%s>", self->contact_user,
      address, self->transport_name);
}

static void
make_handle (SipAccount *self)
{
  g_autofree gchar *party =
      g_strdup_printf ("<%s>", self->settings->account.aor);

  if (self->nh)
    return;
  sip_auth_begin (&self->auth);
  self->nh = nua_handle (sip_agent_get_nua (self->agent),
      sip_handle_get_magic (&self->handle),
      NUTAG_URL (self->settings->account.registrar), SIPTAG_TO_STR (party),
      SIPTAG_FROM_STR (party), TAG_END ());
}

static void
ask (SipAccount *self, guint expires)
{
  const Account *account = &self->settings->account;
  g_autofree gchar *address = packet_address_to_string (&self->remote);
  g_autofree gchar *to =
      g_strdup_printf ("sip:%s;transport=%s", address, self->transport_name);
  g_autofree gchar *contact = contact_of (self, self->address);
  g_autofree gchar *gone =
      self->old_address ? contact_of (self, self->old_address) : NULL;
  g_autofree gchar *contacts =
      gone ? g_strconcat (contact, ", ", gone, ";expires=0", NULL) : NULL;
  g_autofree gchar *seconds = g_strdup_printf ("%u", expires);
  g_autofree gchar *route = account->outbound_proxy
      ? g_strdup_printf ("<%s;lr>", account->outbound_proxy)
      : NULL;

  make_handle (self);
  self->asked = self->bound = TRUE;
  nua_method (self->nh, NUTAG_METHOD ("REGISTER"), NUTAG_PROXY (to),
      SIPTAG_CONTACT_STR (contacts ? contacts : contact),
      SIPTAG_EXPIRES_STR (seconds), TAG_IF (route, SIPTAG_ROUTE_STR (route)),
      SIPTAG_SUPPORTED_STR ("path"), TAG_END ());
}

gboolean
sip_account_take_back (SipAccount *self)
{
  forget_servers (self);
  if (!self->bound)
    return FALSE;
  if (self->asked)
    forget_handle (self);
  ask (self, 0);
  self->taken_back = TRUE;
  return TRUE;
}

/* ---- The next one */

static gboolean
on_time (gpointer data)
{
  SipAccount *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  sip_account_begin (self);
  return G_SOURCE_REMOVE;
}

static void
begin_after (SipAccount *self, guint wait)
{
  io_loop_clear_timeout (&self->timer);
  self->timer = io_loop_add_timeout (sip_loop_get (), wait, on_time, self);
}

/* ---- What comes of it */

/* (transfer full) */
static GError *
new_error (const SipAccount *self, gint code, const gchar *cause)
{
  return g_error_new (GST_RESOURCE_ERROR, code,
      "Account %s is not registered: %s.", self->settings->account.name, cause);
}

static void
lose (SipAccount *self, guint status, const gchar *cause, guint retry_after)
{
  const gboolean first = self->failures++ == 0;

  forget_handle (self);
  sip_account_stop_pings (self);
  g_clear_pointer (&self->route, g_free);
  g_clear_pointer (&self->old_address, g_free);
  self->is_public = FALSE;
  if (self->ending) {
    sip_account_finish (self);
    return;
  }
  self->retry =
      register_times_back_off (self->failures, retry_after, g_random_double ());
  self->expires = 0;
  begin_after (self, self->retry);
  sip_account_tell (self, SIP_ACCOUNT_LOST, status, cause,
      first ? new_error (self, GST_RESOURCE_ERROR_OPEN_READ_WRITE, cause)
            : NULL);
}

static void
refuse (SipAccount *self, guint status, gint code, const gchar *cause)
{
  if (self->was_registered || self->ending) {
    lose (self, status, cause,
        self->failures ? REGISTER_MOST_BACK_OFF / 1000 : 0);
    return;
  }
  forget_handle (self);
  self->bound = FALSE;
  self->expires = self->retry = 0;
  sip_account_tell (self, SIP_ACCOUNT_REFUSED, status, cause,
      new_error (self, code, cause));
}

/* s that the registrar keeps us: of our Contact, else of all. */
static guint
granted (const SipAccount *self, const sip_t *sip)
{
  for (const sip_contact_t *c = sip->sip_contact; c; c = c->m_next) {
    const url_t *url = c->m_url;
    g_autofree gchar *address = g_strconcat (url->url_host ? url->url_host : "",
        url->url_port ? ":" : "", url->url_port ? url->url_port : "", NULL);
    if (c->m_expires && !g_strcmp0 (url->url_user, self->contact_user) &&
        g_str_equal (address, self->address))
      return (guint) strtoul (c->m_expires, NULL, 10);
  }
  if (sip->sip_expires)
    return (guint) sip->sip_expires->ex_delta;
  return self->settings->account.expires;
}

/* RFC 3608 5, behind the outbound proxy, if that is not its first. */
static void
take_route (SipAccount *self, const sip_t *sip)
{
  const gchar *proxy = self->settings->account.outbound_proxy;
  const sip_service_route_t *first = sip->sip_service_route;
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const url_t *url = sip_text_parse_uri (home, proxy);
  GString *route = g_string_new (NULL);

  if (url && !(first && !g_strcmp0 (first->r_url->url_host, url->url_host)))
    g_string_append_printf (route, "<%s;lr>", proxy);
  for (const sip_service_route_t *each = first; each; each = each->r_next) {
    const gchar *uri = url_as_string (home, each->r_url);
    if (sip_uri_check (uri, TRUE) == SIP_URI_GOOD)
      g_string_append_printf (route, "%s<%s>", route->len ? ", " : "", uri);
    else
      GST_WARNING ("account %s: the registrar names a route that is none",
          self->settings->account.name);
  }
  su_home_deinit (home);
  g_free (self->route);
  self->route = g_string_free (route, !route->len);
}

static void
take_accepted (SipAccount *self, const sip_t *sip)
{
  g_clear_pointer (&self->old_address, g_free);
  if (self->ending) {
    sip_account_finish (self);
    return;
  }
  if (sip_account_learn_address (self, sip) && self->moves++ < MAX_MOVES) {
    ask (self, self->settings->account.expires);
    return;
  }
  self->moves = 0;
  self->expires = granted (self, sip);
  if (!self->expires) {
    lose (self, 200, "the registrar does not keep what it is told", 0);
    return;
  }
  self->failures = self->retry = 0;
  self->was_registered = TRUE;
  take_route (self, sip);
  begin_after (self,
      register_times_refresh (self->expires, g_random_double ()));
  sip_account_keep_alive (self);
  sip_account_tell (self, SIP_ACCOUNT_REGISTERED, 200, NULL, NULL);
}

static void
answer (SipAccount *self, gint status, const sip_t *sip)
{
  const SipAuthOutcome outcome =
      sip_auth_answer (&self->auth, self->nh, status, sip);

  self->asked = outcome == SIP_AUTH_ANSWERED;
  if (self->asked)
    return;
  g_autofree gchar *cause = sip_auth_explain (&self->auth, outcome);
  refuse (self, (guint) status, GST_RESOURCE_ERROR_NOT_AUTHORIZED, cause);
}

/* This server does not do (RFC 3263 4.3): another one, else the registration is lost. */
static void
fail_server (SipAccount *self, guint status, const gchar *cause, guint after)
{
  if (self->targets)
    sip_targets_failed (self->targets, after ? after : DEAD_TIME);
  if (!self->targets || self->ending || !sip_targets_has_more (self->targets)) {
    lose (self, status, cause, after);
    return;
  }
  GST_INFO ("account %s: %s: the next one", self->settings->account.name,
      cause);
  forget_handle (self);
  self->finding = TRUE;
  sip_targets_next (self->targets);
}

static void start_try (SipAccount *self);

static gboolean
on_try_wait (gpointer data)
{
  SipAccount *self = data;

  g_clear_pointer (&self->try_timer, g_source_unref);
  if (sip_targets_prepare (self->targets))
    fail_server (self, 408, "the registrar does not react", 0);
  else
    start_try (self);
  return G_SOURCE_REMOVE;
}

static void
start_try (SipAccount *self)
{
  if (!sip_targets_has_more (self->targets))
    return;
  sip_targets_prepare (self->targets);
  self->try_timer =
      io_loop_add_timeout (sip_loop_get (), TRY_WAIT, on_try_wait, self);
}

/* What the stack says itself. */
static gchar *
explain_unreachable (const SipAccount *self, gint status)
{
  const gchar *why = self->watch ? tls_watch_get_failure (self->watch) : NULL;

  if (why)
    return g_strdup_printf (NO_CONNECTION, why);
  g_autofree gchar *address = packet_address_to_string (&self->remote);
  return g_strdup_printf (status == 408
          ? "the registrar at %s does not react"
          : "the registrar cannot be reached at %s",
      address);
}

static void
fail (SipAccount *self, gint status, const gchar *phrase, const sip_t *sip)
{
  PacketAddress from; /* what the stack says itself comes from nowhere */
  const gboolean said = sip_agent_get_source (self->agent, &from);
  g_autofree gchar *text = sip_text_utf8 (phrase);
  g_autofree gchar *cause = said
      ? g_strdup_printf ("the registrar says %d %s", status, text)
      : explain_unreachable (self, status);
  const guint after =
      sip && sip->sip_retry_after ? (guint) sip->sip_retry_after->af_delta : 0;

  if (status == 403)
    refuse (self, 403, GST_RESOURCE_ERROR_NOT_AUTHORIZED, cause);
  else if (status == 404 || status == 604)
    refuse (self, (guint) status, GST_RESOURCE_ERROR_NOT_FOUND, cause);
  else if (status == 503 || !said)
    fail_server (self, (guint) status, cause, after);
  else
    lose (self, (guint) status, cause, after);
}

void
sip_account_handle_event (SipHandle *handle, const SipEvent *event)
{
  SipAccount *self = (SipAccount *) handle;

  if (event->event != nua_r_method || event->status < 100 || !self->asked)
    return;
  stop_try (self);
  if (event->status < 200)
    return;
  if (sip_auth_is_asked (event->status) && event->sip) {
    answer (self, event->status, event->sip);
    return;
  }
  self->asked = FALSE;
  if (self->taken_back && !self->ending) { /* somebody came meanwhile */
    self->taken_back = FALSE;
    sip_account_begin (self);
  } else if (event->status < 300 && event->sip) {
    take_accepted (self, event->sip);
  } else {
    fail (self, event->status, event->phrase, event->sip);
  }
}

/* ---- Where */

static void
set_address (SipAccount *self)
{
  g_autofree gchar *host = sip_host_dup (self->external_address,
      sip_agent_get_host (self->agent), &self->remote);

  if (self->is_public)
    return;
  g_free (self->address);
  self->address = g_strdup_printf (strchr (host, ':') ? "[%s]:%u" : "%s:%u",
      host, sip_agent_get_port_of (self->agent, self->by));
}

/* ---- Encryption */

static void
on_no_connection (const gchar *why, gpointer user)
{
  SipAccount *self = user;
  g_autofree gchar *cause = g_strdup_printf (NO_CONNECTION, why);

  if (self->asked)
    fail_server (self, 0, cause, 0);
}

/* FALSE: it was told why not. */
static gboolean
watch_connection (SipAccount *self, const gchar *uri)
{
  TlsPort *tls = sip_agent_get_tls (self->agent);
  g_autofree gchar *name = sip_uri_dup_host (uri);
  g_autofree gchar *why = NULL;

  g_clear_pointer (&self->watch, tls_watch_free);
  self->watch =
      tls_watch_new (tls, &self->remote, name, on_no_connection, self, &why);
  if (!self->watch) {
    self->asked = TRUE;
    on_no_connection (why, self);
  }
  return self->watch != NULL;
}

static const gchar *
get_hop (const SipAccount *self)
{
  const Account *account = &self->settings->account;

  return account->outbound_proxy ? account->outbound_proxy : account->registrar;
}

static void
on_target (const PacketAddress *target, const GError *error, gpointer user)
{
  SipAccount *self = user;

  self->finding = FALSE;
  if (!target) {
    lose (self, 0, error ? error->message : "no server of it can be reached",
        0);
    return;
  }
  self->remote = *target;
  self->by = sip_targets_get_transport (self->targets);
  self->transport_name = sip_text_transport_name (self->by);
  if (self->by == SIP_TRANSPORT_TLS && !watch_connection (self, get_hop (self)))
    return;
  set_address (self);
  ask (self, self->settings->account.expires);
  start_try (self);
}

/* From where calls to them go out. */
void
sip_account_begin_probe (SipAccount *self, const TlsSettings *tls)
{
  const Account *account = &self->settings->account;
  const SipTransport by = sip_text_transport (get_hop (self));
  g_autoptr (GError) error = NULL;

  if (!account->options)
    return;
  SipAgent *agent = sip_agent_get_caller (self->agent, by, tls, &error);
  if (agent)
    self->probe = sip_probe_new (agent, get_hop (self), by, account->aor,
        account->options, sip_account_tell_servers, self);
  else
    GST_WARNING ("account %s: its servers cannot be asked whether they are "
                 "there: %s",
        account->name, error->message);
}

/* The registrar is told where we are called by the way it is reached. */
static void
refuse_transport (SipAccount *self)
{
  refuse (self, 0, GST_RESOURCE_ERROR_SETTINGS,
      self->by == SIP_TRANSPORT_TLS
          ? "it is reached by TLS, and this line is not: set "
            "local-uri=sips:*:5061"
          : "it is not reached by TLS, and this line is by nothing else: set "
            "local-uri=sip:*:5060, with tls-certificate it has TLS, too");
}

void
sip_account_begin (SipAccount *self)
{
  const gchar *uri = get_hop (self);
  const gint family = sip_port_get_family (sip_agent_get_host (self->agent));

  if (self->asked || self->finding)
    return;
  if (self->was_registered && !self->failures && self->targets) {
    /* where it is */
    ask (self, self->settings->account.expires);
    return;
  }
  self->by = sip_text_transport (uri);
  self->transport_name = sip_text_transport_name (self->by);
  if (!sip_agent_get_port_of (self->agent, self->by)) {
    refuse_transport (self);
    return;
  }
  forget_servers (self);
  self->finding = TRUE;
  self->targets = sip_targets_new (uri, self->by, family, on_target, self);
  sip_targets_next (self->targets);
}
