/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A line with an account, at a registrar that says what a test wants. Its passwords are
 * checked by what checks those of callers. */

#include "sip/account/sipaccount.h"
#include "sip/gstsip.h"
#include "sip/logic/auth/authserver.h"
#include "sip/signalling/sipagent.h"
#include "sip/signalling/siplinger.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#define TIMEOUT 2000 /* ms: T1x64 here */
#define PASSWORD "s:cret"
#define ME "sip:4930123@127.0.0.1"

typedef struct
{
  SipPeer *peer;
  AuthServer *auth;
  Line line;
} Place;

/* Of the account, in a file of the lines' own. */
static gchar *password_file;

static void
write_password (const gchar *password)
{
  if (!password_file)
    g_assert_true (
        g_close (g_file_open_tmp ("password-XXXXXX", &password_file, NULL),
            NULL));
  g_assert_true (g_file_set_contents_full (password_file, password, -1,
      G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* ---- The registrar */

static gint64
now (void)
{
  return g_get_monotonic_time ();
}

/* @via goes behind the request's Via. */
static void
respond (Place *self, const gchar *request, const gchar *status,
    const gchar *headers, const gchar *via)
{
  static const gchar *const copied[] = { "From", "Call-ID", "CSeq" };
  g_autofree gchar *first = sip_peer_header (request, "Via");
  g_autofree gchar *to = sip_peer_header (request, "To");
  GString *text = g_string_new (NULL);

  g_string_printf (text, "SIP/2.0 %s\r\nVia: %s%s\r\nTo: %s%s\r\n", status,
      first, via ? via : "", to, strstr (to, "tag=") ? "" : ";tag=r");
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++) {
    g_autofree gchar *value = sip_peer_header (request, copied[i]);
    g_string_append_printf (text, "%s: %s\r\n", copied[i], value);
  }
  g_string_append_printf (text, "%sContent-Length: 0\r\n\r\n",
      headers ? headers : "");
  sip_peer_send_raw (self->peer, text->str, text->len);
  g_string_free (text, TRUE);
}

static gchar *
challenge (Place *self, const gchar *header, DigestAlgorithm algorithm,
    gboolean stale)
{
  g_autofree gchar *value =
      auth_server_challenge (self->auth, algorithm, stale, now ());

  return g_strdup_printf ("%s: %s\r\n", header, value);
}

/* What @request shows in @header. */
static AuthVerdict
verify (Place *self, const gchar *request, const gchar *header)
{
  g_autofree gchar *method = g_strndup (request, strcspn (request, " "));
  g_autofree gchar *said = sip_peer_header (request, header);
  g_autofree gchar *user = NULL;
  g_autofree gchar *uri = NULL;

  return said
      ? auth_server_verify (self->auth, said, method, now (), &user, &uri)
      : AUTH_VERDICT_NONE;
}

static gchar *
expect (Place *self, const gchar *method)
{
  g_autofree gchar *start = g_strconcat (method, " ", NULL);

  return assert_message (self->peer, start);
}

/* Refuses the next @method with a challenge of both algorithms; (transfer full), the
 * one that comes then, which has the right password. */
static gchar *
ask (Place *self, const gchar *method)
{
  g_autofree gchar *request = expect (self, method);
  g_autofree gchar *md5 =
      challenge (self, "WWW-Authenticate", DIGEST_MD5, FALSE);
  g_autofree gchar *sha =
      challenge (self, "WWW-Authenticate", DIGEST_SHA256, FALSE);
  g_autofree gchar *both = g_strconcat (md5, sha, NULL);

  respond (self, request, "401 Unauthorized", both, NULL);
  gchar *again = expect (self, method);
  g_assert_cmpint (verify (self, again, "Authorization"), ==,
      AUTH_VERDICT_RIGHT);
  return again;
}

/* Accepts @request as it is, for @expires s. */
static void
accept_it (Place *self, const gchar *request, guint expires,
    const gchar *headers)
{
  g_autofree gchar *contact = sip_peer_header (request, "Contact");
  g_autofree gchar *lines = g_strdup_printf ("Contact: %.*s>;expires=%u\r\n%s",
      (int) strcspn (contact, ">"), contact, expires, headers ? headers : "");

  respond (self, request, "200 OK", lines, NULL);
}

/* ---- The line */

static void
place_begin (Place *self, const gchar *settings, const gchar *password)
{
  g_autofree gchar *account = NULL;

  self->peer = sip_peer_new (FALSE);
  self->auth =
      auth_server_new (user_file_parse ("4930123:" PASSWORD "\nfax:" PASSWORD,
                           NULL),
          (const guint8 *) "0123456789abcdef0123456789abcdef");
  if (password)
    write_password (password);
  account = g_strdup_printf ("account=" ME ":%u %s%s %s",
      sip_peer_get_port (self->peer), password ? "password-file=" : "",
      password ? password_file : "", settings);
  line_start_on (&self->line, free_port (), account);
}

static void
place_end (Place *self)
{
  line_stop (&self->line);
  g_clear_pointer (&self->auth, auth_server_free);
  g_clear_pointer (&self->peer, sip_peer_free);
}

/* The line goes; the registrar is told, and says yes. */
static void
place_end_registered (Place *self)
{
  gst_element_set_state (self->line.pipeline, GST_STATE_NULL);
  g_autofree gchar *last = expect (self, "REGISTER");
  g_autofree gchar *expires = sip_peer_header (last, "Expires");
  g_assert_cmpstr (expires, ==, "0");
  g_assert_cmpint (verify (self, last, "Authorization"), ==,
      AUTH_VERDICT_RIGHT);
  respond (self, last, "200 OK", NULL, NULL);
  place_end (self);
  sip_linger_wait (SOON);
}

/* The next voice/account message, which has @state; (transfer full). */
static GstMessage *
told (Place *self, const gchar *state)
{
  for (;;) {
    GstMessage *message = gst_bus_timed_pop_filtered (self->line.bus,
        SOON * GST_MSECOND, GST_MESSAGE_ELEMENT);
    g_assert_nonnull (message);
    if (gst_message_has_name (message, "voice/account")) {
      g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                     message),
                           "state"),
          ==, state);
      return message;
    }
    gst_message_unref (message);
  }
}

