/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "media/rtpstream.h"
#include "signalling/sipstate.h"

#include "common/pair/gstpairsettings.h"
#include "common/loop/medialoop.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A telephone line: what a sipsrc and a sipsink of one session share. It waits for
 * a call at an agent's inbox (SipInbox), or dials one, and holds one call at a time
 * (SipDialog) with its RtpStream. It outlives its calls: after one ends the next may come. */

#define SIP_TYPE_LINE (sip_line_get_type ())
G_DECLARE_FINAL_TYPE (SipLine, sip_line, SIP, LINE, GObject)

typedef enum
{
  SIP_ANSWER_MODE_AUTO,
  SIP_ANSWER_MODE_MANUAL,
} SipAnswerMode;

typedef enum
{
  SIP_ON_HANGUP_EOS,
  SIP_ON_HANGUP_WAIT,
} SipOnHangup;

typedef enum
{
  SIP_LINE_SRC,
  SIP_LINE_SINK,
  SIP_LINE_N_ROLES,
} SipLineRole;

/* What happened. Strings belong to the event. */
typedef struct
{
  SipCallState state;
  gboolean outgoing;
  const gchar *call_id;
  const gchar
      *line; /* name that calls are for, "" = any; REFUSED: that was called */
  const gchar *from, *to; /* addresses, as "sip:user@host" or "tel:number" */
  const gchar *display_name; /* the far end's own, "" = none */
  const GstStructure *headers; /* the peer's X- and other unknown headers */
  GstVoiceFormat format; /* the call's own (from CODEC on) */
  gboolean held; /* we may not send (CHANGED) */
  gboolean speak_early; /* early media may be spoken to */
  GstClockTime setup_time; /* from the INVITE to the 200 (ANSWERED) */

  /* REFUSED only, with cause and sip_status */
  const gchar *address; /* "host:port" that it came from */
  const gchar *transport; /* "udp", "tcp" */
  const gchar *user_agent;
  guint untold; /* others before it that were only counted */

  /* ENDED and FAILED only */
  gboolean was_answered;
  gboolean taken; /* it never began: another call had the line, which goes on */
  gboolean is_last; /* no other call will come: on-hangup=eos, or FAILED */
  SipCallBy by; /* REFUSED, too */
  const gchar *cause; /* for a person */
  guint sip_status; /* of the response that ended it, 0 = none */
  guint
      retry_after; /* s: the far end says when to try again, 0 = it does not */
  const GError *
      error; /* GST_RESOURCE_ERROR..: it failed; NULL: it just ended. WARNED: what */
} SipCallEvent;

/* All on the media loop of the call, in order with the frames. */
typedef struct
{
  void (*state) (const SipCallEvent *event, gpointer element);
  void (*frame) (const RtpStreamFrame *frame, gpointer element);
  void (*dtmf) (gchar digit, gboolean end, guint duration, gpointer element);
} SipLineListener;

SipLine *sip_line_new (const gchar *name);

/* NULL->READY. Takes part as @role: @listener is told (functions may be NULL)
 * with @element as its argument, which is kept alive meanwhile. Merges @settings,
 * whose properties @klass of @element describes. GST_RESOURCE_ERROR_BUSY when the
 * role is taken, _SETTINGS when the halves disagree. */
gboolean sip_line_attach (SipLine *self, SipLineRole role, GstElement *element,
    const GstPairSettings *settings, const SipLineListener *listener,
    GError **error);
/* READY->PAUSED: @settings in place of those that it was attached with. _SETTINGS
 * when the halves disagree; nothing is changed then. */
gboolean sip_line_change (SipLine *self, SipLineRole role,
    const GstPairSettings *settings, GError **error);
/* READY->NULL. The last one out waits at most 100 ms for its BYE to be written. */
void sip_line_detach (SipLine *self, SipLineRole role);

/* Any thread; never wait. PLAYING: the line takes calls (and dials `uri`, the
 * first time) while an attached half plays. */
void sip_line_set_playing (SipLine *self, SipLineRole role, gboolean playing);
/* PAUSED->READY: hangs up and leaves the inbox. */
void sip_line_close (SipLine *self, SipLineRole role);

/* (transfer full): made from the `context` setting at the first call. */
MediaLoop *sip_line_dup_loop (SipLine *self);
/* The `latency` setting, in ns. */
GstClockTime sip_line_get_latency (SipLine *self);
/* Commands, any thread; FALSE when there is nothing to act upon. What comes of it
 * is told to the listeners. */
gboolean sip_line_dial (SipLine *self, const gchar *uri);
gboolean sip_line_answer (SipLine *self);
/* @status: 300 to 699, or 0 for 486 (busy); else FALSE. */
gboolean sip_line_reject (SipLine *self, guint status);
gboolean sip_line_hang_up (SipLine *self);
gboolean sip_line_send_dtmf (SipLine *self, const gchar *digits);
/* Hangs up when all audio sent so far is on the wire and `hang-up-delay` is over:
 * the last word is heard. A call that rings without audio ends at once. */
gboolean sip_line_hang_up_after_audio (SipLine *self);

/* sipsink's chain, see rtp_stream_send(). Without a call: waits, or drops @live
 * audio. FALSE = unlocked. */
gboolean sip_line_send (SipLine *self, const GstVoiceFormat *format,
    gconstpointer data, gsize size, GstClockTime pts, gboolean gap,
    gboolean live);
void sip_line_unlock (SipLine *self, gboolean unlock);
/* Audio that waits to be sent is given up. */
void sip_line_flush (SipLine *self);
/* Any thread: whether new calls are refused, by the whole address (`draining`). */
void sip_line_set_draining (SipLine *self, gboolean draining);
/* The `stats` structure; (transfer full). All fields also with @self NULL. Those
 * of rtp_stream_get_stats(), and
 *
 *   state        string  "idle", "calling", "ringing", "early", "answered", "held"
 *   call-id      string  of the call, or the last one
 *   calls        uint64  answered since the line began
 *   direction    string  "incoming", "outgoing", ""
 *   duration     uint64  ns, of the call or the last one
 *   ended-by     string  "us", "peer", "network", "" before the first end
 *   end-cause    string  for a person
 *   sip-status   uint    that ended the last one, 0 = none
 *   refused-busy, refused-unknown, refused-unavailable, refused-bad
 *                uint    calls that no line of this process ever had: 486, 404, 503,
 *                        other responses */
GstStructure *sip_line_get_stats (SipLine *self);

G_END_DECLS
