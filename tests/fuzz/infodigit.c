/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The body of a SIP INFO; what is read is a key of a telephone. */

#include "sip/logic/infodigit.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gchar digit;
  guint duration;
  InfoDigitResult result = info_digit_read ("application/dtmf-relay",
      (const gchar *) data, size, &digit, &duration);

  g_assert (result != INFO_DIGIT_OTHER);
  if (result == INFO_DIGIT_READ)
    g_assert (digit && strchr ("0123456789*#ABCD", digit) && duration <= 8000);
  return 0;
}
