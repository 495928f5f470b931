/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "mock/sipline.h"

G_BEGIN_DECLS

/* A line with two trunks, "west" and "east", each with a peer of its own; what does not come
 * fails the test. */

#define NUMBER "+4930123"
#define INVITE "INVITE sip:" NUMBER "@127.0.0.1:"
#define TRUNKS 2

typedef struct
{
  SipPeer *peers[TRUNKS]; /* of the trunks "west", "east" */
  gchar *file;
  Line line;
} Place;

/* @west and @east: what else their sections have. */
void place_init (Place *self, const gchar *west, const gchar *east);
/* A line of it, @names: "#west", "" = with both. */
void place_start (Place *self, Line *line, const gchar *names);
/* Both at once. */
void place_begin (Place *self, const gchar *west, const gchar *east);
/* Without its line, and with it. */
void place_clear (Place *self);
void place_end (Place *self);

void call (Line *line, const gchar *target);
void answer (SipPeer *peer);
void refuse (SipPeer *peer, const gchar *status, const gchar *headers);
/* Answers, and hangs up. */
void talk (Line *line, SipPeer *peer);

/* The next voice/try. */
void assert_try (Line *line, const gchar *state, const gchar *trunk,
    guint number, guint status);
/* The next voice/account says that of the servers of @account. */
void assert_account (Line *line, const gchar *state, const gchar *account,
    const gchar *cause);
/* The next voice/call with @state says that @trunk has it. */
void assert_trunk (Line *line, const gchar *state, const gchar *trunk);
/* What it says in the next warning, which is why a call has ended; (transfer full). */
GError *expect_warning (Line *line);

G_END_DECLS
