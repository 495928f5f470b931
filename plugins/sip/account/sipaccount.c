/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipaccountprivate.h"

#include "sip/logic/sipuri.h"
#include "sip/signalling/siplinger.h"
#include "sip/signalling/siploop.h"

#include "common/base/gstvoicelog.h"

#include <sofia-sip/nua_tag.h>
#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define NO_SERVERS "its servers do not take OPTIONS"
#define END_WAIT 2000 /* ms: for the answer to the last REGISTER */

/* Who uses it. */
typedef struct
{
  SipAccountTold told;
  gpointer user;
  SipAccount *account;
  GSource *first; /* in whose turn it is told what it missed; NULL: it was */
} User;

/* SIP loop only. */
static GSList *accounts;

/* ---- Telling */

static void
tell_user (SipAccount *self, const User *user)
{
  const SipAccountEvent event = { .state = self->state,
    .account = self->settings->account.name,
    .aor = self->settings->account.aor,
    .expires = self->expires,
    .retry = self->retry,
    .status = self->status,
    .cause = self->cause,
    .error = self->error };

  user->told (&event, user->user);
}

static void
tell_servers_to (SipAccount *self, const User *user)
{
  const gboolean down = sip_probe_is_down (self->probe);
  const SipAccountEvent event = {
    .state = down ? SIP_ACCOUNT_DOWN : SIP_ACCOUNT_UP,
    .account = self->settings->account.name,
    .aor = self->settings->account.aor,
    .cause = down ? NO_SERVERS : NULL,
  };

  user->told (&event, user->user);
}

void
sip_account_tell_servers (gboolean down, gpointer data)
{
  SipAccount *self = data;

  GST_INFO ("account %s: its servers are %s", self->settings->account.name,
      down ? "down" : "up");
  for (GSList *each = self->users; each; each = each->next)
    if (!((User *) each->data)->first)
      tell_servers_to (self, each->data);
}

static void
log_state (const SipAccount *self)
{
  static const gchar *const names[] = { "registering", "registered", "refused",
    "lost" };
  g_autofree gchar *cause = gst_voice_log_text (self->cause);

  GST_INFO ("account %s: %s, %u s%s%s", self->settings->account.name,
      names[self->state], self->expires, *cause ? ": " : "", cause);
}

void
sip_account_tell (SipAccount *self, SipAccountState state, guint status,
    const gchar *cause, GError *error)
{
  self->told = TRUE;
  self->state = state;
  self->status = status;
  g_free (self->cause);
  self->cause = g_strdup (cause);
  g_clear_error (&self->error);
  self->error = error;
  log_state (self);
  for (GSList *each = self->users; each; each = each->next)
    if (!((User *) each->data)->first)
      tell_user (self, each->data);
  /* Who comes later is not warned of what is over by then. */
  if (state == SIP_ACCOUNT_LOST)
    g_clear_error (&self->error);
}

static gboolean
tell_first (gpointer data)
{
  User *user = data;

  io_loop_clear_timeout (&user->first);
  if (user->account->told)
    tell_user (user->account, user);
  if (user->account->probe && sip_probe_is_known (user->account->probe))
    tell_servers_to (user->account, user);
  return G_SOURCE_REMOVE;
}

/* ---- Life */

static gboolean
begin_first (gpointer data)
{
  SipAccount *self = data;

  io_loop_clear_timeout (&self->timer);
  self->expires = self->settings->account.expires;
  sip_account_tell (self, SIP_ACCOUNT_REGISTERING, 0, NULL, NULL);
  sip_account_begin (self);
  return G_SOURCE_REMOVE;
}

static gboolean
is_contact_user_taken (SipAgent *agent, const gchar *user)
{
  for (GSList *each = accounts; each; each = each->next) {
    SipAccount *other = each->data;
    if (other->agent == agent && g_str_equal (other->contact_user, user))
      return TRUE;
  }
  return FALSE;
}

static gchar *
choose_contact_user (SipAgent *agent, const gchar *user)
{
  gchar *chosen = g_strdup (user);

  for (guint i = 2; is_contact_user_taken (agent, chosen); i++) {
    g_free (chosen);
    chosen = g_strdup_printf ("%s-%u", user, i);
  }
  return chosen;
}

static SipAccount *
account_new (SipAgent *agent, const SipAccountUse *use)
{
  SipAccount *self = g_new0 (SipAccount, 1);

  self->handle.event = sip_account_handle_event;
  self->ping.event = sip_account_handle_pong;
  self->agent = agent;
  sip_agent_hold (agent);
  self->settings = sip_account_settings_copy (use->settings);
  self->external_address = g_strdup (use->external_address);
  self->contact_user = choose_contact_user (agent, use->settings->account.user);
  self->auth = (SipAuth){ .name = g_strdup (self->settings->account.name),
    .user = g_strdup (self->settings->account.auth_user),
    .password = g_strdup (self->settings->password),
    .realms = auth_realms_new (self->settings->account.realm),
    .asker = SIP_AUTH_REGISTRAR };
  accounts = g_slist_prepend (accounts, self);
  sip_account_begin_probe (self, use->tls);
  return self;
}

