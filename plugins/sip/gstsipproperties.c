/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstsipproperties.h"
#include "gstsipaccount.h"

#include "codec/codectable.h"
#include "gstsip.h"
#include "logic/sipuri.h"
#include "line/sipline.h"

#include "common/loop/packettransport.h"

#include <string.h>

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define FLAGS_READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)

/* A day: longer than any ringing or silence that somebody means. */
#define LONGEST_WAIT (24 * 60 * 60 * 1000)

static GParamSpec *
string_spec (const gchar *name, const gchar *nick, const gchar *blurb,
    const gchar *value)
{
  return g_param_spec_string (name, nick, blurb, value, FLAGS_READY);
}

static GParamSpec *
time_spec (const gchar *name, const gchar *nick, const gchar *blurb,
    guint longest, guint value)
{
  return g_param_spec_uint (name, nick, blurb, 0, longest, value, FLAGS_READY);
}

/* What #GstSipSrc has #GstSipSink has, too: each is set on either half. */

/**
 * GstSipSrc:session:
 *
 * Name of the call: a #GstSipSrc and a #GstSipSink of one pipeline that have the same
 * are its two halves. Default: "default". Kept from NULL to NULL.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:context:
 *
 * Name of a media thread. Elements that name the same share it, and promise that
 * nothing behind them blocks. Default: unset, a thread of its own. Changeable in
 * READY; kept from the first PAUSED to NULL.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:local-uri:
 *
 * Address to be called at, `sip:[name@]address[:port]`; `*` is every address of this
 * machine. With a name only calls to that name are taken. `sips:`, or `;transport=tls`,
 * listens by TLS and nothing else (port 5061 if none is given) and wants
 * #GstSipSrc:tls-certificate; with that `sip:` listens by TLS, too, at the next port.
 * Default: "sip:*:5060". Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:uri:
 *
 * Whom to call when the pipeline starts: by UDP, and by TCP what is too long for it, unless
 * it says `;transport=tcp`, or `sips:` or `;transport=tls`: encrypted, with whoever is called
 * proved as #GstSipSrc:tls-verify says. Default: unset, the line waits to be called.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:external-address:
 *
 * IP address that the far end is told to reach us at, for a machine behind NAT; one of
 * IPv4 and one of IPv6 with a comma between them if both are, each told to its own kind.
 *
 * In place of either, `stun:HOST[:PORT]` (port 3478 if none is given) names a server of STUN
 * (RFC 8489). Each call asks it from its own ports of RTP and RTCP how they are seen, before it
 * says anything of them: the address and the ports in SDP are true of a NAT that keeps the
 * numbers of ports and of one that does not, and a changed address holds from the next call on.
 * Where the NAT gives each far end another port the far end has to answer where our audio
 * comes from. A call waits for the answer with its INVITE, 183 or 200: 2 s at most, of which
 * then a warning tells; it goes on as without, and the next ones do not ask for a minute.
 * Contact has that address and the line's own port, which has to be forwarded for a line that
 * is called, or, of an #GstSipSrc:account, what the registrar sees. A line takes calls once
 * the server's name is looked up, or has not been found for 2 s.
 * Default: unset, the address that the route to each far end has. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:headers:
 *
 * GstStructure of header fields (strings) that calls out and answers get. Default:
 * unset, none. Changeable in READY.
 *
 * Since: 0.1
 */

