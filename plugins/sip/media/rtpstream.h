/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/medialoop.h"
#include "common/loop/packettransport.h"
#include "sip/codec/codectable.h"
#include "sip/logic/ice/rtpice.h"
#include "sip/logic/ice/stunquestion.h"
#include "sip/logic/rtp/rtppacket.h"
#include "sip/logic/security/rtpdtls.h"
#include "sip/logic/security/rtpkey.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The media of one call on a media loop: RTP and RTCP in and out, jitter
 * buffer, codec, concealment, telephone-events. It knows no SIP. Made and
 * configured by SipLine from any thread (each call is marshalled to the loop);
 * its callbacks run on the loop thread. */

typedef struct _RtpStream RtpStream;

/* How keys of ours go to the peer. */
typedef enum
{
  RTP_DIGITS_EVENTS, /* telephone-event, where that was negotiated */
  RTP_DIGITS_INFO, /* by whoever has the stream: callback `key` */
  RTP_DIGITS_TONES, /* in the audio */
} RtpDigits;

/* What an offer/answer exchange fixed. */
typedef struct
{
  const RtpCodec *codec; /* NULL: none yet */
  guint8 payload_type;
  RtpWishes wishes; /* of the peer, for what we send in @codec */
  guint packet_time; /* ms of audio in a packet of ours: 5 to 60, 0 = 20 */
  gint event_payload_type; /* telephone-event, RFC 4733; -1 = none */
  RtpDigits digits;
  gboolean hear_tones; /* those of the peer come as tones in its audio */
  guint event_clock; /* of their durations, Hz, 0 = that of the codec */
  PacketAddress remote_rtp; /* from SDP; unset: none known, receive only */
  PacketAddress remote_rtcp; /* RFC 3605 or RTP port + 1 */
  PacketAddress signalling; /* where the SDP came from, may be unset */
  gboolean send; /* our direction allows sending (not on hold) */
  gboolean receive;
  /* By us: what comes may be any codec of ours and have the numbers of our offer,
   * whatever the answer preferred (RFC 3264 5.1). */
  gboolean offered;
  gboolean early; /* the call is not answered yet */
  const gchar *profile; /* "RTP/AVP", "RTP/SAVP"...; a literal */
  RtpKeys *keys; /* of SRTP; a reference; without these and dtls: plain RTP */
  RtpDtls *dtls; /* the keys come by this handshake; a reference */
  RtpIce *ice; /* where the far end is, it finds out itself; a reference */
  gboolean mux; /* RTP and RTCP have one port */
  RtpName name; /* in the bundle, which the far end wants in each packet */
} RtpStreamMedia;

/* Takes references to what @from has of keys, and gives up those of @self. */
void rtp_stream_media_assign (RtpStreamMedia *self, const RtpStreamMedia *from);
guint rtp_stream_media_get_event_clock (const RtpStreamMedia *self);
/* Gives up the references. */
void rtp_stream_media_clear (RtpStreamMedia *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtpStreamMedia, rtp_stream_media_clear)

typedef struct
{
  guint latency; /* ms to wait for a missing packet */
  /* ms without RTP and RTCP in an answered call that is not on hold; RTCP alone is
   * enough for ten times as long; 0 = never */
  guint media_timeout;
  const gchar *cname; /* RTCP SDES */
  const gchar *call_id; /* for the log, may be NULL */
  gboolean loop_back; /* reserved to tests: FALSE */
  gboolean
      controls_echo; /* of what is sent, in what comes as samples or a law */
} RtpStreamOptions;

/* One 20 ms frame in order (or made up for a lost one). */
typedef struct
{
  const gint16 *samples; /* decoded, codec rate */
  guint n_samples;
  GstVoiceFormat format; /* of @audio: of the codec that it came by */
  const guint8
      *audio; /* the same in the codec's form: law bytes, else samples; or, in
                 a format of packets, one of these, and @samples is NULL */
  gsize audio_size;
  gint64
      time; /* loop time of the frame's first sample's arrival, skew-corrected
                  and continuous: n_samples apart unless @discont, but for
                  the slow steps (under 1 ms) that follow the peer's clock */
  gboolean discont;
  gboolean concealed; /* made up by PLC */
  gboolean silence; /* nothing to play: pushed with the GAP flag */
} RtpStreamFrame;