static void
expect_told (Place *self, const gchar *state)
{
  gst_message_unref (told (self, state));
}

static void
register_it (Place *self, guint expires, const gchar *headers)
{
  expect_told (self, "registering");
  g_autofree gchar *request = ask (self, "REGISTER");
  accept_it (self, request, expires, headers);
  g_autoptr (GstMessage) message = told (self, "registered");
  const GstStructure *s = gst_message_get_structure (message);
  guint granted = 0;
  g_assert_true (gst_structure_get_uint (s, "expires", &granted));
  g_assert_cmpuint (granted, ==, expires);
  g_assert_cmpstr (gst_structure_get_string (s, "account"), ==, ME);
  g_assert_cmpstr (gst_structure_get_string (s, "session"), ==, "default");
}

/* ---- Registration */

/* It is renewed with the same nonce, counted on; and with another one, when that is too
 * old, of which nobody hears. */
static void
test_refresh (void)
{
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  register_it (&place, 1, NULL);
  g_autofree gchar *second = expect (&place, "REGISTER");
  g_assert_cmpint (verify (&place, second, "Authorization"), ==,
      AUTH_VERDICT_RIGHT);
  g_assert_nonnull (strstr (second, "nc=00000002"));
  g_assert_nonnull (strstr (second, "algorithm=SHA-256"));
  g_autofree gchar *stale =
      challenge (&place, "WWW-Authenticate", DIGEST_SHA256, TRUE);
  respond (&place, second, "401 Unauthorized", stale, NULL);
  g_autofree gchar *third = expect (&place, "REGISTER");
  g_assert_cmpint (verify (&place, third, "Authorization"), ==,
      AUTH_VERDICT_RIGHT);
  g_assert_nonnull (strstr (third, "nc=00000001"));
  accept_it (&place, third, 100, NULL);
  expect_told (&place, "registered");
  place_end_registered (&place);
}

/* Each alone, and the one that is not here beside one that is. */
static void
test_algorithms (void)
{
  for (DigestAlgorithm a = DIGEST_MD5; a <= DIGEST_SHA256; a++) {
    Place place;

    place_begin (&place, WAITING, PASSWORD);
    g_autofree gchar *request = expect (&place, "REGISTER");
    g_assert_null (strstr (request, "Authorization"));
    g_autofree gchar *one = challenge (&place, "WWW-Authenticate", a, FALSE);
    g_autofree gchar *headers =
        g_strconcat ("WWW-Authenticate: Digest realm=\"" USER_FILE_REALM
                     "\", nonce=\"x\", algorithm=SHA-512-256, qop=\"auth\"\r\n",
            one, NULL);
    respond (&place, request, "401 Unauthorized", headers, NULL);
    g_autofree gchar *again = expect (&place, "REGISTER");
    g_assert_cmpint (verify (&place, again, "Authorization"), ==,
        AUTH_VERDICT_RIGHT);
    accept_it (&place, again, 100, NULL);
    expect_told (&place, "registering");
    expect_told (&place, "registered");
    place_end_registered (&place);
  }
}

static void
assert_refused (Place *self, gint code, guint status, const gchar *words)
{
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (self->line.bus,
      SOON * GST_MSECOND, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;
  const GstStructure *details;
  guint told_status = 0;

  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, code);
  g_assert_nonnull (strstr (error->message, ME));
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strstr (error->message, PASSWORD));
  gst_message_parse_error_details (message, &details);
  gst_structure_get_uint (details, "sip-status", &told_status);
  g_assert_cmpuint (told_status, ==, status);
  g_assert_null (sip_peer_wait (self->peer, "REGISTER ", 1200));
}

/* One error, and no further try. */
static void
test_wrong_password (void)
{
  Place place;

  place_begin (&place, WAITING, "wrong");
  g_autofree gchar *request = expect (&place, "REGISTER");
  for (guint i = 0; i < 2; i++) {
    g_autofree gchar *header =
        challenge (&place, "WWW-Authenticate", DIGEST_MD5, FALSE);
    respond (&place, request, "401 Unauthorized", header, NULL);
    if (i)
      break;
    g_free (request);
    request = expect (&place, "REGISTER");
    g_assert_cmpint (verify (&place, request, "Authorization"), ==,
        AUTH_VERDICT_WRONG);
  }
  assert_refused (&place, GST_RESOURCE_ERROR_NOT_AUTHORIZED, 401, "password");
  place_end (&place);
}

