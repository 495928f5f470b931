/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "iceserver.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)
#define CONSENT (30 * SECOND) /* RFC 7675 5.1 */
/* A second, and at once. Checks come every 50 ms (RFC 8445 14.2), and again. */
#define ANSWERS 100
#define REFUSALS 5

void
ice_server_init (IceServer *self, guint component)
{
  *self = (IceServer){ .component = component,
    .answers = { ANSWERS, 0 },
    .refusals = { REFUSALS, 0 } };
}

static void
forget_old (IceServer *self)
{
  g_clear_pointer (&self->old_ufrag, g_free);
  g_clear_pointer (&self->old_password, g_free);
}

void
ice_server_clear (IceServer *self)
{
  forget_old (self);
  g_clear_pointer (&self->ice, rtp_ice_unref);
}

static gboolean
has_same_names (const RtpIce *a, const RtpIce *b)
{
  return a && b && !strcmp (a->own_ufrag, b->own_ufrag) &&
      !strcmp (a->own_password, b->own_password);
}

void
ice_server_set (IceServer *self, RtpIce *ice)
{
  const gboolean same = has_same_names (self->ice, ice);

  if (!same)
    forget_old (self);
  if (self->ice && ice && !same) {
    self->old_ufrag = g_strdup (self->ice->own_ufrag);
    self->old_password = g_strdup (self->ice->own_password);
  }
  self->has_pair = self->has_pair && same;
  if (!same)
    self->n_proven = 0;
  g_clear_pointer (&self->ice, rtp_ice_unref);
  self->ice = ice ? rtp_ice_ref (ice) : NULL;
}

/* ---- Answers */

static gboolean
take_token (IceBucket *self, guint rate, gint64 now)
{
  const gdouble more = (gdouble) (now - self->at) / SECOND * rate;

  self->tokens = MIN (self->tokens + more, rate);
  self->at = now;
  if (self->tokens < 1)
    return FALSE;
  self->tokens--;
  return TRUE;
}

/* RFC 8489 6.3.1: what is wrong, for who has shown no password. */
static void
refuse (IceServer *self, const StunMessage *request, gsize size, guint code,
    gint64 now, StunWriter *answer)
{
  stun_write (answer, STUN_BINDING_ERROR, request->transaction);
  stun_write_error (answer, code);
  stun_write_end (answer, NULL);
  if (answer->size > size || !take_token (&self->refusals, REFUSALS, now))
    answer->size = 0;
}

static void
accept (IceServer *self, const StunMessage *request, const StunAddress *from,
    const gchar *password, gint64 now, StunWriter *answer)
{
  if (!take_token (&self->answers, ANSWERS, now))
    return;
  stun_write (answer,
      request->n_unknown ? STUN_BINDING_ERROR : STUN_BINDING_SUCCESS,
      request->transaction);
  if (request->n_unknown) {
    stun_write_error (answer, 420);
    stun_write_unknown (answer, request->unknown, request->n_unknown);
  } else {
    stun_write_address (answer, from);
  }
  stun_write_end (answer, password);
}

/* ---- Checks */

/* RFC 8445 7.3: ours, a colon, and what the far end calls itself. */
static gboolean
is_for (const StunMessage *request, const gchar *ufrag)
{
  const gsize size = ufrag ? strlen (ufrag) : 0;

  return size > 0 && request->username_size > size &&
      !memcmp (request->username, ufrag, size) &&
      request->username[size] == ':';
}

/* The password that it knows; NULL: none. */
static const gchar *
find_password (const IceServer *self, const StunMessage *request)
{
  const gchar *password = NULL;

  if (is_for (request, self->ice->own_ufrag))
    password = self->ice->own_password;
  else if (is_for (request, self->old_ufrag))
    password = self->old_password;
  return password && stun_check_integrity (request, password) ? password : NULL;
}

static guint32
get_priority (const IceServer *self, const StunMessage *request,
    const StunAddress *from)
{
  const RtpIceCandidate *known =
      rtp_ice_find (self->ice, self->component, from);

  return known ? known->priority : request->priority;
}

/* Our side of each pair is the same port, so the far end's priority decides which is the
 * best (RFC 8445 6.1.2.3). */
static gboolean
choose (IceServer *self, const StunMessage *request, const StunAddress *from,
    gint64 now)
{
  const guint32 priority = get_priority (self, request, from);
  const gboolean same =
      self->has_pair && stun_address_equal (&self->remote, from);

  if (self->has_pair && !same && priority < self->priority &&
      now - self->heard < CONSENT)
    return FALSE;
  self->heard = now;
  self->priority = priority;
  if (same)
    return FALSE;
  self->has_pair = TRUE;
  self->remote = *from;
  return TRUE;
}

static void
note_heard (IceServer *self, const StunAddress *from, gint64 now)
{
  if (self->has_pair && stun_address_equal (&self->remote, from))
    self->heard = now;
}

gboolean
ice_server_has_proven (const IceServer *self, const StunAddress *place)
{
  for (guint i = 0; i < MIN (self->n_proven, ICE_SERVER_PROVEN); i++)
    if (stun_address_equal (&self->proven[i], place))
      return TRUE;
  return FALSE;
}

static void
note_proven (IceServer *self, const StunAddress *place)
{
  if (!ice_server_has_proven (self, place))
    self->proven[self->n_proven++ % ICE_SERVER_PROVEN] = *place;
}

gboolean
ice_server_receive (IceServer *self, const guint8 *data, gsize size,
    const StunAddress *from, gint64 now, StunWriter *answer)
{
  StunMessage request;

  answer->size = 0;
  if (!self->ice || !stun_parse (&request, data, size) ||
      request.type != STUN_BINDING_REQUEST || !request.has_fingerprint)
    return FALSE;
  if (!request.username || !request.integrity) {
    refuse (self, &request, size, 400, now, answer);
    return FALSE;
  }
  const gchar *password = find_password (self, &request);
  if (!password) {
    refuse (self, &request, size, 401, now, answer);
    return FALSE;
  }
  accept (self, &request, from, password, now, answer);
  if (request.n_unknown)
    return FALSE;
  note_heard (self, from, now);
  if (password == self->ice->own_password)
    note_proven (self, from);
  return request.use_candidate && request.has_priority &&
      password == self->ice->own_password && choose (self, &request, from, now);
}
