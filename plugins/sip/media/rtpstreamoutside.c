/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How its ports are seen from outside, asked while they have no media. */

#include "rtpstreamprivate.h"

#include "sip/ice/stunasker.h"

#define PORTS 2 /* of RTP, and of RTCP */

typedef struct
{
  RtpOutside *owner;
  StunAsker *asker;
  gboolean has_ended;
  StunQuestionState state;
  PacketAddress mapped; /* unset: not known */
} Port;

struct _RtpOutside
{
  RtpStreamOutside told;
  gpointer user;
  GDestroyNotify destroy;
  Port ports[PORTS];
};

typedef struct
{
  RtpStream *stream;
  PacketAddress server;
  RtpStreamOutside told;
  gpointer user;
  GDestroyNotify destroy; /* NULL: somebody else has @user now */
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  if (self->destroy)
    self->destroy (self->user);
  rtp_stream_unref (self->stream);
  g_free (self);
}

static void
on_told (StunQuestionState state, const PacketAddress *mapped, gpointer user)
{
  Port *port = user;
  RtpOutside *self = port->owner;
  const Port *rtp = &self->ports[0], *rtcp = &self->ports[1];

  port->has_ended = TRUE;
  port->state = state;
  if (mapped)
    port->mapped = *mapped;
  if (rtp->has_ended && rtcp->has_ended)
    self->told (rtp->state, &rtp->mapped, &rtcp->mapped, self->user);
}

static void
ask (gpointer data)
{
  Request *request = data;
  RtpStream *stream = request->stream;

  if (!stream->rtp || stream->started || stream->outside)
    return;
  PacketTransport *transports[PORTS] = { stream->rtp, stream->rtcp };
  RtpOutside *self = g_new0 (RtpOutside, 1);
  self->told = request->told;
  self->user = request->user;
  self->destroy = g_steal_pointer (&request->destroy);
  for (guint i = 0; i < PORTS; i++) {
    self->ports[i].owner = self;
    self->ports[i].asker = stun_asker_new (transports[i], stream->loop,
        &request->server, on_told, &self->ports[i]);
  }
  stream->outside = self;
}

void
rtp_stream_ask_outside (RtpStream *self, const PacketAddress *server,
    RtpStreamOutside told, gpointer user, GDestroyNotify destroy)
{
  Request *request = g_new (Request, 1);

  *request = (Request){ rtp_stream_ref (self), *server, told, user, destroy };
  media_loop_invoke (self->loop, ask, request, request_free);
}

void
rtp_outside_stop (RtpStream *stream)
{
  RtpOutside *self = g_steal_pointer (&stream->outside);

  if (!self)
    return;
  for (guint i = 0; i < PORTS; i++)
    stun_asker_free (self->ports[i].asker);
  self->destroy (self->user);
  g_free (self);
}
