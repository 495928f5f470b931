/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>
#include <sofia-sip/sip.h>

G_BEGIN_DECLS

/* What the networks on its way have written into an INVITE about who calls, and who was
 * called before us, and why. Any network or caller can write it: what it is worth depends
 * on who handed us the call. */

/* All fields always:
 *
 *   asserted-identity  string   "sip:user@host" or "tel:number" (RFC 3325), "" = none
 *   asserted-name      string   beside it
 *   trusted            boolean  by whom we were handed the call: sip_origin_trust()
 *   verification       string   of the caller's number, by a network: "passed",
 *                               "failed", "none"; "" = it does not say, or is not
 *                               trusted
 *   attestation        string   "A", "B", "C": how well the caller's network knows it;
 *                               "" as above
 *   identity           boolean  a signature is there (RFC 8224), which nobody here
 *                               verifies
 *   first-called       string   address that was called first, "" = ours
 *   diverted-by        string   address that sent it on last
 *   diversion-reason   string   as in RFC 5806: "user-busy", "no-answer",
 *                               "unconditional", "deflection"...; "" = unknown
 *   user-to-user       string   of the caller's system (RFC 7433), as text where it is
 *                               text in hexadecimal digits
 *
 * (transfer full), NULL: there is nothing of it. */
GstStructure *sip_origin_collect (const sip_t *sip);
/* The same of header fields @names with @values, both NULL at the end. */
GstStructure *sip_origin_read (const gchar *const *names,
    const gchar *const *values);
/* What was verified counts only from whom we trust; else it is taken out. */
void sip_origin_trust (GstStructure *self, gboolean trusted);

G_END_DECLS
