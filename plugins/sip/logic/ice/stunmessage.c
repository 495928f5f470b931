/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "stunmessage.h"

#include <string.h>
#include <zlib.h>

#define HEADER 20
#define ATTRIBUTE_HEADER 4
#define COOKIE 0x2112a442u
#define HASH_SIZE 20 /* SHA-1 */
#define FINGERPRINT_XOR 0x5354554eu
#define MAX_ATTRIBUTES 32 /* more are no honest message */

enum
{
  MAPPED_ADDRESS = 0x0001,
  USERNAME = 0x0006,
  MESSAGE_INTEGRITY = 0x0008,
  ERROR_CODE = 0x0009,
  UNKNOWN_ATTRIBUTES = 0x000a,
  XOR_MAPPED_ADDRESS = 0x0020,
  PRIORITY = 0x0024,
  USE_CANDIDATE = 0x0025,
  FINGERPRINT = 0x8028,
};

static guint16
get16 (const guint8 *at)
{
  return (guint16) (at[0] << 8 | at[1]);
}

static guint32
get32 (const guint8 *at)
{
  return (guint32) get16 (at) << 16 | get16 (at + 2);
}

static void
put16 (guint8 *at, guint value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

static void
put32 (guint8 *at, guint32 value)
{
  put16 (at, value >> 16);
  put16 (at + 2, value & 0xffff);
}

static gsize
padded (gsize size)
{
  return (size + 3) & ~(gsize) 3;
}

/* ---- Sums over the first @end bytes, as if the message ended @rest behind them */

static guint32
get_fingerprint (const guint8 *data, gsize end)
{
  return (guint32) crc32 (0, data, (uInt) end) ^ FINGERPRINT_XOR;
}

/* RFC 8489 14.5 */
static void
get_integrity (const guint8 *data, gsize end, const gchar *password,
    guint8 *hash)
{
  guint8 length[2];
  gsize size = HASH_SIZE;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guint8 *) password,
      strlen (password));

  put16 (length, (guint) (end + ATTRIBUTE_HEADER + HASH_SIZE - HEADER));
  g_hmac_update (hmac, data, 2);
  g_hmac_update (hmac, length, 2);
  g_hmac_update (hmac, data + 4, (gssize) (end - 4));
  g_hmac_get_digest (hmac, hash, &size);
  g_hmac_unref (hmac);
}

/* ---- Reading */

gboolean
stun_is_message (const guint8 *data, gsize size)
{
  return size >= HEADER && data[0] < 4 && get32 (data + 4) == COOKIE;
}

/* RFC 8489 14.1 and 14.2. FALSE: malformed. */
static gboolean
read_address (StunMessage *self, const guint8 *value, gsize size,
    gboolean is_mixed)
{
  StunAddress address = { .size = size >= 2 && value[1] == 2 ? 16 : 4 };
  const guint8 *mix = self->data + 4; /* the cookie, and the transaction */

  if (size != 4 + address.size || value[1] < 1 || value[1] > 2)
    return FALSE;
  address.port = get16 (value + 2);
  memcpy (address.bytes, value + 4, address.size);
  for (guint i = 0; is_mixed && i < address.size; i++)
    address.bytes[i] ^= mix[i];
  if (is_mixed)
    address.port ^= get16 (mix);
  if (is_mixed || self->mapped.size == 0)
    self->mapped = address;
  return TRUE;
}

static gboolean
read_fingerprint (StunMessage *self, const guint8 *value, gsize size)
{
  const gsize before = (gsize) (value - self->data) - ATTRIBUTE_HEADER;

  self->has_fingerprint =
      size == 4 && get32 (value) == get_fingerprint (self->data, before);
  return self->has_fingerprint;
}

static gboolean
read_username (StunMessage *self, const guint8 *value, gsize size)
{
  self->username = (const gchar *) value;
  self->username_size = size;
  return size <= STUN_MAX_USERNAME;
}

static gboolean
read_priority (StunMessage *self, const guint8 *value, gsize size)
{
  if (size != 4)
    return FALSE;
  self->has_priority = TRUE;
  self->priority = get32 (value);
  return TRUE;
}

static gboolean
read_integrity (StunMessage *self, const guint8 *value, gsize size)
{
  self->integrity = (gsize) (value - self->data) - ATTRIBUTE_HEADER;
  return size == HASH_SIZE;
}

static gboolean
note_unknown (StunMessage *self, guint type)
{
  if (type < 0x8000 && self->n_unknown < STUN_MAX_UNKNOWN)
    self->unknown[self->n_unknown++] = (guint16) type;
  return TRUE;
}