static void
make_address_specs (GParamSpec **specs)
{
  specs[GST_SIP_PROP_SESSION] = g_param_spec_string ("session", "Session",
      "Name that makes a sipsrc and a sipsink of one pipeline the two halves "
      "of one call, kept from NULL to NULL",
      GST_SIP_DEFAULT_SESSION, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  specs[GST_SIP_PROP_CONTEXT] = string_spec ("context", "Context",
      "Elements that name the same context share one media thread and promise "
      "that nothing behind them blocks; unset gives a thread of its own",
      NULL);
  specs[GST_SIP_PROP_LOCAL_URI] = string_spec ("local-uri", "Local URI",
      "Address to be called at, sip:[name@]address[:port], or sips: for TLS, "
      "where * is every address of this machine, IPv4 and IPv6; without a name "
      "any called name or number is taken",
      GST_SIP_DEFAULT_LOCAL_URI);
  specs[GST_SIP_PROP_URI] = string_spec ("uri", "URI",
      "Who to call, see dial, by UDP or as ;transport=tcp, ;transport=tls or "
      "sips: says; unset waits for a call",
      NULL);
  specs[GST_SIP_PROP_EXTERNAL_ADDRESS] = string_spec ("external-address",
      "External address",
      "Address that the far end is told to reach us at, for a machine behind "
      "NAT, or one of IPv4 and one of IPv6, separated by a comma, or "
      "stun:HOST[:PORT] to ask for it; unset finds the route to each far end",
      NULL);
  specs[GST_SIP_PROP_HEADERS] = g_param_spec_boxed ("headers", "Headers",
      "Header fields to add to outgoing calls and to answers, as in "
      "\"headers,X-Campaign=(string)spring\"",
      GST_TYPE_STRUCTURE, FLAGS_READY);
}

/**
 * GstSipSrc:answer-mode:
 *
 * Who answers a call that comes in. Default: auto, when #GstSipSrc:ring-time is over;
 * manual, the application by #GstSipSrc::answer; agent, the aiagentsink behind this when
 * it could begin, so that its first word is not late: a backend without a network at
 * once, and in any case after 3 s; callee, whom a sipsink behind this calls
 * (#GstSipSrc:dial). Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:ring-time:
 *
 * ms that a call rings before it is answered by itself. Default: 0, at once.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:on-hangup:
 *
 * What happens when a call is over. Default: eos, the stream ends; wait, the line
 * waits for the next call. Changeable in READY.
 *
 * Since: 0.1
 */

static void
make_call_specs (GParamSpec **specs)
{
  specs[GST_SIP_PROP_ANSWER_MODE] = g_param_spec_enum ("answer-mode",
      "Answer mode", "Who answers an incoming call", GST_TYPE_SIP_ANSWER_MODE,
      SIP_ANSWER_MODE_AUTO, FLAGS_READY);
  specs[GST_SIP_PROP_RING_TIME] = time_spec ("ring-time", "Ring time",
      "How long an incoming call rings before it is answered automatically "
      "(ms, 0 = answer at once)",
      LONGEST_WAIT, 0);
  specs[GST_SIP_PROP_ON_HANGUP] = g_param_spec_enum ("on-hangup", "On hang-up",
      "What happens when the call is over", GST_TYPE_SIP_ON_HANGUP,
      SIP_ON_HANGUP_EOS, FLAGS_READY);
}

/**
 * GstSipSrc:codecs:
 *
 * Names of codecs with commas between them, in any case of letters; gst-inspect-1.0 lists
 * those that there are. What does not take another format in mid-stream (a WAV file, most
 * muxers) wants a capsfilter with a rate: G722 and opus have 16 kHz, the others 8. Calls out
 * offer them in this order; of what a caller offers the first
 * one is taken that is among them. Default: "PCMU,PCMA,G722". Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:latency:
 *
 * ms to wait for a packet that is missing or late before its sound is made up. It is
 * what the LATENCY query answers, with 20 ms for the frame. Default: 40. Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:rtp-port-range:
 *
 * First and last UDP port for the audio of calls: an even one for RTP and the next for
 * RTCP. Default: "10000-20000". Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:media-timeout:
 *
 * ms without RTP and RTCP of the far end after which a call is hung up; RTCP alone is
 * enough for ten times as long, and hold does not count. Default: 30000; 0 is for
 * ever. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:voice-processing:
 *
 * What is done to the far end's voice, for whoever is behind #GstSipSrc: echo, noise and
 * level in one. Default: off. auto: the echo of what #GstSipSink sends (a phone on a table, a
 * hybrid) is taken out where there is one: it is found by itself, with up to 0.65 s of delay, in
 * what comes as samples or as a law; only frames that were worked on are encoded again. Who
 * speaks over it is let through. Everything comes as it came where there is no echo, while
 * nothing was sent for 0.7 s, from what is as loud as what was sent (a mirror), and in packets of
 * Opus that pass unopened. Noise and level stay as they are: what recognises speech does worse
 * behind noise suppression. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:stats:
 *
 * GstStructure application/x-sip-stats, of the call that is up or the last one; every field
 * is always there, zero or "" where there is nothing. Read only; any thread.
 *
 * - `state` (string): "idle", "calling", "ringing", "early", "answered", "held"
 * - `call-id` (string): of the call, or the last one
 * - `calls` (uint64): answered since the line began
 * - `direction` (string): "incoming", "outgoing", ""
 * - `signalling` (string): "udp", "tcp", "tls", "" before the first call
 * - `duration` (uint64): ns, of the call or the last one
 * - `ended-by` (string): "us", "peer", "network", "" before the first end
 * - `end-cause` (string): for a person
 * - `sip-status` (uint): that ended the last one, 0 = none
 * - `refused-busy`, `refused-unknown`, `refused-unavailable`, `refused-bad` (uint):
 *   calls that no line of this process ever had: 486, 404, 503, other responses
 * - `codec` (string): its name in SDP, "" before the media is up
 * - `encryption` (string): how the keys of SRTP were exchanged: "sdes", "dtls"; "none" =
 *   plain RTP, or not yet up
 * - `mos` (double): 1 to 4.5, what the far end is like to hear, by ITU-T G.107, of a
 *   wide band G.107.1 (a scale of its own); 0 = unknown
 * - `packets-sent` (uint64): RTP, telephone-events included
 * - `octets-sent` (uint64): payload
 * - `frames-dropped` (uint64): 20 ms of audio each that was not sent: live audio beyond
 *   200 ms, behind a stall, or before the call
 * - `send-failures` (uint64): packets that the network refused
 * - `dtmf-sent` (uint64): digits
 * - `packets-received` (uint64): in time, each once; sent by the peer are received +
 *   lost + late
 * - `octets-received` (uint64): payload
 * - `packets-lost` (uint64): missing when their time was over
 * - `packets-late` (uint64): came when their time was over
 * - `packets-duplicated` (uint64)
 * - `packets-reordered` (uint64): came in time, but behind a later one
 * - `packets-garbage` (uint64): not RTP or RTCP, or another payload type
 * - `packets-unlatched` (uint64): from another source than the peer
 * - `packets-unauthenticated` (uint64): not protected by the peer's key of SRTP
 * - `packets-replayed` (uint64): of SRTP, seen before or too old to say
 * - `frames-concealed` (uint64): 20 ms each, made up for lost ones
 * - `frames-silent` (uint64): 20 ms each, where the peer sent nothing
 * - `frames-skipped` (uint64): 20 ms each, left out as their time had been given out:
 *   the way of packets became shorter
 * - `ssrc-changes` (uint64)
 * - `ssrc-collisions` (uint64): packets of others under our SSRC
 * - `sequence-restarts` (uint64)
 * - `dtmf-received` (uint64): digits
 * - `jitter` (uint64): ns, RFC 3550 A.8
 * - `round-trip` (uint64): ns, from RTCP, 0 = not known
 * - `remote-jitter` (uint64): ns, of our packets at the peer
 * - `remote-fraction-lost` (double): 0..1, of our packets, last RTCP interval
 * - `remote-packets-lost` (int64): of our packets; duplicates count negative
 * - `echo-delay` (uint64): ns, from what is sent to its echo; 0 = there is none that is taken
 *   out; so in
 * - `echo-reduction` (double): dB by which that is made quieter (ERLE)
 * - `echo-residual` (double): dBov that are left of it where nobody else speaks
 * - `transcodes` (uint): 0 to 2: the directions in which audio is decoded or encoded
 *   here, between the call and its owner; of those in which some has come
 * - `remote-rtp` (string): where RTP goes to, "" = nowhere
 * - `remote-rtcp` (string)
 *
 * Since: 0.1
 */

/* For good. */
static const gchar *
describe_codecs (void)
{
  g_autofree gchar *all = codec_table_describe (NULL);
  g_autofree gchar *text = g_strdup_printf (
      "Codecs to use, separated by commas, of %s; calls out offer them in this "
      "order, of what a caller offers the first one is taken",
      all);

  return g_intern_string (text);
}

static void
make_media_specs (GParamSpec **specs)
{
  specs[GST_SIP_PROP_CODECS] =
      string_spec ("codecs", "Codecs", describe_codecs (), "PCMU,PCMA,G722");
  specs[GST_SIP_PROP_LATENCY] = g_param_spec_uint ("latency", "Latency",
      "How long to wait for a packet that is missing or late before its sound "
      "is made up (ms)",
      0, 2000, 40, FLAGS_READY);
  specs[GST_SIP_PROP_RTP_PORT_RANGE] =
      string_spec ("rtp-port-range", "RTP port range",
          "First and last port for the audio of calls, two ports a call",
          "10000-20000");
  specs[GST_SIP_PROP_MEDIA_TIMEOUT] = time_spec ("media-timeout",
      "Media timeout",
      "How long the far end may send neither audio nor RTCP, or ten times as "
      "long RTCP only, before the call is hung up, hold not counted (ms, 0 = for "
      "ever)",
      LONGEST_WAIT, 30000);
  specs[GST_SIP_PROP_VOICE_PROCESSING] = g_param_spec_enum ("voice-processing",
      "Voice processing",
      "What is done to the far end's voice for whoever is behind sipsrc: echo, "
      "noise and level in one",
      GST_TYPE_SIP_VOICE_PROCESSING, SIP_VOICE_PROCESSING_OFF, FLAGS_READY);
  specs[GST_SIP_PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Counters of the current or last call and its audio, times in ns",
      GST_TYPE_STRUCTURE, FLAGS_READ);
}

void
gst_sip_properties_install (GObjectClass *klass)
{
  GParamSpec *specs[GST_SIP_N_PROPS] = { NULL };

  make_address_specs (specs);
  gst_sip_account_make_specs (specs);
  gst_sip_properties_make_access (specs);
  gst_sip_properties_make_tls (specs);
  make_call_specs (specs);
  make_media_specs (specs);
  gst_sip_properties_make_call (specs);
  gst_sip_properties_make_dial (specs);
  gst_sip_properties_make_srtp (specs);
  gst_sip_properties_make_timers (specs);
  g_object_class_install_properties (klass, GST_SIP_N_PROPS, specs);
}

gboolean
gst_sip_settings_refuse (GError **error, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      text);
  return FALSE;
}

