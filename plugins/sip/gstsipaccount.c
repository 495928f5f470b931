/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstsipaccount.h"
#include "gstsipproperties.h"

#include "account/sipaccountsettings.h"

#define FLAGS \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

/**
 * GstSipSrc:account:
 *
 * Account with a provider or at a PBX: its address, `sip:4930123@trunk.example`, or
 * `FILE#NAME`, the section [NAME] of a key file. While the line waits for calls it is
 * registered; calls to it come to this line, whatever the name in #GstSipSrc:local-uri,
 * and calls out are from it. Lines with the same account share its registration.
 * `FILE#NAME,NAME`, or `FILE` for all its sections, are several, the trunks of the line: each
 * call out takes the one that its number, their weights and limits say, and the next where
 * that fails. pipelines/README.md lists the keys. Default: unset, none. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:password-file:
 *
 * File whose first line is the password of #GstSipSrc:account, not readable by everybody; in a
 * service that has credentials (systemd) the name of one. Default: unset, the account's own
 * password-file, which counts in any case, else the variable VOICE_SIP_PASSWORD. Changeable in
 * READY.
 *
 * Since: 0.1
 */

void
gst_sip_account_make_specs (GParamSpec **specs)
{
  specs[GST_SIP_PROP_ACCOUNT] = g_param_spec_string ("account", "Account",
      "Account to register and to call with: its address, such as "
      "sip:4930123@trunk.example, or FILE#NAME, a section of a key file; "
      "several are FILE#NAME,NAME, or FILE",
      NULL, FLAGS);
  specs[GST_SIP_PROP_PASSWORD_FILE] = g_param_spec_string ("password-file",
      "Password file",
      "File whose first line is the password of the account; unset takes the "
      "variable VOICE_SIP_PASSWORD",
      NULL, FLAGS);
}

gboolean
gst_sip_account_check (const GstPairSettings *settings, GObjectClass *klass,
    GError **error)
{
  g_autofree gchar *account =
      gst_pair_settings_dup_string (settings, klass, "account");
  g_autofree gchar *file =
      gst_pair_settings_dup_string (settings, klass, "password-file");
  g_autoptr (GPtrArray) read = sip_account_settings_load (account, file, error);

  return read != NULL;
}

GstMessage *
gst_sip_account_message_new (GstElement *element, const gchar *session,
    GstClockTime running_time, const SipAccountEvent *event)
{
  static const gchar *const states[] = {
    [SIP_ACCOUNT_REGISTERING] = "registering",
    [SIP_ACCOUNT_REGISTERED] = "registered",
    [SIP_ACCOUNT_REFUSED] = "refused",
    [SIP_ACCOUNT_LOST] = "lost",
    [SIP_ACCOUNT_UP] = "up",
    [SIP_ACCOUNT_DOWN] = "down",
  };

  return gst_message_new_element (GST_OBJECT (element),
      gst_structure_new ("voice/account", "state", G_TYPE_STRING,
          states[event->state], "account", G_TYPE_STRING, event->account, "aor",
          G_TYPE_STRING, event->aor, "session", G_TYPE_STRING, session,
          "running-time", G_TYPE_UINT64, running_time, "cause", G_TYPE_STRING,
          event->cause ? event->cause : "", "status", G_TYPE_UINT,
          event->status, "expires", G_TYPE_UINT, event->expires, "retry",
          G_TYPE_UINT64, event->retry * GST_MSECOND, NULL));
}
