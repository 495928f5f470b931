/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpice.h"

#include <arpa/inet.h>
#include <string.h>

#define MIN_UFRAG 4
#define MIN_PASSWORD 22
#define HOST_PREFERENCE 126 /* RFC 8445 5.1.2.2 */

/* ---- Names and passwords */

static const gchar characters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static gboolean
is_text (const gchar *text, gsize least)
{
  const gsize size = text ? strlen (text) : 0;

  return size >= least && size <= RTP_ICE_MAX_TEXT &&
      strspn (text, characters) == size;
}

static void
write_characters (gchar *text, const guint8 *random, gsize n)
{
  for (gsize i = 0; i < n; i++)
    text[i] = characters[random[i] & 63];
  text[n] = '\0';
}

RtpIce *
rtp_ice_new (const gchar *ufrag, const gchar *password)
{
  if (!is_text (ufrag, MIN_UFRAG) || !is_text (password, MIN_PASSWORD))
    return NULL;
  RtpIce *self = g_new0 (RtpIce, 1);
  self->ref_count = 1;
  self->ufrag = g_strdup (ufrag);
  self->password = g_strdup (password);
  return self;
}

RtpIce *
rtp_ice_ref (RtpIce *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rtp_ice_unref (RtpIce *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_free (self->ufrag);
  g_free (self->password);
  g_free (self);
}

void
rtp_ice_make_own (RtpIce *self, const guint8 *random)
{
  write_characters (self->own_ufrag, random, RTP_ICE_UFRAG_SIZE);
  write_characters (self->own_password, random + RTP_ICE_UFRAG_SIZE,
      RTP_ICE_PASSWORD_SIZE);
}

void
rtp_ice_copy_own (RtpIce *self, const RtpIce *from)
{
  memcpy (self->own_ufrag, from->own_ufrag, sizeof self->own_ufrag);
  memcpy (self->own_password, from->own_password, sizeof self->own_password);
}

gboolean
rtp_ice_is_same (const RtpIce *a, const RtpIce *b)
{
  return !strcmp (a->ufrag, b->ufrag) && !strcmp (a->password, b->password);
}

/* ---- Candidates */

/* The next word of @text, which moves behind it; (transfer full), NULL: it is over. */
static gchar *
next_word (const gchar **text)
{
  const gchar *begin = *text + strspn (*text, " ");
  const gsize size = strcspn (begin, " ");

  *text = begin + size;
  return size ? g_strndup (begin, size) : NULL;
}

static gboolean
next_number (const gchar **text, guint64 least, guint64 most, guint64 *number)
{
  g_autofree gchar *word = next_word (text);

  return word &&
      g_ascii_string_to_unsigned (word, 10, least, most, number, NULL);
}

static gboolean
next_address (const gchar **text, StunAddress *address)
{
  g_autofree gchar *word = next_word (text);

  if (word && inet_pton (AF_INET, word, address->bytes) == 1)
    address->size = 4;
  else if (word && inet_pton (AF_INET6, word, address->bytes) == 1)
    address->size = 16;
  return address->size > 0;
}

static gboolean
next_is (const gchar **text, const gchar *expected)
{
  g_autofree gchar *word = next_word (text);

  return word && !g_ascii_strcasecmp (word, expected);
}

gboolean
rtp_ice_add_candidate (RtpIce *self, const gchar *value)
{
  RtpIceCandidate candidate = { 0 };
  g_autofree gchar *foundation = next_word (&value);
  guint64 component, priority, port;

  if (self->n_candidates == RTP_ICE_MAX_CANDIDATES || !foundation ||
      !next_number (&value, 1, 256, &component) || !next_is (&value, "udp") ||
      !next_number (&value, 1, G_MAXUINT32, &priority) ||
      !next_address (&value, &candidate.address) ||
      !next_number (&value, 1, G_MAXUINT16, &port) || !next_is (&value, "typ"))
    return FALSE;
  candidate.component = (guint) component;
  candidate.priority = (guint32) priority;
  candidate.address.port = (guint16) port;
  self->candidates[self->n_candidates++] = candidate;
  return TRUE;
}

const RtpIceCandidate *
rtp_ice_find (const RtpIce *self, guint component, const StunAddress *address)
{
  for (guint i = 0; i < self->n_candidates; i++)
    if (self->candidates[i].component == component &&
        stun_address_equal (&self->candidates[i].address, address))
      return &self->candidates[i];
  return NULL;
}

guint32
rtp_ice_get_host_priority (guint n, guint component)
{
  return (guint32) HOST_PREFERENCE << 24 | (65535 - n) << 8 | (256 - component);
}
