/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call out whose far end says to call somebody else instead (RFC 3261 8.1.3.4). Whether
 * that is done is for the owner to say. */

#include "sipdialogprivate.h"

#define MOST 5 /* that are looked at */

static gint
compare (gconstpointer a, gconstpointer b)
{
  const sip_contact_t *const *one = a, *const *other = b;
  const gdouble q = (*one)->m_q ? g_ascii_strtod ((*one)->m_q, NULL) : 1;
  const gdouble p = (*other)->m_q ? g_ascii_strtod ((*other)->m_q, NULL) : 1;

  return (p > q) - (p < q);
}

/* 305 wants a proxy, 380 another service. */
static gboolean
names_others (gint status)
{
  return status >= 300 && status <= 302;
}

gchar **
sip_dialog_dup_redirects (gint status, const sip_t *sip)
{
  g_autoptr (GPtrArray) contacts = g_ptr_array_new ();
  su_home_t home[1] = { SU_HOME_INIT (home) };
  gchar **targets = g_new0 (gchar *, MOST + 1);

  for (sip_contact_t *c = names_others (status) ? sip->sip_contact : NULL; c;
       c = c->m_next)
    g_ptr_array_add (contacts, c);
  g_ptr_array_sort (contacts, compare);
  for (guint i = 0; i < MIN (contacts->len, MOST); i++) {
    const sip_contact_t *c = g_ptr_array_index (contacts, i);
    targets[i] = g_strdup (url_as_string (home, c->m_url));
  }
  su_home_deinit (home);
  return targets;
}

SipDialog *
sip_dialog_new_redirected (const SipDialog *other, SipAgent *agent,
    const gchar *uri, const SipDialogSettings *settings,
    const SipDialogOwner *owner, gpointer user)
{
  SipDialog *self = sip_dialog_new_outgoing (agent, uri, settings, owner, user);

  /* RFC 3261 8.1.3.4: it is the same call. */
  g_free (self->call_id);
  self->call_id = g_strdup (other->call_id);
  self->tries_before = other->tries_before + other->tries;
  return self;
}
