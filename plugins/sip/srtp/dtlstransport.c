/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "dtlstransport.h"

#include "common/loop/mediatimer.h"
#include "dtlscertificate.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/time.h>

#define MTU 1200 /* passes everywhere */
#define RECORD_HEADER 13 /* RFC 6347 4.1 */
#define MAX_KEYS (2 * RTP_KEY_MAX_SIZE)
#define LABEL "EXTRACTOR-dtls_srtp" /* RFC 5764 4.2 */
#define MAX_TRIES 5
#define PAUSE G_GINT64_CONSTANT (100000000)
#define AGAIN G_GINT64_CONSTANT (1000000000) /* in virtual time */
#define US G_GINT64_CONSTANT (1000)

struct _DtlsTransport
{
  PacketTransport parent; /* first */
  PacketTransport *inner;
  MediaLoop *loop;
  DtlsTransportCallbacks callbacks;
  gpointer user;
  PacketReceived received;
  gpointer receiver;
  RtpDtls *dtls; /* NULL: not begun */
  PacketAddress to, signalling;
  gboolean named; /* SDP has an address */
  SSL *ssl;
  BIO *in, *out; /* of ssl */
  MediaTimer timer;
  gboolean heard; /* some message of the far end */
  guint n_tries; /* that broke */
  gboolean over; /* it has keys, or failed */
};

/* ---- Sending */

static void
send_packet (DtlsTransport *self, const guint8 *data, gsize size)
{
  if (packet_address_is_one_place (&self->to))
    packet_transport_send (self->inner, data, size, &self->to);
}

/* What a flight is made of, as many records in a packet as fit. */
static void
send_pending (DtlsTransport *self)
{
  guint8 *data;
  const gsize size = (gsize) BIO_get_mem_data (self->out, (char **) &data);
  gsize begin = 0, end = 0;

  while (end + RECORD_HEADER <= size) {
    const gsize record =
        RECORD_HEADER + (gsize) (data[end + 11] << 8 | data[end + 12]);
    if (end > begin && end + record - begin > MTU) {
      send_packet (self, data + begin, end - begin);
      begin = end;
    }
    end = MIN (end + record, size);
  }
  if (end > begin)
    send_packet (self, data + begin, end - begin);
  (void) BIO_reset (self->out);
}

/* ---- The handshake */

static void
finish (DtlsTransport *self, const gchar *why)
{
  self->over = TRUE;
  media_timer_cancel (&self->timer);
  if (why)
    self->callbacks.failed (why, self->user);
}

static gboolean
find_suite (const SSL *ssl, RtpSuite *suite)
{
  const SRTP_PROTECTION_PROFILE *profile =
      SSL_get_selected_srtp_profile ((SSL *) ssl);

  if (!profile)
    return FALSE;
  *suite = profile->id == SRTP_AEAD_AES_128_GCM
      ? RTP_SUITE_AEAD_AES_128_GCM
      : RTP_SUITE_AES_CM_128_HMAC_SHA1_80;
  return TRUE;
}

/* RFC 5764 4.2: keys of client and server, then their salts. */
static void
split_keys (RtpSuite suite, const guint8 *material, RtpKey *client,
    RtpKey *server)
{
  const gsize key = 16, salt = rtp_suite_get_key_size (suite) - key;

  *client = *server = (RtpKey){ .suite = suite };
  memcpy (client->bytes, material, key);
  memcpy (server->bytes, material + key, key);
  memcpy (client->bytes + key, material + 2 * key, salt);
  memcpy (server->bytes + key, material + 2 * key + salt, salt);
}

static void
take_keys (DtlsTransport *self)
{
  guint8 seen[RTP_FINGERPRINT_SIZE], material[MAX_KEYS];
  RtpKey client, server;
  RtpSuite suite;

  if (!dtls_certificate_digest (self->ssl, seen) ||
      memcmp (seen, self->dtls->fingerprint, sizeof seen)) {
    finish (self,
        "The far end's certificate is not the one that its SDP names");
    return;
  }
  if (!find_suite (self->ssl, &suite) ||
      SSL_export_keying_material (self->ssl, material,
          2 * rtp_suite_get_key_size (suite), LABEL, strlen (LABEL), NULL, 0,
          0) != 1) {
    finish (self, "The far end's DTLS agrees to no cipher of SRTP");
    return;
  }
  split_keys (suite, material, &client, &server);
  RtpKeys *keys = self->dtls->active ? rtp_keys_new ("dtls", &client, &server)
                                     : rtp_keys_new ("dtls", &server, &client);
  explicit_bzero (material, sizeof material);
  rtp_key_clear (&client);
  rtp_key_clear (&server);
  finish (self, NULL);
  self->callbacks.keys (keys, self->user);
  rtp_keys_unref (keys);
}

