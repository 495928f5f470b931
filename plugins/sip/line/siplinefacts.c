/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call whose far end gives it to somebody else stays the call that it was: who began it,
 * from where, and what networks said of that. Only whom it is with is another one. */

#include "siplineprivate.h"

void
sip_line_forget_facts (SipLine *self)
{
  SipLineFacts *facts = g_steal_pointer (&self->facts);

  if (!facts)
    return;
  g_free (facts->from);
  g_free (facts->to);
  g_free (facts->display_name);
  g_free (facts->source);
  g_clear_pointer (&facts->headers, gst_structure_free);
  g_clear_pointer (&facts->origin, gst_structure_free);
  g_free (facts);
}

static GstStructure *
copy (const GstStructure *structure)
{
  return structure ? gst_structure_copy (structure) : NULL;
}

static SipLineFacts *
new_facts (SipDialog *dialog)
{
  SipLineFacts *facts = g_new (SipLineFacts, 1);

  *facts = (SipLineFacts){ .outgoing = sip_dialog_is_outgoing (dialog),
    .from = g_strdup (sip_dialog_get_from (dialog)),
    .display_name = g_strdup (sip_dialog_get_display_name (dialog)),
    .source = g_strdup (sip_dialog_get_source (dialog)),
    .headers = copy (sip_dialog_get_headers (dialog)),
    .origin = copy (sip_dialog_get_origin (dialog)) };
  return facts;
}

void
sip_line_note_facts (SipLine *self)
{
  if (!self->facts)
    self->facts = new_facts (self->dialog);
  g_free (self->facts->to);
  self->facts->to = g_strdup (sip_dialog_get_to (self->dialog));
}

void
sip_line_fill_facts (SipLine *self, SipDialog *dialog, SipCallEvent *event)
{
  const SipLineFacts *facts = self->facts;

  event->outgoing = facts ? facts->outgoing : sip_dialog_is_outgoing (dialog);
  event->from = facts ? facts->from : sip_dialog_get_from (dialog);
  event->to = sip_dialog_get_to (dialog);
  event->display_name =
      facts ? facts->display_name : sip_dialog_get_display_name (dialog);
  event->source = facts ? facts->source : sip_dialog_get_source (dialog);
  event->headers = facts ? facts->headers : sip_dialog_get_headers (dialog);
  event->origin = facts ? facts->origin : sip_dialog_get_origin (dialog);
  event->admitted = event->outgoing ? "" : self->admitted;
}