/* Digits only: strtoul would take "-1", " 5" and "5x". */
static gboolean
parse_port (const gchar *text, gsize length, guint *port)
{
  g_autofree gchar *digits = g_strndup (text, length);
  guint64 value;

  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT16, &value, NULL))
    return FALSE;
  *port = value;
  return TRUE;
}

static gboolean
check_sip_uri (const gchar *name, const gchar *uri, gboolean to_call,
    const gchar *example, GError **error)
{
  if (sip_uri_check (uri, to_call) == SIP_URI_GOOD)
    return TRUE;
  return gst_sip_settings_refuse (error,
      "%s is \"%s\", but must be a SIP address such as %s.", name,
      uri != NULL ? uri : "", example);
}

static gboolean
check_codecs (const gchar *codecs, GError **error)
{
  RtpCodecList list;

  return codec_table_parse (codecs, &list, error);
}

static gboolean
parse_port_range (const gchar *range, guint16 *first, guint16 *last)
{
  const gchar *dash = range != NULL ? strchr (range, '-') : NULL;
  guint low, high;

  if (dash == NULL || !parse_port (range, dash - range, &low) ||
      !parse_port (dash + 1, strlen (dash + 1), &high))
    return FALSE;
  /* RFC 3550 11: an even port for RTP, the next one for RTCP. */
  if (low == 0 || ((low + 1) & ~1u) + 1 > high)
    return FALSE;
  *first = low;
  *last = high;
  return TRUE;
}

