/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <sofia-sip/nua.h>

G_BEGIN_DECLS

/* Whoever holds a handle of the SIP library hears what happens to it: a call, and
 * what else has a handle of its own. Lives in its owner. SIP loop only. */

typedef struct _SipHandle SipHandle;

/* As the library tells it. */
typedef struct
{
  nua_event_t event;
  gint status; /* of a response, or of what the library answered itself */
  const gchar *phrase;
  nua_handle_t *nh;
  const sip_t *sip; /* may be NULL */
  tagi_t *tags;
} SipEvent;

struct _SipHandle
{
  void (*event) (SipHandle *self, const SipEvent *event);
};

/* For nua_handle() and nua_handle_bind(). */
static inline nua_hmagic_t *
sip_handle_get_magic (SipHandle *self)
{
  return (nua_hmagic_t *) self;
}

G_END_DECLS
