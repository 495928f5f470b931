/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "dialoguecontrols.h"

#include <string.h>

#define LEFT_TIME 1000 /* ms: a call that ends has ended by then */

typedef struct
{
  guint number;
  gboolean hang_up, transfer;
  gboolean promised; /* its words were said */
  const DialogueIntent *intent;
} Control;

void
dialogue_controls_init (DialogueControls *self)
{
  *self = (DialogueControls){ G_QUEUE_INIT };
}

void
dialogue_controls_copy (DialogueControls *self, const DialogueControls *other)
{
  *self = *other;
  g_queue_init (&self->waiting);
  for (const GList *link = other->waiting.head; link; link = link->next)
    g_queue_push_tail (&self->waiting,
        g_memdup2 (link->data, sizeof (Control)));
}

void
dialogue_controls_clear (DialogueControls *self)
{
  g_queue_clear_full (&self->waiting, g_free);
}

guint
dialogue_controls_add (DialogueControls *self, const gchar *what,
    const DialogueIntent *intent)
{
  Control *control = g_new (Control, 1);

  *control = (Control){ ++self->n, !strcmp (what, "hang-up"),
    !strcmp (what, "transfer"), FALSE, intent };
  g_queue_push_tail (&self->waiting, control);
  self->over |= control->hang_up;
  return control->number;
}

/* NULL: it is not waited for. */
static Control *
take (DialogueControls *self, guint number)
{
  Control *control;

  while ((control = g_queue_peek_head (&self->waiting)) &&
      control->number <= number) {
    g_queue_pop_head (&self->waiting);
    if (control->number == number)
      return control;
    g_free (control);
  }
  return NULL;
}

const DialogueIntent *
dialogue_controls_result (DialogueControls *self, guint number,
    gboolean accepted, gint64 now)
{
  g_autofree Control *control = take (self, number);

  if (!control)
    return NULL;
  if (accepted && (control->hang_up || control->transfer)) {
    self->over = self->gone = TRUE;
    self->gone_at = now;
  } else if (!accepted && control->hang_up) {
    self->over = FALSE; /* whoever is there goes on */
  }
  gboolean follows = accepted ? control->transfer && !control->promised
                              : !self->over &&
          (control->transfer || (control->intent && control->intent->failed));
  return follows ? control->intent : NULL;
}

const DialogueIntent *
dialogue_controls_progress (DialogueControls *self, guint number)
{
  for (GList *link = self->waiting.head; link; link = link->next) {
    Control *control = link->data;
    if (control->number != number || !control->transfer || control->promised)
      continue;
    control->promised = TRUE;
    return control->intent;
  }
  return NULL;
}

gboolean
dialogue_controls_begin_again (DialogueControls *self, gint64 now)
{
  if (!self->gone || now - self->gone_at < LEFT_TIME)
    return FALSE;
  self->over = self->gone = FALSE;
  return TRUE;
}
