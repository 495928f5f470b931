/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstsipproperties.h"

#include "codec/codectable.h"
#include "gstsip.h"
#include "logic/sipuri.h"
#include "sipline.h"

#include "common/loop/packettransport.h"

#include <string.h>

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define FLAGS_READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)

/* A day: longer than any ringing or silence that somebody means. */
#define LONGEST_WAIT (24 * 60 * 60 * 1000)

/* No caller waits longer without hearing anything. */
#define LONGEST_BUSY_WAIT 30000

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
 * machine. With a name only calls to that name are taken. Default: "sip:*:5060".
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:uri:
 *
 * Whom to call when the pipeline starts. Default: unset, the line waits to be called.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:transport:
 *
 * How calls out are signalled unless their URI says it. Default: udp, and TCP for
 * messages that are too long for it. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:external-address:
 *
 * IP address that the far end is told to reach us at, for a machine behind NAT.
 * Default: unset, the address that the route to each far end has. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:max-calls:
 *
 * How many calls the local address takes at once; more get 503. Lines of one address
 * that set it must agree. Default: 0, which is 2000. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:busy-wait:
 *
 * ms that a call waits for a line to become free, before it gets 486. Default: 0, not
 * at all; 30000 at most. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:draining:
 *
 * While true nobody takes a new call at the local address, and INVITE and OPTIONS get
 * 503. Default: false. Changeable at any time, on any thread.
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
      "Address to be called at, sip:[name@]address[:port], where * is every "
      "address of this machine, IPv4 and IPv6; without a name any called name "
      "or number is taken",
      GST_SIP_DEFAULT_LOCAL_URI);
  specs[GST_SIP_PROP_URI] = string_spec ("uri", "URI",
      "Who to call when the pipeline starts; unset waits for a call", NULL);
  specs[GST_SIP_PROP_TRANSPORT] = g_param_spec_enum ("transport", "Transport",
      "How outgoing calls are signalled unless their URI says it; incoming "
      "calls may always use either",
      GST_TYPE_SIP_TRANSPORT, SIP_TRANSPORT_UDP, FLAGS_READY);
  specs[GST_SIP_PROP_EXTERNAL_ADDRESS] = string_spec ("external-address",
      "External address",
      "Address that the far end is told to reach us at, for a machine behind "
      "NAT; unset finds the route to each far end",
      NULL);
  specs[GST_SIP_PROP_MAX_CALLS] =
      g_param_spec_uint ("max-calls", "Maximum calls",
          "How many calls the local address takes at once before it refuses "
          "more with 503, service unavailable (0 = 2000)",
          0, G_MAXUINT16, 0, FLAGS_READY);
  specs[GST_SIP_PROP_BUSY_WAIT] = time_spec ("busy-wait", "Busy wait",
      "How long a call waits for a line to become free before it is told that "
      "all are busy (ms, 0 = not at all)",
      LONGEST_BUSY_WAIT, 0);
  specs[GST_SIP_PROP_DRAINING] = g_param_spec_boolean ("draining", "Draining",
      "Take no new call at the local address, and say so: 503 to whoever calls "
      "or asks with OPTIONS",
      FALSE,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  specs[GST_SIP_PROP_HEADERS] = g_param_spec_boxed ("headers", "Headers",
      "Header fields to add to outgoing calls and to answers, as in "
      "\"headers,X-Campaign=(string)spring\"",
      GST_TYPE_STRUCTURE, FLAGS_READY);
}

/**
 * GstSipSrc:answer-mode:
 *
 * Who answers a call that comes in. Default: auto, when #GstSipSrc:ring-time is over;
 * manual, the application by #GstSipSrc::answer. Changeable in READY.
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

/**
 * GstSipSrc:speak-early:
 *
 * Whether a call out may be spoken on before it is answered: an agent then begins with
 * the far end's early media. For lines that never answer, as announcement services of
 * the network; else it is ring-back and "the number has changed" that an agent talks
 * to. Default: false, an agent neither hears nor speaks until the answer. Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:ring-timeout:
 *
 * ms that a call may ring, in or out, before it is given up. Default: 60000; 0 is
 * never. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:max-duration:
 *
 * ms that a call may last before it is hung up. Default: 0, no limit. Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:hang-up-delay:
 *
 * ms between the last word and the hang-up that follows it. Default: 200. Changeable
 * in READY.
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
  specs[GST_SIP_PROP_SPEAK_EARLY] =
      g_param_spec_boolean ("speak-early", "Speak early",
          "Let an agent begin with the early media of a call out, before it is "
          "answered",
          FALSE, FLAGS_READY);
  specs[GST_SIP_PROP_RING_TIMEOUT] = time_spec ("ring-timeout", "Ring timeout",
      "How long a call may ring, in either direction, before it is given up "
      "(ms, 0 = never)",
      LONGEST_WAIT, 60000);
  specs[GST_SIP_PROP_MAX_DURATION] =
      time_spec ("max-duration", "Maximum duration",
          "How long a call may last before it is hung up (ms, 0 = no limit)",
          G_MAXINT, 0);
  specs[GST_SIP_PROP_HANG_UP_DELAY] =
      time_spec ("hang-up-delay", "Hang-up delay",
          "Pause between the last word and the hang-up that followed it (ms)",
          60000, 200);
}

/**
 * GstSipSrc:codecs:
 *
 * Names of codecs with commas between them, in any case of letters; gst-inspect-1.0 lists
 * those that there are. What does not take another format in mid-stream (a WAV file, most
 * muxers) wants a capsfilter with a rate: G722 has 16 kHz, the others 8. Calls out offer them in this order; of what a caller offers the first
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
 * GstSipSrc:stats:
 *
 * GstStructure application/x-sip-stats, of the call that is up or the last one; the
 * fields, with type and unit, are listed at sip_line_get_stats() and
 * rtp_stream_get_stats(). Read only; any thread.
 *
 * Since: 0.1
 */

