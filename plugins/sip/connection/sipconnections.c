/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sipconnections.h"

#include "common/loop/packettransport.h"

#include <gst/gst.h>
#include <linux/tcp.h> /* that of libc knows of no bytes_received */
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define INTERVAL 1000 /* ms */
#define SOON 100 /* ms: where there are many */
/* States of a connection (RFC 9293 3.3.2), as the kernel numbers them. */
#define ESTABLISHED 1
#define CLOSE_WAIT 8
/* ms since the last byte: what came just before its end is read. */
#define READ_TIME 1000

typedef struct
{
  gint fd;
  PacketAddress peer;
  guint8 place[16]; /* what counts as one peer */
  guint silence; /* ms since it said something */
  gboolean mute; /* it never did */
  gboolean left; /* the peer has closed */
} Connection;

guint sip_connections_most;

static GSource *timer;
static GMainContext *watched;
static guint watchers;

/* The host; of IPv6 the network, in which one has all addresses. */
static void
set_place (Connection *self)
{
  if (self->peer.any.sa_family == AF_INET6)
    memcpy (self->place, &self->peer.in6.sin6_addr, 8);
  else
    memcpy (self->place, &self->peer.in.sin_addr, 4);
}

static gboolean
look_at (gint fd, Connection *connection)
{
  socklen_t size = sizeof connection->peer;
  struct tcp_info info;
  socklen_t info_size = sizeof info;

  *connection = (Connection){ .fd = fd };
  if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &info_size) < 0 ||
      (info.tcpi_state != ESTABLISHED && info.tcpi_state != CLOSE_WAIT) ||
      getpeername (fd, &connection->peer.any, &size) < 0)
    return FALSE;
  connection->left = info.tcpi_state == CLOSE_WAIT;
  connection->silence = info.tcpi_last_data_recv;
  connection->mute = info.tcpi_bytes_received == 0;
  set_place (connection);
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

/* Who never said anything first, then the quietest. */
static gint
by_silence (gconstpointer a, gconstpointer b)
{
  const Connection *x = a, *y = b;

  if (x->mute != y->mute)
    return y->mute - x->mute;
  return (x->silence < y->silence) - (x->silence > y->silence);
}

static guint
hash_place (gconstpointer place)
{
  guint32 words[4];

  memcpy (words, place, sizeof words);
  return words[0] ^ words[1] * 31;
}

static gboolean
is_same_place (gconstpointer a, gconstpointer b)
{
  return !memcmp (a, b, sizeof ((Connection *) NULL)->place);
}

/* How many each place has; (transfer full). */
static GHashTable *
count_places (const GArray *list)
{
  GHashTable *counts = g_hash_table_new (hash_place, is_same_place);

  for (guint i = 0; i < list->len; i++) {
    const Connection *each = &g_array_index (list, Connection, i);
    const guint n =
        GPOINTER_TO_UINT (g_hash_table_lookup (counts, each->place));
    g_hash_table_replace (counts, (gpointer) each->place,
        GUINT_TO_POINTER (n + 1));
  }
  return counts;
}

/* One of each place that has @level of them, as long as @n are too many; how many still
 * are. */
static guint
put_out_level (const GArray *list, GHashTable *counts, guint level, guint n)
{
  for (guint i = 0; i < list->len && n; i++) {
    Connection *each = &g_array_index (list, Connection, i);
    const guint has =
        GPOINTER_TO_UINT (g_hash_table_lookup (counts, each->place));
    if (each->fd < 0 || has < level)
      continue;
    put_out (each, "there are too many");
    each->fd = -1;
    g_hash_table_replace (counts, (gpointer) each->place,
        GUINT_TO_POINTER (has - 1));
    n--;
  }
  return n;
}

/* Who has most has fewer, until there is room: one place, or many that have one each. */
static void
thin_out (GArray *list)
{
  const guint most = get_most ();
  guint level = 0;

  if (list->len <= most)
    return;
  g_array_sort (list, by_silence);
  g_autoptr (GHashTable) counts = count_places (list);
  g_autoptr (GList) values = g_hash_table_get_values (counts);
  for (const GList *l = values; l; l = l->next)
    level = MAX (level, GPOINTER_TO_UINT (l->data));
  GST_WARNING ("%u connections of SIP, of %u places, one of which has %u: the "
               "quietest go",
      list->len, g_hash_table_size (counts), level);
  for (guint n = list->len - most; n && level; level--)
    n = put_out_level (list, counts, level, n);
}

/* ---- When */

static void look_again (guint interval);

static gboolean
on_time (gpointer unused)
{
  g_autoptr (GArray) list = list_connections ();
  const gboolean many = list->len > get_most () / 2;

  drop_left (list);
  thin_out (list);
  g_clear_pointer (&timer, g_source_unref);
  look_again (many ? SOON : INTERVAL);
  return G_SOURCE_REMOVE;
}

static void
look_again (guint interval)
{
  timer = g_timeout_source_new (interval);
  g_source_set_callback (timer, on_time, NULL, NULL);
  g_source_attach (timer, watched);
}

void
sip_connections_watch (GMainContext *context)
{
  if (watchers++)
    return;
  watched = context;
  look_again (INTERVAL);
}

void
sip_connections_unwatch (void)
{
  if (--watchers)
    return;
  g_source_destroy (timer);
  g_clear_pointer (&timer, g_source_unref);
}
