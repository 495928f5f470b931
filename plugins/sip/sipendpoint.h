/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/ioloop.h"
#include "common/packettransport.h"

#include <gio/gio.h>
#include <sofia-sip/nua.h>

G_BEGIN_DECLS

/* One SIP user agent on one local address, UDP and TCP, shared by every line of
 * the process that names that address. All of this on the SIP loop only. */

typedef struct _SipEndpoint SipEndpoint;

/* An INVITE outside of a dialog, checked and not yet answered. */
typedef struct
{
  nua_handle_t *nh;
  const sip_t *sip;
  PacketAddress from;
  gint64 arrived; /* monotonic, us */
} SipIncoming;

/* One that was refused before any line had it. */
typedef struct
{
  const gchar *call_id, *from, *to, *display_name;
  const gchar *address; /* "host:port" that it came from */
  const gchar *transport; /* "udp", "tcp" */
  const gchar *user_agent;
  const gchar *cause; /* for a person */
  guint status;
  guint untold; /* others before it that were only counted */
} SipRefusal;

/* What an incoming call can go to. Lives in its owner. */
typedef struct
{
  const gchar *user; /* called name, "" = any */
  gboolean busy;
  gboolean draining; /* nobody of the endpoint takes a new call */
  guint busy_wait; /* ms that a call waits for it */
  gpointer owner;
  /* A new call for this line: takes its handle. */
  void (*incoming) (gpointer owner, const SipIncoming *call);
  /* It could have had this one, or stands in for a line that nobody has. */
  void (*refused) (gpointer owner, const SipRefusal *refusal);
} SipLine;

/* The loop on which all SIP runs; made once, lives as long as the process. */
IoLoop *sip_loop_get (void);

/* T1x64 of RFC 3261 in ms, for endpoints opened from now on; 0 = the standard's
 * 32 s. For tests, which cannot wait so long. */
extern guint sip_endpoint_timeout;

/* RFC 4028: how long a session lives unless it is refreshed, in seconds: what we
 * propose, and the least that we take (90; less for tests only, for endpoints opened
 * from now on). */
#define SIP_ENDPOINT_SESSION 1800
extern guint sip_endpoint_min_session;

typedef void (*SipEndpointReady) (SipEndpoint *endpoint, const GError *error,
    gpointer user);

/* The endpoint at @host (or SIP_PORT_ANY_HOST) and @port (0: the kernel chooses).
 * @ready is called, maybe before this returns, with the endpoint or
 * GST_RESOURCE_ERROR_BUSY. An address that is just being left is waited for.
 * @max_calls: 0 = the endpoint's own; two lines that ask for different limits get
 * _SETTINGS. */
void sip_endpoint_open (const gchar *host, guint16 port, guint max_calls,
    SipEndpointReady ready, gpointer user);
/* Gives back what @ready got. */
void sip_endpoint_close (SipEndpoint *self);

/* @call, which came to a line, was refused by it. */
void sip_endpoint_note_refused (SipEndpoint *self, const SipIncoming *call,
    guint status, const gchar *cause);

void sip_endpoint_add_line (SipEndpoint *self, SipLine *line);
void sip_endpoint_remove_line (SipEndpoint *self, SipLine *line);
/* A line is busy or draining no more, or now. */
void sip_endpoint_line_changed (SipEndpoint *self);

/* Where the message came from that is handled now; FALSE: the stack made it. */
gboolean sip_endpoint_get_source (SipEndpoint *self, PacketAddress *from);
nua_t *sip_endpoint_get_nua (SipEndpoint *self);
guint16 sip_endpoint_get_port (SipEndpoint *self);
/* What it is bound to; a wildcard says nothing. */
const gchar *sip_endpoint_get_host (SipEndpoint *self);

/* A dialog keeps the endpoint alive. It counts against max-calls until its call
 * is over: a BYE may wait 32 s for its answer. */
void sip_endpoint_begin_dialog (SipEndpoint *self);
void sip_endpoint_end_call (SipEndpoint *self);
void sip_endpoint_end_dialog (SipEndpoint *self);

G_END_DECLS
