/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipauth.h"
#include "sipdigest.h"

#include "sip/logic/auth/digest.h"

#include <sofia-sip/nua_tag.h>
#include <string.h>

void
sip_auth_init (void)
{
  sip_digest_install ();
}

static void
wipe (gchar *secret)
{
  if (secret)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

void
sip_auth_clear (SipAuth *self)
{
  g_free (self->name);
  g_free (self->user);
  wipe (self->password);
  g_clear_pointer (&self->realms, auth_realms_unref);
  g_clear_pointer (&self->answered, g_ptr_array_unref);
  *self = (SipAuth){ NULL };
}

void
sip_auth_copy (SipAuth *self, const SipAuth *from)
{
  *self = (SipAuth){ .name = g_strdup (from->name),
    .user = g_strdup (from->user),
    .password = g_strdup (from->password),
    .realms = from->realms ? auth_realms_ref (from->realms) : NULL,
    .asker = from->asker };
}

static gboolean
give_credentials (SipAuth *self, nua_handle_t *nh, const gchar *realm)
{
  gchar *credentials =
      sip_digest_credentials (realm, self->user, self->password);

  nua_authenticate (nh, NUTAG_AUTH (credentials), TAG_END ());
  wipe (credentials);
  return TRUE;
}

/* FALSE: it had our answer, which the library keeps, and did not like it. */
static gboolean
note_answer (SipAuth *self, gint status, const gchar *realm)
{
  g_autofree gchar *what = g_strdup_printf ("%d %s", status, realm);

  if (!self->answered)
    self->answered = g_ptr_array_new_with_free_func (g_free);
  if (self->answered->len >= AUTH_REALMS_MOST ||
      g_ptr_array_find_with_equal_func (self->answered, what, g_str_equal,
          NULL))
    return FALSE;
  g_ptr_array_add (self->answered, g_steal_pointer (&what));
  return TRUE;
}

/* ---- What is asked for */

typedef struct
{
  gchar *realm; /* NULL: nothing that is done here */
  DigestAlgorithm algorithm;
} Wanted;

static void
wanted_clear (Wanted *self)
{
  g_free (self->realm);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wanted, wanted_clear)

/* The first realm, and the best algorithm in it. */
static void
take (Wanted *self, const DigestChallenge *challenge, const AuthRealms *among)
{
  if (!digest_challenge_is_usable (challenge) ||
      (among &&
          !auth_realms_admit (among, challenge->realm, challenge->algorithm)))
    return;
  if (!self->realm)
    self->realm = g_strdup (challenge->realm);
  if (g_str_equal (self->realm, challenge->realm))
    self->algorithm = MAX (self->algorithm, challenge->algorithm);
}

/* @among NULL: whatever it is. */
static Wanted
find_wanted (const msg_auth_t *headers, const AuthRealms *among)
{
  Wanted wanted = { NULL };

  for (const msg_auth_t *each = headers; each; each = each->au_next) {
    g_autofree gchar *text = sip_digest_header_text (each);
    DigestChallenge challenge;
    if (!digest_challenge_parse (&challenge, text))
      continue;
    take (&wanted, &challenge, among);
    digest_challenge_clear (&challenge);
  }
  return wanted;
}

static gboolean
may_learn (const SipAuth *self)
{
  return self->asker == SIP_AUTH_REGISTRAR ||
      (self->asker == SIP_AUTH_SERVER && auth_realms_is_empty (self->realms));
}

SipAuthOutcome
sip_auth_answer (SipAuth *self, nua_handle_t *nh, gint status, const sip_t *sip)
{
  const msg_auth_t *headers =
      status == 401 ? sip->sip_www_authenticate : sip->sip_proxy_authenticate;
  g_auto (Wanted) any = find_wanted (headers, NULL);

  if (!self->user || !self->password)
    return SIP_AUTH_NOBODY;
  if (!any.realm)
    return SIP_AUTH_STRANGE;
  if (may_learn (self))
    auth_realms_learn (self->realms, any.realm, any.algorithm);
  g_auto (Wanted) own = find_wanted (headers, self->realms);
  if (!own.realm)
    return SIP_AUTH_FOREIGN;
  if (!note_answer (self, status, own.realm))
    return SIP_AUTH_REFUSED;
  give_credentials (self, nh, own.realm);
  return SIP_AUTH_ANSWERED;
}

void
sip_auth_begin (SipAuth *self)
{
  g_clear_pointer (&self->answered, g_ptr_array_unref);
}

gchar *
sip_auth_explain (const SipAuth *self, SipAuthOutcome outcome)
{
  switch (outcome) {
    case SIP_AUTH_REFUSED:
      return g_strdup_printf ("The far end refuses the password of %s",
          self->name);
    case SIP_AUTH_STRANGE:
      return g_strdup ("The far end wants a password in a way that this side "
                       "does not have (neither MD5 nor SHA-256)");
    case SIP_AUTH_FOREIGN:
      return g_strdup_printf ("The far end wants the password of %s for "
                              "another realm, or by a weaker algorithm, than "
                              "its servers do",
          self->name);
    case SIP_AUTH_NOBODY:
      return self->name
          ? g_strdup_printf ("The far end wants a password, and %s has none "
                             "(VOICE_SIP_PASSWORD or password-file)",
                self->name)
          : g_strdup ("The far end wants a password");
    default:
      return NULL;
  }
}
