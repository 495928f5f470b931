/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "siptrunks.h"

#include "sip/codec/codectable.h"
#include "sip/signalling/siploop.h"

guint sip_trunks_wait = 4000;

struct _SipTrunks
{
  GArray *all; /* SipTrunk */
  GPtrArray *accounts; /* held: their settings */
  const gchar **contact_users;
  SipAccountTold told;
  void (*ready) (gpointer user);
  gpointer user;
  GSource *timer; /* of the wait, NULL: there is none, or it is over */
};

/* ---- What the process remembers: as much as there are accounts in its files */

static TrunkState *
get_state (const Account *account)
{
  static GHashTable *states;
  g_autofree gchar *key =
      g_strjoin ("\n", account->name, account->aor, account->server,
          account->outbound_proxy ? account->outbound_proxy : "", NULL);

  if (!states)
    states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  TrunkState *state = g_hash_table_lookup (states, key);
  if (!state) {
    state = g_new0 (TrunkState, 1);
    g_hash_table_insert (states, g_steal_pointer (&key), state);
  }
  return state;
}

/* ---- Life */

static gboolean
has_another (const SipTrunk *self)
{
  const GArray *all = self->trunks->all;

  for (guint i = 0; i < all->len; i++)
    if (!g_array_index (all, SipTrunk, i).refused)
      return TRUE;
  return FALSE;
}

/* Its servers are, or are not, there. */
static void
on_servers (SipTrunks *self, const SipAccountEvent *event)
{
  self->told (event, self->user);
  if (event->state == SIP_ACCOUNT_UP)
    self->ready (self->user);
}

static void
on_account (const SipAccountEvent *event, gpointer user)
{
  SipTrunk *self = user;
  SipTrunks *trunks = self->trunks;
  SipAccountEvent said = *event;

  if (event->state == SIP_ACCOUNT_UP || event->state == SIP_ACCOUNT_DOWN) {
    on_servers (trunks, event);
    return;
  }
  self->refused = event->state == SIP_ACCOUNT_REFUSED;
  self->known = event->state != SIP_ACCOUNT_REGISTERING;
  said.is_spare = self->refused && has_another (self);
  trunks->told (&said, trunks->user);
  if (self->known)
    trunks->ready (trunks->user);
}

static gboolean
on_wait (gpointer data)
{
  SipTrunks *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  self->ready (self->user);
  return G_SOURCE_REMOVE;
}

static void
open_one (SipTrunks *self, guint index, SipAgent *agent,
    const SipTrunksUse *use)
{
  SipTrunk *trunk = &g_array_index (self->all, SipTrunk, index);
  const SipAccountSettings *settings = g_ptr_array_index (use->accounts, index);
  SipAccountSettings own = *settings; /* borrows its words */
  const SipAccountUse one = { &own, use->external_address, use->tls };

  if (!use->registers)
    own.account.expires = 0;
  *trunk = (SipTrunk){ .trunks = self,
    .settings = settings,
    .account = sip_account_open (agent, &one, on_account, trunk),
    .state = get_state (&settings->account),
    .known = !own.account.expires };
  self->contact_users[index] = sip_account_get_contact_user (trunk->account);
}

SipTrunks *
sip_trunks_open (SipAgent *agent, const SipTrunksUse *use, gpointer user)
{
  SipTrunks *self = g_new0 (SipTrunks, 1);
  const guint n = use->accounts->len;

  self->told = use->told;
  self->ready = use->ready;
  self->user = user;
  self->accounts = g_ptr_array_ref (use->accounts);
  self->contact_users = g_new0 (const gchar *, n + 1);
  self->all = g_array_sized_new (FALSE, TRUE, sizeof (SipTrunk), n);
  g_array_set_size (self->all, n);
  for (guint i = 0; i < n; i++)
    open_one (self, i, agent, use);
  if (n > 1)
    self->timer =
        io_loop_add_timeout (sip_loop_get (), sip_trunks_wait, on_wait, self);
  return self;
}

