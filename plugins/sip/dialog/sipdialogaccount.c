/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What an account means for a call: who we are, and how that is shown. */

#include "sipdialogprivate.h"

#include <sofia-sip/nua_tag.h>
#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* What the library says last of a request that it kept for us to show who we are, and we
 * did not. */
#define NOTHING_TO_SHOW 904

void
sip_dialog_account_clear (SipDialogAccount *self)
{
  g_free (self->from);
  g_free (self->display_name);
  g_free (self->contact_user);
  g_free (self->contact_address);
  g_free (self->route);
  g_free (self->next_hop);
  sip_auth_clear (&self->auth);
  *self = (SipDialogAccount){ NULL };
}

void
sip_dialog_copy_account (SipDialogAccount *to, const SipDialogAccount *from)
{
  *to = (SipDialogAccount){ .from = g_strdup (from->from),
    .display_name = g_strdup (from->display_name),
    .contact_user = g_strdup (from->contact_user),
    .contact_address = g_strdup (from->contact_address),
    .contact_agent = from->contact_agent,
    .contact_transport = from->contact_transport,
    .route = g_strdup (from->route),
    .next_hop = g_strdup (from->next_hop) };
  sip_auth_copy (&to->auth, &from->auth);
}

/* ---- From */

static gchar *
local_address (const SipDialog *self, gboolean with_port)
{
  const gboolean v6 = strchr (self->host, ':') != NULL;
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%s:%s@%s%s%s", self->secure ? "sips" : "sip",
      self->settings.user, v6 ? "[" : "", self->host, v6 ? "]" : "");
  if (with_port)
    g_string_append_printf (text, ":%u",
        sip_agent_get_port_of (self->agent, self->transport));
  return g_string_free (text, FALSE);
}

gchar *
sip_dialog_from_address (SipDialog *self)
{
  const gchar *from = self->settings.account.from;

  return from ? g_strdup (from) : local_address (self, FALSE);
}

gchar *
sip_dialog_from_header (SipDialog *self)
{
  const SipDialogAccount *account = &self->settings.account;
  g_autofree gchar *local = account->from ? NULL : local_address (self, TRUE);
  const gchar *uri = local ? local : account->from;

  return account->display_name
      ? g_strdup_printf ("\"%s\" <%s>", account->display_name, uri)
      : g_strdup_printf ("<%s>", uri);
}

/* ---- Who we are */

/* The library keeps a request for whose answer it waits, and a call in whose BYE that is
 * has no end of its own. */
static void
give_up (SipDialog *self, gint status, const gchar *cause)
{
  const SipDialogEnd end = { SIP_CALL_BY_PEER, (guint) status, cause,
    GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED };

  if (!self->ended)
    sip_dialog_tell_end (self, &end);
  sip_dialog_free (self);
}

static gboolean
asks (const SipEvent *event)
{
  const sip_t *sip = event->sip;

  return (event->status == 401 && sip->sip_www_authenticate) ||
      (event->status == 407 && sip->sip_proxy_authenticate);
}

gboolean
sip_dialog_authorize (SipDialog *self, const SipEvent *event)
{
  SipAuth *auth = &self->settings.account.auth;
  SipAuthOutcome outcome = SIP_AUTH_NOBODY;

  if (event->event < nua_r_set_params)
    return FALSE;
  if (event->status == NOTHING_TO_SHOW)
    return TRUE;
  if (!event->sip)
    return FALSE;
  if (!asks (event))
    return FALSE;
  if (event->event == nua_r_invite)
    sip_dialog_heard_target (self);
  /* Not for an INVITE that our CANCEL has crossed. */
  if (!self->ended || self->answered)
    outcome = sip_auth_answer (auth, self->nh, event->status, event->sip);
  GST_DEBUG ("%s: %d, asked who we are: %s", sip_dialog_log_id (self),
      event->status, outcome == SIP_AUTH_ANSWERED ? "answered" : "no answer");
  if (outcome == SIP_AUTH_ANSWERED)
    return TRUE;
  if (self->answered && event->event != nua_r_bye) {
    nua_authenticate (self->nh, TAG_END ());
    return FALSE; /* the call goes on without */
  }
  g_autofree gchar *cause = sip_auth_explain (auth, outcome);
  give_up (self, event->status, cause);
  return TRUE;
}
