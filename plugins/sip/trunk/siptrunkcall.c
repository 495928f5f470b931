/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "siptrunkcall.h"

#include "sip/logic/trunk/trunktarget.h"

#define SECOND (G_GINT64_CONSTANT (1000000000)) /* ns */

/* What became of it at one of them. */
typedef struct
{
  const TrunkState *state;
  gchar *cause; /* for a person, NULL: nothing yet */
} Tried;

struct _SipTrunkCall
{
  gchar *uri; /* as it was asked for, NULL: it came in */
  gboolean fixed; /* it is nobody else's number */
  gchar *name; /* of the trunk that has it, NULL: none */
  TrunkState *state; /* of that */
  GArray *tried; /* Tried */
};

static gint64
now (void)
{
  return g_get_monotonic_time () * 1000;
}

/* ---- Life */

static void
clear_tried (gpointer data)
{
  Tried *self = data;

  g_free (self->cause);
}

SipTrunkCall *
sip_trunk_call_new (const gchar *uri, gboolean fixed)
{
  SipTrunkCall *self = g_new0 (SipTrunkCall, 1);

  self->uri = g_strdup (uri);
  self->fixed = fixed;
  self->tried = g_array_new (FALSE, FALSE, sizeof (Tried));
  g_array_set_clear_func (self->tried, clear_tried);
  return self;
}

SipTrunkCall *
sip_trunk_call_new_incoming (const SipTrunk *trunk)
{
  SipTrunkCall *self = sip_trunk_call_new (NULL, FALSE);

  self->name = g_strdup (trunk->settings->account.name);
  self->state = trunk->state;
  trunk_begin (self->state);
  return self;
}

static void
leave (SipTrunkCall *self)
{
  if (self->state)
    trunk_end (self->state);
  self->state = NULL;
  g_clear_pointer (&self->name, g_free);
}

void
sip_trunk_call_free (SipTrunkCall *self)
{
  leave (self);
  g_array_unref (self->tried);
  g_free (self->uri);
  g_free (self);
}

/* ---- Which */

static Tried *
find_tried (const SipTrunkCall *self, const TrunkState *state)
{
  for (guint i = 0; i < self->tried->len; i++) {
    Tried *each = &g_array_index (self->tried, Tried, i);
    if (each->state == state)
      return each;
  }
  return NULL;
}

/* Their addresses; TRUE: the call is to one of them. */
static gboolean
find_home (const SipTrunkCall *self, const GArray *all, gboolean *at)
{
  gboolean any = FALSE;

  for (guint i = 0; i < all->len; i++) {
    const SipTrunk *trunk = &g_array_index (all, SipTrunk, i);
    at[i] = trunk_target_is_at (self->uri, trunk->settings->account.server);
    any = any || at[i];
  }
  return any;
}

/* @number: at any trunk's; an address is called by whose server it is, else by those that
 * are for anybody. */
static void
describe (const SipTrunkCall *self, const GArray *all, const gchar *number,
    const gboolean *at, gboolean any, Trunk *trunks)
{
  for (guint i = 0; i < all->len; i++) {
    const SipTrunk *trunk = &g_array_index (all, SipTrunk, i);
    const Account *account = &trunk->settings->account;
    const gboolean here = any && !number;
    trunks[i] = (Trunk){
      .prefixes = here ? NULL : (const gchar *const *) account->prefixes,
      .weight = account->weight,
      .max_calls = account->max_calls,
      .max_rate = account->max_rate,
      .other = here && !at[i],
      .down = sip_account_explain_down (trunk->account) != NULL,
      .tried = find_tried (self, trunk->state) != NULL,
      .state = trunk->state,
    };
  }
}