static const struct
{
  const gchar *answer, *headers, *password, *words;
  gint code;
  guint status;
} refusals[] = {
  { "403 Forbidden", NULL, PASSWORD, "403", GST_RESOURCE_ERROR_NOT_AUTHORIZED,
      403 },
  { "404 Not Found", NULL, PASSWORD, "404", GST_RESOURCE_ERROR_NOT_FOUND, 404 },
  { "401 Unauthorized", "WWW-Authenticate: Digest realm=\"a\", nonce=\"x\"\r\n",
      NULL, "has none", GST_RESOURCE_ERROR_NOT_AUTHORIZED, 401 },
  { "401 Unauthorized",
      "WWW-Authenticate: Digest realm=\"a\", nonce=\"x\", "
      "algorithm=MD5-sess\r\n",
      PASSWORD, "neither MD5 nor SHA-256", GST_RESOURCE_ERROR_NOT_AUTHORIZED,
      401 },
  { "401 Unauthorized", "WWW-Authenticate: Basic realm=\"a\"\r\n", PASSWORD,
      "neither MD5 nor SHA-256", GST_RESOURCE_ERROR_NOT_AUTHORIZED, 401 },
};

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    Place place;

    place_begin (&place, WAITING, refusals[i].password);
    g_autofree gchar *request = expect (&place, "REGISTER");
    respond (&place, request, refusals[i].answer, refusals[i].headers, NULL);
    assert_refused (&place, refusals[i].code, refusals[i].status,
        refusals[i].words);
    place_end (&place);
  }
}

/* A registrar in trouble is asked again, not sooner than it says. */
static void
test_lost (void)
{
  Place place;
  guint64 retry = 0;

  place_begin (&place, WAITING, PASSWORD);
  expect_told (&place, "registering");
  g_autofree gchar *request = expect (&place, "REGISTER");
  const gint64 asked = now ();
  respond (&place, request, "503 Busy", "Retry-After: 1\r\n", NULL);
  g_autoptr (GstMessage) message = told (&place, "lost");
  const GstStructure *s = gst_message_get_structure (message);
  gst_structure_get_uint64 (s, "retry", &retry);
  g_assert_cmpuint (retry, ==, GST_SECOND);
  g_assert_cmpstr (gst_structure_get_string (s, "cause"), ==,
      "the registrar says 503 Busy");
  g_autofree gchar *again = ask (&place, "REGISTER");
  g_assert_cmpint (now () - asked, >, 900 * G_TIME_SPAN_MILLISECOND);
  accept_it (&place, again, 100, NULL);
  expect_told (&place, "registered");
  place_end_registered (&place);
}

/* RFC 3581: from behind a NAT we are reached where the registrar sees us; what we said
 * before is taken back. */
static void
test_nat (void)
{
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  g_autofree gchar *request = ask (&place, "REGISTER");
  g_autofree gchar *before = sip_peer_header (request, "Contact");
  g_autofree gchar *own =
      g_strdup_printf ("<sip:4930123@127.0.0.1:%u;transport=udp>",
          place.line.port);
  g_assert_cmpstr (before, ==, own);
  respond (&place, request, "200 OK", NULL, ";received=192.0.2.7;rport=4711");
  g_autofree gchar *moved = expect (&place, "REGISTER");
  g_autofree gchar *contact = sip_peer_header (moved, "Contact");
  g_assert_true (
      g_str_has_prefix (contact, "<sip:4930123@192.0.2.7:4711;transport=udp>"));
  g_assert_nonnull (strstr (moved, own));
  accept_it (&place, moved, 100, NULL);
  expect_told (&place, "registering");
  expect_told (&place, "registered");
  place_end_registered (&place);
}

/* The next one, not @last (takes it) once more; (transfer full). */
static gchar *
expect_next_ping (Place *place, gchar *last)
{
  g_autofree gchar *old = last ? sip_peer_header (last, "Via") : NULL;

  g_free (last);
  while (TRUE) {
    gchar *ping = expect (place, "OPTIONS");
    g_autofree gchar *via = sip_peer_header (ping, "Via");
    if (g_strcmp0 (via, old))
      return ping;
    g_free (ping);
  }
}

/* What keeps its mapping open also sees where it has gone. */
static void
test_ping (void)
{
  g_autofree gchar *ping = NULL;
  Place place;

  sip_account_ping_interval = 200;
  place_begin (&place, WAITING, PASSWORD);
  g_autofree gchar *request = ask (&place, "REGISTER");
  respond (&place, request, "200 OK", NULL, ";received=192.0.2.7;rport=4711");
  g_autofree gchar *moved = expect (&place, "REGISTER");
  accept_it (&place, moved, 100, NULL);
  for (guint i = 0; i < 2; i++) {
    ping = expect_next_ping (&place, ping);
    respond (&place, ping, "404 Not here", NULL,
        ";received=192.0.2.7;rport=4711");
  }
  ping = expect_next_ping (&place, ping);
  respond (&place, ping, "200 OK", NULL, ";received=192.0.2.7;rport=4712");
  g_autofree gchar *again = expect (&place, "REGISTER");
  g_autofree gchar *contact = sip_peer_header (again, "Contact");
  g_assert_true (g_str_has_prefix (contact, "<sip:4930123@192.0.2.7:4712;"));
  g_assert_nonnull (strstr (again, "192.0.2.7:4711;transport=udp>;expires=0"));
  accept_it (&place, again, 100, NULL);
  expect_told (&place, "registering");
  expect_told (&place, "registered");
  expect_told (&place, "registered");
  sip_account_ping_interval = 25000;
  place_end_registered (&place);
}

