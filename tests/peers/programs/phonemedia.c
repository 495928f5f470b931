/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "phonemedia.h"

#include "g711.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK 20000
#define LOUD 200 /* -44 dB below full scale */
#define WINDOW 40 /* 5 ms */
#define DIGIT_PACKETS 8 /* 100 ms and three end packets */

static int
bound_socket (guint port)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  struct sockaddr_in own = { .sin_family = AF_INET,
    .sin_port = htons (port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };

  if (bind (fd, (struct sockaddr *) &own, sizeof own) == 0)
    return fd;
  close (fd);
  return -1;
}

gboolean
phone_media_open (PhoneMedia *media, guint port)
{
  *media = (PhoneMedia){ .rtp = -1, .rtcp = -1 };
  for (guint attempt = 0; attempt < 200; attempt++) {
    media->port =
        port != 0 ? port : (guint) (26500 + 2 * g_random_int_range (0, 250));
    media->rtp = bound_socket (media->port);
    media->rtcp = media->rtp >= 0 ? bound_socket (media->port + 1) : -1;
    if (media->rtcp >= 0 || port != 0)
      break;
    if (media->rtp >= 0)
      close (media->rtp);
  }
  media->sequence = g_random_int ();
  media->timestamp = g_random_int ();
  media->ssrc = g_random_int ();
  media->digits = g_string_new (NULL);
  media->heard_digits = g_string_new (NULL);
  media->packets = g_array_new (FALSE, FALSE, sizeof (PhonePacket));
  media->recording = g_array_new (FALSE, TRUE, sizeof (gint16));
  media->sent_bytes = g_byte_array_new ();
  media->heard_bytes = g_byte_array_new ();
  return media->rtcp >= 0;
}

void
phone_media_close (PhoneMedia *media)
{
  if (media->rtp >= 0)
    close (media->rtp);
  if (media->rtcp >= 0)
    close (media->rtcp);
  g_free (media->clip);
  g_string_free (media->digits, TRUE);
  g_string_free (media->heard_digits, TRUE);
  g_array_unref (media->packets);
  g_array_unref (media->recording);
  g_byte_array_unref (media->sent_bytes);
  g_byte_array_unref (media->heard_bytes);
}

void
phone_media_say (PhoneMedia *media, gint16 *samples, gsize length)
{
  g_free (media->clip);
  media->clip = samples;
  media->clip_length = length;
  media->clip_at = 0;
  media->spoke_at = media->said_end = media->answer_start = 0;
}

gboolean
phone_media_is_loud (const PhonePacket *packet)
{
  return packet->type != PHONE_EVENT_TYPE && packet->level > LOUD;
}

/* The first and the last sound in a frame, us from its beginning; FALSE: silence. */
static gboolean
find_sound (const gint16 *samples, gsize n, gint64 *start, gint64 *end)
{
  gboolean found = FALSE;

  for (gsize at = 0; at + WINDOW <= n; at += WINDOW) {
    glong sum = 0;
    for (gsize i = 0; i < WINDOW; i++)
      sum += ABS (samples[at + i]);
    if (sum / WINDOW <= LOUD)
      continue;
    *start = found ? *start : (gint64) at * 125;
    *end = (gint64) (at + WINDOW) * 125;
    found = TRUE;
  }
  return found;
}

/* ---- sending ---- */

static void
put_header (PhoneMedia *media, guint8 *packet, guint8 type, gboolean marker,
    guint32 timestamp)
{
  packet[0] = 0x80;
  packet[1] = type | (marker ? 0x80 : 0);
  packet[2] = media->sequence >> 8;
  packet[3] = media->sequence & 0xff;
  media->sequence++;
  for (guint i = 0; i < 4; i++) {
    packet[4 + i] = timestamp >> (24 - 8 * i);
    packet[8 + i] = media->ssrc >> (24 - 8 * i);
  }
}

static void
transmit (PhoneMedia *media, const guint8 *packet, gsize size)
{
  (void) !sendto (media->rtp, packet, size, 0, (struct sockaddr *) &media->peer,
      sizeof media->peer);
}

/* RFC 4733 2.5.1: marker on the first packet, one timestamp for the whole event,
 * the end sent three times */
static void
send_digit (PhoneMedia *media)
{
  static const gchar digits[] = "0123456789*#ABCD";
  guint8 packet[16];
  const gchar *found = strchr (digits, media->digits->str[0]);
  guint n = media->digit_packet;
  gboolean end = n >= DIGIT_PACKETS - 3;
  guint duration = PHONE_FRAME * MIN (n + 1, DIGIT_PACKETS - 2);

  put_header (media, packet, PHONE_EVENT_TYPE, n == 0,
      media->timestamp - n * PHONE_FRAME);
  packet[12] = found != NULL ? found - digits : 0;
  packet[13] = (end ? 0x80 : 0) | 10;
  packet[14] = duration >> 8;
  packet[15] = duration & 0xff;
  transmit (media, packet, sizeof packet);
}

static gboolean
next_samples (PhoneMedia *media, gint16 *samples)
{
  glong sum = 0;

  for (guint i = 0; i < PHONE_FRAME; i++) {
    gboolean left = media->clip_at < media->clip_length;
    samples[i] = left ? media->clip[media->clip_at++] : 0;
    sum += ABS (samples[i]);
  }
  return sum / PHONE_FRAME > LOUD;
}

