/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstsipcontrol.h"

static void
answer (GstPad *pad, const GstVoiceControl *control, const gchar *result,
    const gchar *reason)
{
  const GstVoiceControlResult event = { control->action, control->id, result,
    reason, 0 };

  GST_INFO_OBJECT (pad, "%s: %s%s%s",
      gst_voice_control_action_to_string (control->action), result,
      reason != NULL ? ", " : "", reason != NULL ? reason : "");
  gst_pad_push_event (pad, gst_voice_control_result_event_new (&event));
}

void
gst_sip_control_obey (GstPad *pad, SipLine *line,
    const GstVoiceControl *control)
{
  if (control->to != NULL && !sip_line_has_call (line, control->to)) {
    answer (pad, control, "failed", "That call is not on this line.");
    return;
  }
  switch (control->action) {
    case GST_VOICE_CONTROL_HANG_UP:
      if (sip_line_hang_up_after_audio (line))
        answer (pad, control, "accepted", NULL);
      else
        answer (pad, control, "failed", "There is no call.");
      break;
    case GST_VOICE_CONTROL_SEND_DTMF:
      if (control->target != NULL && sip_line_send_dtmf (line, control->target))
        answer (pad, control, "accepted", NULL);
      else
        answer (pad, control, "failed",
            "There is no call, its far end takes no digits, or these are none.");
      break;
    case GST_VOICE_CONTROL_TRANSFER: /* the line tells what comes of it */
      sip_line_transfer (line, control->target ? control->target : "",
          control->id);
      break;
    case GST_VOICE_CONTROL_HOLD:
    case GST_VOICE_CONTROL_RESUME: /* likewise */
      sip_line_hold (line,
          control->action == GST_VOICE_CONTROL_HOLD ? SIP_HOLD_MODE_SENDONLY
                                                    : SIP_HOLD_MODE_NONE,
          control->id);
      break;
  }
}

void
gst_sip_control_tell (GstPad *pad, const SipCallEvent *event)
{
  GstVoiceControlResult result = { GST_VOICE_CONTROL_TRANSFER,
    event->control_id, event->transfer,
    event->cause && *event->cause ? event->cause : NULL, event->sip_status };

  if (event->state == SIP_CALL_CONTROLLED) {
    gst_voice_control_action_from_string (event->control, &result.action);
    result.result = event->result;
  }
  if (event->control_id != NULL)
    gst_pad_push_event (pad, gst_voice_control_result_event_new (&result));
}