/* One that is asked for a password is a pong, too, and the next one comes. */
static void
test_ping_asked (void)
{
  g_autofree gchar *ping = NULL;
  Place place;

  sip_account_ping_interval = 200;
  place_begin (&place, WAITING, PASSWORD);
  g_autofree gchar *request = ask (&place, "REGISTER");
  respond (&place, request, "200 OK", NULL, ";received=192.0.2.7;rport=4711");
  g_autofree gchar *moved = expect (&place, "REGISTER");
  accept_it (&place, moved, 100, NULL);
  for (guint i = 0; i < 3; i++) {
    ping = expect_next_ping (&place, ping);
    g_autofree gchar *question =
        challenge (&place, "WWW-Authenticate", DIGEST_MD5, FALSE);
    respond (&place, ping, "401 Unauthorized", question,
        ";received=192.0.2.7;rport=4711");
  }
  sip_account_ping_interval = 25000;
  place_end_registered (&place);
}

static void
start_second (Place *self, Line *second)
{
  g_autofree gchar *settings =
      g_strdup_printf ("account=" ME ":%u password-file=%s " WAITING,
          sip_peer_get_port (self->peer), password_file);

  line_start_on (second, self->line.port, settings);
}

/* Lines with the same account have one registration, as long as there is one of them. */
static void
test_shared (void)
{
  Place place;
  Line second;

  place_begin (&place, WAITING, PASSWORD);
  register_it (&place, 100, NULL);
  start_second (&place, &second);
  GstBus *first = place.line.bus;
  place.line.bus = second.bus;
  expect_told (&place, "registered");
  place.line.bus = first;
  line_stop (&second);
  g_assert_null (sip_peer_wait (place.peer, "REGISTER ", 100));
  place_end_registered (&place);
}

/* Who comes while it is taken back has it again, after that. */
static void
test_revived (void)
{
  Place place;
  Line second;

  place_begin (&place, WAITING, PASSWORD);
  register_it (&place, 100, NULL);
  gst_element_set_state (place.line.pipeline, GST_STATE_NULL);
  g_autofree gchar *last = expect (&place, "REGISTER");
  g_assert_nonnull (strstr (last, "\r\nExpires: 0\r\n"));
  start_second (&place, &second);
  g_assert_null (sip_peer_wait (place.peer, "REGISTER ", 100));
  respond (&place, last, "200 OK", NULL, NULL);
  g_autofree gchar *again = expect (&place, "REGISTER");
  g_assert_nonnull (strstr (again, "\r\nExpires: 600\r\n"));
  g_assert_cmpint (verify (&place, again, "Authorization"), ==,
      AUTH_VERDICT_RIGHT);
  accept_it (&place, again, 100, NULL);
  line_stop (&place.line);
  place.line = second;
  expect_told (&place, "registering");
  expect_told (&place, "registered");
  place_end_registered (&place);
}

/* The same name at two registrars: each has a Contact of its own, by which calls come to
 * the right line. */
static void
test_two (void)
{
  g_autoptr (SipPeer) other = sip_peer_new_at ("127.0.0.2", FALSE);
  g_autofree gchar *settings =
      g_strdup_printf ("account=sip:4930123@127.0.0.2:%u " WAITING,
          sip_peer_get_port (other));
  Place place;
  Line second;

  place_begin (&place, WAITING, PASSWORD);
  register_it (&place, 100, NULL);
  line_start_on (&second, place.line.port, settings);
  g_autofree gchar *request = assert_message (other, "REGISTER ");
  g_autofree gchar *contact = sip_peer_header (request, "Contact");
  g_assert_true (g_str_has_prefix (contact, "<sip:4930123-2@127.0.0.1:"));
  sip_peer_set_callee (other, "127.0.0.1");
  sip_peer_begin (other, "4930123-2", place.line.port);
  sip_peer_request (other, "INVITE", NULL, sip_peer_sdp (other, 0, "sendrecv"));
  skip_message (other, "SIP/2.0 200");
  sip_peer_request (other, "ACK", NULL, NULL);
  g_autoptr (GstMessage) message = expect_state (&second, "answered");
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                 message),
                       "admitted"),
      ==, "account");
  bye (other);
  line_stop (&second);
  place_end_registered (&place);
}

/* No port: it is not taken for one. */
static void
test_no_port (void)
{
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  g_autofree gchar *request = ask (&place, "REGISTER");
  respond (&place, request, "200 OK", NULL, ";received=192.0.2.7;rport=70000");
  expect_told (&place, "registering");
  expect_told (&place, "registered");
  g_assert_null (sip_peer_wait (place.peer, "REGISTER ", 50));
  place_end_registered (&place);
}

