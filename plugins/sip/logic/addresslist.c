/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "addresslist.h"

#include <arpa/inet.h>
#include <string.h>

#define SIZE 16
#define MAPPED 12 /* bytes before an IPv4 address in one of IPv6 */

/* IPv4 as IPv6 has it, so that there is one kind of entry. */
typedef struct
{
  guint8 bytes[SIZE];
  guint length; /* of the prefix, bits */
} Entry;

struct _AddressList
{
  GArray *entries; /* Entry */
};

G_DEFINE_QUARK (address - list, address_list_error)

static void
map (guint8 *bytes, const guint8 *address)
{
  memset (bytes, 0, MAPPED - 2);
  memset (bytes + MAPPED - 2, 0xff, 2);
  memcpy (bytes + MAPPED, address, SIZE - MAPPED);
}

/* Digits only, and no more than @longest. */
static gboolean
read_length (const gchar *text, guint longest, guint *length)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, longest, &value, NULL))
    return FALSE;
  *length = (guint) value;
  return TRUE;
}

static gboolean
is_mapped (const guint8 *bytes)
{
  guint8 mapped[SIZE];

  map (mapped, bytes + MAPPED);
  return !memcmp (mapped, bytes, MAPPED);
}

/* "::ffff:192.0.2.0/24" is meant as the IPv4 one is: what its prefix has by the letter
 * is every IPv4 address. Who writes that without dots counts 128 bits, of which the
 * first 96 say that it is IPv4. */
static gboolean
read_mapped_length (const gchar *address, guint *length)
{
  if (*length >= MAPPED * 8)
    return TRUE;
  if (!strchr (address, '.') || *length > 32)
    return FALSE;
  *length += MAPPED * 8;
  return TRUE;
}

static gboolean
read_entry (const gchar *text, Entry *entry)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  guint8 address[SIZE];

  if (!parts[0])
    return FALSE;
  if (inet_pton (AF_INET, parts[0], address) == 1) {
    map (entry->bytes, address);
    entry->length = 32;
    if (parts[1] && !read_length (parts[1], 32, &entry->length))
      return FALSE;
    entry->length += MAPPED * 8;
    return TRUE;
  }
  if (inet_pton (AF_INET6, parts[0], entry->bytes) != 1)
    return FALSE;
  entry->length = 128;
  if (parts[1] && !read_length (parts[1], 128, &entry->length))
    return FALSE;
  return !is_mapped (entry->bytes) ||
      read_mapped_length (parts[0], &entry->length);
}

static gboolean
refuse (GError **error, const gchar *what, const gchar *entry)
{
  g_autofree gchar *shown = g_utf8_make_valid (entry, -1);

  g_set_error (error, ADDRESS_LIST_ERROR, 0, "\"%s\" %s", shown, what);
  return FALSE;
}

static gboolean
add (AddressList *self, const gchar *text, GError **error)
{
  Entry entry;

  if (self->entries->len == ADDRESS_LIST_MAX)
    return refuse (error, "is one entry too many.", text);
  if (!read_entry (text, &entry))
    return refuse (error,
        "is no IP address or prefix, such as 192.0.2.7 or 2001:db8::/32.",
        text);
  g_array_append_val (self->entries, entry);
  return TRUE;
}

AddressList *
address_list_new (const gchar *text, GError **error)
{
  g_autoptr (AddressList) self = g_new0 (AddressList, 1);
  g_auto (GStrv) parts = g_strsplit (text, ",", ADDRESS_LIST_MAX + 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  for (gchar **part = parts; *part; part++)
    if (!add (self, g_strstrip (*part), error))
      return NULL;
  if (!self->entries->len) {
    refuse (error, "names nobody.", text);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
address_list_free (AddressList *self)
{
  g_array_unref (self->entries);
  g_free (self);
}

static gboolean
covers (const Entry *entry, const guint8 *bytes)
{
  const guint whole = entry->length / 8, rest = entry->length % 8;

  if (memcmp (entry->bytes, bytes, whole))
    return FALSE;
  return !rest ||
      !((entry->bytes[whole] ^ bytes[whole]) & (0xff << (8 - rest) & 0xff));
}

gboolean
address_list_has (const AddressList *self, const guint8 *address, gsize size)
{
  guint8 bytes[SIZE];

  if (size == SIZE - MAPPED)
    map (bytes, address);
  else if (size == SIZE)
    memcpy (bytes, address, SIZE);
  else
    return FALSE;
  for (guint i = 0; i < self->entries->len; i++)
    if (covers (&g_array_index (self->entries, Entry, i), bytes))
      return TRUE;
  return FALSE;
}