typedef struct
{
  void (*frame) (const RtpStreamFrame *frame, gpointer user);
  /* One call per digit: at its start (@duration 0) and at its end (ms). */
  void (*dtmf) (gchar digit, gboolean end, guint duration, gpointer user);
  /* Neither RTP nor RTCP of the peer for media_timeout, or no RTP for ten times as
   * long. */
  void (*timeout) (gpointer user);
  /* RTCP BYE of the peer. */
  void (*bye) (const gchar *reason, gpointer user);
  /* The source of RTP was latched to another address than SDP's. */
  void (*latched) (const PacketAddress *remote, gpointer user);
  /* queued send_dtmf digits are all on the wire. */
  void (*dtmf_sent) (gpointer user);
  /* drain(): everything handed to send() and send_dtmf() is on the wire. */
  void (*drained) (gpointer user);
  /* RTP_DIGITS_INFO only: it is the turn of @digit, for @duration ms. */
  void (*key) (gchar digit, guint duration, gpointer user);
  /* The peer's RTCP says how long what is sent travels: @delay ns. */
  void (*path) (gint64 delay, gpointer user);
  /* There are no keys of SRTP, and will be none: rtp_stream_get_failure(). */
  void (*failed) (gpointer user);
} RtpStreamCallbacks;

/* Takes both transports. @user is kept alive by @callbacks' owner until
 * @user_destroy ran, which is on the loop, after the last callback. */
RtpStream *rtp_stream_new (MediaLoop *loop, PacketTransport *rtp,
    PacketTransport *rtcp, const RtpStreamOptions *options,
    const RtpStreamCallbacks *callbacks, gpointer user,
    GDestroyNotify user_destroy);
RtpStream *rtp_stream_ref (RtpStream *self);
void rtp_stream_unref (RtpStream *self);

/* Any thread. First call: media starts (receive, tick, RTCP). Later: a re-INVITE
 * or UPDATE changed it; re-arms the latch. */
void rtp_stream_set_media (RtpStream *self, const RtpStreamMedia *media);
/* Loop thread. How a server of STUN sees the ports of RTP and RTCP, each unset if that came to
 * nothing, as @state says of RTP. Once, and again when they are others. */
typedef void (*RtpStreamOutside) (StunQuestionState state,
    const PacketAddress *rtp, const PacketAddress *rtcp, gpointer user);
/* Any thread, once, before there is media, which ends it: asks @server from its very ports.
 * @destroy runs on the loop, after the last word. */
void rtp_stream_ask_outside (RtpStream *self, const PacketAddress *server,
    RtpStreamOutside told, gpointer user, GDestroyNotify destroy);
/* Any thread, once, always: the stream keeps itself alive until then. RTCP BYE,
 * sockets closed, @user_destroy; on the loop no callback comes after it. Never
 * waits. */
void rtp_stream_stop (RtpStream *self, const gchar *reason);

/* Any thread (sipsink's chain). S16 at codec rate or the codec's law, any size; what
 * comes in another format, while the codec changes, is brought to it roughly. In a format
 * of packets it is one of these, of 5 to 60 ms: it goes out as it is, if the call has
 * that codec, in place of one of packet_time.
 * Re-blocked to packets of RtpStreamMedia.packet_time. @pts: running time of the first sample (ns) or
 * GST_CLOCK_TIME_NONE (continuous): a jump of over 40 ms moves the RTP timestamp
 * and sets the marker. At most 40 ms ahead of time goes out; the rest queues. On
 * a media loop, or with @live upstream, over 200 ms drops the oldest, and what came
 * in a burst behind a stall, or twice for one time, is left out (counted); else it
 * waits until there is room or rtp_stream_unlock(). Before the media is up:
 * live audio is dropped, other audio waits. FALSE = unlocked or stopped. */
gboolean rtp_stream_send (RtpStream *self, const GstVoiceFormat *format,
    gconstpointer data, gsize size, GstClockTime pts, gboolean gap,
    gboolean live);
/* Any thread: the format in which frames are wanted, where that is one of packets: they
 * are given as they came, or made of what came, from about now on. With another one it
 * only counts in `transcodes`. */
