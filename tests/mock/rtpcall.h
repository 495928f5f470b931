/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/media/rtpstream.h"

G_BEGIN_DECLS

/* A media call in virtual time: ports on a network whose impairments are a hash
 * of (seed, packet number), an end that hears and counts, and a sender of a tone
 * with a clock and faults of its own. */

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
#define FRAME 160
#define START (100 * SECOND)

extern const GstVoiceFormat rtp_call_mulaw, rtp_call_s16;

typedef struct
{
  guint seed;
  guint loss; /* per mille */
  guint burst; /* packets that go with a lost one */
  guint duplicate; /* per mille */
  guint reorder; /* per mille: 30 ms late */
  guint jitter; /* ms, in order */
} Impairment;

typedef struct _Port Port;

struct _Port
{
  PacketTransport parent;
  MediaLoop *loop;
  Port *peer; /* NULL: what is sent is only counted */
  Impairment impairment;
  PacketReceived received;
  gpointer user;
  guint n_sent, n_dropped, n_duplicated;
  guint burst_left;
  gint64 last_arrival;
  gint64 held_until; /* what is sent arrives no earlier */
  PacketAddress last_to;
  guint8 last[1500];
  gsize last_size;
  GPtrArray *flying; /* packets under way */
};

Port *port_new (MediaLoop *loop, const gchar *host, guint16 number);
void port_destroy (Port *self);
/* A packet leaves @self at @now for @to. */
void port_transmit (Port *self, Port *to, const guint8 *data, gsize size,
    gint64 now);

typedef struct
{
  MediaLoop *loop;
  Port *rtp, *rtcp;
  RtpStream *stream;
  const RtpCodec *codec; /* for end_set_media(): PCMU unless set before */
  PacketAddress signalling;
  gboolean no_events; /* no telephone-event is negotiated */
  gboolean hear_tones;
  RtpDigits form;
  RtpWishes wishes; /* of the peer */

  GChecksum *checksum;
  guint n_lead; /* silent frames before the first sound */
  guint n_frames, n_concealed, n_silent, n_disconts, n_breaks;
  gint64 worst_step; /* distance of two times from 20 ms, without discont */
  gint64 last_time, last_delay;
  gint64
      overlap; /* the most by which a frame began before the last one's end */
  gint64 worst_delay; /* arrival of a frame behind its time */
  gint16 before[2];
  guint since_silence;
  gint16 *heard; /* all samples, where not NULL: room for @n_heard_most */
  guint n_heard, n_heard_most;
  GPtrArray *packets; /* GBytes of frames that are some, where not NULL */
  GString *digits;
  GString *given; /* keys of RTP_DIGITS_INFO: "5:160 " */
  guint n_timeouts, n_latched, n_byes, n_dtmf_sent, n_drained;
  gboolean destroyed;
  gboolean echo;
  void (*hears) (const RtpStreamFrame *frame, gpointer user); /* may be NULL */
  gpointer hearer;
  gint64 path; /* ns, that was told last */
  gchar *bye;
} End;

End *end_new (MediaLoop *loop, const gchar *host, guint16 port,
    guint media_timeout);
End *end_new_with (MediaLoop *loop, const gchar *host, guint16 port,
    const RtpStreamOptions *options);
void end_set_media (End *self, const gchar *host, guint16 port, gboolean send,
    gboolean receive);
guint64 end_get_stat (End *self, const gchar *name);
/* Stops the stream; (transfer full): checksum of all that it gave out. */
gchar *end_free (End *self);

typedef struct
{
  MediaTimer timer;
  Port *port, *to;
  gdouble due, interval; /* ns */
  guint32 ssrc, timestamp;
  guint16 sequence;
  guint block; /* samples */
  const RtpCodec *codec; /* that of the end */
  gpointer encoder;
  guint n_left;
  guint64 n_samples;
  gboolean muted; /* time and timestamps go on */
} Tone;

void tone_start (Tone *self, End *to, const gchar *host, guint16 port,
    guint block, gdouble ppm, guint n);
/* The machine stood still until now, the network did not: what came meanwhile is
 * read first, each packet with its own arrival. */
void tone_catch_up (Tone *self, gint64 now);
void tone_clear (Tone *self);

/* Steps @loop to @time after START. */
void run_to (MediaLoop *loop, gint64 time);

G_END_DECLS
