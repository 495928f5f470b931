/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipincoming.h"

#include "sip/logic/dialplan.h"

G_BEGIN_DECLS

/* A call that was refused before anybody had it. */
typedef struct
{
  const gchar *call_id, *from, *to, *display_name;
  const gchar *line; /* name that was called */
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
  gboolean draining; /* nobody of the inbox takes a new call */
  guint busy_wait; /* ms that a call waits for it */
  gpointer owner;
  /* A new call for it: takes its handle. */
  void (*incoming) (gpointer owner, const SipIncoming *call);
  /* It could have had this one, or stands in for a name that nobody has. */
  void (*refused) (gpointer owner, const SipRefusal *refusal);
} SipCallee;

/* What all those of an inbox (SipCallee) say together of a new call. */

/* The one for @user, else NULL and *@result says why. */
SipCallee *sip_callees_choose (GPtrArray *all, const gchar *user,
    DialplanResult *result);
/* One of them drains: nobody takes it. */
gboolean sip_callees_are_draining (GPtrArray *all);
/* The longest that one which @user could have gone to lets callers wait, ms. */
guint sip_callees_get_busy_wait (GPtrArray *all, const gchar *user);
/* Who tells of a call for @user that nobody had: one that could have had it, or, if
 * none has such a name, any. NULL: there is none. */
SipCallee *sip_callees_find_teller (GPtrArray *all, const gchar *user);

G_END_DECLS
