/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/account/sipaccountevent.h"
#include "sip/media/rtpstream.h"
#include "sip/sdp/sdpsecurity.h"
#include "sip/signalling/sipstate.h"

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
  SIP_ANSWER_MODE_AGENT,
  SIP_ANSWER_MODE_CALLEE,
} SipAnswerMode;

/* When a line calls its own `uri`. */
typedef enum
{
  SIP_DIAL_START,
  SIP_DIAL_CALL,
} SipDial;

/* Which calls an agent may speak in before they are answered: one bit for each way. */
typedef enum
{
  SIP_EARLY_MEDIA_NONE = 0,
  SIP_EARLY_MEDIA_AGENT = 1,
  SIP_EARLY_MEDIA_OUTGOING = 2,
  SIP_EARLY_MEDIA_BOTH = SIP_EARLY_MEDIA_AGENT | SIP_EARLY_MEDIA_OUTGOING,
} SipEarlyMedia;

/* What goes to a far end that this side has put on hold. */
typedef enum
{
  SIP_HOLD_MODE_NONE, /* the far end is taken back */
  SIP_HOLD_MODE_SENDONLY,
  SIP_HOLD_MODE_INACTIVE,
} SipHoldMode;

/* What becomes of a far end's wish to give its call to somebody else. */
typedef enum
{
  SIP_REFER_REFUSE,
  SIP_REFER_FOLLOW,
} SipRefer;

/* What is done to what comes, for whoever hears it. */
typedef enum
{
  SIP_VOICE_PROCESSING_AUTO,
  SIP_VOICE_PROCESSING_OFF,
} SipVoiceProcessing;

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
  const gchar *source; /* IP address that it came from, "" = it goes out */
  const gchar *admitted; /* how, "" = not: as GstVoiceCall has it; a literal */
  const gchar *
      encryption; /* of the audio: "none", "sdes", "dtls"; a literal, may be NULL */
  const gchar *signalling; /* "udp", "tcp", "tls"; a literal, NULL: none yet */
  const gchar *abilities; /* as GstVoiceCall has them; a literal */
  const GstStructure *headers; /* the peer's X- and other unknown headers */
  const GstStructure
      *origin; /* of a call that comes in, as GstVoiceCall has it */
  GstVoiceFormat format; /* the call's own (from CODEC on) */
  gboolean held; /* we may not send (CHANGED) */
  gboolean speak_early; /* early media may be spoken to */
  GstClockTime setup_time; /* from the INVITE to the 200 (ANSWERED) */

  const gchar
      *trunk; /* name of the account that it goes, or came, by, "" = none */

  /* TRIED only, with address, transport, cause and sip_status */
  guint attempt; /* from 1 on */
  gboolean has_failed;
  guint avoided; /* s that calls go elsewhere */

  /* REFUSED only, with cause and sip_status */
  const gchar *address; /* "host:port" that it came from; TRIED: goes to */
  const gchar *transport; /* "udp", "tcp", "tls" */
  const gchar *user_agent;
  guint untold; /* others before it that were only counted */

  /* TRANSFER only, with cause and sip_status */
  const gchar *transfer; /* "asked", ...: as README.md has it; a literal */
  const gchar *target; /* that was asked for */
  const gchar
      *control_id; /* of who asked for it, NULL = nobody waits; so in: */

  /* CONTROLLED only, with cause and sip_status: literals, as in voice-control */
  const gchar *control, *result;

  /* ENDED and FAILED only */
  gboolean was_answered;
  gboolean taken; /* it never began: another call had the line, which goes on */
  gboolean is_last; /* no other call will come: on-hangup=eos, or FAILED */
  SipCallBy by; /* REFUSED, HELD and RESUMED, too */
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
  void (*account) (const SipAccountEvent *event, gpointer element);
  /* What is sent travels @delay ns, by RTCP. */
  void (*path) (gint64 delay, gpointer element);
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
/* @target is tested by `dial-allow`; listeners are warned of one that may not be called. */
gboolean sip_line_dial (SipLine *self, const gchar *target);
gboolean sip_line_answer (SipLine *self);
/* It has, or asks for, the call @call_id, whether that is up or rings. */
gboolean sip_line_has_call (SipLine *self, const gchar *call_id);
/* With `answer-mode=agent`: whoever is to hear the call @call_id can begin. */
void sip_line_set_agent_ready (SipLine *self, const gchar *call_id);
/* Upstream another call has come, or has ended with @status (0 = none): a line with
 * `dial=call` calls its uri for it, and that line's call and one with `answer-mode=callee`
 * end with it. Returns the number of the line's own call, 0 = none yet, to be given back: the
 * next one may have begun meanwhile. */
guint sip_line_connect (SipLine *self);
void sip_line_disconnect (SipLine *self, guint call, guint status);
/* @status: 300 to 699, or 0 for 486 (busy); else FALSE. */
gboolean sip_line_reject (SipLine *self, guint status);
gboolean sip_line_hang_up (SipLine *self);
/* Puts the far end on hold, or takes it back. What comes of it is told as CONTROLLED with
 * @id, NULL = nobody waits. */
gboolean sip_line_hold (SipLine *self, SipHoldMode mode, const gchar *id);
/* Has the far end call @target in place of us, if `dial-allow` and `max-dials` permit it.
 * What comes of it is told as TRANSFER with @id; FALSE, too: it is not done. */
gboolean sip_line_transfer (SipLine *self, const gchar *target,
    const gchar *id);
gboolean sip_line_send_dtmf (SipLine *self, const gchar *digits);
/* Hangs up when all audio sent so far is on the wire and `hang-up-delay` is over:
 * the last word is heard. A call that rings without audio ends at once. */
gboolean sip_line_hang_up_after_audio (SipLine *self);

/* sipsink's chain, see rtp_stream_send(). Without a call: waits, or drops @live
 * audio. FALSE = unlocked. */
gboolean sip_line_send (SipLine *self, const GstVoiceFormat *format,
    gconstpointer data, gsize size, GstClockTime pts, gboolean gap,
    gboolean live);
/* Any thread, before or in a call: what sipsrc gives downstream, see
 * rtp_stream_set_taken(). */
void sip_line_set_taken (SipLine *self, const GstVoiceFormat *format);
void sip_line_unlock (SipLine *self, gboolean unlock);
/* Audio that waits to be sent is given up. */
void sip_line_flush (SipLine *self);
/* Any thread: whether new calls are refused, by the whole address. */
void sip_line_drain (SipLine *self, gboolean draining);
/* The `stats` structure; (transfer full). All fields also with @self NULL. Those
 * of rtp_stream_get_stats(), and
 *
 *   state        string  "idle", "calling", "ringing", "early", "answered", "held"
 *   call-id      string  of the call, or the last one
 *   calls        uint64  answered since the line began
 *   direction    string  "incoming", "outgoing", ""
 *   signalling   string  "udp", "tcp", "tls", "" before the first call
 *   duration     uint64  ns, of the call or the last one
 *   ended-by     string  "us", "peer", "network", "" before the first end
 *   end-cause    string  for a person
 *   sip-status   uint    that ended the last one, 0 = none
 *   refused-busy, refused-unknown, refused-unavailable, refused-bad
 *                uint    calls that no line of this process ever had: 486, 404, 503,
 *                        other responses */
GstStructure *sip_line_get_stats (SipLine *self);

G_END_DECLS
