/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "webrtcice.h"
#include "webrtcpeer.h"

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

static GMutex release_lock; /* leaf; protects what is below */
static GCond released;
static guint releasing;

/* An ICE agent of webrtcbin ends its thread with itself, so not from there. */
static void
on_released (GObject *agent, GAsyncResult *result, gpointer ice)
{
  g_object_unref (ice);
  g_mutex_lock (&release_lock);
  releasing--;
  g_cond_broadcast (&released);
  g_mutex_unlock (&release_lock);
}

/* HTTP loop: who asks is answered in his own main context, and this one runs. */
static void
release (gpointer ice)
{
  g_autoptr (GObject) agent = dup_agent (ice);

  nice_agent_close_async (NICE_AGENT (agent), on_released, g_object_ref (ice));
}

void
webrtc_release_relay (GstElement *webrtc)
{
  GObject *ice = dup_property (webrtc, "ice-agent");
  g_autoptr (GObject) agent = dup_agent (ice);

  if (!agent) {
    g_clear_object (&ice);
    return;
  }
  g_mutex_lock (&release_lock);
  releasing++;
  g_mutex_unlock (&release_lock);
  io_loop_invoke (whip_loop_get (), release, ice, g_object_unref);
}

void
webrtc_release_wait (guint timeout)
{
  const gint64 end = g_get_monotonic_time () + timeout * (gint64) 1000;

  g_mutex_lock (&release_lock);
  while (releasing && g_cond_wait_until (&released, &release_lock, end))
    ;
  g_mutex_unlock (&release_lock);
}
