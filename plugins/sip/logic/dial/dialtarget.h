/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whom somebody asks to be called: a number or a SIP address, in the one form in which it
 * is tested and then dialled, so that no other spelling of it gets past the test.
 *
 * A number is "+" and the digits of E.164, or a local one's digits. Visual separators (RFC
 * 3966 5.1.1: - . ( ) and, outside of URIs, spaces) go; "00" at its beginning is "+"; no
 * other prefix is taken for that of calls abroad. * and # (features of an exchange) are
 * not there. The user of an address that consists of digits and separators is a number,
 * too, as is one that user=phone or a "+" says to be one.
 *
 * Of an address, escapes are resolved, the host is in small letters and without a dot at
 * its end. It has no password, no header fields ("?Replaces="), and no parameters but
 * transport (udp, tcp, tls) and user (phone, ip): maddr and method would send something
 * else, or to somebody else, than it says. */

#define DIAL_TARGET_LONGEST 256 /* bytes */

typedef struct
{
  gchar *user; /* of an address, or a number: the whole of it; "" = none */
  gboolean is_number; /* the user is one */
  gchar *host; /* of IPv6 with brackets; NULL: it is a number only */
  guint16 port; /* 0 = none */
  gboolean secure; /* sips: */
  gboolean phone; /* user=phone */
  gchar *transport; /* NULL = none */
} DialTarget;

/* NULL: @text is neither a number nor an address that may be dialled. */
DialTarget *dial_target_new (const gchar *text);
void dial_target_free (DialTarget *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DialTarget, dial_target_free)

/* A number is called at @place, "host[:port]". FALSE: that is none. */
gboolean dial_target_place (DialTarget *self, const gchar *place);
/* "sip:...", once it has a host: what is dialled; (transfer full). */
gchar *dial_target_to_uri (const DialTarget *self);

/* @text without separators, of @length bytes, with @spaces too, and "00" for "+"; (transfer
 * full). NULL: that is no number. @prefix: the beginning of one, which may be "+". */
gchar *dial_target_dup_number (const gchar *text, gsize length, gboolean spaces,
    gboolean prefix);
/* Host and port of "host[:port]" as they stand in a target; *@host is (transfer full).
 * FALSE: it is none. */
gboolean dial_target_read_host (const gchar *text, gchar **host, guint16 *port);
/* The user of an address with its escapes resolved; NULL: it cannot be one. */
gchar *dial_target_dup_user (const gchar *text, gsize length);

G_END_DECLS
