/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "loadmedia.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define FRAME 160
#define BATCH 64

static guint8 noise[8192];

guint64
load_now (void)
{
  struct timespec time;
  clock_gettime (CLOCK_REALTIME, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

gboolean
load_media_measures (const LoadMedia *media, guint64 time)
{
  return time >= media->begin && time < media->end;
}

/* Quiet noise without the codes of which markers are made. */
static void
fill_noise (void)
{
  for (gsize i = 0; i < sizeof noise; i++)
    noise[i] =
        (g_random_boolean () ? 0x80 : 0) | g_random_int_range (0x50, 0x7e);
}

static const guint8 magic[4] = { 0x09, 0x36, 0x13, 0x25 };

static void
put_marker (guint8 *at, guint mark, guint index)
{
  guint64 value = mark | (guint64) index << 24;
  memcpy (at, magic, sizeof magic);
  for (guint i = 0; i < 6; i++)
    at[4 + i] = 0x80 | ((value >> (6 * i)) & 63);
}

static void
put_talk (LoadStream *stream, guint8 *payload)
{
  gboolean talking = (stream->mark / 50) % 2 == 0;
  for (guint i = 0; i < FRAME; i++)
    payload[i] = !talking ? 0xff : (i / 8) & 1 ? 0x15 : 0x95;
}

static gboolean
put_tick (LoadMedia *media, LoadStream *stream, guint8 *payload, guint64 time)
{
  if (stream->mark % 50 != 0)
    return FALSE;
  for (guint i = 0; i < FRAME; i++)
    payload[i] = (i / 8) & 1 ? 0x15 : 0x95;
  stream->tick_at = time;
  media->ticks += load_media_measures (media, time);
  return TRUE;
}

/* Whoever murmurs, a hundred at once are not as loud as a tick. */
static void
put_murmur (LoadMedia *media, LoadStream *stream, guint index, guint8 *payload,
    guint64 time)
{
  guint from = (stream->mark * 173 + index * 31) % (sizeof noise - FRAME);

  if (index == 0 && put_tick (media, stream, payload, time))
    return;
  for (guint i = 0; i < FRAME; i++)
    payload[i] = noise[from + i] | 0x70;
}

static gsize
put_packet (const LoadMedia *media, const LoadStream *stream, guint index,
    guint8 *payload)
{
  gsize size;
  gconstpointer packet =
      g_bytes_get_data (media->packets->pdata[(stream->mark + index * 31) %
                            media->packets->len],
          &size);
  memcpy (payload, packet, size);
  return size;
}

static gsize
put_payload (LoadMedia *media, LoadStream *stream, guint index, guint8 *payload,
    guint64 time)
{
  guint from = (stream->mark * 173 + index * 31) % (sizeof noise - FRAME);

  switch (media->talk) {
    case LOAD_MARKS:
      memcpy (payload, noise + from, FRAME);
      put_marker (payload, stream->mark, index);
      break;
    case LOAD_TURNS:
      put_talk (stream, payload);
      break;
    case LOAD_SILENCE:
      memset (payload, 0xff, FRAME);
      break;
    case LOAD_TICKS:
      if (!put_tick (media, stream, payload, time))
        memset (payload, 0xff, FRAME);
      break;
    case LOAD_ROOM:
      put_murmur (media, stream, index, payload, time);
      break;
    case LOAD_PACKETS:
      return put_packet (media, stream, index, payload);
  }
  return FRAME;
}

static gsize
make_packet (LoadMedia *media, LoadStream *stream, guint index, guint8 *packet,
    guint64 time)
{
  guint32 timestamp = htonl (stream->timestamp), ssrc = htonl (0x5000 + index);

  packet[0] = 0x80;
  packet[1] = media->payload_type;
  packet[2] = stream->sequence >> 8;
  packet[3] = stream->sequence & 0xff;
  memcpy (packet + 4, &timestamp, 4);
  memcpy (packet + 8, &ssrc, 4);
  gsize size = put_payload (media, stream, index, packet + 12, time);
  stream->mark_sent[stream->mark % REMEMBERED] = time;
  stream->mark = (stream->mark + 1) & 0xffffff;
  stream->sequence++;
  stream->timestamp += media->ticks_each;
  media->packets_out += load_media_measures (media, time);
  media->octets_out += load_media_measures (media, time) ? size : 0;
  return 12 + size;
}

static void
send_due (LoadMedia *media, guint64 time)
{
  static _Alignas(8) guint8
      packets[BATCH][(12 + LOAD_MAX_PAYLOAD + LOAD_SRTP_OVERHEAD + 7) / 8 * 8];
  struct mmsghdr messages[BATCH];
  struct iovec vectors[BATCH];
  guint n = 0;

  for (guint i = 0; i < media->n_streams; i++) {
    LoadStream *stream = &media->streams[i];
    if (!stream->up || time < stream->due)
      continue;
    stream->due = time - stream->due > 200 * MILLISECOND
        ? time + 20 * MILLISECOND
        : stream->due + 20 * MILLISECOND;
    vectors[n] = (struct iovec){ packets[n],
      make_packet (media, stream, i, packets[n], load_now ()) };
    if (stream->srtp)
      vectors[n].iov_len =
          load_srtp_protect (stream->srtp, packets[n], vectors[n].iov_len);
    messages[n].msg_hdr = (struct msghdr){ .msg_name = &stream->peer,
      .msg_namelen = sizeof stream->peer,
      .msg_iov = &vectors[n],
      .msg_iovlen = 1 };
    if (++n == BATCH) {
      sendmmsg (media->fd, messages, n, 0);
      n = 0;
    }
  }
  if (n > 0)
    sendmmsg (media->fd, messages, n, 0);
}

static void
take_marker (LoadMedia *media, guint index, const guint8 *at, guint64 time)
{
  guint64 value = 0;

  for (guint i = 0; i < 6; i++)
    value |= (guint64) (at[4 + i] & 63) << (6 * i);
  guint64 *sent =
      &media->streams[index].mark_sent[(value & 0xffffff) % REMEMBERED];
  if (value >> 24 != index || *sent == 0 || time < *sent)
    return;
  if (load_media_measures (media, *sent)) {
    guint32 trip = (time - *sent) / 1000;
    g_array_append_val (media->trips, trip);
    media->marks_back++;
  }
  *sent = 0;
}

/* A marker may be cut by a packet's end: the last octets are kept. */
static void
find_markers (LoadMedia *media, LoadStream *stream, guint index,
    const guint8 *payload, gsize size, guint64 time)
{
  guint8 bytes[MARK + 2048];
  gsize at = 0, whole = stream->tail_size + size;

  memcpy (bytes, stream->tail, stream->tail_size);
  memcpy (bytes + stream->tail_size, payload, size);
  while (at + MARK <= whole)
    if (memcmp (bytes + at, magic, sizeof magic) == 0) {
      take_marker (media, index, bytes + at, time);
      at += MARK;
    } else
      at++;
  stream->tail_size = MIN (whole - at, MARK - 1);
  memcpy (stream->tail, bytes + whole - stream->tail_size, stream->tail_size);
}

/* The delay of a tick: from the packet that begins with it to the sample of another
 * packet where it begins. */
static void
find_tick (LoadMedia *media, LoadStream *stream, guint64 tick_at,
    const guint8 *payload, gsize size, guint64 time)
{
  gsize at = 0;

  while (at < size && (~payload[at] & 0x7f) < 0x60)
    at++;
  gboolean begins = at < size && !stream->loud;
  stream->loud = at < size;
  if (!begins || !load_media_measures (media, tick_at) || time < tick_at)
    return;
  guint32 trip = (time - tick_at) / 1000 + at * 125;
  g_array_append_val (media->trips, trip);
}

static void
take_packet (LoadMedia *media, guint index, guint8 *packet, gsize size,
    guint64 time)
{
  LoadStream *stream = &media->streams[index];
  guint16 sequence = packet[2] << 8 | packet[3];

  if (size <= 12 || (packet[1] & 0x7f) != media->payload_type)
    return;
  if (stream->srtp)
    size = load_srtp_unprotect (stream->srtp, packet, size);
  if (size <= 12)
    return;
  if (load_media_measures (media, time)) {
    media->packets_in++;
    if (stream->last_arrival != 0) {
      guint32 gap = (time - stream->last_arrival) / 1000;
      g_array_append_val (media->gaps, gap);
      media->missing += (gint16) (sequence - stream->last_sequence - 1);
    }
  }
  stream->last_arrival = time;
  stream->last_sequence = sequence;
  if (media->talk == LOAD_MARKS)
    find_markers (media, stream, index, packet + 12, size - 12, time);
  else if ((media->talk == LOAD_ROOM && index > 0) || media->talk == LOAD_TICKS)
    find_tick (media, stream,
        media->talk == LOAD_TICKS ? stream->tick_at : media->streams[0].tick_at,
        packet + 12, size - 12, time);
}

static guint64
stamp_of (struct msghdr *header)
{
  for (struct cmsghdr *part = CMSG_FIRSTHDR (header); part != NULL;
       part = CMSG_NXTHDR (header, part))
    if (part->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy (&time, CMSG_DATA (part), sizeof time);
      return time.tv_sec * SECOND + time.tv_nsec;
    }
  return load_now ();
}

static void
read_media (LoadMedia *media)
{
  static _Alignas(8) guint8 packets[BATCH][2048], controls[BATCH][64];
  static struct sockaddr_in from[BATCH];
  struct mmsghdr messages[BATCH];
  struct iovec vectors[BATCH];
  gint n;

  do {
    for (guint i = 0; i < BATCH; i++) {
      vectors[i] = (struct iovec){ packets[i], sizeof packets[i] };
      messages[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
        .msg_namelen = sizeof from[i],
        .msg_iov = &vectors[i],
        .msg_iovlen = 1,
        .msg_control = controls[i],
        .msg_controllen = sizeof controls[i] };
    }
    n = recvmmsg (media->fd, messages, BATCH, MSG_DONTWAIT, NULL);
    for (gint i = 0; i < n; i++) {
      gint index = media->by_port[ntohs (from[i].sin_port)];
      if (index >= 0)
        take_packet (media, index, packets[i], messages[i].msg_len,
            stamp_of (&messages[i].msg_hdr));
    }
  } while (n == BATCH);
}

gboolean
load_media_read_packets (LoadMedia *media, const gchar *path)
{
  g_autofree gchar *text = NULL;
  gchar encoding[32];
  gsize size, at;

  media->packets = g_ptr_array_new ();
  if (!g_file_get_contents (path, &text, &size, NULL) ||
      sscanf (text, "%u %31s %u", &media->payload_type, encoding,
          &media->ticks_each) != 3)
    return FALSE;
  media->encoding = g_strdup (encoding);
  for (at = strcspn (text, "\n") + 1; at + 2 <= size;) {
    gsize length = (guint8) text[at] << 8 | (guint8) text[at + 1];
    if (length > LOAD_MAX_PAYLOAD || at + 2 + length > size)
      return FALSE;
    g_ptr_array_add (media->packets, g_bytes_new (text + at + 2, length));
    at += 2 + length;
  }
  return media->packets->len > 0;
}

gchar *
load_media_describe_packets (const LoadMedia *media)
{
  return g_strdup_printf ("v=0\r\no=- 4711 1 IN IP4 127.0.0.1\r\ns=-\r\n"
                          "c=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                          "m=audio %u RTP/AVP %u\r\na=rtpmap:%u %s\r\n",
      media->port, media->payload_type, media->payload_type, media->encoding);
}

gboolean
load_media_open (LoadMedia *media, guint n_streams, LoadTalk talk)
{
  struct sockaddr_in own = { .sin_family = AF_INET,
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof own;
  int big = 8 << 20, one = 1;

  media->streams = g_new0 (LoadStream, n_streams);
  media->n_streams = n_streams;
  media->talk = talk;
  if (talk != LOAD_PACKETS)
    media->ticks_each = FRAME;
  media->begin = media->end = G_MAXUINT64;
  media->trips = g_array_new (FALSE, FALSE, sizeof (guint32));
  media->gaps = g_array_new (FALSE, FALSE, sizeof (guint32));
  memset (media->by_port, 0xff, sizeof media->by_port);
  fill_noise ();
  media->fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  if (bind (media->fd, (struct sockaddr *) &own, sizeof own) < 0)
    return FALSE;
  getsockname (media->fd, (struct sockaddr *) &own, &size);
  media->port = ntohs (own.sin_port);
  if (setsockopt (media->fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof big))
    setsockopt (media->fd, SOL_SOCKET, SO_RCVBUF, &big, sizeof big);
  setsockopt (media->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  return TRUE;
}

/* The streams are spread over the interval, as callers are. */
void
load_media_start (LoadMedia *media, guint index, guint64 time)
{
  LoadStream *stream = &media->streams[index];

  media->by_port[ntohs (stream->peer.sin_port)] = index;
  stream->due =
      time - time % (20 * MILLISECOND) + (20 + index * 7 % 20) * MILLISECOND;
  stream->up = TRUE;
}

void
load_media_work (LoadMedia *media, guint64 time)
{
  send_due (media, time);
  read_media (media);
}