/* What was to be taken back goes with the address that took its place. */
static void
test_nat_lost (void)
{
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  g_autofree gchar *request = ask (&place, "REGISTER");
  respond (&place, request, "200 OK", NULL, ";received=192.0.2.7;rport=4711");
  g_autofree gchar *moved = expect (&place, "REGISTER");
  respond (&place, moved, "500 Trouble", "Retry-After: 1\r\n", NULL);
  g_autofree gchar *again = ask (&place, "REGISTER");
  g_assert_null (strstr (again, "expires=0"));
  accept_it (&place, again, 100, NULL);
  expect_told (&place, "registering");
  expect_told (&place, "lost");
  expect_told (&place, "registered");
  place_end_registered (&place);
}

/* RFC 3261 10.2.8: it is asked again, for as long as the registrar wants. */
static void
test_too_brief (void)
{
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  g_autofree gchar *request = ask (&place, "REGISTER");
  respond (&place, request, "423 Interval Too Brief", "Min-Expires: 7200\r\n",
      NULL);
  g_autofree gchar *again = expect (&place, "REGISTER");
  g_autofree gchar *expires = sip_peer_header (again, "Expires");
  g_assert_cmpstr (expires, ==, "7200");
  accept_it (&place, again, 7200, NULL);
  expect_told (&place, "registering");
  expect_told (&place, "registered");
  place_end_registered (&place);
}

/* ---- Calls */

static void
call (Place *self, const gchar *host, SipPeer *peer)
{
  g_autofree gchar *uri =
      g_strdup_printf ("sip:you@%s:%u", host, sip_peer_get_port (peer));
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (self->line.pipeline), "s");
  gboolean called = FALSE;

  g_signal_emit_by_name (source, "call", uri, &called);
  g_assert_true (called);
}

static void
test_called (void)
{
  Place place;

  place_begin (&place, "local-uri=sip:agent@127.0.0.1:PORT on-hangup=wait",
      PASSWORD);
  register_it (&place, 100, NULL);
  sip_peer_begin (place.peer, "4930123", place.line.port);
  sip_peer_request (place.peer, "INVITE", NULL,
      sip_peer_sdp (place.peer, 0, "sendrecv"));
  skip_message (place.peer, "SIP/2.0 200");
  sip_peer_request (place.peer, "ACK", NULL, NULL);
  skip_state (&place.line, "answered");
  bye (place.peer);
  skip_state (&place.line, "ended");
  sip_peer_begin (place.peer, "somebody", place.line.port);
  sip_peer_request (place.peer, "INVITE", NULL,
      sip_peer_sdp (place.peer, 0, "sendrecv"));
  skip_message (place.peer, "SIP/2.0 404");
  place_end_registered (&place);
}

/* A number that the registrar's caller names is the account's, whatever port that has. */
static void
test_referred_number (void)
{
  Place place;

  place_begin (&place,
      "local-uri=sip:agent@127.0.0.1:PORT on-hangup=wait refer=follow "
      "dial-allow=+*",
      PASSWORD);
  register_it (&place, 100, NULL);
  sip_peer_begin (place.peer, "4930123", place.line.port);
  sip_peer_request (place.peer, "INVITE", NULL,
      sip_peer_sdp (place.peer, 0, "sendrecv"));
  skip_message (place.peer, "SIP/2.0 200");
  sip_peer_request (place.peer, "ACK", NULL, NULL);
  skip_state (&place.line, "answered");
  sip_peer_request (place.peer, "REFER", "Refer-To: <tel:+4930124>\r\n", NULL);
  skip_message (place.peer, "INVITE sip:+4930124@127.0.0.1:");
  place_end (&place);
}

/* What the line's own `uri` waits for is a call: no other one takes its place. */
static void
test_uri_waits (void)
{
  gboolean called = TRUE;
  Place place;

  place_begin (&place, "uri=sip:you@phone.invalid " WAITING, PASSWORD);
  g_autofree gchar *route =
      g_strdup_printf ("Service-Route: <sip:127.0.0.1:%u;lr>\r\n",
          sip_peer_get_port (place.peer));
  expect_told (&place, "registering");
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (place.line.pipeline), "s");
  g_signal_emit_by_name (source, "call", "sip:other@phone.invalid", &called);
  g_assert_false (called);
  g_autofree gchar *request = ask (&place, "REGISTER");
  accept_it (&place, request, 100, route);
  g_autofree gchar *invite = expect (&place, "INVITE");
  g_assert_true (g_str_has_prefix (invite, "INVITE sip:you@phone.invalid "));
  sip_peer_respond (place.peer, invite, "486 Busy", NULL, NULL);
  skip_message (place.peer, "ACK ");
  assert_ended (&place.line, "peer", 486);
  place_end_registered (&place);
}

