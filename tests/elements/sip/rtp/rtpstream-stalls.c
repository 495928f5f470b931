/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The network, or the whole machine, stands still for a while each second, and what
 * came meanwhile comes at once. What is given out never overlaps, what is sent back
 * keeps to the clock, and all is as before when the trouble is over. */

#include "mock/rtpcall.h"

#include "sip/logic/rtp/rtppacket.h"
#include "sip/media/rtpstreamprivate.h"

#include <string.h>

#define LENGTH 26 /* s */

typedef struct
{
  MediaLoop *loop;
  End *end;
  Tone tone;
  Port *far;

  guint n_sent;
  gint64 first_sent;
  guint32 first_timestamp;
  gint64 ahead, most_ahead; /* of the clock, by time stamps */
} Call;

static void
on_packet (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  Call *self = user;
  RtpPacket packet;
  gint64 now = media_loop_now (self->loop);
  g_assert_true (rtp_packet_parse (&packet, data, size));
  if (self->n_sent++ == 0) {
    self->first_sent = now;
    self->first_timestamp = packet.timestamp;
  }
  self->ahead = (gint64) (packet.timestamp - self->first_timestamp) * 125000 -
      (now - self->first_sent);
  self->most_ahead = MAX (self->most_ahead, self->ahead);
}

static void
call_begin (Call *self, guint latency)
{
  memset (self, 0, sizeof *self);
  g_random_set_seed (4711);
  self->loop = media_loop_new_manual (START);
  self->end = end_new (self->loop, "192.0.2.1", 4000, 0);
  self->end->echo = TRUE;
  self->far = port_new (self->loop, "192.0.2.2", 5002);
  self->far->received = on_packet;
  self->far->user = self;
  self->end->rtp->peer = self->far;
  end_set_media (self->end, "192.0.2.2", 5000, TRUE, TRUE);
  run_to (self->loop, 0);
  tone_start (&self->tone, self->end, "192.0.2.2", 5000, FRAME, 0, 50 * 60);
}

static void
call_end (Call *self)
{
  tone_clear (&self->tone);
  g_free (end_free (self->end));
  port_destroy (self->far);
  media_loop_unref (self->loop);
}

/* Nothing arrives from @time on for @length; then all. */
static void
hold_network (Call *self, gint64 time, gint64 length)
{
  self->tone.port->held_until = START + time + length;
  run_to (self->loop, time + length);
}

static void
stop_machine (Call *self, gint64 time, gint64 length)
{
  media_loop_stall (self->loop, START + time + length);
  tone_catch_up (&self->tone, START + time + length);
  run_to (self->loop, time + length);
}

typedef struct
{
  const gchar *name;
  void (*trouble) (Call *self, gint64 time, gint64 length);
  guint length; /* ms, each second */
} Trouble;

/* Packets of RTP time that wait for theirs. */
static gint64
get_waiting (const Call *self)
{
  RtpStream *stream = self->end->stream;
  g_mutex_lock (&stream->lock);
  guint n = stream->packetizer.n_frames;
  g_mutex_unlock (&stream->lock);
  return n;
}

static void
report (const Call *self, const gchar *when)
{
  const End *end = self->end;
  g_test_message (
      "%s: %u sent, %.0f ms ahead (at most %.0f); %u frames, %u concealed, %u "
      "silent, %u disconts, overlap %.0f ms, delay %.0f ms, late %u dropped %u",
      when, self->n_sent, self->ahead / 1e6, self->most_ahead / 1e6,
      end->n_frames, end->n_concealed, end->n_silent, end->n_disconts,
      end->overlap / 1e6, end->last_delay / 1e6,
      (guint) end_get_stat (self->end, "packets-late"),
      (guint) end_get_stat (self->end, "frames-dropped"));
}

static void
test_stalls (gconstpointer data)
{
  const Trouble *trouble = data;
  Call call;
  call_begin (&call, 40);
  for (guint i = 0; i < LENGTH; i++) {
    run_to (call.loop, i * SECOND + 500 * MS);
    trouble->trouble (&call, i * SECOND + 500 * MS, trouble->length * MS);
    run_to (call.loop, (i + 1) * SECOND + 450 * MS);
  }
  report (&call, trouble->name);
  guint n_due = LENGTH * 50 + 450 / 20;
  gint64 sent = call.n_sent + get_waiting (&call) +
      (gint64) end_get_stat (call.end, "frames-dropped");
  g_assert_cmpint (ABS (sent - n_due), <=, 2);
  if (trouble->length < 500)
    g_assert_cmpuint (end_get_stat (call.end, "frames-dropped"), ==, 0);

  run_to (call.loop, (LENGTH + 15) * SECOND);
  report (&call, "15 s later");
  g_assert_cmpint (ABS (call.end->last_delay), <, 20 * MS);
  g_assert_cmpint (ABS (call.ahead), <=, 40 * MS);
  g_assert_cmpint (ABS ((gint) call.end->n_frames - (LENGTH + 15) * 50), <=, 2);
  g_assert_cmpint (call.end->overlap, <=, 10 * MS);
  g_assert_cmpint (call.most_ahead, <=, 41 * MS);
  call_end (&call);
}

static const Trouble troubles[] = {
  { "network-100", hold_network, 100 },
  { "network-400", hold_network, 400 },
  { "network-900", hold_network, 900 },
  { "machine-100", stop_machine, 100 },
  { "machine-400", stop_machine, 400 },
  { "machine-900", stop_machine, 900 },
};

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++) {
    g_autofree gchar *name =
        g_strdup_printf ("/rtpstream-stalls/%s", troubles[i].name);
    g_test_add_data_func (name, &troubles[i], test_stalls);
  }
  return g_test_run ();
}
