/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Properties of who may call a line. */

#include "gstsipproperties.h"
#include "auth/sipusers.h"
#include "logic/addresslist.h"

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

/**
 * GstSipSrc:allow-from:
 *
 * Who may call: IP addresses and prefixes with commas between them, such as
 * "192.0.2.0/24,2001:db8::/32". It is the address that a call comes from which counts,
 * over TCP that of the connection, never what the call says of itself. Others get 403,
 * unless another line takes them. Default: unset, anybody. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:auth-file:
 *
 * File of users who may call, a line for each: "USER:PASSWORD", or "USER:REALM:HASH" as
 * htdigest writes it. A call that does not show a password of it (a digest, SHA-256 or
 * MD5) gets 401 before anything is allocated for it, unless another line takes it. With
 * #GstSipSrc:allow-from it needs both; what the registrar of #GstSipSrc:account sends
 * needs no password. Not readable by everybody; in a service that has
 * credentials (systemd) the name of one. It is read again when it changes. Default: unset,
 * no password is asked for. Changeable in READY.
 *
 * Since: 0.1
 */

void
gst_sip_properties_make_access (GParamSpec **specs)
{
  specs[GST_SIP_PROP_ALLOW_FROM] = g_param_spec_string ("allow-from",
      "Allow from",
      "IP addresses and prefixes, separated by commas, that calls may come "
      "from, such as 192.0.2.0/24,2001:db8::/32; unset takes calls from anybody",
      NULL, FLAGS_READY);
  specs[GST_SIP_PROP_AUTH_FILE] = g_param_spec_string ("auth-file",
      "Authentication file",
      "File of users with passwords, one of which a call must show; unset asks "
      "nobody",
      NULL, FLAGS_READY);
}

/* "" is no way to say that anybody may: it is what is left of a variable that is not
 * there. */
gboolean
gst_sip_settings_check_access (const GstPairSettings *settings,
    GObjectClass *klass, GError **error)
{
  g_autofree gchar *text =
      gst_pair_settings_dup_string (settings, klass, "allow-from");
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AddressList) list = text ? address_list_new (text, &wrong) : NULL;

  g_autofree gchar *file =
      gst_pair_settings_dup_string (settings, klass, "auth-file");

  if (text && !list)
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "allow-from cannot be used: %s", wrong->message);
  return (!text || list) && (!file || sip_users_check (file, error));
}
