/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstvoiceagentcall.h"

#include <string.h>

static const gchar *const states[] = {
  [GST_VOICE_CALL_CALLING] = "calling",
  [GST_VOICE_CALL_RINGING] = "ringing",
  [GST_VOICE_CALL_EARLY] = "early",
  [GST_VOICE_CALL_ANSWERED] = "answered",
  [GST_VOICE_CALL_CHANGED] = "changed",
  [GST_VOICE_CALL_HELD] = "held",
  [GST_VOICE_CALL_RESUMED] = "resumed",
  [GST_VOICE_CALL_ENDED] = "ended",
  [GST_VOICE_CALL_REFUSED] = "refused",
};

static const gchar *const bys[] = {
  [GST_VOICE_CALL_BY_NOBODY] = "",
  [GST_VOICE_CALL_BY_US] = "us",
  [GST_VOICE_CALL_BY_PEER] = "peer",
  [GST_VOICE_CALL_BY_NETWORK] = "network",
};

/**
 * gst_voice_call_state_to_string:
 * @state: of a call
 *
 * Any thread; never blocks.
 *
 * Returns: the word that events and messages have for it
 *
 * Since: 0.1
 */
const gchar *
gst_voice_call_state_to_string (GstVoiceCallState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (states), NULL);

  return states[state];
}

/**
 * gst_voice_call_state_is_up:
 * @state: of a call
 *
 * Any thread; never blocks.
 *
 * Returns: %TRUE from `answered` to `ended`
 *
 * Since: 0.1
 */
gboolean
gst_voice_call_state_is_up (GstVoiceCallState state)
{
  return state == GST_VOICE_CALL_ANSWERED || state == GST_VOICE_CALL_CHANGED ||
      state == GST_VOICE_CALL_HELD || state == GST_VOICE_CALL_RESUMED;
}

/**
 * gst_voice_call_by_to_string:
 * @by: who ended or refused a call
 *
 * Any thread; never blocks.
 *
 * Returns: the word that events and messages have for it, "" for nobody
 *
 * Since: 0.1
 */
const gchar *
gst_voice_call_by_to_string (GstVoiceCallBy by)
{
  g_return_val_if_fail ((guint) by < G_N_ELEMENTS (bys), NULL);

  return bys[by];
}

static const gchar *const actions[] = {
  [GST_VOICE_CONTROL_HANG_UP] = "hang-up",
  [GST_VOICE_CONTROL_TRANSFER] = "transfer",
  [GST_VOICE_CONTROL_HOLD] = "hold",
  [GST_VOICE_CONTROL_RESUME] = "resume",
  [GST_VOICE_CONTROL_SEND_DTMF] = "send-dtmf",
};

/**
 * gst_voice_control_action_to_string:
 * @action: what is to be done
 *
 * Any thread; never blocks.
 *
 * Returns: the word that events and messages have for it
 *
 * Since: 0.1
 */
const gchar *
gst_voice_control_action_to_string (GstVoiceControlAction action)
{
  g_return_val_if_fail ((guint) action < G_N_ELEMENTS (actions), NULL);

  return actions[action];
}

/**
 * gst_voice_control_action_from_string:
 * @string: (nullable): a word
 * @action: (out): the action that it stands for
 *
 * Any thread; never blocks.
 *
 * Returns: %FALSE if there is none; @action is untouched then
 *
 * Since: 0.1
 */
gboolean
gst_voice_control_action_from_string (const gchar *string,
    GstVoiceControlAction *action)
{
  g_return_val_if_fail (action, FALSE);

  for (guint i = 0; string && i < G_N_ELEMENTS (actions); i++)
    if (!strcmp (actions[i], string)) {
      *action = (GstVoiceControlAction) i;
      return TRUE;
    }
  return FALSE;
}
