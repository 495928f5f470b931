/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who may call: IP addresses and prefixes (RFC 4632, RFC 4291 2.3) with commas between
 * them, "192.0.2.0/24, 2001:db8::/32, 198.51.100.7".
 *
 * Bits behind a prefix count for nothing. An IPv4 address that comes as one of IPv6
 * ("::ffff:192.0.2.1", RFC 4291 2.5.5.2) is the IPv4 one; of its prefix the length counts
 * from the IPv4 address (up to 32) or from the front (96 and more), none is in between. Digits only: a name may mean
 * anybody tomorrow. */

typedef struct _AddressList AddressList;

/* Its domain. */
#define ADDRESS_LIST_ERROR (address_list_error_quark ())
GQuark address_list_error_quark (void);

#define ADDRESS_LIST_MAX 1024 /* entries */

/* NULL with @error, one sentence that names the entry. An empty @text is an error, too:
 * nobody could call. */
AddressList *address_list_new (const gchar *text, GError **error);
void address_list_free (AddressList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressList, address_list_free)

/* @address: the bytes of an IPv4 (@size 4) or IPv6 (16) address, first byte first. */
gboolean address_list_has (const AddressList *self, const guint8 *address,
    gsize size);

G_END_DECLS
