/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "webrtcsetup.h"

#include "logic/whipresource.h"

#include <nice/agent.h>
#include <nice/interfaces.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_LATENCY 200 /* webrtcbin's */
#define OUR_LATENCY 40
#define MAX_BUNDLE 3

static gboolean
has_property (gpointer object, const gchar *name)
{
  return object &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (object), name);
}

static void
set_boolean (gpointer object, const gchar *name, gboolean value)
{
  if (has_property (object, name))
    g_object_set (object, name, value, NULL);
}

static void
set_up_bundling (GstElement *webrtc)
{
  guint latency;
  gint policy;

  g_object_get (webrtc, "latency", &latency, "bundle-policy", &policy, NULL);
  if (latency == DEFAULT_LATENCY)
    g_object_set (webrtc, "latency", OUR_LATENCY, NULL);
  if (policy == 0)
    g_object_set (webrtc, "bundle-policy", MAX_BUNDLE, NULL);
}

/* libnice leaves out the loop-back interface; without another one there would be
 * no candidate at all. */
static void
add_loopback (GObject *ice)
{
  GList *addresses = nice_interfaces_get_local_ips (FALSE);
  gboolean added;

  if (!addresses)
    g_signal_emit_by_name (ice, "add-local-ip-address", "127.0.0.1", &added);
  g_list_free_full (addresses, g_free);
}

static void
set_up_ice (GObject *ice, const WhipConfig *config)
{
  g_autoptr (GObject) agent = NULL;
  guint first, last;

  if (has_property (ice, "agent"))
    g_object_get (ice, "agent", &agent, NULL);
  set_boolean (agent, "upnp", FALSE); /* 200 ms of gathering */
  set_boolean (agent, "keepalive-conncheck", TRUE); /* notices dead peers */
  set_boolean (agent, "ice-tcp", config->ice_tcp);
  set_boolean (ice, "ice-tcp", config->ice_tcp);
  if (config->rtp_port_range && has_property (ice, "max-rtp-port") &&
      whip_port_range_parse (config->rtp_port_range, &first, &last))
    g_object_set (ice, "min-rtp-port", first, "max-rtp-port", last, NULL);
  if (g_signal_lookup ("add-local-ip-address", G_OBJECT_TYPE (ice)))
    add_loopback (ice);
}

void
webrtc_setup (GstElement *webrtc, const WhipConfig *config)
{
  g_autoptr (GObject) ice = NULL;
  gboolean added;

  set_up_bundling (webrtc);
  if (has_property (webrtc, "ice-agent"))
    g_object_get (webrtc, "ice-agent", &ice, NULL);
  if (ice)
    set_up_ice (ice, config);
  if (config->stun_server)
    g_object_set (webrtc, "stun-server", config->stun_server, NULL);
  /* Not the property: gst-launch -v would print it. */
  if (config->turn_server)
    g_signal_emit_by_name (webrtc, "add-turn-server", config->turn_server,
        &added);
}

void
webrtc_setup_codec (GstElement *element)
{
  set_boolean (element, "plc", TRUE);
}

void
webrtc_copy_properties (GstElement *to, GstElement *from)
{
  static const gchar *const skipped[] = { "name", "parent", "ice-agent", NULL };
  guint n;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (from), &n);

  for (guint i = 0; i < n; i++) {
    g_auto (GValue) value = G_VALUE_INIT;
    if ((specs[i]->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE ||
        (specs[i]->flags & G_PARAM_CONSTRUCT_ONLY) ||
        g_strv_contains (skipped, specs[i]->name))
      continue;
    g_value_init (&value, specs[i]->value_type);
    g_object_get_property (G_OBJECT (from), specs[i]->name, &value);
    if (!g_param_value_defaults (specs[i], &value))
      g_object_set_property (G_OBJECT (to), specs[i]->name, &value);
  }
}

/* ---- What must not leave webrtcbin */

/* Shared by webrtcbin's handler and the filters, in an atomic box. */
typedef struct
{
  GWeakRef webrtc;
  WebrtcBroken broken;
  gpointer user;
  GDestroyNotify free;
} Watcher;

typedef struct
{
  GstBus *bus; /* of webrtcbin */
  Watcher *watcher;
} Filter;

static void
watcher_clear (gpointer data)
{
  Watcher *watcher = data;

  g_weak_ref_clear (&watcher->webrtc);
  watcher->free (watcher->user);
}

static void
watcher_release (gpointer watcher, GClosure *closure)
{
  g_atomic_rc_box_release_full (watcher, watcher_clear);
}

static void
filter_free (gpointer data)
{
  Filter *filter = data;

  watcher_release (filter->watcher, NULL);
  gst_object_unref (filter->bus);
  g_free (filter);
}

static gboolean
is_sctp (GstObject *source)
{
  GstElementFactory *factory = GST_IS_ELEMENT (source)
      ? gst_element_get_factory (GST_ELEMENT (source))
      : NULL;

  return factory && g_str_has_prefix (GST_OBJECT_NAME (factory), "sctp");
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  Filter *filter = data;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR) {
    gst_bus_post (filter->bus, message);
    return GST_BUS_DROP;
  }
  g_autoptr (GstElement) webrtc = g_weak_ref_get (&filter->watcher->webrtc);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;
  gst_message_parse_error (message, &error, &debug);
  g_autofree gchar *why = g_strdup_printf ("%s: %s (%s)",
      GST_MESSAGE_SRC_NAME (message), error->message, debug);
  if (webrtc)
    filter->watcher->broken (webrtc, is_sctp (GST_MESSAGE_SRC (message)), why,
        filter->watcher->user);
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* webrtcbin links what was agreed on. Packets of anything else are the far end's
 * fault, and would stop nicesrc, and with it the call, at NOT_LINKED. */
