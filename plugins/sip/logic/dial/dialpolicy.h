/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who may be called on somebody else's word than that of the line's own text: a model's, a
 * far end's (REFER, 3xx), an application's, a caller's. A list of patterns with commas
 * between them (`dial-allow`), of which each is
 *
 *   +4930*  112  2*          a number, or how it begins: with "+" those of E.164, without
 *                            the local ones; "0*" has no number abroad, however spelt
 *   sip:USER@HOST[:PORT]     an address; USER is a whole one, the beginning of one with a
 *                            * behind it, or *; HOST a whole one, "*.example.org", or *;
 *                            PORT one, *, or none, which is 5060 only; sips: has its own
 *
 * Where a number is called at a host, an address with both may be allowed, too. Whatever
 * cannot be read is not called. */

typedef struct _DialPolicy DialPolicy;

typedef enum
{
  DIAL_ALLOWED,
  DIAL_UNREADABLE, /* neither a number nor an address, or one with more to it */
  DIAL_FORBIDDEN, /* no pattern has it */
} DialVerdict;

#define DIAL_POLICY_ERROR (dial_policy_error_quark ())
GQuark dial_policy_error_quark (void);

/* NULL with @error, which is for a person. @text NULL or "": nobody may be called. */
DialPolicy *dial_policy_new (const gchar *text, GError **error);
void dial_policy_free (DialPolicy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DialPolicy, dial_policy_free)

/* Nobody may be called. */
gboolean dial_policy_is_empty (const DialPolicy *self);

/* Whether @target may be called; @host: "host[:port]" where numbers
 * are, NULL: nowhere, so none may. If it
 * may, *@uri is the address to call, and that only; (transfer full). */
DialVerdict dial_policy_check (const DialPolicy *self, const gchar *target,
    const gchar *host, gchar **uri);

G_END_DECLS