/* No name: it is what the far end's audio is told to come to. */
static gboolean
check_local_uri (const gchar *uri, GError **error)
{
  PacketAddress parsed;

  if (!check_sip_uri ("local-uri", uri, FALSE, GST_SIP_DEFAULT_LOCAL_URI,
          error))
    return FALSE;
  g_autofree gchar *strange = sip_uri_dup_strange (uri);
  if (strange)
    return gst_sip_settings_refuse (error,
        "local-uri is \"%s\", whose parameter \"%s\" is none that this side "
        "knows, such as transport.",
        uri, strange);
  g_autofree gchar *host = sip_uri_dup_host (uri);
  if (g_str_equal (host, "*") || packet_address_parse (&parsed, host, 0))
    return TRUE;
  return gst_sip_settings_refuse (error,
      "local-uri is \"%s\", but its host must be an IP address in digits such "
      "as sip:192.0.2.7:5060; " GST_SIP_DEFAULT_LOCAL_URI " takes calls on all "
      "addresses of this machine.",
      uri);
}

gboolean
gst_sip_settings_check (const GstPairSettings *settings, GObjectClass *klass,
    GError **error)
{
  g_autofree gchar *local =
      gst_pair_settings_dup_string (settings, klass, "local-uri");
  g_autofree gchar *uri = gst_pair_settings_dup_string (settings, klass, "uri");
  g_autofree gchar *codecs =
      gst_pair_settings_dup_string (settings, klass, "codecs");
  g_autofree gchar *range =
      gst_pair_settings_dup_string (settings, klass, "rtp-port-range");
  g_autofree gchar *external =
      gst_pair_settings_dup_string (settings, klass, "external-address");
  guint16 first, last;

  if (!check_local_uri (local, error) ||
      (uri != NULL && *uri != '\0' &&
          !check_sip_uri ("uri", uri, TRUE, "sip:bob@192.0.2.7", error)) ||
      !check_codecs (codecs, error) ||
      !gst_sip_settings_check_external (external, error) ||
      !gst_sip_settings_check_access (settings, klass, error) ||
      !gst_sip_settings_check_tls (settings, klass, local, error) ||
      !gst_sip_settings_check_dial (settings, klass, error))
    return FALSE;
  if (!parse_port_range (range, &first, &last))
    return gst_sip_settings_refuse (error,
        "rtp-port-range is \"%s\", but must be two ports with room for an "
        "even and an odd one, such as 10000-20000.",
        range != NULL ? range : "");
  return gst_sip_settings_check_call (settings, klass, error) &&
      gst_sip_settings_check_timers (settings, klass, error) &&
      gst_sip_account_check (settings, klass, error);
}
