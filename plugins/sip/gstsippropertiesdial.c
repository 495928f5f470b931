/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Properties of whom a line calls, and on whose word. */

#include "gstsip.h"
#include "gstsipproperties.h"
#include "line/sipline.h"
#include "logic/dial/dialcount.h"
#include "logic/dial/dialpolicy.h"

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

/**
 * GstSipSrc:dial:
 *
 * When the line calls #GstSipSrc:uri. Default: start, once when the pipeline starts. With
 * call it takes no calls, but calls for each that comes to its sipsink from upstream, of
 * another line's sipsrc or of a browser, and both end together: a line whose
 * #GstSipSrc:answer-mode is callee rings meanwhile, and is told why if it comes to
 * nothing. It calls from its #GstSipSrc:account, and does not register that. Changeable
 * in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:dial-allow:
 *
 * Whom the line calls, or has its far end call, on somebody else's word: an agent's, an
 * application's, by the actions of this element. Numbers, or how they begin, and addresses, with commas between them:
 * "sip:*@pbx.example,+4930*,2*". A number with "+" is one of E.164, "00" at its beginning is
 * "+", and no other prefix is; "0*" has no number abroad. An address without a port has
 * 5060 only, sip:*@pbx.example:* any; and "sip:*@*" is anybody at any host, "sip:*"
 * alone only who has no name there (sip:pbx.example). What is tested is what is dialled: escapes are
 * resolved, separators go, and an address with a password, header fields or parameters other than
 * transport and user is never called. #GstSipSrc:uri is the line's own word and not tested.
 * Default: unset, nobody. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:max-dials:
 *
 * How often the far end of one call may be asked to call somebody else
 * (#GstSipSrc::transfer, a tool of an agent), or may itself say whom to call instead (302),
 * whatever came of it; behind a comma the same in any hour, all calls of this line together,
 * of which one caller (who is not known, all of its host) has three quarters at most.
 * Calls that the application asks for (#GstSipSrc::call) are tested by
 * #GstSipSrc:dial-allow, but not counted: how many those are is its own decision, and
 * max-calls and max-rate of an #GstSipSrc:account limit them. 0 is any number. Default:
 * "1,60"; "3" is "3,60". Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:refer:
 *
 * What becomes of a far end that asks to call somebody else in its place (REFER). Default:
 * refuse, 405, and Allow does not have REFER. With follow whom it names is called, if
 * #GstSipSrc:dial-allow and #GstSipSrc:max-dials permit that, else it hears 403 and nobody
 * is called. The call goes on until that one has answered, who has it then: it is the same
 * call to whoever listens, told as changed, and `from`, `direction` and `source` are those
 * that it had. A number is called where the far end is, or, of a call of an
 * #GstSipSrc:account, at that. A call that the other is to replace (Replaces, of an attended
 * transfer) is named to it. Changeable in READY.
 *
 * Since: 0.1
 */

void
gst_sip_properties_make_dial (GParamSpec **specs)
{
  specs[GST_SIP_PROP_DIAL] = g_param_spec_enum ("dial", "Dial",
      "When to call uri", GST_TYPE_SIP_DIAL, SIP_DIAL_START, FLAGS_READY);
  specs[GST_SIP_PROP_DIAL_ALLOW] = g_param_spec_string ("dial-allow",
      "Dial allow",
      "Numbers, how they begin, and addresses, separated by commas, that may be "
      "called on somebody else's word than the line's own uri, such as "
      "sip:*@pbx.example,+4930*; unset allows nobody",
      NULL, FLAGS_READY);
  specs[GST_SIP_PROP_MAX_DIALS] = g_param_spec_string ("max-dials",
      "Maximum dials",
      "How often one call may be given to somebody else, whatever came of it, "
      "and behind a comma all calls of this line in an hour (0 = any number)",
      "1,60", FLAGS_READY);
  specs[GST_SIP_PROP_REFER] = g_param_spec_enum ("refer", "Refer",
      "What becomes of a far end that asks to call somebody else in its place",
      GST_TYPE_SIP_REFER, SIP_REFER_REFUSE, FLAGS_READY);
}

gboolean
gst_sip_settings_check_dial (const GstPairSettings *settings,
    GObjectClass *klass, GError **error)
{
  g_autofree gchar *uri = gst_pair_settings_dup_string (settings, klass, "uri");
  g_autofree gchar *text =
      gst_pair_settings_dup_string (settings, klass, "dial-allow");
  g_autofree gchar *limits =
      gst_pair_settings_dup_string (settings, klass, "max-dials");
  DialLimits read;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (DialPolicy) policy = dial_policy_new (text, &wrong);

  if (gst_pair_settings_get_enum (settings, klass, "dial") == SIP_DIAL_CALL &&
      (!uri || !*uri)) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "dial is call, but uri does not say whom to call.");
    return FALSE;
  }
  if (gst_pair_settings_get_enum (settings, klass, "refer") ==
          SIP_REFER_FOLLOW &&
      (!text || !*text)) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "refer is follow, but dial-allow does not say whom may be called.");
    return FALSE;
  }
  if (!dial_limits_parse (&read, limits))
    return gst_sip_settings_refuse (error,
        "max-dials is \"%s\", but must be a number of dials in a call up to %u, "
        "or that and one in an hour up to %u, such as 3,100.",
        limits ? limits : "", DIAL_LIMIT_CALL, DIAL_LIMIT_HOUR);
  if (policy)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "dial-allow cannot be used: %s", wrong->message);
  return FALSE;
}
