/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpwishes.h"

#include <string.h>

#define MAX_PARAMETERS 32
/* RFC 7587 6.1 */
#define MIN_RATE 8000
#define MAX_RATE 48000
#define MIN_BIT_RATE 6000
#define MAX_BIT_RATE 510000
#define MAX_PACKET_TIME 120

/* FALSE, and @value is as it was: no number in the range. */
static gboolean
read_number (const gchar *text, guint least, guint most, guint *value)
{
  gchar *end;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  const guint64 number = g_ascii_strtoull (text, &end, 10);
  if (*end || number < least || number > most)
    return FALSE;
  *value = (guint) number;
  return TRUE;
}

static void
read_flag (const gchar *text, gboolean *flag)
{
  guint value;

  if (read_number (text, 0, 1, &value))
    *flag = value != 0;
}

static void
read_parameter (RtpWishes *self, const gchar *name, const gchar *value)
{
  if (!g_ascii_strcasecmp (name, "maxplaybackrate"))
    read_number (value, MIN_RATE, MAX_RATE, &self->max_rate);
  else if (!g_ascii_strcasecmp (name, "maxaveragebitrate"))
    read_number (value, MIN_BIT_RATE, MAX_BIT_RATE, &self->max_bit_rate);
  else if (!g_ascii_strcasecmp (name, "minptime"))
    read_number (value, 1, MAX_PACKET_TIME, &self->min_packet_time);
  else if (!g_ascii_strcasecmp (name, "useinbandfec"))
    read_flag (value, &self->mends);
  else if (!g_ascii_strcasecmp (name, "usedtx"))
    read_flag (value, &self->pauses);
  else if (!g_ascii_strcasecmp (name, "cbr"))
    read_flag (value, &self->constant);
}

void
rtp_wishes_read_opus (RtpWishes *self, const gchar *text)
{
  g_auto (GStrv) words = g_strsplit (text ? text : "", ";", MAX_PARAMETERS);

  *self = (RtpWishes){ 0 };
  for (gchar **word = words; *word; word++) {
    gchar *equals = strchr (*word, '=');
    if (!equals)
      continue;
    *equals = '\0';
    read_parameter (self, g_strstrip (*word), g_strstrip (equals + 1));
  }
}
