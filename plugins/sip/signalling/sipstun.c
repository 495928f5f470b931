/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipstun.h"
#include "siploop.h"
#include "sipresolver.h"

#include <gst/gst.h>
#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define LONGEST 2000 /* ms, that a line waits for its address */
#define OLD (300 * G_TIME_SPAN_SECOND)
#define PEACE (60 * G_TIME_SPAN_SECOND)

struct _SipStun
{
  gchar *host;
  guint16 port;
  PacketAddress v4, v6; /* unset: not known */
  gint64 found_at; /* monotonic, us; 0 = never */
  gint64 silent_at; /* the same, 0: it answers as far as we know */
  gboolean is_looked_up; /* now */
  GSource *timer; /* until ready() is called, NULL: it was */
  SipStunReady ready;
  gpointer user;
};

SipStun *
sip_stun_new (const gchar *host, guint16 port)
{
  SipStun *self = g_atomic_rc_box_new0 (SipStun);

  self->host = g_strdup (host);
  self->port = port;
  return self;
}

SipStun *
sip_stun_ref (SipStun *self)
{
  return g_atomic_rc_box_acquire (self);
}

/* What waits or looks up has a reference. */
static void
stun_free (gpointer data)
{
  SipStun *self = data;

  g_free (self->host);
}

void
sip_stun_unref (SipStun *self)
{
  g_atomic_rc_box_release_full (self, stun_free);
}

gchar *
sip_stun_dup_name (const SipStun *self)
{
  return g_strdup_printf (strchr (self->host, ':') ? "[%s]:%u" : "%s:%u",
      self->host, self->port);
}

/* ---- Its address */

static void
tell_ready (SipStun *self, const gchar *why)
{
  g_autofree gchar *name = sip_stun_dup_name (self);
  g_autoptr (GError) error = why
      ? g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
            "The STUN server %s cannot be found: %s. Until it is, calls are "
            "told the addresses of this machine, and nobody outside of its "
            "NAT may reach them.",
            name, why)
      : NULL;

  if (!self->timer)
    return;
  io_loop_clear_timeout (&self->timer);
  self->ready (self, error, self->user);
  sip_stun_unref (self);
}

static void
take (SipStun *self, const GArray *addresses)
{
  self->v4 = self->v6 = (PacketAddress){ 0 };
  self->found_at = g_get_monotonic_time ();
  for (guint i = addresses->len; i-- > 0;) {
    const PacketAddress *each = &g_array_index (addresses, PacketAddress, i);
    if (each->any.sa_family == AF_INET6)
      self->v6 = *each;
    else
      self->v4 = *each;
  }
}

static void
on_addresses (GArray *addresses, const GError *error, gpointer user)
{
  SipStun *self = user;

  self->is_looked_up = FALSE;
  if (addresses)
    take (self, addresses);
  else
    GST_WARNING ("no address of the STUN server: %s", error->message);
  tell_ready (self, addresses ? NULL : error->message);
  sip_stun_unref (self);
}

static void
look_up (SipStun *self)
{
  if (self->is_looked_up)
    return;
  self->is_looked_up = TRUE;
  sip_resolver_all (self->host, self->port, AF_UNSPEC, NULL, on_addresses,
      sip_stun_ref (self));
}

static gboolean
on_timer (gpointer data)
{
  tell_ready (data, "the name servers do not answer");
  return G_SOURCE_REMOVE;
}

void
sip_stun_open (SipStun *self, SipStunReady ready, gpointer user)
{
  self->ready = ready;
  self->user = user;
  sip_stun_ref (self);
  self->timer = io_loop_add_timeout (sip_loop_get (), LONGEST, on_timer, self);
  look_up (self);
}

/* ---- For a call */

gboolean
sip_stun_get_address (SipStun *self, gint family, PacketAddress *address)
{
  const gint64 now = g_get_monotonic_time ();

  if (now - self->found_at > OLD)
    look_up (self);
  *address = family == AF_INET6 ? self->v6 : self->v4;
  return packet_address_is_set (address) &&
      (!self->silent_at || now - self->silent_at > PEACE);
}

void
sip_stun_note (SipStun *self, gboolean answers)
{
  self->silent_at = answers ? 0 : g_get_monotonic_time ();
}