static GstPadProbeReturn
drop_unlinked (GstPad *pad, GstPadProbeInfo *info, gpointer unused)
{
  return gst_pad_is_linked (pad) ? GST_PAD_PROBE_REMOVE : GST_PAD_PROBE_DROP;
}

static void
on_element_added (GstBin *bin, GstElement *element, gpointer watcher)
{
  if (!element->bus)
    return;
  for (GList *l = element->srcpads; l; l = l->next)
    gst_pad_add_probe (l->data,
        GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
        drop_unlinked, NULL, NULL);
  Filter *filter = g_new (Filter, 1);
  filter->bus = gst_object_ref (element->bus);
  filter->watcher = g_atomic_rc_box_acquire (watcher);
  g_autoptr (GstBus) bus =
      g_object_new (GST_TYPE_BUS, "enable-async", FALSE, NULL);
  gst_bus_set_sync_handler (bus, on_message, filter, filter_free);
  gst_element_set_bus (element, bus);
}

static GPtrArray *
list_children (GstBin *bin)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (gst_object_unref);

  GST_OBJECT_LOCK (bin);
  for (GList *l = GST_BIN_CHILDREN (bin); l; l = l->next)
    g_ptr_array_add (list, gst_object_ref (l->data));
  GST_OBJECT_UNLOCK (bin);
  return list;
}

/* On what is in webrtcbin and not on itself: a bin marks its own state as failed at
 * any error of a child. */
void
webrtc_filter_errors (GstElement *webrtc, WebrtcBroken broken, gpointer user,
    GDestroyNotify free)
{
  Watcher *watcher = g_atomic_rc_box_new0 (Watcher);

  g_weak_ref_init (&watcher->webrtc, webrtc);
  watcher->broken = broken;
  watcher->user = user;
  watcher->free = free;
  g_autoptr (GPtrArray) there = list_children (GST_BIN (webrtc));
  for (guint i = 0; i < there->len; i++)
    on_element_added (GST_BIN (webrtc), g_ptr_array_index (there, i), watcher);
  g_signal_connect_data (webrtc, "element-added", G_CALLBACK (on_element_added),
      watcher, watcher_release, 0);
}

/* ---- DTLS */

gchar *
webrtc_dup_peer_certificate (GstElement *webrtc)
{
  g_auto (GValue) item = G_VALUE_INIT;
  gchar *pem = NULL;
  GstIterator *it =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (webrtc), "dtlsdec");

  while (!pem && gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    g_object_get (g_value_get_object (&item), "peer-pem", &pem, NULL);
    g_value_reset (&item);
  }
  gst_iterator_free (it);
  return pem;
}

static GMutex warm_lock; /* leaf; protects what is below */
static GCond warm_done;
static gboolean warm_begun, warming, waits_at_exit;
static gboolean enough; /* nobody waits any more: what is left is left out */

static gboolean
is_enough (void)
{
  g_mutex_lock (&warm_lock);
  gboolean yes = enough;
  g_mutex_unlock (&warm_lock);
  return yes;
}

static gpointer
warm_up (gpointer unused)
{
  static const gchar *const names[] = { "dtlsdec", "nicesrc", "nicesink",
    "srtpdec", "srtpenc", "sctpdec", "sctpenc", "rtpbin", NULL };

  for (guint i = 0; names[i] && !is_enough (); i++) {
    GstElement *element = gst_element_factory_make (names[i], NULL);
    if (element)
      gst_object_unref (gst_object_ref_sink (element));
  }
  g_mutex_lock (&warm_lock);
  warming = FALSE;
  g_cond_broadcast (&warm_done);
  g_mutex_unlock (&warm_lock);
  return NULL;
}

void
webrtc_warm_up_begin (void)
{
  g_mutex_lock (&warm_lock);
  gboolean begin = !warm_begun;
  warm_begun = TRUE;
  warming |= begin;
  g_mutex_unlock (&warm_lock);
  if (begin)
    g_thread_unref (g_thread_new ("whip-warm-up", warm_up, NULL));
}

static void
wait_at_exit (void)
{
  g_mutex_lock (&warm_lock);
  while (warming)
    g_cond_wait (&warm_done, &warm_lock);
  g_mutex_unlock (&warm_lock);
}

/* What was registered last runs first: after a second OpenSSL will have its own tear-down
 * there. */
void
webrtc_warm_up_wait (guint timeout)
{
  const gint64 end = g_get_monotonic_time () + timeout * (gint64) 1000;

  g_mutex_lock (&warm_lock);
  while (warming && g_cond_wait_until (&warm_done, &warm_lock, end))
    ;
  enough |= warming;
  gboolean late = warming && !waits_at_exit;
  waits_at_exit |= late;
  g_mutex_unlock (&warm_lock);
  if (late)
    atexit (wait_at_exit);
}