/* The library has a clock of its own, which nobody else moves: in virtual time it repeats a
 * message when its timer fires, if so much real time is over. */
static guint
on_virtual_timer (SSL *ssl, guint us)
{
  return 100000;
}

static void
arm (DtlsTransport *self)
{
  struct timeval left;

  if (media_loop_is_manual (self->loop))
    media_timer_arm (&self->timer, media_loop_now (self->loop) + AGAIN);
  else if (DTLSv1_get_timeout (self->ssl, &left) == 1)
    media_timer_arm (&self->timer,
        media_loop_now (self->loop) +
            (left.tv_sec * G_USEC_PER_SEC + left.tv_usec) * US);
  else
    media_timer_cancel (&self->timer);
}

static gboolean
make_session (DtlsTransport *self)
{
  SSL_CTX *context = dtls_certificate_get_context ();

  self->ssl = context ? SSL_new (context) : NULL;
  if (!self->ssl)
    return FALSE;
  self->in = BIO_new (BIO_s_mem ());
  self->out = BIO_new (BIO_s_mem ());
  BIO_set_mem_eof_return (self->in, -1);
  BIO_set_mem_eof_return (self->out, -1);
  SSL_set_bio (self->ssl, self->in, self->out);
  SSL_set_options (self->ssl,
      SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_set_mtu (self->ssl, MTU);
  if (media_loop_is_manual (self->loop))
    DTLS_set_timer_cb (self->ssl, on_virtual_timer);
  if (self->dtls->active)
    SSL_set_connect_state (self->ssl);
  else
    SSL_set_accept_state (self->ssl);
  return TRUE;
}

/* Anybody may have sent what broke it, in the far end's name. */
static void
try_again (DtlsTransport *self)
{
  g_clear_pointer (&self->ssl, SSL_free);
  if (++self->n_tries > MAX_TRIES || !make_session (self))
    finish (self, "The far end's handshake of DTLS failed");
  else
    media_timer_arm (&self->timer, media_loop_now (self->loop) + PAUSE);
}

static void
go_on (DtlsTransport *self)
{
  ERR_clear_error ();
  const int result = SSL_do_handshake (self->ssl);
  const int error = SSL_get_error (self->ssl, result);
  send_pending (self);
  if (result == 1)
    take_keys (self);
  else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
    try_again (self);
  else
    arm (self);
  ERR_clear_error ();
}

static void
on_timer (gint64 now, gpointer user)
{
  DtlsTransport *self = user;

  ERR_clear_error ();
  if (DTLSv1_handle_timeout (self->ssl) < 0)
    finish (self, "The far end does not answer the handshake of DTLS");
  if (!self->over)
    go_on (self);
}

/* ---- Receiving */

/* RFC 7983 */
static gboolean
is_dtls (const guint8 *data, gsize size)
{
  return size >= RECORD_HEADER && data[0] >= 20 && data[0] <= 63;
}

/* Before there are keys anybody can write an alert, which ends the handshake, or data, which
 * breaks it: such records count as lost (RFC 6347 4.1.2.7). */
static gboolean
is_plain_alert (const guint8 *record)
{
  return record[3] == 0 && record[4] == 0 && /* its epoch */
      (record[0] == SSL3_RT_ALERT || record[0] == SSL3_RT_APPLICATION_DATA);
}

/* The whole records of a packet, but for those. */
static void
give_records (DtlsTransport *self, const guint8 *data, gsize size)
{
  while (size >= RECORD_HEADER) {
    const gsize record = RECORD_HEADER + (gsize) (data[11] << 8 | data[12]);
    if (record > size)
      return;
    if (self->over || !is_plain_alert (data))
      BIO_write (self->in, data, (int) record);
    data += record;
    size -= record;
  }
}

static gboolean
may_be_peer (const DtlsTransport *self, const PacketAddress *from)
{
  return !self->named || packet_address_same_host (from, &self->to) ||
      packet_address_same_host (from, &self->signalling);
}

/* Its answers go where a message came from: there may be a NAT before its port. */
static void
take_message (DtlsTransport *self, const guint8 *data, gsize size,
    const PacketAddress *from)
{
  guint8 rest[256];

  if (!self->ssl || !may_be_peer (self, from))
    return;
  if (!SSL_is_init_finished (self->ssl) && !self->over)
    self->to = *from;
  self->heard = TRUE;
  give_records (self, data, size);
  if (!self->over) {
    go_on (self);
    return;
  }
  /* The far end has not heard the last of ours: that is said again here. */
  ERR_clear_error ();
  while (SSL_read (self->ssl, rest, sizeof rest) > 0)
    ;
  ERR_clear_error ();
  send_pending (self);
  (void) BIO_reset (self->in);
}

static void
on_received (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  DtlsTransport *self = user;

  if (is_dtls (data, size))
    take_message (self, data, size, from);
  else
    self->received (self->receiver, data, size, from, arrival);
}

/* ---- The transport */

static gboolean
dtls_send (PacketTransport *transport, const guint8 *data, gsize size,
    const PacketAddress *to)
{
  return packet_transport_send (((DtlsTransport *) transport)->inner, data,
      size, to);
}

static void
dtls_receive (PacketTransport *transport, MediaLoop *loop,
    PacketReceived received, gpointer user)
{
  DtlsTransport *self = (DtlsTransport *) transport;

  self->received = received;
  self->receiver = user;
  packet_transport_receive (self->inner, loop, received ? on_received : NULL,
      self);
}

static void
forget (DtlsTransport *self)
{
  media_timer_cancel (&self->timer);
  g_clear_pointer (&self->ssl, SSL_free);
  g_clear_pointer (&self->dtls, rtp_dtls_unref);
  self->over = self->heard = FALSE;
  self->n_tries = 0;
}

static void
dtls_free (PacketTransport *transport)
{
  DtlsTransport *self = (DtlsTransport *) transport;

  forget (self);
  packet_transport_free (self->inner);
  g_free (self);
}

DtlsTransport *
dtls_transport_new (PacketTransport **transport, MediaLoop *loop,
    const DtlsTransportCallbacks *callbacks, gpointer user)
{
  DtlsTransport *self = g_new0 (DtlsTransport, 1);

  self->parent = (PacketTransport){ .send = dtls_send,
    .receive = dtls_receive,
    .free = dtls_free,
    .local = (*transport)->local };
  self->inner = *transport;
  self->loop = loop;
  self->callbacks = *callbacks;
  self->user = user;
  media_timer_init (&self->timer, loop, on_timer, self);
  *transport = &self->parent;
  return self;
}

gboolean
dtls_transport_start (DtlsTransport *self, const RtpDtls *dtls,
    const PacketAddress *to, const PacketAddress *signalling, gboolean waits)
{
  const gboolean same = rtp_dtls_equal (self->dtls, dtls);

  self->signalling = *signalling;
  self->named = packet_address_is_set (to);
  if (!same || !self->over)
    self->to = *to;
  if (same)
    return FALSE;
  forget (self);
  self->dtls = rtp_dtls_new (dtls->active, dtls->fingerprint);
  if (!make_session (self))
    finish (self, "OpenSSL does not work");
  else if (dtls->active && !waits)
    go_on (self);
  return TRUE;
}

/* What may have been said to an address where nobody was is said here, without waiting. */
void
dtls_transport_follow (DtlsTransport *self, const PacketAddress *to)
{
  self->to = self->signalling = *to;
  self->named = TRUE;
  if (self->over || self->heard || !self->dtls || !self->dtls->active)
    return;
  g_clear_pointer (&self->ssl, SSL_free);
  if (make_session (self))
    go_on (self);
  else
    finish (self, "OpenSSL does not work");
}
