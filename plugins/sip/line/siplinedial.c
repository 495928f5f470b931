/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whom a line calls on somebody else's word: whatever does not come from its own settings
 * passes here, and goes on as what was tested. */

#include "siplineprivate.h"
#include "logic/dial/dialpolicy.h"
#include "logic/sipuri.h"

#include "common/base/gstvoicelog.h"

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* As it was set last: a line that does not run yet has one, too. */
static DialPolicy *
new_policy (SipLine *self)
{
  g_mutex_lock (&self->lock);
  g_autoptr (GstPairSettings) settings =
      gst_pair_merge_unlocked (&self->pair, NULL);
  GObjectClass *klass = self->pair.klass;
  g_mutex_unlock (&self->lock);
  g_autofree gchar *text =
      gst_pair_settings_dup_string (settings, klass, "dial-allow");
  DialPolicy *policy = dial_policy_new (text, NULL);

  return policy ? policy : dial_policy_new (NULL, NULL);
}

static const gchar *
why_not (const DialPolicy *policy, DialVerdict verdict)
{
  if (dial_policy_is_empty (policy))
    return "dial-allow of the line is empty, so nobody may be called";
  return verdict == DIAL_UNREADABLE
      ? "it is neither a number at a known place nor an address that may be "
        "called"
      : "dial-allow does not have it";
}

gchar *
sip_line_dup_allowed (SipLine *self, const gchar *target, const gchar *place,
    gchar **why)
{
  g_autoptr (DialPolicy) policy = new_policy (self);
  g_autofree gchar *shown = gst_voice_log_text (target);
  gchar *uri = NULL;
  const DialVerdict verdict = dial_policy_check (policy, target, place, &uri);

  if (verdict == DIAL_ALLOWED)
    return uri;
  *why = g_strdup_printf ("Calling \"%s\" is forbidden: %s.", shown,
      why_not (policy, verdict));
  GST_WARNING ("%s: %s", self->name, *why);
  return NULL;
}

/* ---- How often */

static DialLimits
get_limits_unlocked (SipLine *self)
{
  g_autoptr (GstPairSettings) settings =
      gst_pair_merge_unlocked (&self->pair, NULL);
  g_autofree gchar *text =
      gst_pair_settings_dup_string (settings, self->pair.klass, "max-dials");
  DialLimits limits;

  /* Of a half that was not checked yet, nothing. */
  return dial_limits_parse (&limits, text) ? limits : (DialLimits){ 1, 1 };
}

const gchar *
sip_line_count_dial_unlocked (SipLine *self)
{
  const DialLimits limits = get_limits_unlocked (self);

  switch (dial_count_take (&self->dials, self->call, self->caller,
      g_get_monotonic_time () * 1000, &limits)) {
    case DIAL_COUNT_CALL:
      return "max-dials permits no more in this call.";
    case DIAL_COUNT_PER_HOUR:
      return "max-dials permits no more in this hour.";
    case DIAL_COUNT_CALLER:
      return "max-dials leaves the rest of this hour to other callers.";
    default:
      return NULL;
  }
}

/* ---- Who asks */

gchar *
sip_line_dup_redirect (SipLine *self, const gchar *const *targets, gchar **why)
{
  g_autofree gchar *uri = NULL;

  for (guint i = 0; targets[i] && !uri; i++) {
    g_clear_pointer (why, g_free);
    uri = sip_line_dup_allowed (self, targets[i], NULL, why);
    if (uri && sip_uri_check (uri, TRUE) != SIP_URI_GOOD)
      g_clear_pointer (&uri, g_free);
  }
  if (!uri)
    return NULL;
  g_mutex_lock (&self->lock);
  const gchar *limit = sip_line_count_dial_unlocked (self);
  g_mutex_unlock (&self->lock);
  *why = g_strdup (limit);
  return limit ? NULL : g_steal_pointer (&uri);
}

static gboolean
dial (SipLine *self, const gchar *uri)
{
  g_mutex_lock (&self->lock);
  const gboolean free = self->state == SIP_CALL_ENDED && !self->finished;
  if (free) {
    self->state = SIP_CALL_CALLING;
    g_clear_pointer (&self->call_id, g_free); /* it has none yet */
    self->call = MAX (self->call + 1, 1);
    self->transferring = FALSE;
    sip_line_add_dial_unlocked (self, uri);
  }
  g_mutex_unlock (&self->lock);
  if (free)
    sip_line_run_steps (self);
  return free;
}

gboolean
sip_line_dial (SipLine *self, const gchar *target)
{
  g_autofree gchar *why = NULL;

  g_mutex_lock (&self->lock);
  g_autofree gchar *home = g_strdup (self->home);
  g_mutex_unlock (&self->lock);
  g_autofree gchar *uri = sip_line_dup_allowed (self, target, home, &why);
  if (uri)
    return sip_uri_check (uri, TRUE) == SIP_URI_GOOD && dial (self, uri);
  g_autoptr (GError) error = g_error_new_literal (GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_AUTHORIZED, why);
  const SipCallEvent event = { .state = SIP_CALL_WARNED, .error = error };
  sip_line_tell (self, &event);
  return FALSE;
}
