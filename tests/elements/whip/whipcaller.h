/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* Somebody who calls a line of whiptest.h with a webrtcbin, and what the line hears of
 * it. */

#define GST_USE_UNSTABLE_API
#include "whiptest.h"

#include <gst/webrtc/webrtc.h>
#include <string.h>

#define OPUS "application/x-rtp,media=audio,encoding-name=OPUS,payload=111"
#define OPUS_FULL OPUS ",clock-rate=48000,encoding-params=(string)2"
#define SPEAKS \
  "audiotestsrc is-live=true ! opusenc ! rtpopuspay pt=111 ! " OPUS " ! web."

typedef struct
{
  GstElement *pipeline, *webrtc;
  GObject *channel;
  gchar *answer, *session;
  const gchar *path; /* of the line; NULL: "/whip" */
  const gchar *token; /* NULL: none is needed */
  const gchar *profile; /* of its m=audio line; NULL: webrtcbin's own */
  const gchar *const
      *at_open; /* sent in the moment in which the channel opens */
  GAsyncQueue *events; /* gchar, JSON */
} Caller;

/* ---- What the line hears: names of events, "buffer" for the first one */

typedef struct
{
  GMutex lock; /* protects all below */
  GString *heard;
  gboolean sounds;
} Ear;

static inline const gchar *
ear_word (GstEvent *event, gchar **word)
{
  const GstStructure *s = gst_event_get_structure (event);

  if (!s || !g_str_has_prefix (gst_structure_get_name (s), "voice-"))
    *word = g_strdup (GST_EVENT_TYPE_NAME (event));
  else if (gst_structure_has_field (s, "state"))
    *word = g_strjoin ("-", gst_structure_get_name (s),
        gst_structure_get_string (s, "state"), NULL);
  else
    *word = g_strjoin ("-", gst_structure_get_name (s),
        gst_structure_get_string (s, "type"),
        gst_structure_get_string (s, "text"), NULL);
  return *word;
}

static inline GstPadProbeReturn
ear_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Ear *ear = data;
  g_autofree gchar *word = NULL;

  g_mutex_lock (&ear->lock);
  if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM)
    g_string_append_printf (ear->heard, "%s ",
        ear_word (GST_PAD_PROBE_INFO_EVENT (info), &word));
  else if (!ear->sounds)
    g_string_append (ear->heard, "buffer ");
  ear->sounds |= !(info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  g_mutex_unlock (&ear->lock);
  return GST_PAD_PROBE_OK;
}

/* At the sink pad of the element called "heard". */
static inline void
ear_begin (Ear *ear, Line *line)
{
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "heard");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  g_mutex_init (&ear->lock);
  ear->heard = g_string_new (NULL);
  ear->sounds = FALSE;
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_BUFFER,
      ear_probe, ear, NULL);
}

/* Behind line_stop(). */
static inline void
ear_end (Ear *ear)
{
  g_string_free (ear->heard, TRUE);
  g_mutex_clear (&ear->lock);
}

static inline gchar *
ear_get (Ear *ear)
{
  g_mutex_lock (&ear->lock);
  gchar *heard = g_strdup (ear->heard->str);
  g_mutex_unlock (&ear->lock);
  return heard;
}

static inline void
ear_wait (Ear *ear, const gchar *word)
{
  for (guint i = 0; i < SOON / 5; i++) {
    g_autofree gchar *heard = ear_get (ear);
    if (strstr (heard, word))
      return;
    g_usleep (5000);
  }
  g_autofree gchar *heard = ear_get (ear);
  g_error ("no %s: %s", word, heard);
}

/* @words come in this order, among others. */
static inline void
ear_assert_order (Ear *ear, const gchar *const *words)
{
  g_autofree gchar *heard = ear_get (ear);
  const gchar *at = heard;

  for (; *words; words++) {
    const gchar *next = strstr (at, *words);
    if (!next)
      g_error ("no %s at \"%s\" of %s", *words, at, heard);
    at = next + strlen (*words);
  }
}

/* ---- Calling */

static inline void
caller_on_open (GObject *channel, gpointer data)
{
  Caller *caller = data;

  for (const gchar *const *text = caller->at_open; text && *text; text++)
    g_signal_emit_by_name (channel, "send-string", *text);
}

static inline void
caller_on_message (GObject *channel, const gchar *json, gpointer data)
{
  Caller *caller = data;

  g_async_queue_push (caller->events, g_strdup (json));
}