void rtp_stream_set_taken (RtpStream *self, const GstVoiceFormat *format);
/* Any thread: makes waiting send() return FALSE (TRUE), or allows it again. */
void rtp_stream_unlock (RtpStream *self, gboolean unlock);
/* Any thread: audio that waits is given up, digits are not. */
void rtp_stream_flush (RtpStream *self);
/* Any thread: callback drained when all that was sent before, digits too, is on
 * the wire. FALSE: nothing will be, there is no media yet. */
gboolean rtp_stream_drain (RtpStream *self);

/* Any thread. Appends digits (0-9*#A-D, ',' = 500 ms pause) to the sending
 * queue, behind the audio sent so far; audio of their time is replaced. @duration ms, 40 to 8000, 0 = 160.
 * FALSE: the peer takes none in the form of RtpStreamMedia.digits, or another character. */
gboolean rtp_stream_send_dtmf (RtpStream *self, const gchar *digits,
    guint duration);

/* Any thread. Why the handshake for keys failed, for a person; a literal, NULL: it did
 * not. */
const gchar *rtp_stream_get_failure (RtpStream *self);

/* Any thread. Any RTP of the peer has come: when it times out the audio has ended,
 * else there never was any. */
gboolean rtp_stream_was_heard (RtpStream *self);

/* Any thread: adds every media field of `stats` to @structure (zeros and "" when
 * @self is NULL, so that all fields are always there):
 *
 *   codec                 string   its name in SDP, "" before the media is up
 *   encryption            string   how the keys of SRTP were exchanged: "sdes", "dtls";
 *                                  "none" = plain RTP, or not yet up
 *   mos                   double   1 to 4.5, what the far end is like to hear, by
 *                                  ITU-T G.107, of a wide band G.107.1 (a scale of
 *                                  its own); 0 = unknown
 *   packets-sent          uint64   RTP, telephone-events included
 *   octets-sent           uint64   payload
 *   frames-dropped        uint64   20 ms of audio each that was not sent: live
 *                                  audio beyond 200 ms, behind a stall, or
 *                                  before the call
 *   send-failures         uint64   packets that the network refused
 *   dtmf-sent             uint64   digits
 *   packets-received      uint64   in time, each once; sent by the peer are
 *                                  received + lost + late
 *   octets-received       uint64   payload
 *   packets-lost          uint64   missing when their time was over
 *   packets-late          uint64   came when their time was over
 *   packets-duplicated    uint64
 *   packets-reordered     uint64   came in time, but behind a later one
 *   packets-garbage       uint64   not RTP or RTCP, or another payload type
 *   packets-unlatched     uint64   from another source than the peer
 *   packets-unauthenticated uint64 not protected by the peer's key of SRTP
 *   packets-replayed      uint64   of SRTP, seen before or too old to say
 *   frames-concealed      uint64   20 ms each, made up for lost ones
 *   frames-silent         uint64   20 ms each, where the peer sent nothing
 *   frames-skipped        uint64   20 ms each, left out as their time had been
 *                                  given out: the way of packets became shorter
 *   ssrc-changes          uint64
 *   ssrc-collisions       uint64   packets of others under our SSRC
 *   sequence-restarts     uint64
 *   dtmf-received         uint64   digits
 *   jitter                uint64   ns, RFC 3550 A.8
 *   round-trip            uint64   ns, from RTCP, 0 = not known
 *   remote-jitter         uint64   ns, of our packets at the peer
 *   remote-fraction-lost  double   0..1, of our packets, last RTCP interval
 *   remote-packets-lost   int64    of our packets; duplicates count negative
 *   echo-delay            uint64   ns, from what is sent to its echo; 0 = there is no
 *                                  echo that is taken out; so in
 *   echo-reduction        double   dB by which that is made quieter (ERLE)
 *   echo-residual         double   dBov that are left of it where nobody else speaks
 *   transcodes            uint     0 to 2: the directions in which audio is
 *                                  decoded or encoded here, between the call and
 *                                  its owner; of those in which some has come
 *   remote-rtp            string   where RTP goes to, "" = nowhere
 *   remote-rtcp           string
 */
void rtp_stream_get_stats (RtpStream *self, GstStructure *structure);

G_END_DECLS