void
sip_trunks_close (SipTrunks *self)
{
  io_loop_clear_timeout (&self->timer);
  for (guint i = 0; i < self->all->len; i++) {
    SipTrunk *trunk = &g_array_index (self->all, SipTrunk, i);
    sip_account_close (trunk->account, trunk);
  }
  g_array_unref (self->all);
  g_free (self->contact_users);
  g_ptr_array_unref (self->accounts);
  g_free (self);
}

/* ---- Facts */

const gchar *const *
sip_trunks_get_contact_users (const SipTrunks *self)
{
  return self->contact_users;
}

gboolean
sip_trunks_may_call (const SipTrunks *self)
{
  gboolean all = TRUE, any = FALSE;

  for (guint i = 0; i < self->all->len; i++) {
    const SipTrunk *trunk = &g_array_index (self->all, SipTrunk, i);
    all = all && trunk->known;
    any = any || (trunk->known && !sip_account_explain_down (trunk->account));
  }
  return all || (any && !self->timer && self->all->len > 1);
}

const GArray *
sip_trunks_get_all (const SipTrunks *self)
{
  return self->all;
}

const SipTrunk *
sip_trunks_find_sender (const SipTrunks *self, const SipIncoming *call)
{
  const gchar *user = call->sip->sip_request->rq_url->url_user;

  for (guint i = 0; i < self->all->len; i++) {
    const SipTrunk *trunk = &g_array_index (self->all, SipTrunk, i);
    if (sip_account_has_sent (trunk->account, &call->from, user))
      return trunk;
  }
  return NULL;
}

/* ---- Its calls */

/* Its words were checked with the file. */
void
sip_trunk_fill_media (const SipTrunk *self, SipDialogSettings *settings)
{
  const Account *account = &self->settings->account;
  const gchar *srtp = account->srtp;

  if (account->codecs)
    codec_table_parse (account->codecs, &settings->codecs.codecs, NULL);
  if (srtp)
    settings->srtp = g_str_equal (srtp, "required") ? SIP_SRTP_REQUIRED
        : g_str_equal (srtp, "optional")            ? SIP_SRTP_OPTIONAL
                                                    : SIP_SRTP_OFF;
}

static void
fill_contact (const SipTrunk *self, SipDialogAccount *account)
{
  account->contact_user =
      g_strdup (sip_account_get_contact_user (self->account));
  account->contact_address =
      g_strdup (sip_account_get_public_address (self->account));
  account->contact_agent = sip_account_get_agent (self->account);
  account->contact_transport = sip_account_get_transport (self->account);
}

static void
fill_auth (const SipTrunk *self, SipAuth *auth, SipAuthAsker asker)
{
  const SipAccountSettings *settings = self->settings;

  auth->name = g_strdup (settings->account.name);
  auth->user = g_strdup (settings->account.auth_user);
  auth->password = g_strdup (settings->password);
  auth->realms = auth_realms_ref (sip_account_get_realms (self->account));
  auth->asker = asker;
}

void
sip_trunk_fill_incoming (const SipTrunk *self, SipDialogSettings *settings)
{
  fill_contact (self, &settings->account);
  fill_auth (self, &settings->account.auth, SIP_AUTH_ANYBODY);
}

void
sip_trunk_fill_outgoing (const SipTrunk *self, const gchar *uri,
    SipDialogSettings *settings)
{
  const Account *own = &self->settings->account;
  SipDialogAccount *account = &settings->account;

  sip_trunk_fill_media (self, settings);
  account->from = g_strdup_printf ("%s:%s@%s",
      g_str_has_prefix (own->aor, "sips:") ? "sips" : "sip", own->user,
      own->from_domain);
  account->display_name = g_strdup (own->display_name);
  account->route = sip_account_dup_route (self->account);
  account->next_hop = sip_account_dup_next_hop (self->account);
  fill_contact (self, account);
  if (sip_account_is_for (self->account, uri))
    fill_auth (self, &account->auth, SIP_AUTH_SERVER);
}