static void
send_frame (PhoneMedia *media, gint64 now)
{
  gint16 samples[PHONE_FRAME];
  guint8 packet[12 + PHONE_FRAME];
  gboolean loud = next_samples (media, samples);
  gint64 start, end;

  if (find_sound (samples, PHONE_FRAME, &start, &end)) {
    media->said_end = now + end;
    media->answer_start = 0;
  }
  if (loud && media->spoke_at == 0)
    media->spoke_at = now;
  if (!media->muted && media->digits->len > 0) {
    if (media->digit_packet < DIGIT_PACKETS)
      send_digit (media);
    /* 60 ms between two digits */
    if (++media->digit_packet == DIGIT_PACKETS + 3) {
      g_string_erase (media->digits, 0, 1);
      media->digit_packet = 0;
    }
  } else if (!media->muted) {
    put_header (media, packet, media->alaw ? 8 : 0, FALSE, media->timestamp);
    for (guint i = 0; i < PHONE_FRAME; i++)
      packet[12 + i] = g711_encode (samples[i], media->alaw);
    g_byte_array_append (media->sent_bytes, packet + 12, PHONE_FRAME);
    transmit (media, packet, sizeof packet);
  }
  media->timestamp += PHONE_FRAME;
}

void
phone_media_flood (PhoneMedia *media, guint count)
{
  int foreign = bound_socket (0);
  guint8 bytes[1400];

  for (guint i = 0; i < count; i++) {
    gsize size = g_random_int_range (0, i % 8 == 0 ? sizeof bytes : 64);
    struct sockaddr_in to = media->peer;
    for (gsize k = 0; k < size; k++)
      bytes[k] = g_random_int ();
    if (size > 0 && i % 3 != 0)
      bytes[0] = 0x80 | (bytes[0] & 0x3f); /* passes for version 2 */
    if (size > 1 && i % 4 == 1)
      bytes[1] = 200 + bytes[1] % 8; /* and for RTCP */
    to.sin_port = htons (ntohs (to.sin_port) + (i & 1));
    (void) !sendto (i % 5 < 2 ? foreign
            : i & 1           ? media->rtcp
                              : media->rtp,
        bytes, size, 0, (struct sockaddr *) &to, sizeof to);
    if (i % 50 == 49)
      g_usleep (1000);
  }
  close (foreign);
}

/* ---- receiving ---- */

static guint32
be32 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

/* A source is put on the timeline where its first packet arrived, its other
 * packets where their timestamps say. */
static void
record (PhoneMedia *media, const PhonePacket *packet, const guint8 *payload)
{
  if (media->recording_start == 0)
    media->recording_start = packet->time;
  if (packet->ssrc != media->recording_ssrc) {
    media->recording_ssrc = packet->ssrc;
    media->recording_base = packet->timestamp -
        (guint32) ((packet->time - media->recording_start) / 125);
  }
  guint32 at = packet->timestamp - media->recording_base;
  if (at > 8000 * 600)
    return;
  if (media->recording->len < at + packet->size)
    g_array_set_size (media->recording, at + packet->size);
  for (guint i = 0; i < packet->size; i++)
    g_array_index (media->recording, gint16, at + i) =
        g711_decode (payload[i], packet->type == 8);
}

static void
note_answer (PhoneMedia *media, const PhonePacket *packet,
    const guint8 *payload)
{
  gint16 samples[PHONE_FRAME];
  gint64 start, end;

  if (media->said_end == 0 || media->answer_start != 0 ||
      packet->size != PHONE_FRAME)
    return;
  for (guint i = 0; i < PHONE_FRAME; i++)
    samples[i] = g711_decode (payload[i], packet->type == 8);
  if (find_sound (samples, PHONE_FRAME, &start, &end))
    media->answer_start = packet->time + start;
}

static void
note_digit (PhoneMedia *media, const PhonePacket *packet, guint8 event)
{
  static const gchar digits[] = "0123456789*#ABCD";
  if (packet->timestamp == media->digit_timestamp || event > 15)
    return;
  media->digit_timestamp = packet->timestamp;
  g_string_append_c (media->heard_digits, digits[event]);
}

static void
note_packet (PhoneMedia *media, const guint8 *bytes, gsize size, gint64 now)
{
  gsize head = 12 + 4 * (bytes[0] & 15);
  glong sum = 0;

  if (size <= head || bytes[0] >> 6 != 2)
    return;
  const guint8 *payload = bytes + head;
  PhonePacket packet = { .time = now,
    .timestamp = be32 (bytes + 4),
    .ssrc = be32 (bytes + 8),
    .sequence = bytes[2] << 8 | bytes[3],
    .size = size - head,
    .type = bytes[1] & 0x7f,
    .marker = bytes[1] >> 7 };
  if (packet.type == PHONE_EVENT_TYPE) {
    note_digit (media, &packet, payload[0]);
  } else {
    for (gsize i = 0; i < packet.size; i++)
      sum += ABS (g711_decode (payload[i], packet.type == 8));
    packet.level = sum / packet.size;
    record (media, &packet, payload);
    g_byte_array_append (media->heard_bytes, payload, packet.size);
    note_answer (media, &packet, payload);
  }
  if (phone_media_is_loud (&packet))
    media->last_loud = now;
  g_array_append_val (media->packets, packet);
}

gint
phone_media_work (PhoneMedia *media, gint64 now)
{
  guint8 bytes[2048];
  gssize size;

  while ((size = recv (media->rtp, bytes, sizeof bytes, 0)) > 0)
    if (size > 1 && bytes[1] >= 192 && bytes[1] <= 223) /* RFC 5761 4 */
      media->rtcp_muxed++;
    else if (size > 12)
      note_packet (media, bytes, size, g_get_monotonic_time ());
  while (recv (media->rtcp, bytes, sizeof bytes, 0) > 0)
    media->rtcp_packets++;
  if (!media->up)
    return 20;
  if (media->next_tick == 0 || now - media->next_tick > 10 * TICK)
    media->next_tick = now;
  while (media->next_tick <= now) {
    send_frame (media, now);
    media->next_tick += TICK;
  }
  return (media->next_tick - now + 999) / 1000;
}
