/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "mixparticipant.h"

#include "common/loop/medialoop.h"

G_BEGIN_DECLS

/* The room: participants in slots, and the tick of a media loop that every 20 ms
 * takes what each has said, mixes, and gives each what it is to hear. It ticks while
 * anybody says something; with nobody there it sleeps.
 *
 * Nobody is waited for. A participant without data is silence; one whose output takes
 * long is named in a warning; one whose output fails gets no more.
 *
 * Functions may be called on any thread but as said. */
typedef struct _MixRoom MixRoom;

/* @element is not owned: it owns the room. @full is its pad of everybody. */
MixRoom *mix_room_new (GstElement *element, GstPad *full);
MixRoom *mix_room_ref (MixRoom *self);
void mix_room_unref (MixRoom *self);

/* State changes. The loop is (transfer full). */
void mix_room_start (MixRoom *self, MediaLoop *loop);
void mix_room_set_playing (MixRoom *self, gboolean playing);
void mix_room_stop (MixRoom *self);

/* @minus hears everybody but @sink. The participant is a reference. */
MixParticipant *mix_room_join (MixRoom *self, guint number, GstPad *sink,
    GstPad *minus);
/* Fades out within a tick. */
void mix_room_leave (MixRoom *self, MixParticipant *participant);

/* Takes the sets of @settings. */
void mix_room_set_settings (MixRoom *self, MixParticipant *participant,
    const MixSettings *settings);
/* mix_participant_dup_log_id() */
gchar *mix_room_dup_log_id (MixRoom *self, MixParticipant *participant);
/* application/x-voicemixer-pad-stats; (transfer full). */
GstStructure *mix_room_get_stats (MixRoom *self, MixParticipant *participant);

/* ---- What a participant says; its streaming thread */

/* @waits: the source is not live, and may be held up until there is room. Returns
 * FLUSHING when the room is stopped or the pad flushes meanwhile. */
GstFlowReturn mix_room_write (MixRoom *self, MixParticipant *participant,
    const gint16 *samples, guint n, gboolean waits);
void mix_room_set_rate (MixRoom *self, MixParticipant *participant, guint rate);
/* Takes @event; it keeps its place among the audio. */
void mix_room_write_event (MixRoom *self, MixParticipant *participant,
    GstEvent *event);
void mix_room_set_flushing (MixRoom *self, MixParticipant *participant,
    gboolean flushing);
/* EOS, and its end by a new stream. */
void mix_room_set_ended (MixRoom *self, MixParticipant *participant,
    gboolean ended);
/* Out of band: goes to everybody else at once. Takes @event. */
void mix_room_broadcast (MixRoom *self, MixParticipant *participant,
    GstEvent *event);

/* An event from behind @participant's minus pad. Takes @event. */
gboolean mix_room_take_upstream (MixRoom *self, MixParticipant *participant,
    GstEvent *event);

G_END_DECLS
