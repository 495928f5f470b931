/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sipconnections.h"

#include "common/loop/packettransport.h"

#include <gst/gst.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define INTERVAL 1000 /* ms */
/* ms since the last byte: what came just before its end is read. */
#define READ_TIME 1000

typedef struct
{
  gint fd;
  PacketAddress peer;
  guint silence; /* ms since it said something */
  gboolean left; /* the peer has closed */
} Connection;

guint sip_connections_most;

static GSource *timer;
static GMainContext *watched;
static guint watchers;

static gboolean
look_at (gint fd, Connection *connection)
{
  socklen_t size = sizeof connection->peer;
  struct tcp_info info;
  socklen_t info_size = sizeof info;

  *connection = (Connection){ .fd = fd };
  if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &info_size) < 0 ||
      (info.tcpi_state != TCP_ESTABLISHED &&
          info.tcpi_state != TCP_CLOSE_WAIT) ||
      getpeername (fd, &connection->peer.any, &size) < 0)
    return FALSE;
  connection->left = info.tcpi_state == TCP_CLOSE_WAIT;
  connection->silence = info.tcpi_last_data_recv;
  return TRUE;
}

/* What the loop waits for; the library says of none of its connections that it is there.
 * (transfer full) */
static GArray *
list_connections (void)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Connection));
  gint timeout;
  gint n = g_main_context_query (watched, G_MAXINT, &timeout, NULL, 0);
  g_autofree GPollFD *polled = g_new (GPollFD, n);

  n = MIN (n, g_main_context_query (watched, G_MAXINT, &timeout, polled, n));
  for (gint i = 0; i < n; i++) {
    Connection connection;
    if (look_at (polled[i].fd, &connection))
      g_array_append_val (list, connection);
  }
  return list;
}

static void
put_out (const Connection *connection, const gchar *why)
{
  g_autofree gchar *peer = packet_address_to_string (&connection->peer);

  GST_DEBUG ("connection of %s: %s", peer, why);
  shutdown (connection->fd, SHUT_RDWR);
}

static void
drop_left (GArray *list)
{
  for (guint i = list->len; i-- > 0;) {
    const Connection *each = &g_array_index (list, Connection, i);
    if (!each->left || each->silence < READ_TIME)
      continue;
    put_out (each, "it has closed");
    g_array_remove_index_fast (list, i);
  }
}

/* ---- Too many */

static guint
get_most (void)
{
  struct rlimit limit;

  if (sip_connections_most || getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return sip_connections_most;
  return (guint) MIN (limit.rlim_cur / 2, G_MAXUINT);
}

static gint
by_silence (gconstpointer a, gconstpointer b)
{
  const Connection *x = a, *y = b;

  return (x->silence < y->silence) - (x->silence > y->silence);
}

/* Of which host there are most; (transfer full). */
static gchar *
find_crowd (const GArray *list)
{
  g_autoptr (GHashTable) counts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint most = 0;
  gchar *crowd = NULL;

  for (guint i = 0; i < list->len; i++) {
    gchar *host = packet_address_host_to_string (
        &g_array_index (list, Connection, i).peer);
    const guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, host)) + 1;
    if (n > most) {
      most = n;
      g_free (crowd);
      crowd = g_strdup (host);
    }
    g_hash_table_replace (counts, host, GUINT_TO_POINTER (n));
  }
  return crowd;
}

static void
thin_out (GArray *list)
{
  const guint most = get_most ();

  if (list->len <= most)
    return;
  g_autofree gchar *crowd = find_crowd (list);
  guint n = list->len - most;
  GST_WARNING ("%u connections of SIP, most of them of %s: the quietest of "
               "those go",
      list->len, crowd);
  g_array_sort (list, by_silence);
  for (guint i = 0; i < list->len && n; i++) {
    const Connection *each = &g_array_index (list, Connection, i);
    g_autofree gchar *host = packet_address_host_to_string (&each->peer);
    if (!g_str_equal (host, crowd))
      continue;
    put_out (each, "there are too many");
    n--;
  }
}

/* ---- When */

static gboolean
on_time (gpointer unused)
{
  g_autoptr (GArray) list = list_connections ();

  drop_left (list);
  thin_out (list);
  return G_SOURCE_CONTINUE;
}

void
sip_connections_watch (GMainContext *context)
{
  if (watchers++)
    return;
  watched = context;
  timer = g_timeout_source_new (INTERVAL);
  g_source_set_callback (timer, on_time, NULL, NULL);
  g_source_attach (timer, context);
}

void
sip_connections_unwatch (void)
{
  if (--watchers)
    return;
  g_source_destroy (timer);
  g_clear_pointer (&timer, g_source_unref);
}