/* It may be hung up on before it has begun. */
static void
test_uri_hung_up (void)
{
  Place place;

  place_begin (&place, "uri=sip:you@phone.invalid " WAITING, PASSWORD);
  expect_told (&place, "registering");
  g_assert_true (emit (&place.line, "hang-up"));
  assert_ended (&place.line, "us", 0);
  g_autofree gchar *request = ask (&place, "REGISTER");
  accept_it (&place, request, 100, NULL);
  expect_told (&place, "registered");
  call (&place, "127.0.0.1", place.peer);
  g_autofree gchar *invite = expect (&place, "INVITE");
  g_assert_true (g_str_has_prefix (invite, "INVITE sip:you@127.0.0.1:"));
  sip_peer_respond (place.peer, invite, "486 Busy", NULL, NULL);
  skip_message (place.peer, "ACK ");
  assert_ended (&place.line, "peer", 486);
  place_end_registered (&place);
}

/* A NAT's mapping is of the transport by which the registrar sees it. */
static void
test_other_transport (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (TRUE);
  gboolean called = FALSE;
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  g_autofree gchar *request = ask (&place, "REGISTER");
  respond (&place, request, "200 OK", NULL, ";received=192.0.2.7;rport=4711");
  g_autofree gchar *moved = expect (&place, "REGISTER");
  accept_it (&place, moved, 100, NULL);
  expect_told (&place, "registering");
  expect_told (&place, "registered");
  g_autofree gchar *uri = g_strdup_printf ("sip:you@127.0.0.1:%u;transport=tcp",
      sip_peer_get_port (peer));
  g_autofree gchar *own =
      g_strdup_printf ("<sip:4930123@127.0.0.1:%u;transport=tcp>",
          place.line.port);
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (place.line.pipeline), "s");
  g_signal_emit_by_name (source, "call", uri, &called);
  g_assert_true (called);
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_autofree gchar *contact = sip_peer_header (invite, "Contact");
  g_assert_cmpstr (contact, ==, own);
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  skip_message (peer, "ACK ");
  assert_ended (&place.line, "peer", 486);
  place_end_registered (&place);
}

/* INVITE and BYE are asked by a proxy for the password. */
static void
test_calls_out (void)
{
  Place place;

  place_begin (&place, "uri=sip:you@phone.invalid " WAITING, PASSWORD);
  g_autofree gchar *route =
      g_strdup_printf ("Service-Route: <sip:127.0.0.1:%u;lr>\r\n",
          sip_peer_get_port (place.peer));
  register_it (&place, 100, route);
  g_autofree gchar *invite = expect (&place, "INVITE");
  g_autofree gchar *from = sip_peer_header (invite, "From");
  g_autofree gchar *said = sip_peer_header (invite, "Route");
  g_assert_true (g_str_has_prefix (from, "<" ME ">;tag="));
  g_assert_nonnull (strstr (route, said));
  g_assert_true (g_str_has_prefix (invite, "INVITE sip:you@phone.invalid "));
  g_autofree gchar *first =
      challenge (&place, "Proxy-Authenticate", DIGEST_SHA256, FALSE);
  respond (&place, invite, "407 Proxy Authentication Required", first, NULL);
  skip_message (place.peer, "ACK ");
  g_autofree gchar *again = expect (&place, "INVITE");
  g_assert_cmpint (verify (&place, again, "Proxy-Authorization"), ==,
      AUTH_VERDICT_RIGHT);
  sip_peer_respond (place.peer, again, "200 OK", NULL,
      sip_peer_sdp (place.peer, 0, "sendrecv"));
  skip_message (place.peer, "ACK ");
  skip_state (&place.line, "answered");

  g_assert_true (emit (&place.line, "hang-up"));
  g_autofree gchar *leave = expect (&place, "BYE");
  g_autofree gchar *second =
      challenge (&place, "Proxy-Authenticate", DIGEST_SHA256, TRUE);
  respond (&place, leave, "407 Proxy Authentication Required", second, NULL);
  g_autofree gchar *gone = expect (&place, "BYE");
  g_assert_cmpint (verify (&place, gone, "Proxy-Authorization"), ==,
      AUTH_VERDICT_RIGHT);
  respond (&place, gone, "200 OK", NULL, NULL);
  place_end_registered (&place);
}

static void
test_call_refused (void)
{
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  register_it (&place, 100, NULL);
  g_autofree gchar *uri =
      g_strdup_printf ("sip:you@127.0.0.1:%u", sip_peer_get_port (place.peer));
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (place.line.pipeline), "s");
  gboolean called = FALSE;
  g_signal_emit_by_name (source, "call", uri, &called);
  g_assert_true (called);
  for (guint i = 0; i < 2; i++) {
    g_autofree gchar *invite = expect (&place, "INVITE");
    g_autofree gchar *header =
        challenge (&place, "Proxy-Authenticate", DIGEST_SHA256, FALSE);
    respond (&place, invite, "407 Proxy Authentication Required", header, NULL);
    skip_message (place.peer, "ACK ");
  }
  g_autoptr (GstMessage) message = expect_state (&place.line, "ended");
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                 message),
                       "cause"),
      ==, "The far end refuses the password of " ME);
  place_end_registered (&place);
}

