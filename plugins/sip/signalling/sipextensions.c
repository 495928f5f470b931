/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - The hook is what a message class does with a body: it is called for every
 *   message with an empty line behind its headers, with a body or without. A
 *   datagram that ends before is the library's: it answers that by itself. The
 *   classes of the headers stay the library's own, so it writes and finds its own
 *   Require as ever.
 * - Require within a dialog is left to the library: that refuses no call. */

#include "sipextensions.h"

#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_util.h>

/* How much of Require counts: the library copies its list anew for every eighth
 * word that it does not know, into the message's memory. */
#define MAX_REQUIRED 16

static issize_t (
    *extract_body) (msg_t *, msg_pub_t *, char bytes[], isize_t size, int end);

static gboolean
begins_call (const sip_t *sip)
{
  return sip->sip_request && sip->sip_request->rq_method == sip_method_invite &&
      sip->sip_to && !sip->sip_to->a_tag;
}

static void
cut_list (sip_require_t *require)
{
  guint n = 0;

  while (require->k_items && require->k_items[n] && n < MAX_REQUIRED)
    n++;
  if (n == MAX_REQUIRED)
    require->k_items[n] = NULL;
}

/* The library leaves sip_user to applications. May be called more than once. */
static void
hide_missing (msg_t *message, sip_t *sip)
{
  if (!sip->sip_require)
    return;
  cut_list (sip->sip_require);
  if (!begins_call (sip))
    return;
  sip_unsupported_t *missing = sip_has_unsupported (msg_home (message),
      sip_extensions_get_supported (), sip->sip_require);
  if (!missing)
    return;
  sip->sip_user = missing;
  sip->sip_require = NULL;
}

static issize_t
end_headers (msg_t *message, msg_pub_t *public, char bytes[], isize_t size,
    int end)
{
  hide_missing (message, (sip_t *) public);
  return extract_body (message, public, bytes, size, end);
}

const msg_mclass_t *
sip_extensions_get_parser (void)
{
  static msg_mclass_t *parser = NULL;

  if (parser)
    return parser;
  parser = msg_mclass_clone (sip_default_mclass (), 0, msg_mclass_copy);
  extract_body = parser->mc_extract_body;
  parser->mc_extract_body = end_headers;
  return parser;
}

const sip_supported_t *
sip_extensions_get_supported (void)
{
  static sip_supported_t *supported = NULL;

  if (!supported)
    supported = sip_supported_make (NULL, SIP_EXTENSIONS);
  return supported;
}

const sip_unsupported_t *
sip_extensions_get_missing (const sip_t *sip)
{
  return sip->sip_user;
}
