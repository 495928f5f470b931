/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Keys of a telephone in the body of a SIP INFO. There never was a standard:
 * application/dtmf-relay has lines "Signal=5" and "Duration=160", application/dtmf
 * has the key alone, and each phone writes either in its own way. What cannot be
 * read for sure is no key: a wrong one is worse than none. */

typedef enum
{
  INFO_DIGIT_OTHER, /* another type of body */
  INFO_DIGIT_UNREADABLE,
  INFO_DIGIT_READ,
} InfoDigitResult;

/* For Accept. */
#define INFO_DIGIT_TYPES "application/dtmf-relay, application/dtmf"

/* @type: of the body, without parameters. @digit is of 0-9*#A-D, @duration in ms, 0 if
 * it is not said. */
InfoDigitResult info_digit_read (const gchar *type, const gchar *body,
    gsize size, gchar *digit, guint *duration);

G_END_DECLS
