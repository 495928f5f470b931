/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "whipconfig.h"

#include "sdp/whipoffer.h"

#include "common/event/gstvoiceevents.h"

G_BEGIN_DECLS

/* A line for browsers as HTTP, the sessions of a webrtcbin and the element see it:
 * what they say to one another. Neither of the first two knows the other. */

/* A session is a call, and told of in the words of one:
 *
 *   RINGING   an offer was accepted: it came, and nobody can be heard yet
 *   ANSWERED  encrypted, the certificate is the offered one: both sides may be heard
 *   ENDED
 *   REFUSED   an offer never became a session: without an id */
typedef struct
{
  GstVoiceCallState state;
  const gchar *id, *from, *user_agent;
  GstClockTime setup_time; /* ANSWERED: from the offer */
  GstVoiceCallBy by; /* ENDED, REFUSED */
  const gchar *cause; /* ENDED, REFUSED; for a person */
  guint
      status; /* ENDED, REFUSED: HTTP's, of the offer's answer; 0: it was a good one */
  gboolean is_failure; /* ENDED: it never was a call */
  /* REFUSED: */
  const gchar *line; /* that was called, NULL: any */
  const gchar *address; /* "host:port" that it came from */
  const gchar *transport; /* "http", "https" */
  guint untold; /* others before it that were only counted */
} WhipSessionEvent;

/* It is free, or drains, or does not any more. */
typedef void (*WhipPeerChanged) (gpointer user);
/* What became of an offer: @answer, or @error with a WHIP_ERROR. Called once. */
typedef void (*WhipPeerAnswered) (const gchar *answer, const GError *error,
    gpointer user);

/* Who has the sessions of a line, one after the other. HTTP loop. */
typedef struct
{
  gboolean (*is_free) (gpointer peer);
  /* TRUE: it will be free in a moment. */
  gboolean (*is_resetting) (gpointer peer);
  /* No new calls are to be taken, by the whole address. */
  gboolean (*is_draining) (gpointer peer);
  /* @changed NULL: nobody wants to know. */
  void (*watch) (gpointer peer, WhipPeerChanged changed, gpointer user);
  /* NULL: no session. */
  const gchar *(*get_id) (gpointer peer);
  /* Quoted, of the ICE session. */
  const gchar *(*get_etag) (gpointer peer);
  /* To a free one. @from: address of the far end, may be NULL. */
  void (*offer) (gpointer peer, WhipOffer *offer, const gchar *from,
      const gchar *user_agent, WhipPeerAnswered answered, gpointer user);
  /* A fragment of trickle ICE. FALSE with WHIP_ERROR. A restart of ICE gives the
   * fragment that answers it in @reply ((transfer full)), else NULL. */
  gboolean (*patch) (gpointer peer, const gchar *text, gsize size,
      gchar **reply, GError **error);
  void (*end) (gpointer peer, GstVoiceCallBy by, const gchar *cause);
} WhipPeerInterface;

/* What a request can go to. Lives in its owner. */
typedef struct
{
  const WhipConfig *config;
  const WhipPeerInterface *iface;
  gpointer peer; /* of @iface */
  /* Of an offer for the whole address. HTTP loop, without locks. */
  void (*refused) (GstElement *element, const WhipSessionEvent *event);
  GstElement *element;
} WhipLine;

G_END_DECLS