/**
 * GstSipSrc:session-object:
 *
 * The object that both halves share. Read only; Default: NULL, below READY.
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
  specs[GST_SIP_PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Counters of the current or last call and its audio, times in ns",
      GST_TYPE_STRUCTURE, FLAGS_READ);
  specs[GST_SIP_PROP_SESSION_OBJECT] = g_param_spec_object ("session-object",
      "Session object", "The call that both halves share, from READY upwards",
      SIP_TYPE_LINE, FLAGS_READ);
}

void
gst_sip_properties_install (GObjectClass *klass)
{
  GParamSpec *specs[GST_SIP_N_PROPS] = { NULL };

  make_address_specs (specs);
  make_call_specs (specs);
  make_media_specs (specs);
  g_object_class_install_properties (klass, GST_SIP_N_PROPS, specs);
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const gchar *format, ...)
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
  switch (sip_uri_check (uri, to_call)) {
    case SIP_URI_GOOD:
      return TRUE;
    case SIP_URI_SECURE:
      return refuse (error,
          "%s is \"%s\", but encrypted signalling (sips) is not available; "
          "use an address such as %s.",
          name, uri, example);
    case SIP_URI_BAD:
      break;
  }
  return refuse (error, "%s is \"%s\", but must be a SIP address such as %s.",
      name, uri != NULL ? uri : "", example);
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

static gboolean
check_header (GQuark id, const GValue *value, gpointer user)
{
  GError **error = user;
  const gchar *name = g_quark_to_string (id);
  static const gchar *const ours[] = { "via", "from", "to", "call-id", "cseq",
    "contact", "max-forwards", "route", "record-route", "content-length",
    "content-type", NULL };

  for (const gchar *const *own = ours; *own != NULL; own++)
    if (g_ascii_strcasecmp (name, *own) == 0)
      return refuse (error,
          "headers sets \"%s\", which belongs to the call itself and cannot "
          "be replaced.",
          name);
  if (!G_VALUE_HOLDS_STRING (value) || g_value_get_string (value) == NULL)
    return refuse (error,
        "headers sets \"%s\" to something that is no string; "
        "write %s=(string)\"text\".",
        name, name);
  for (const gchar *c = g_value_get_string (value); *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return refuse (error,
          "headers sets \"%s\" to text with a line break or control "
          "character.",
          name);
  return TRUE;
}

static gboolean
check_headers (const GstPairSettings *settings, GObjectClass *klass,
    GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  const GstStructure *headers;
  GParamSpec *pspec = g_object_class_find_property (klass, "headers");

  g_value_init (&value, GST_TYPE_STRUCTURE);
  gst_pair_settings_get (settings, pspec, &value);
  headers = gst_value_get_structure (&value);
  return headers == NULL ||
      gst_structure_foreach (headers, check_header, error);
}

static gboolean
check_external_address (const gchar *address, GError **error)
{
  PacketAddress parsed;

  if (address == NULL || *address == '\0' ||
      packet_address_parse (&parsed, address, 0))
    return TRUE;
  return refuse (error,
      "external-address is \"%s\", but must be an IP address in digits such "
      "as 198.51.100.7.",
      address);
}

/* No name: it is what the far end's audio is told to come to. */
static gboolean
check_local_uri (const gchar *uri, GError **error)
{
  PacketAddress parsed;

  if (!check_sip_uri ("local-uri", uri, FALSE, GST_SIP_DEFAULT_LOCAL_URI,
          error))
    return FALSE;
  g_autofree gchar *host = sip_uri_dup_host (uri);
  if (g_str_equal (host, "*") || packet_address_parse (&parsed, host, 0))
    return TRUE;
  return refuse (error,
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
      !check_external_address (external, error))
    return FALSE;
  if (!parse_port_range (range, &first, &last))
    return refuse (error,
        "rtp-port-range is \"%s\", but must be two ports with room for an "
        "even and an odd one, such as 10000-20000.",
        range != NULL ? range : "");
  return check_headers (settings, klass, error);
}