static inline void
caller_on_pad (GstElement *webrtc, GstPad *pad, gpointer data)
{
  Caller *caller = data;

  if (GST_PAD_IS_SINK (pad))
    return;
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (sink, "async", FALSE, "sync", FALSE, NULL);
  gst_bin_add (GST_BIN (caller->pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  g_autoptr (GstPad) peer = gst_element_get_static_pad (sink, "sink");
  gst_pad_link (pad, peer);
}

/* There may be the loop-back interface only. */
static inline void
caller_set_up_ice (Caller *caller)
{
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) agent = NULL;
  gboolean added;

  g_object_get (caller->webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, NULL);
  g_signal_emit_by_name (ice, "add-local-ip-address", "127.0.0.1", &added);
}

/* @sends: SPEAKS, or "" for one who sends nothing and offers @direction. */
static inline void
caller_init (Caller *caller, const gchar *sends,
    GstWebRTCRTPTransceiverDirection direction, gboolean channel)
{
  g_autofree gchar *text =
      g_strdup_printf ("webrtcbin name=web bundle-policy=max-bundle %s", sends);
  g_autoptr (GstCaps) caps = gst_caps_from_string (OPUS_FULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) transceiver = NULL;

  caller->events = g_async_queue_new_full (g_free);
  caller->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  if (!GST_IS_PIPELINE (caller->pipeline)) { /* one element alone */
    caller->webrtc = caller->pipeline;
    caller->pipeline = gst_pipeline_new (NULL);
    gst_bin_add (GST_BIN (caller->pipeline), gst_object_ref (caller->webrtc));
  } else {
    caller->webrtc = gst_bin_get_by_name (GST_BIN (caller->pipeline), "web");
  }
  caller_set_up_ice (caller);
  g_signal_connect (caller->webrtc, "pad-added", G_CALLBACK (caller_on_pad),
      caller);
  gst_element_set_state (caller->pipeline, GST_STATE_READY);
  if (!*sends)
    g_signal_emit_by_name (caller->webrtc, "add-transceiver", direction, caps,
        &transceiver);
  if (!channel)
    return;
  g_signal_emit_by_name (caller->webrtc, "create-data-channel", "oai-events",
      NULL, &caller->channel);
  g_signal_connect (caller->channel, "on-open", G_CALLBACK (caller_on_open),
      caller);
  g_signal_connect (caller->channel, "on-message-string",
      G_CALLBACK (caller_on_message), caller);
}

/* NULL: it knows too little yet of what it sends. */
static inline GstWebRTCSessionDescription *
caller_try_offer (Caller *caller)
{
  g_autoptr (GstPromise) promise = gst_promise_new ();
  GstWebRTCSessionDescription *offered = NULL;

  g_signal_emit_by_name (caller->webrtc, "create-offer", NULL, promise);
  g_assert_cmpint (gst_promise_wait (promise), ==, GST_PROMISE_RESULT_REPLIED);
  gst_structure_get (gst_promise_get_reply (promise), "offer",
      GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offered, NULL);
  g_autofree gchar *text =
      offered ? gst_sdp_message_as_text (offered->sdp) : NULL;
  if (text && strstr (text, "m=audio") && strstr (text, "OPUS/48000"))
    return offered;
  g_clear_pointer (&offered, gst_webrtc_session_description_free);
  g_usleep (5000);
  return NULL;
}

static inline gchar *
caller_offer (Caller *caller)
{
  GstWebRTCSessionDescription *offered = NULL, *local = NULL;
  gint gathering = 0;

  while (!offered)
    offered = caller_try_offer (caller);
  g_signal_emit_by_name (caller->webrtc, "set-local-description", offered,
      NULL);
  gst_webrtc_session_description_free (offered);
  while (gathering != GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE || !local) {
    g_usleep (2000);
    g_clear_pointer (&local, gst_webrtc_session_description_free);
    g_object_get (caller->webrtc, "ice-gathering-state", &gathering,
        "local-description", &local, NULL);
  }
  gchar *text = gst_sdp_message_as_text (local->sdp);
  gst_webrtc_session_description_free (local);
  return text;
}

static inline void
caller_take_answer (Caller *caller, const gchar *text)
{
  GstSDPMessage *sdp;

  g_assert_cmpint (gst_sdp_message_new_from_text (text, &sdp), ==, GST_SDP_OK);
  GstWebRTCSessionDescription *answer =
      gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER, sdp);
  g_signal_emit_by_name (caller->webrtc, "set-remote-description", answer,
      NULL);
  gst_webrtc_session_description_free (answer);
}

static inline gchar *
caller_rename (const gchar *sdp, const gchar *from, const gchar *to)
{
  GString *text = g_string_new (sdp);

  if (from && to)
    g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
  return g_string_free (text, FALSE);
}

/* With what the line wants to see beside it. */
static inline gchar *
caller_type (Caller *caller, const gchar *type)
{
  return caller->token
      ? g_strdup_printf ("%s\r\nAuthorization: Bearer %s", type, caller->token)
      : g_strdup (type);
}

/* Returns when the offer was answered. */
static inline void
caller_call (Caller *caller, Line *line)
{
  gst_element_set_state (caller->pipeline, GST_STATE_PLAYING);
  const gchar *own = "UDP/TLS/RTP/SAVPF";
  g_autofree gchar *offered = caller_offer (caller);
  g_autofree gchar *text = caller_rename (offered, own, caller->profile);
  g_autofree gchar *type = caller_type (caller, "application/sdp");
  g_autoptr (GSocketConnection) connection = request (line->port, "POST",
      caller->path ? caller->path : "/whip", type, text);
  caller->answer = assert_answer (connection, 201);
  caller->session = session_of (caller->answer);
  g_autofree gchar *answer =
      caller_rename (strstr (caller->answer, "\r\n\r\n") + 4, caller->profile,
          own);
  caller_take_answer (caller, answer);
}

/* The next event that has @part. */
static inline gchar *
caller_event (Caller *caller, const gchar *part)
{
  gchar *json;

  while ((json = g_async_queue_timeout_pop (caller->events, SOON * 1000))) {
    if (strstr (json, part))
      return json;
    g_free (json);
  }
  g_error ("no event with %s", part);
}

static inline void
caller_end (Caller *caller, Line *line)
{
  g_autofree gchar *type = caller_type (caller, "text/plain");
  if (caller->session)
    ask (line->port, "DELETE", caller->session, type, "", 200);
  gst_element_set_state (caller->pipeline, GST_STATE_NULL);
  g_clear_object (&caller->channel);
  g_clear_object (&caller->webrtc);
  g_clear_object (&caller->pipeline);
  g_async_queue_unref (caller->events);
  g_free (caller->answer);
  g_free (caller->session);
}
