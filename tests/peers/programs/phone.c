/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "phone.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

Phone phone;

void
phone_fail (const gchar *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  fputs ("rtpphone: ", stdout);
  vprintf (format, arguments);
  fputc ('\n', stdout);
  va_end (arguments);
  exit (1);
}

gchar *
phone_sdp (const gchar *direction)
{
  gchar *sdp = sip_sdp ("127.0.0.1", phone.media.port, phone.alaw ? 8 : 0,
      direction, ++phone.sdp_version);

  return phone.bundled ? sip_sdp_bundle (sdp) : sdp;
}

void
phone_take_description (const gchar *message)
{
  if (!sip_sdp_target (message, &phone.media.peer))
    return;
  if (phone.bundled && !sip_sdp_is_bundle (message))
    phone_fail ("the answer has no bundle of the audio alone");
  phone.media.up = TRUE;
}

void
phone_reply (const gchar *request, guint code, const gchar *reason,
    const gchar *body)
{
  g_autofree gchar *contact =
      g_strdup_printf ("sip:phone@127.0.0.1:%u", phone.link.port);
  g_autofree gchar *text =
      sip_reply (request, code, reason, "rtpphone", contact, NULL, body);
  sip_link_send (&phone.link, text, -1);
}

/* Not for the phone that had our port before us. */
static gboolean
is_ours (const gchar *message)
{
  g_autofree gchar *id = sip_header (message, "Call-ID");

  return phone.dialog.call_id == NULL ||
      g_strcmp0 (id, phone.dialog.call_id) == 0;
}

static void
take_request (const gchar *message)
{
  if (sip_is_request (message, "ACK")) {
    phone_take_description (message);
  } else if (sip_is_request (message, "BYE") && !is_ours (message)) {
    phone_reply (message, 481, "No Such Call", NULL);
  } else if (sip_is_request (message, "BYE")) {
    phone_reply (message, 200, "OK", NULL);
    phone.bye_seen = TRUE;
    phone.in_call = phone.media.up = FALSE;
  } else if (sip_is_request (message, "INVITE") && phone.in_call) {
    g_autofree gchar *sdp = phone_sdp ("sendrecv");
    phone.reinvites++;
    phone_take_description (message);
    phone_reply (message, 200, "OK", sdp);
  } else if (sip_is_request (message, "INVITE")) {
    g_free (phone.request);
    phone.request = g_strdup (message);
    phone_reply (message, 180, "Ringing", NULL);
  } else if (sip_is_request (message, "OPTIONS")) {
    phone_reply (message, 200, "OK", NULL);
  } else {
    g_autofree gchar *target = sip_header (message, "Refer-To");
    if (target)
      printf ("refer=%s\n", target);
    fflush (stdout);
    phone_reply (message, 501, "Not Implemented", NULL);
  }
}

static void
take_response (const gchar *message)
{
  g_autofree gchar *method = sip_cseq_method (message);
  guint status = sip_status (message);

  if (g_str_equal (method, "INVITE") && status < 200) {
    phone.ringing |= status == 180;
    return;
  }
  if (g_str_equal (method, "INVITE")) {
    sip_dialog_learn (&phone.dialog, message);
    gboolean late =
        g_str_has_prefix (sip_body (message), "v=") && phone.sdp_version == 0;
    g_autofree gchar *sdp = late ? phone_sdp ("sendrecv") : NULL;
    g_autofree gchar *ack = status < 300
        ? sip_dialog_request (&phone.dialog, "ACK", NULL, sdp)
        : sip_dialog_ack_failure (&phone.dialog);
    sip_link_send (&phone.link, ack, -1);
    if (status < 300)
      phone_take_description (message);
  }
  if (g_str_equal (method, "BYE"))
    phone.bye_answered = TRUE;
  g_free (phone.response);
  phone.response = g_strdup (message);
}

/* One turn of the world: at most until the next packet is due. */
static void
turn (void)
{
  gint wait = phone_media_work (&phone.media, sip_now ());
  struct pollfd fds[2] = { { .fd = phone.media.rtp, .events = POLLIN },
    { .fd = phone.linked ? phone.link.fd : -1, .events = POLLIN } };

  if (poll (fds, 2, MIN (wait, 20)) <= 0 || fds[1].revents == 0)
    return;
  gchar *message;
  while ((message = sip_link_receive (&phone.link, 0, TRUE)) != NULL) {
    if (sip_status (message) != 0)
      take_response (message);
    else
      take_request (message);
    g_free (message);
  }
}

gboolean
phone_run (gint milliseconds, gboolean (*reached) (void))
{
  gint64 end = sip_now () + milliseconds * (gint64) 1000;

  while (reached == NULL || !reached ()) {
    if (sip_now () >= end)
      return reached == NULL;
    turn ();
  }
  return TRUE;
}

static gboolean
has_response (void)
{
  return phone.response != NULL;
}

gboolean
phone_is_called (void)
{
  return phone.request != NULL;
}

gboolean
phone_is_hung_up (void)
{
  return phone.bye_seen;
}

/* Sends a request until a final response comes (RFC 3261 17.1, timer A/E) */
guint
phone_transact (const gchar *request, gint milliseconds)
{
  gint64 end = sip_now () + milliseconds * (gint64) 1000;
  gint pause = 500;

  g_clear_pointer (&phone.response, g_free);
  while (sip_now () < end) {
    if (pause == 500 || !phone.tcp)
      sip_link_send (&phone.link, request, -1);
    if (phone_run (pause, has_response))
      return sip_status (phone.response);
    pause = MIN (2 * pause, 4000);
    if (phone.ringing)
      pause = 60000;
  }
  return 0;
}

void
phone_open (const gchar *uri)
{
  g_autofree gchar *host = NULL;
  guint port;

  if (phone.linked)
    return;
  if (!sip_uri_split (uri, &host, &port))
    phone_fail ("%s is not a SIP address with a numeric host", uri);
  if (!sip_link_open (&phone.link, phone.tcp, phone.sip_port, host, port))
    phone_fail ("no connection to %s", uri);
  phone.linked = TRUE;
}
