/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstwhipproperties.h"
#include "gstwhip.h"

/* No caller waits longer without hearing anything. */
#define LONGEST_BUSY_WAIT 30000

#define FLAGS_WRITE \
  (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define FLAGS (FLAGS_WRITE | G_PARAM_READABLE)

static void
string_spec (GParamSpec **specs, guint id, const gchar *name, const gchar *nick,
    const gchar *blurb, const gchar *value, GParamFlags flags)
{
  specs[id] = g_param_spec_string (name, nick, blurb, value, flags);
}

/**
 * GstWhipServer:peer:
 *
 * Name of the webrtcbin to serve. Default: unset, the only one that there is.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:line:
 *
 * Name of the line, as in POST /whip/NAME. Default: unset, calls for any name are
 * taken. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:host:
 *
 * Numeric address of this machine to be reached at over HTTP; 0.0.0.0 is all of them.
 * Default: "127.0.0.1". Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:port:
 *
 * TCP port of the HTTP server. Default: 8080. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:tls-certificate:
 *
 * PEM file with the certificate for HTTPS, without which browsers give a microphone to
 * pages of localhost only. Default: unset, HTTP. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:tls-key:
 *
 * PEM file with the private key of #GstWhipServer:tls-certificate. Default: unset.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:token:
 *
 * Bearer token that callers must show, for applications: nobody can read it again, but on a
 * command line anybody can. Default: unset, what #GstWhipServer:token-file has, else the
 * variable VOICE_WHIPSERVER_TOKEN, or WHIP_TOKEN; without them anybody may call. Changeable
 * in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:token-file:
 *
 * File whose first line is #GstWhipServer:token, not readable by everybody; in a service
 * that has credentials (systemd) the name of one. Default: unset. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:allowed-origins:
 *
 * Origins of other pages that may call, with commas between them, as
 * "https://example.com"; "*" is any. Default: unset, none. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:page:
 *
 * The call page: "on", "off", or a folder with an index.html. Default: "on".
 * Changeable in READY.
 *
 * Since: 0.1
 */

static void
make_http_specs (GParamSpec **specs)
{
  string_spec (specs, GST_WHIP_PROP_PEER, "peer", "Peer",
      "Name of the webrtcbin to serve; unset takes the only one there is", NULL,
      FLAGS);
  string_spec (specs, GST_WHIP_PROP_LINE, "line", "Line",
      "Name of the line, as in POST /whip/NAME; unset takes calls for any name",
      NULL, FLAGS);
  string_spec (specs, GST_WHIP_PROP_HOST, "host", "Host",
      "Numeric address of this machine to be reached at over HTTP, 0.0.0.0 for "
      "all of them",
      "127.0.0.1", FLAGS);
  specs[GST_WHIP_PROP_PORT] = g_param_spec_uint ("port", "Port",
      "TCP port of the HTTP server", 1, G_MAXUINT16, 8080, FLAGS);
  string_spec (specs, GST_WHIP_PROP_TLS_CERTIFICATE, "tls-certificate",
      "TLS certificate",
      "PEM file with the certificate for HTTPS, which browsers demand of every "
      "host but localhost; unset serves HTTP",
      NULL, FLAGS);
  string_spec (specs, GST_WHIP_PROP_TLS_KEY, "tls-key", "TLS key",
      "PEM file with the private key of the certificate", NULL, FLAGS);
  string_spec (specs, GST_WHIP_PROP_TOKEN, "token", "Token",
      "Bearer token that callers must show; unset reads token-file, or "
      "VOICE_WHIPSERVER_TOKEN from the environment, without which anybody may "
      "call",
      NULL, FLAGS_WRITE);
  string_spec (specs, GST_WHIP_PROP_TOKEN_FILE, "token-file", "Token file",
      "File whose first line is the token", NULL, FLAGS);
  string_spec (specs, GST_WHIP_PROP_ALLOWED_ORIGINS, "allowed-origins",
      "Allowed origins",
      "Origins of other pages that may call, separated by commas, as "
      "https://example.com, or * for any",
      NULL, FLAGS);
  string_spec (specs, GST_WHIP_PROP_PAGE, "page", "Page",
      "The call page: on, off, or a folder with an index.html of one's own",
      "on", FLAGS);
}

/**
 * GstWhipServer:stun-server:
 *
 * STUN server for both sides, as "stun://host:port". Default: unset, none. Changeable
 * in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:turn-server:
 *
 * TURN server for both sides, as "turn://user:password@host:port". Nobody can read it
 * again here; callers are told it, with the password. Default: unset, what
 * #GstWhipServer:turn-server-file has, else the variable VOICE_WHIPSERVER_TURN_SERVER, else
 * none. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:turn-server-file:
 *
 * File whose first line is #GstWhipServer:turn-server, not readable by everybody; in a
 * service that has credentials (systemd) the name of one. Default: unset. Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:rtp-port-range:
 *
 * First and last UDP port for media, one a call, as "20000-20100". Default: unset,
 * any. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:external-address:
 *
 * Address that browsers are told to send media to, for a machine behind NAT. Default:
 * unset, those of this machine. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:ice-tcp:
 *
 * Offer TCP for media, too. A caller on a slow one may hold up what feeds the line.
 * Default: false. Changeable in READY.
 *
 * Since: 0.1
 */

static void
make_ice_specs (GParamSpec **specs)
{
  string_spec (specs, GST_WHIP_PROP_STUN_SERVER, "stun-server", "STUN server",
      "STUN server for both sides, as stun://host:port", NULL, FLAGS);
  string_spec (specs, GST_WHIP_PROP_TURN_SERVER, "turn-server", "TURN server",
      "TURN server for both sides, as turn://user:password@host:port; callers "
      "are told the password",
      NULL, FLAGS_WRITE);
  string_spec (specs, GST_WHIP_PROP_TURN_SERVER_FILE, "turn-server-file",
      "TURN server file", "File whose first line is the TURN server", NULL,
      FLAGS);
  string_spec (specs, GST_WHIP_PROP_RTP_PORT_RANGE, "rtp-port-range",
      "RTP port range",
      "First and last UDP port for media, one a call; unset takes any", NULL,
      FLAGS);
  string_spec (specs, GST_WHIP_PROP_EXTERNAL_ADDRESS, "external-address",
      "External address",
      "Address that browsers are told to send media to, for a machine behind "
      "NAT",
      NULL, FLAGS);
  specs[GST_WHIP_PROP_ICE_TCP] = g_param_spec_boolean ("ice-tcp",
      "ICE over TCP",
      "Offer TCP for media, too; a caller on a slow one may hold up what feeds "
      "this line",
      FALSE, FLAGS);
}

/**
 * GstWhipServer:inactivity-timeout:
 *
 * ms that a browser which has sent audio may send none before its call is over.
 * Default: 5000; 0 is for ever. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:hang-up-delay:
 *
 * ms between the agent's last word and its hang-up, for what the browser has not
 * played yet. Default: 300. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:on-hangup:
 *
 * What happens when a call is over. Default: eos, the stream ends; wait, the line
 * waits for the next call. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:busy-wait:
 *
 * ms that a call waits for a line to become free, before it is told that all are busy.
 * Default: 0, not at all; 30000 at most. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstWhipServer:stats:
 *
 * GstStructure application/x-whip-stats. Of the line since it was made (guint):
 * sessions, failures (offers taken, and how many of them came to nothing),
 * buffers-received, buffers-sent (raw, as decoded and as given to the encoder),
 * buffers-refused (that webrtcbin did not take). Of this session or the last one
 * (guint64): answer-time, connect-time, first-audio-time (ns from the offer to the
 * answer, to the verified connection, to the first decoded buffer); by RTP and RTCP, a
 * second old at most: packets-sent, packets-received, packets-lost (towards us) of all
 * media together, jitter and round-trip (ns) of the medium where they are worst.
 * in-session, connected (gboolean). Of the process (guint): refused-busy,
 * refused-unknown, refused-unavailable, refused-bad, calls that no line of it ever had
 * (unknown: 404, unavailable: it drains). Read only; any thread.
 *
 * Since: 0.1
 */

static void
make_call_specs (GParamSpec **specs)
{
  specs[GST_WHIP_PROP_INACTIVITY_TIMEOUT] = g_param_spec_uint (
      "inactivity-timeout", "Inactivity timeout",
      "How long a browser that has sent audio may send none before its call is "
      "over (ms, 0 = for ever)",
      0, G_MAXINT, 5000, FLAGS);
  specs[GST_WHIP_PROP_HANG_UP_DELAY] =
      g_param_spec_uint ("hang-up-delay", "Hang-up delay",
          "Pause between the agent's last word and its hang-up, for what the "
          "browser has not played yet (ms)",
          0, 60000, 300, FLAGS);
  specs[GST_WHIP_PROP_ON_HANGUP] = g_param_spec_enum ("on-hangup", "On hang-up",
      "What happens when the call is over", GST_TYPE_WHIP_ON_HANGUP,
      WHIP_ON_HANGUP_EOS, FLAGS);
  specs[GST_WHIP_PROP_BUSY_WAIT] = g_param_spec_uint ("busy-wait", "Busy wait",
      "How long a call waits for a line to become free before it is told that "
      "all are busy (ms, 0 = not at all)",
      0, LONGEST_BUSY_WAIT, 0, FLAGS);
  specs[GST_WHIP_PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Counters of the line; times (ns) and RTP packets of its last session",
      GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

void
gst_whip_properties_install (GObjectClass *klass)
{
  GParamSpec *specs[GST_WHIP_N_PROPS] = { NULL };

  make_http_specs (specs);
  make_ice_specs (specs);
  make_call_specs (specs);
  g_object_class_install_properties (klass, GST_WHIP_N_PROPS, specs);
}

/* ---- Values */

static gchar **
string_of (WhipConfig *config, guint id)
{
  switch (id) {
    case GST_WHIP_PROP_PEER:
      return &config->peer;
    case GST_WHIP_PROP_LINE:
      return &config->line;
    case GST_WHIP_PROP_HOST:
      return &config->host;
    case GST_WHIP_PROP_TLS_CERTIFICATE:
      return &config->tls_certificate;
    case GST_WHIP_PROP_TLS_KEY:
      return &config->tls_key;
    case GST_WHIP_PROP_TOKEN:
      return &config->token;
    case GST_WHIP_PROP_TOKEN_FILE:
      return &config->token_file;
    case GST_WHIP_PROP_ALLOWED_ORIGINS:
      return &config->allowed_origins;
    case GST_WHIP_PROP_STUN_SERVER:
      return &config->stun_server;
    case GST_WHIP_PROP_TURN_SERVER:
      return &config->turn_server;
    case GST_WHIP_PROP_TURN_SERVER_FILE:
      return &config->turn_server_file;
    case GST_WHIP_PROP_RTP_PORT_RANGE:
      return &config->rtp_port_range;
    case GST_WHIP_PROP_EXTERNAL_ADDRESS:
      return &config->external_address;
    case GST_WHIP_PROP_PAGE:
      return &config->page;
    default:
      return NULL;
  }
}

/* Nothing and "" are the same. */
static void
set_string (gchar **string, guint id, const gchar *value)
{
  g_free (*string);
  if (value && !*value)
    value = NULL;
  if (!value && id == GST_WHIP_PROP_PAGE)
    value = "on";
  *string = g_strdup (value);
}

void
gst_whip_properties_set (WhipConfig *config, guint id, const GValue *value)
{
  gchar **string = string_of (config, id);

  if (string)
    set_string (string, id, g_value_get_string (value));
  else if (id == GST_WHIP_PROP_PORT)
    config->port = g_value_get_uint (value);
  else if (id == GST_WHIP_PROP_ICE_TCP)
    config->ice_tcp = g_value_get_boolean (value);
  else if (id == GST_WHIP_PROP_INACTIVITY_TIMEOUT)
    config->inactivity_timeout = g_value_get_uint (value);
  else if (id == GST_WHIP_PROP_HANG_UP_DELAY)
    config->hang_up_delay = g_value_get_uint (value);
  else if (id == GST_WHIP_PROP_BUSY_WAIT)
    config->busy_wait = g_value_get_uint (value);
  else if (id == GST_WHIP_PROP_ON_HANGUP)
    config->on_hangup = (WhipOnHangup) g_value_get_enum (value);
  else
    g_warn_if_reached ();
}

void
gst_whip_properties_get (WhipConfig *config, guint id, GValue *value)
{
  gchar **string = string_of (config, id);

  if (string)
    g_value_set_string (value, *string);
  else if (id == GST_WHIP_PROP_PORT)
    g_value_set_uint (value, config->port);
  else if (id == GST_WHIP_PROP_ICE_TCP)
    g_value_set_boolean (value, config->ice_tcp);
  else if (id == GST_WHIP_PROP_INACTIVITY_TIMEOUT)
    g_value_set_uint (value, config->inactivity_timeout);
  else if (id == GST_WHIP_PROP_HANG_UP_DELAY)
    g_value_set_uint (value, config->hang_up_delay);
  else if (id == GST_WHIP_PROP_BUSY_WAIT)
    g_value_set_uint (value, config->busy_wait);
  else if (id == GST_WHIP_PROP_ON_HANGUP)
    g_value_set_enum (value, (gint) config->on_hangup);
  else
    g_warn_if_reached ();
}