/* Whoever is not the account's does not learn what its password makes of a nonce. */
static void
test_strangers (void)
{
  g_autoptr (SipPeer) other = sip_peer_new_at ("127.0.0.2", FALSE);
  Place place;

  place_begin (&place, "dial-allow=sip:*@*:* " WAITING, PASSWORD);
  register_it (&place, 100, NULL);
  g_autofree gchar *uri =
      g_strdup_printf ("sip:you@127.0.0.2:%u", sip_peer_get_port (other));
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (place.line.pipeline), "s");
  gboolean called = FALSE;
  g_signal_emit_by_name (source, "call", uri, &called);
  g_autofree gchar *invite = assert_message (other, "INVITE ");
  sip_peer_respond (other, invite, "401 Unauthorized",
      "WWW-Authenticate: Digest realm=\"" USER_FILE_REALM "\", nonce=\"x\"\r\n",
      NULL);
  skip_message (other, "ACK ");
  assert_ended (&place.line, "peer", 401);
  g_assert_null (sip_peer_wait (other, "INVITE ", 50));
  sip_peer_set_callee (other, "127.0.0.1");
  sip_peer_begin (other, "4930123", place.line.port);
  sip_peer_request (other, "INVITE", NULL, sip_peer_sdp (other, 0, "sendrecv"));
  skip_message (other, "SIP/2.0 200");
  sip_peer_request (other, "ACK", NULL, NULL);
  skip_state (&place.line, "answered");
  g_signal_emit_by_name (source, "transfer", "sip:me@phone.invalid", &called);
  g_assert_true (called);
  g_autofree gchar *refer = assert_message (other, "REFER ");
  sip_peer_respond (other, refer, "407 Proxy Authentication Required",
      "Proxy-Authenticate: Digest realm=\"x\", nonce=\"x\"\r\n", NULL);
  g_assert_null (sip_peer_wait (other, "REFER ", 50));
  g_assert_true (emit (&place.line, "hang-up"));
  g_autofree gchar *leave = assert_message (other, "BYE ");
  sip_peer_respond (other, leave, "401 Unauthorized",
      "WWW-Authenticate: Digest realm=\"" USER_FILE_REALM "\", nonce=\"x\"\r\n",
      NULL);
  g_assert_null (sip_peer_wait (other, "BYE ", 50));
  place_end_registered (&place);
}

/* Nor whoever is called because the far end says so. */
static void
test_redirected (void)
{
  g_autoptr (SipPeer) other = sip_peer_new_at ("127.0.0.2", FALSE);
  g_autofree gchar *contact =
      g_strdup_printf ("<sip:you@127.0.0.2:%u>", sip_peer_get_port (other));
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  register_it (&place, 100, NULL);
  call (&place, "127.0.0.1", place.peer);
  g_autofree gchar *invite = expect (&place, "INVITE");
  sip_peer_set_target (place.peer, contact, NULL);
  sip_peer_respond (place.peer, invite, "302 Moved", NULL, NULL);
  g_autofree gchar *again = assert_message (other, "INVITE ");
  sip_peer_respond (other, again, "401 Unauthorized",
      "WWW-Authenticate: Digest realm=\"" USER_FILE_REALM "\", nonce=\"x\"\r\n",
      NULL);
  skip_message (other, "ACK ");
  g_assert_null (sip_peer_wait (other, "INVITE ", 50));
  assert_ended (&place.line, "peer", 401);
  place_end_registered (&place);
}

/* What no request can be sent to is no route. */
static void
test_no_route (void)
{
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  register_it (&place, 100, "Service-Route: <tel:+1>\r\n");
  call (&place, "127.0.0.1", place.peer);
  g_autofree gchar *invite = expect (&place, "INVITE");
  g_assert_null (strstr (invite, "\r\nRoute:"));
  sip_peer_respond (place.peer, invite, "486 Busy", NULL, NULL);
  skip_message (place.peer, "ACK ");
  assert_ended (&place.line, "peer", 486);
  place_end_registered (&place);
}

/* While the line pauses there is no account: the call waits for both. */
static void
test_paused (void)
{
  Place place;

  place_begin (&place, WAITING, PASSWORD);
  register_it (&place, 100, NULL);
  gst_element_set_state (place.line.pipeline, GST_STATE_PAUSED);
  g_autofree gchar *last = expect (&place, "REGISTER");
  respond (&place, last, "200 OK", NULL, NULL);
  call (&place, "127.0.0.1", place.peer);
  g_assert_null (sip_peer_wait (place.peer, "INVITE ", 100));
  gst_element_set_state (place.line.pipeline, GST_STATE_PLAYING);
  register_it (&place, 100, NULL);
  g_autofree gchar *invite = expect (&place, "INVITE");
  g_autofree gchar *from = sip_peer_header (invite, "From");
  g_assert_true (g_str_has_prefix (from, "<" ME ">;tag="));
  sip_peer_respond (place.peer, invite, "486 Busy", NULL, NULL);
  skip_message (place.peer, "ACK ");
  assert_ended (&place.line, "peer", 486);
  place_end_registered (&place);
}

/* A caller or callee, whom the registrar lets ask through it, does not learn what the
 * password makes of a nonce of his for a realm, or by an algorithm, that is not the
 * registrar's. */
