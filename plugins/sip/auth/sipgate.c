/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipgate.h"
#include "sipdigest.h"

#include "sip/logic/sipuri.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>

/* On their way proxies change the rest of it. Who signed no callee at all, but a host, as
 * simple clients do, meant whoever he calls. */
static gboolean
is_same_callee (const sip_t *sip, const gchar *uri)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const gchar *called = url_as_string (home, sip->sip_request->rq_url);
  const gboolean same = called &&
      (sip_uri_is_same_callee (called, uri) ||
          sip_uri_is_same_callee ("sip:nobody", uri));

  su_home_deinit (home);
  return same;
}

AuthVerdict
sip_gate_verify (SipUsers *users, const sip_t *sip)
{
  const msg_auth_t *each = sip->sip_authorization;
  AuthVerdict verdict = AUTH_VERDICT_NONE;

  sip_users_refresh (users);
  for (; each && verdict == AUTH_VERDICT_NONE; each = each->au_next) {
    g_autofree gchar *text = sip_digest_header_text (each);
    g_autofree gchar *user = NULL;
    g_autofree gchar *uri = NULL;
    verdict = auth_server_verify (users->server, text,
        sip->sip_request->rq_method_name, g_get_monotonic_time (), &user, &uri);
    if (verdict == AUTH_VERDICT_RIGHT && !is_same_callee (sip, uri))
      verdict = AUTH_VERDICT_ELSEWHERE;
  }
  return verdict;
}

void
sip_gate_ask (SipUsers *users, nua_handle_t *nh, gboolean stale)
{
  const gint64 now = g_get_monotonic_time ();
  g_autofree gchar *better =
      auth_server_challenge (users->server, DIGEST_SHA256, stale, now);
  g_autofree gchar *other =
      auth_server_challenge (users->server, DIGEST_MD5, stale, now);

  nua_respond (nh, SIP_401_UNAUTHORIZED,
      TAG_IF (better, SIPTAG_WWW_AUTHENTICATE_STR (better)),
      TAG_IF (other, SIPTAG_WWW_AUTHENTICATE_STR (other)), TAG_END ());
}
