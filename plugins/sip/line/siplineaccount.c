/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The accounts of a line: they are registered while the line waits for calls, and calls
 * that go out are from one of them. */

#include "siplineprivate.h"
#include "logic/trunk/trunktarget.h"

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* ---- What becomes of it, for the listeners */

typedef struct
{
  SipLine *line;
  SipAccountEvent event; /* whose strings are owned here */
} Telling;

static void
telling_free (gpointer data)
{
  Telling *self = data;

  g_free ((gchar *) self->event.account);
  g_free ((gchar *) self->event.aor);
  g_free ((gchar *) self->event.cause);
  if (self->event.error)
    g_error_free ((GError *) self->event.error);
  g_object_unref (self->line);
  g_free (self);
}

static void
tell (gpointer data)
{
  Telling *self = data;

  for (SipLineRole role = 0; role < SIP_LINE_N_ROLES; role++) {
    SipLineListener listener;
    GstElement *element = sip_line_dup_listener (self->line, role, &listener);

    if (element && listener.account)
      listener.account (&self->event, element);
    gst_clear_object (&element);
  }
}

static void
on_account (const SipAccountEvent *event, gpointer user)
{
  SipLine *self = user;
  g_autoptr (MediaLoop) loop = sip_line_dup_loop (self);
  Telling *telling = g_new (Telling, 1);

  *telling = (Telling){ g_object_ref (self), *event };
  telling->event.account = g_strdup (event->account);
  telling->event.aor = g_strdup (event->aor);
  telling->event.cause = g_strdup (event->cause);
  telling->event.error = event->error ? g_error_copy (event->error) : NULL;
  media_loop_invoke (loop, tell, telling, telling_free);
}

static void
on_ready (gpointer user)
{
  sip_line_dial_pending (user);
}

/* ---- While the line waits */

void
sip_line_note_home (SipLine *self)
{
  const GPtrArray *accounts = self->config.accounts;
  const SipAccountSettings *first =
      accounts->len ? g_ptr_array_index (accounts, 0) : NULL;

  g_mutex_lock (&self->lock);
  g_free (self->home);
  self->home = first ? trunk_target_dup_place (first->account.server) : NULL;
  g_mutex_unlock (&self->lock);
}

void
sip_line_open_accounts (SipLine *self)
{
  const SipTrunksUse use = { .accounts = self->config.accounts,
    .external_address = self->config.dialog.external_address,
    .tls = &self->config.dialog.tls,
    .registers = sip_line_takes_calls (self),
    .told = on_account,
    .ready = on_ready };

  if (!use.accounts->len)
    return;
  self->trunks =
      sip_trunks_open (sip_inbox_get_agent (self->inbox), &use, self);
  self->callee.account_users = sip_trunks_get_contact_users (self->trunks);
}

void
sip_line_close_accounts (SipLine *self)
{
  self->callee.account_users = NULL;
  g_clear_pointer (&self->trunks, sip_trunks_close);
}

gboolean
sip_line_may_dial (SipLine *self)
{
  return self->inbox &&
      (!self->config.accounts->len ||
          (self->trunks && sip_trunks_may_call (self->trunks)));
}

/* ---- Calls in */

gboolean
sip_line_trusts (gpointer line, const SipIncoming *call)
{
  SipLine *self = line;

  return self->trunks && sip_trunks_find_sender (self->trunks, call);
}

/* Whoever calls a line with one account calls that. */
static const SipTrunk *
get_only_trunk (SipLine *self)
{
  const GArray *all = sip_trunks_get_all (self->trunks);

  return all->len == 1 ? &g_array_index (all, SipTrunk, 0) : NULL;
}

/* Whoever is not its server is never less encrypted than the line says. */
static void
fill_for_others (SipLine *self, SipDialogSettings *settings)
{
  const SipTrunk *trunk = get_only_trunk (self);
  const SipSrtp own = settings->srtp;

  if (trunk)
    sip_trunk_fill_media (trunk, settings);
  settings->srtp = MAX (settings->srtp, own);
}

gboolean
sip_line_fill_incoming (SipLine *self, const SipIncoming *call,
    SipDialogSettings *settings)
{
  if (!self->trunks)
    return FALSE;
  const SipTrunk *sender = sip_trunks_find_sender (self->trunks, call);
  if (!sender) {
    fill_for_others (self, settings);
    return FALSE;
  }
  sip_trunk_fill_media (sender, settings);
  sip_trunk_fill_incoming (sender, settings);
  self->way = sip_trunk_call_new_incoming (sender);
  return TRUE;
}

/* ---- Calls out */

static gboolean
place (SipLine *self, const gchar *uri, const SipDialog *before, GError **error)
{
  SipDialogSettings settings = self->config.dialog; /* borrows its words */
  g_autofree gchar *own = NULL;

  if (self->way &&
      !sip_trunk_call_next (self->way, self->trunks, &settings, &own, error))
    return FALSE;
  if (own)
    GST_INFO ("%s: a call by trunk %s", self->name,
        sip_trunk_call_get_name (self->way));
  SipAgent *agent = sip_inbox_get_agent (self->inbox);
  self->dialog = before
      ? sip_dialog_new_redirected (before, agent, own ? own : uri, &settings,
            &sip_line_dialog_owner, self)
      : sip_dialog_new_outgoing (agent, own ? own : uri, &settings,
            &sip_line_dialog_owner, self);
  sip_dialog_account_clear (&settings.account);
  return TRUE;
}

gboolean
sip_line_place_call (SipLine *self, const gchar *uri, const SipDialog *before,
    GError **error)
{
  g_clear_pointer (&self->way, sip_trunk_call_free);
  if (self->trunks)
    self->way = sip_trunk_call_new (uri, FALSE);
  return place (self, uri, before, error);
}

gboolean
sip_line_follow_redirect (SipLine *self, const SipDialog *dialog,
    const SipDialogEnd *end, gchar **why)
{
  g_autofree gchar *uri =
      end->redirects ? sip_line_dup_redirect (self, end->redirects, why) : NULL;
  g_autoptr (GError) error = NULL;

  if (!uri)
    return FALSE;
  GST_INFO ("%s: %s, the far end says to call %s", self->name,
      sip_dialog_log_id (dialog), uri);
  sip_line_forget_stream (self);
  if (sip_line_place_call (self, uri, dialog, &error))
    return TRUE;
  *why = g_strdup (error->message);
  return FALSE;
}

static void
tell_failed (SipLine *self, SipDialog *dialog, const SipDialogEnd *end)
{
  g_autofree gchar *address = NULL;
  SipDialogTry attempt;

  if (sip_dialog_get_try (dialog, end, &attempt, &address))
    sip_line_tell_try (self, dialog, &attempt);
}

gboolean
sip_line_place_again (SipLine *self, SipDialog *before, const SipDialogEnd *end,
    gchar **why)
{
  g_autoptr (GError) error = NULL;

  if (!self->way || sip_dialog_was_heard (before) ||
      !sip_trunk_call_failed (self->way, end) || !self->trunks ||
      sip_trunks_get_all (self->trunks)->len < 2)
    return FALSE;
  tell_failed (self, before, end);
  sip_line_forget_stream (self);
  if (place (self, NULL, before, &error))
    return TRUE;
  *why = g_strdup (error->message);
  return FALSE;
}