static void
account_free (SipAccount *self)
{
  accounts = g_slist_remove (accounts, self);
  io_loop_clear_timeout (&self->timer);
  sip_account_stop (self);
  g_clear_pointer (&self->probe, sip_probe_free);
  sip_agent_release (self->agent);
  sip_account_settings_free (self->settings);
  sip_auth_clear (&self->auth);
  g_free (self->external_address);
  g_free (self->contact_user);
  g_free (self->address);
  g_free (self->old_address);
  g_free (self->route);
  g_free (self->cause);
  g_clear_error (&self->error);
  g_free (self);
}

static SipAccount *
find_account (SipAgent *agent, const SipAccountUse *use)
{
  for (GSList *each = accounts; each; each = each->next) {
    SipAccount *self = each->data;
    if (self->agent == agent &&
        !g_strcmp0 (self->external_address, use->external_address) &&
        sip_account_settings_equal (self->settings, use->settings))
      return self;
  }
  return NULL;
}

/* What takes it back is under way, and has its answer first. */
static void
revive (SipAccount *self, const SipAccountUse *use)
{
  self->ending = FALSE;
  io_loop_clear_timeout (&self->timer);
  sip_linger_end ();
  g_clear_pointer (&self->probe, sip_probe_free);
  sip_account_begin_probe (self,
      use->tls); /* whoever has it now is told, too */
}

SipAccount *
sip_account_open (SipAgent *agent, const SipAccountUse *use,
    SipAccountTold told, gpointer user)
{
  SipAccount *self = find_account (agent, use);
  User *who = g_new0 (User, 1);

  if (!self)
    self = account_new (agent, use);
  if (self->ending)
    revive (self, use);
  if (!self->users && self->settings->account.expires)
    self->timer = io_loop_add_timeout (sip_loop_get (), 0, begin_first, self);
  *who = (User){ told, user, self, NULL };
  self->users = g_slist_append (self->users, who);
  if (self->users->next)
    who->first = io_loop_add_timeout (sip_loop_get (), 0, tell_first, who);
  return self;
}

static gboolean
on_end (gpointer data)
{
  sip_account_finish (data);
  return G_SOURCE_REMOVE;
}

void
sip_account_finish (SipAccount *self)
{
  sip_linger_end ();
  account_free (self);
}

static void
end (SipAccount *self)
{
  io_loop_clear_timeout (&self->timer);
  sip_account_stop_pings (self);
  if (!sip_account_take_back (self)) {
    account_free (self);
    return;
  }
  self->ending = TRUE;
  sip_linger_begin ();
  self->timer = io_loop_add_timeout (sip_loop_get (), END_WAIT, on_end, self);
}

void
sip_account_close (SipAccount *self, gpointer user)
{
  for (GSList *each = self->users; each; each = each->next) {
    User *who = each->data;
    if (who->user != user)
      continue;
    io_loop_clear_timeout (&who->first);
    self->users = g_slist_delete_link (self->users, each);
    g_free (who);
    break;
  }
  if (!self->users)
    end (self);
}

/* ---- Facts */

const gchar *
sip_account_get_contact_user (SipAccount *self)
{
  return self->contact_user;
}

const gchar *
sip_account_get_public_address (SipAccount *self)
{
  return self->is_public ? self->address : NULL;
}

const SipAgent *
sip_account_get_agent (const SipAccount *self)
{
  return self->agent;
}

SipTransport
sip_account_get_transport (const SipAccount *self)
{
  return self->by;
}

const gchar *
sip_account_explain_down (const SipAccount *self)
{
  if (self->told && self->state == SIP_ACCOUNT_REGISTERING)
    return "it is not registered yet";
  if (self->told && self->state != SIP_ACCOUNT_REGISTERED)
    return "it is not registered";
  return self->probe && sip_probe_is_down (self->probe) ? NO_SERVERS : NULL;
}

gboolean
sip_account_has_sent (SipAccount *self, const PacketAddress *from,
    const gchar *user)
{
  return packet_address_is_set (&self->remote) &&
      packet_address_same_host (&self->remote, from) &&
      !g_strcmp0 (user, self->contact_user);
}

AuthRealms *
sip_account_get_realms (SipAccount *self)
{
  return self->auth.realms;
}

static gboolean
has_host (const gchar *uri, const gchar *host)
{
  g_autofree gchar *own = sip_uri_dup_host (uri);

  return !g_ascii_strcasecmp (own, host);
}

gboolean
sip_account_is_for (SipAccount *self, const gchar *uri)
{
  const Account *account = &self->settings->account;
  g_autofree gchar *host = sip_uri_dup_host (uri);

  return self->route || account->outbound_proxy ||
      has_host (account->aor, host) || has_host (account->registrar, host);
}

gchar *
sip_account_dup_route (SipAccount *self)
{
  const gchar *proxy = self->settings->account.outbound_proxy;

  if (self->route || !proxy)
    return g_strdup (self->route);
  return g_strdup_printf ("<%s;lr>", proxy);
}

gchar *
sip_account_dup_next_hop (SipAccount *self)
{
  if (self->route && self->route[0] == '<')
    return g_strndup (self->route + 1, strcspn (self->route + 1, ">"));
  return g_strdup (self->settings->account.outbound_proxy);
}