/* Behind MESSAGE-INTEGRITY nothing counts but FINGERPRINT (RFC 8489 14.5). */
static gboolean
read_attribute (StunMessage *self, guint type, const guint8 *value, gsize size)
{
  if (type == FINGERPRINT)
    return read_fingerprint (self, value, size);
  if (self->integrity)
    return TRUE;
  switch (type) {
    case USERNAME:
      return read_username (self, value, size);
    case MESSAGE_INTEGRITY:
      return read_integrity (self, value, size);
    case MAPPED_ADDRESS:
      return read_address (self, value, size, FALSE);
    case XOR_MAPPED_ADDRESS:
      return read_address (self, value, size, TRUE);
    case PRIORITY:
      return read_priority (self, value, size);
    case USE_CANDIDATE:
      self->use_candidate = TRUE;
      return size == 0;
    case ERROR_CODE:
    case UNKNOWN_ATTRIBUTES:
      return TRUE;
    default:
      return note_unknown (self, type);
  }
}

gboolean
stun_parse (StunMessage *self, const guint8 *data, gsize size)
{
  gsize at = HEADER;

  *self = (StunMessage){ .data = data, .transaction = data + 8 };
  if (!stun_is_message (data, size) || get16 (data + 2) != size - HEADER ||
      size % 4 != 0)
    return FALSE;
  self->type = get16 (data);
  for (guint i = 0; at < size; i++) {
    const gsize length = get16 (data + at + 2);
    if (i == MAX_ATTRIBUTES || self->has_fingerprint || /* is the last */
        padded (length) > size - at - ATTRIBUTE_HEADER ||
        !read_attribute (self, get16 (data + at), data + at + ATTRIBUTE_HEADER,
            length))
      return FALSE;
    at += ATTRIBUTE_HEADER + padded (length);
  }
  return TRUE;
}

gboolean
stun_check_integrity (const StunMessage *self, const gchar *password)
{
  guint8 hash[HASH_SIZE], wrong = 0;

  if (!self->integrity)
    return FALSE;
  get_integrity (self->data, self->integrity, password, hash);
  /* Whoever guesses is not told by the time it takes how much was right. */
  for (guint i = 0; i < HASH_SIZE; i++)
    wrong |= hash[i] ^ self->data[self->integrity + ATTRIBUTE_HEADER + i];
  return wrong == 0;
}

gboolean
stun_address_equal (const StunAddress *a, const StunAddress *b)
{
  return a->size == b->size && a->port == b->port &&
      memcmp (a->bytes, b->bytes, a->size) == 0;
}

/* ---- Writing */

static void
set_length (StunWriter *self)
{
  put16 (self->data + 2, (guint) (self->size - HEADER));
}

/* Room for the value of an attribute, zeros; NULL: there is none. */
static guint8 *
add (StunWriter *self, guint type, gsize size)
{
  guint8 *at = self->data + self->size;

  if (padded (size) + ATTRIBUTE_HEADER > sizeof self->data - self->size)
    return NULL;
  memset (at, 0, ATTRIBUTE_HEADER + padded (size));
  put16 (at, type);
  put16 (at + 2, (guint) size);
  self->size += ATTRIBUTE_HEADER + padded (size);
  set_length (self);
  return at + ATTRIBUTE_HEADER;
}

void
stun_write (StunWriter *self, StunType type, const guint8 *transaction)
{
  self->size = HEADER;
  put16 (self->data, type);
  put16 (self->data + 2, 0);
  put32 (self->data + 4, COOKIE);
  memcpy (self->data + 8, transaction, STUN_TRANSACTION_SIZE);
}

void
stun_write_username (StunWriter *self, const gchar *name)
{
  guint8 *at = add (self, USERNAME, strlen (name));

  if (at)
    memcpy (at, name, strlen (name));
}

void
stun_write_address (StunWriter *self, const StunAddress *address)
{
  guint8 *at = add (self, XOR_MAPPED_ADDRESS, 4 + address->size);

  if (!at)
    return;
  at[1] = address->size == 16 ? 2 : 1;
  put16 (at + 2, address->port ^ (COOKIE >> 16));
  for (guint i = 0; i < address->size; i++)
    at[4 + i] = address->bytes[i] ^ self->data[4 + i];
}

/* Without a phrase, which nobody reads: an answer is no longer than its request. */
void
stun_write_error (StunWriter *self, guint code)
{
  guint8 *at = add (self, ERROR_CODE, 4);

  if (!at)
    return;
  at[2] = (guint8) (code / 100);
  at[3] = (guint8) (code % 100);
}

void
stun_write_unknown (StunWriter *self, const guint16 *types, guint n)
{
  guint8 *at = add (self, UNKNOWN_ATTRIBUTES, 2 * n);

  for (guint i = 0; at && i < n; i++)
    put16 (at + 2 * i, types[i]);
}

void
stun_write_priority (StunWriter *self, guint32 priority, gboolean use_candidate)
{
  guint8 *at = add (self, PRIORITY, 4);

  if (at)
    put32 (at, priority);
  if (use_candidate)
    add (self, USE_CANDIDATE, 0);
}

void
stun_write_end (StunWriter *self, const gchar *password)
{
  const gsize end = self->size;
  guint8 *at = password ? add (self, MESSAGE_INTEGRITY, HASH_SIZE) : NULL;

  if (at)
    get_integrity (self->data, end, password, at);
  const gsize before = self->size;
  at = add (self, FINGERPRINT, 4);
  if (at)
    put32 (at, get_fingerprint (self->data, before));
}
