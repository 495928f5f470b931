/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "webrtcice.h"

#include "line/whiploop.h"

#include <nice/agent.h>

#define STREAM 1 /* with max-bundle there is no other */
#define COMPONENT 1 /* RTCP is multiplexed */

static gpointer
dup_property (gpointer object, const gchar *name)
{
  gpointer value = NULL;

  if (object &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (object), name))
    g_object_get (object, name, &value, NULL);
  return value;
}

/* NULL: another implementation. */
static GObject *
dup_agent (GObject *ice)
{
  GObject *agent = dup_property (ice, "agent");

  if (agent && !NICE_IS_AGENT (agent))
    g_clear_object (&agent);
  return agent;
}

/* ---- Where media flow */

static gchar *
describe (const NiceCandidate *candidate)
{
  gchar address[NICE_ADDRESS_STRING_LEN];

  nice_address_to_string (&candidate->addr, address);
  return g_strdup_printf ("%s port %u (%s, %s)", address,
      nice_address_get_port (&candidate->addr),
      nice_candidate_type_to_string (candidate->type),
      nice_candidate_transport_to_string (candidate->transport));
}

gchar *
webrtc_describe_path (GstElement *webrtc)
{
  g_autoptr (GObject) ice = dup_property (webrtc, "ice-agent");
  g_autoptr (GObject) agent = dup_agent (ice);
  NiceCandidate *local, *remote;

  if (!agent ||
      !nice_agent_get_selected_pair (NICE_AGENT (agent), STREAM, COMPONENT,
          &local, &remote))
    return g_strdup ("by no known path");
  g_autofree gchar *here = describe (local);
  g_autofree gchar *there = describe (remote);
  return g_strdup_printf ("%s to %s", here, there);
}

/* ---- Restart */

gboolean
webrtc_restart_ice (GstElement *webrtc, gchar **ufrag, gchar **password)
{
  g_autoptr (GObject) ice = dup_property (webrtc, "ice-agent");
  g_autoptr (GObject) agent = dup_agent (ice);
  gchar *own_ufrag = NULL, *own_password = NULL;

  if (!agent || !nice_agent_restart_stream (NICE_AGENT (agent), STREAM) ||
      !nice_agent_set_remote_credentials (NICE_AGENT (agent), STREAM, *ufrag,
          *password) ||
      !nice_agent_get_local_credentials (NICE_AGENT (agent), STREAM, &own_ufrag,
          &own_password))
    return FALSE;
  g_free (*ufrag);
  g_free (*password);
  *ufrag = own_ufrag;
  *password = own_password;
  return TRUE;
}

/* ---- Relays */

typedef struct
{
  GObject *ice;
  gconstpointer owner; /* only compared; NULL: he need not wait */
  gint64 since; /* monotonic us */
} Release;

static GMutex release_lock; /* leaf; protects what is below */
static GCond released;
static GPtrArray *releasing; /* Release that are under way, not owned */

static Release *
find_unlocked (gconstpointer owner, GObject *ice)
{
  for (guint i = 0; releasing && i < releasing->len; i++) {
    Release *one = g_ptr_array_index (releasing, i);
    if ((owner && one->owner == owner) || one->ice == ice)
      return one;
  }
  return NULL;
}

/* An ICE agent of webrtcbin ends its thread with itself, so not from there. */
static void
on_released (GObject *agent, GAsyncResult *result, gpointer data)
{
  Release *self = data;

  g_mutex_lock (&release_lock);
  g_ptr_array_remove_fast (releasing, self);
  g_cond_broadcast (&released);
  g_mutex_unlock (&release_lock);
  g_object_unref (self->ice);
  g_free (self);
}

/* HTTP loop: who asks is answered in his own main context, and this one runs. */
static void
release (gpointer data)
{
  Release *self = data;
  g_autoptr (GObject) agent = dup_agent (self->ice);

  nice_agent_close_async (NICE_AGENT (agent), on_released, self);
}

static gboolean
has_relay (NiceAgent *agent)
{
  GSList *candidates =
      nice_agent_get_local_candidates (agent, STREAM, COMPONENT);
  gboolean found = FALSE;

  for (GSList *l = candidates; l; l = l->next)
    found |= ((NiceCandidate *) l->data)->type == NICE_CANDIDATE_TYPE_RELAYED;
  g_slist_free_full (candidates, (GDestroyNotify) nice_candidate_free);
  return found;
}

static Release *
begin_release (GObject *ice, gconstpointer owner)
{
  Release *self = NULL;

  g_mutex_lock (&release_lock);
  if (!find_unlocked (NULL, ice)) {
    self = g_new (Release, 1);
    *self = (Release){ g_object_ref (ice), owner, g_get_monotonic_time () };
    if (!releasing)
      releasing = g_ptr_array_new ();
    g_ptr_array_add (releasing, self);
  }
  g_mutex_unlock (&release_lock);
  return self;
}

void
webrtc_release_relay (GstElement *webrtc, gconstpointer owner)
{
  g_autoptr (GObject) ice = dup_property (webrtc, "ice-agent");
  g_autoptr (GObject) agent = dup_agent (ice);

  if (!agent)
    return;
  Release *self =
      begin_release (ice, has_relay (NICE_AGENT (agent)) ? owner : NULL);
  if (self)
    io_loop_invoke (whip_loop_get (), release, self, NULL);
}

void
webrtc_release_wait (gconstpointer owner, guint timeout)
{
  const Release *one;

  g_mutex_lock (&release_lock);
  while ((one = find_unlocked (owner, NULL)) &&
      g_cond_wait_until (&released, &release_lock,
          one->since + timeout * (gint64) 1000))
    ;
  g_mutex_unlock (&release_lock);
}