static gchar *
explain (const SipTrunkCall *self, const SipTrunk *trunk, const Trunk *judged)
{
  const Tried *tried = find_tried (self, trunk->state);
  const gint64 left = judged->state->shut_until - now ();

  switch (judged->verdict) {
    case TRUNK_OTHER:
      return g_strdup ("is for others");
    case TRUNK_TRIED:
      return g_strdup_printf ("was tried (%s)",
          tried->cause ? tried->cause : "no answer");
    case TRUNK_DOWN:
      return g_strdup_printf ("is down (%s)",
          sip_account_explain_down (trunk->account));
    case TRUNK_SHUT:
      return g_strdup_printf ("wants no call for another %d s",
          (gint) (left / SECOND) + 1);
    case TRUNK_FULL:
      return g_strdup_printf ("has %u of %u calls (max-calls)",
          judged->state->calls, judged->max_calls);
    default:
      return g_strdup_printf ("had %u calls in a second (max-rate)",
          judged->max_rate);
  }
}

static gboolean
refuse (const SipTrunkCall *self, const GArray *all, const Trunk *judged,
    GError **error)
{
  GString *text = g_string_new ("No trunk takes the call:");
  gboolean busy = TRUE, other = TRUE;

  for (guint i = 0; i < all->len; i++) {
    const SipTrunk *trunk = &g_array_index (all, SipTrunk, i);
    const TrunkVerdict verdict = judged[i].verdict;
    g_autofree gchar *why = explain (self, trunk, &judged[i]);
    busy = busy &&
        (verdict == TRUNK_OTHER || verdict == TRUNK_SHUT ||
            verdict == TRUNK_FULL || verdict == TRUNK_FAST);
    other = other && verdict == TRUNK_OTHER;
    g_string_append_printf (text, "%s %s %s", i ? "," : "",
        trunk->settings->account.name, why);
  }
  g_set_error_literal (error, GST_RESOURCE_ERROR,
      other      ? GST_RESOURCE_ERROR_NOT_FOUND
          : busy ? GST_RESOURCE_ERROR_BUSY
                 : GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      text->str);
  g_string_free (text, TRUE);
  return FALSE;
}

static gboolean
is_any_good (const Trunk *judged, guint n, guint but)
{
  for (guint i = 0; i < n; i++)
    if (i != but && judged[i].verdict == TRUNK_GOOD)
      return TRUE;
  return FALSE;
}

gboolean
sip_trunk_call_next (SipTrunkCall *self, const SipTrunks *trunks,
    SipDialogSettings *settings, gchar **uri, GError **error)
{
  const GArray *all = sip_trunks_get_all (trunks);
  g_autofree Trunk *judged = g_new (Trunk, all->len);
  g_autofree gboolean *at = g_new (gboolean, all->len);
  const gboolean home = find_home (self, all, at);
  g_autofree gchar *number =
      home && !self->fixed ? trunk_target_dup_number (self->uri) : NULL;

  leave (self);
  describe (self, all, number, at, home, judged);
  const gint index = trunk_choose (judged, all->len, number, now ());
  if (index < 0)
    return refuse (self, all, judged, error);
  const SipTrunk *trunk = &g_array_index (all, SipTrunk, index);
  const Tried tried = { trunk->state, NULL };
  g_array_append_val (self->tried, tried);
  self->state = trunk->state;
  self->name = g_strdup (trunk->settings->account.name);
  settings->has_spare = is_any_good (judged, all->len, (guint) index);
  *uri = number || (home && at[index])
      ? trunk_target_dup_at (self->uri, trunk->settings->account.server)
      : g_strdup (self->uri);
  sip_trunk_fill_outgoing (trunk, *uri, settings);
  return TRUE;
}

const gchar *
sip_trunk_call_get_name (const SipTrunkCall *self)
{
  return self->name ? self->name : "";
}

/* ---- What came of it */

gboolean
sip_trunk_call_failed (SipTrunkCall *self, const SipDialogEnd *end)
{
  Tried *tried = self->state ? find_tried (self, self->state) : NULL;

  if (!tried || end->by == SIP_CALL_BY_US || !trunk_passes_on (end->status))
    return FALSE;
  g_free (tried->cause);
  tried->cause = g_strdup (end->cause);
  trunk_fail (self->state, end->status, end->retry_after, now ());
  return TRUE;
}

void
sip_trunk_call_worked (SipTrunkCall *self)
{
  if (self->state)
    trunk_work (self->state);
}