static void
test_foreign_realms (void)
{
  static const gchar *const questions[] = {
    "realm=\"evil\", algorithm=SHA-256",
    "realm=\"evil\"",
    "realm=\"" USER_FILE_REALM "\"",
    "realm=\"" USER_FILE_REALM "\", realm=\"evil\", algorithm=SHA-256",
  };

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_autofree gchar *question =
        g_strdup_printf ("Proxy-Authenticate: Digest nonce=\"x\", %s\r\n",
            questions[i]);
    Place place;

    place_begin (&place, "local-uri=sip:agent@127.0.0.1:PORT on-hangup=wait",
        PASSWORD);
    register_it (&place, 100, NULL);
    sip_peer_begin (place.peer, "4930123", place.line.port);
    sip_peer_request (place.peer, "INVITE", NULL,
        sip_peer_sdp (place.peer, 0, "sendrecv"));
    skip_message (place.peer, "SIP/2.0 200");
    sip_peer_request (place.peer, "ACK", NULL, NULL);
    skip_state (&place.line, "answered");
    g_assert_true (emit (&place.line, "hang-up"));
    g_autofree gchar *leave = expect (&place, "BYE");
    respond (&place, leave, "407 Proxy Authentication Required", question,
        NULL);
    g_assert_null (sip_peer_wait (place.peer, "BYE ", 100));
    place_end_registered (&place);
  }
}

/* What does not register has the realm that its server asks for first. */
static void
test_first_realm (void)
{
  static const gchar *const realms[] = { USER_FILE_REALM, "evil" };
  g_autofree gchar *file = NULL;
  Place place;

  gint fd = g_file_open_tmp ("trunks-XXXXXX", &file, NULL);
  g_assert_true (g_close (fd, NULL));
  place.peer = sip_peer_new (FALSE);
  g_autofree gchar *text = g_strdup_printf ("[t]\naor=" ME ":%u\nexpires=0\n",
      sip_peer_get_port (place.peer));
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  write_password (PASSWORD);
  g_autofree gchar *settings =
      g_strdup_printf ("account=%s#t password-file=%s " WAITING, file,
          password_file);
  g_autofree gchar *uri =
      g_strdup_printf ("sip:you@127.0.0.1:%u", sip_peer_get_port (place.peer));
  line_start_on (&place.line, free_port (), settings);
  g_autoptr (GstElement) source =
      gst_bin_get_by_name (GST_BIN (place.line.pipeline), "s");
  for (guint i = 0; i < G_N_ELEMENTS (realms); i++) {
    g_autofree gchar *question = g_strdup_printf (
        "Proxy-Authenticate: Digest realm=\"%s\", nonce=\"x\"\r\n", realms[i]);
    gboolean called = FALSE;
    g_signal_emit_by_name (source, "call", uri, &called);
    g_assert_true (called);
    g_autofree gchar *invite = expect (&place, "INVITE");
    respond (&place, invite, "407 Proxy Authentication Required", question,
        NULL);
    skip_message (place.peer, "ACK ");
    if (i) {
      g_assert_null (sip_peer_wait (place.peer, "INVITE ", 100));
      continue;
    }
    g_autofree gchar *again = expect (&place, "INVITE");
    g_assert_nonnull (strstr (again, "Proxy-Authorization: Digest "));
    respond (&place, again, "486 Busy", NULL, NULL);
    skip_message (place.peer, "ACK ");
    skip_state (&place.line, "ended");
  }
  line_stop (&place.line);
  sip_peer_free (place.peer);
  g_unlink (file);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipaccount/refresh", test_refresh);
  g_test_add_func ("/sipaccount/algorithms", test_algorithms);
  g_test_add_func ("/sipaccount/wrong-password", test_wrong_password);
  g_test_add_func ("/sipaccount/refused", test_refused);
  g_test_add_func ("/sipaccount/lost", test_lost);
  g_test_add_func ("/sipaccount/nat", test_nat);
  g_test_add_func ("/sipaccount/ping", test_ping);
  g_test_add_func ("/sipaccount/ping-asked", test_ping_asked);
  g_test_add_func ("/sipaccount/shared", test_shared);
  g_test_add_func ("/sipaccount/revived", test_revived);
  g_test_add_func ("/sipaccount/two", test_two);
  g_test_add_func ("/sipaccount/nat-lost", test_nat_lost);
  g_test_add_func ("/sipaccount/no-port", test_no_port);
  g_test_add_func ("/sipaccount/too-brief", test_too_brief);
  g_test_add_func ("/sipaccount/called", test_called);
  g_test_add_func ("/sipaccount/referred-number", test_referred_number);
  g_test_add_func ("/sipaccount/uri-waits", test_uri_waits);
  g_test_add_func ("/sipaccount/uri-hung-up", test_uri_hung_up);
  g_test_add_func ("/sipaccount/other-transport", test_other_transport);
  g_test_add_func ("/sipaccount/calls-out", test_calls_out);
  g_test_add_func ("/sipaccount/call-refused", test_call_refused);
  g_test_add_func ("/sipaccount/strangers", test_strangers);
  g_test_add_func ("/sipaccount/redirected", test_redirected);
  g_test_add_func ("/sipaccount/no-route", test_no_route);
  g_test_add_func ("/sipaccount/paused", test_paused);
  g_test_add_func ("/sipaccount/foreign-realms", test_foreign_realms);
  g_test_add_func ("/sipaccount/first-realm", test_first_realm);
  const gint failed = g_test_run ();
  if (password_file)
    g_unlink (password_file);
  g_free (password_file);
  return failed;
}
