/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "logic/keyfilter.h"
#include "sipline.h"
#include "dialog/sipdialog.h"
#include "signalling/sipinbox.h"

#include "common/pair/gstpair.h"

G_BEGIN_DECLS

/* The settings that the SIP loop works with, read once when the line opens. */
typedef struct
{
  gchar *local_host;
  guint16 local_port;
  gchar *local_user; /* "" = any */
  gchar *uri; /* to dial first, NULL = wait */
  SipAnswerMode answer_mode;
  SipOnHangup on_hangup;
  gboolean speak_early;
  guint ring_time, ring_timeout, media_timeout, max_duration, hang_up_delay;
  guint latency; /* all ms */
  guint max_calls;
  guint busy_wait; /* ms */
  SipDialogSettings dialog;
} SipLineConfig;

void sip_line_config_clear (SipLineConfig *self);
void sip_line_config_read (SipLineConfig *self, const GstPairSettings *settings,
    GObjectClass *klass);

typedef struct
{
  SipLineListener listener;
  gboolean
      prepared; /* its settings are those of this run: since READY->PAUSED */
  gboolean active; /* between PAUSED->PLAYING and PAUSED->READY */
  gboolean playing;
} SipLineHalf;

struct _SipLine
{
  GObject parent;

  /* Set when made, never changed: read freely. */
  gchar *name;

  /* SIP loop only: no lock. */
  SipLineConfig config;
  SipCallee callee;
  SipInbox *inbox;
  gboolean opening; /* the inbox was asked for */
  gboolean wanted; /* takes calls: it plays */
  gboolean registered; /* the inbox knows the line */
  gboolean dialled; /* `uri` was called */
  gchar *pending_uri; /* to be dialled when the inbox is there */
  SipDialog *dialog;
  GSource *ring_timer, *duration_timer, *hang_up_timer;

  /* Media loop only: no lock. */
  KeyFilter keys; /* of the call of the stream: */
  guint keys_serial;

  /* The halves. Its steps are what was decided and is to be done on the SIP loop. */
  GstPair pair;

  /* The lock protects everything below. What only the SIP loop writes (the streams and
   * `serial`) it reads without. */
  GMutex lock;
  GCond changed; /* stream, unlocked */
  SipLineHalf halves[SIP_LINE_N_ROLES];
  gboolean used; /* it has played: the SIP loop knows it */
  gboolean draining; /* what was set last */
  MediaLoop *loop;
  RtpStream *stream; /* of the call now up or beginning */
  RtpStream *last_stream; /* for stats: that, or the last one's */
  gboolean unlocked;
  guint serial; /* of the stream: another one for each, and when it goes */
  gboolean hang_up_when_drained;
  guint
      call; /* number of the last call: what was decided for one is not done to
                 the next */
  SipCallState state; /* ENDED: no call, nor is one asked for */
  gboolean finished; /* the last call is over */
  gboolean outgoing;
  gchar *call_id;
  guint64 calls;
  gint64 answered_at, ended_at; /* monotonic us, 0 = not yet */
  SipCallBy ended_by;
  gchar *end_cause;
  guint end_status;
};

/* ---- siplinecall.c: the line and its call on the SIP loop */

void sip_line_init_call (SipLine *self);
/* Any thread: runs @func on the SIP loop, the line kept alive, unless the stream that
 * has @serial is gone by then. */
void sip_line_invoke_for (SipLine *self, guint serial,
    void (*func) (SipLine *self));

/* What was decided, lock held, to be followed by sip_line_run_steps() without it. */
void sip_line_add_step_unlocked (SipLine *self, void (*func) (SipLine *self));
/* The same, for the call that there is, and no later one. */
void sip_line_add_call_step_unlocked (SipLine *self,
    void (*func) (SipLine *self));
void sip_line_add_open_unlocked (SipLine *self);
void sip_line_add_dial_unlocked (SipLine *self, const gchar *uri);
void sip_line_add_reject_unlocked (SipLine *self, guint status);
/* Any thread: has the SIP loop do it, in the order in which it was decided. */
void sip_line_run_steps (SipLine *self);

/* SIP loop. */
void sip_line_pause (SipLine *self);
void sip_line_shut (SipLine *self);
void sip_line_answer_now (SipLine *self);
void sip_line_hang_up_now (SipLine *self);
/* `draining` was set. */
void sip_line_update_draining (SipLine *self);
void sip_line_audio_sent (SipLine *self); /* then hang-up-delay, then BYE */

/* ---- siplinetimers.c: what the line does when its time is up. SIP loop */

/* `ring-time` until it answers, `ring-timeout` until nobody does. */
void sip_line_start_ring_time (SipLine *self);
void sip_line_start_ring_timeout (SipLine *self);
void sip_line_stop_ring (SipLine *self);
/* `max-duration`, if there is one. */
void sip_line_start_duration (SipLine *self);
void sip_line_start_hang_up (SipLine *self); /* hang-up-delay */
void sip_line_stop_timers (SipLine *self);
/* The stream, which has a clock of its own, heard nothing for media-timeout. */
void sip_line_media_lost (SipLine *self);

/* ---- siplinelisteners.c: from any thread to the listeners on the media loop */

void sip_line_tell (SipLine *self, const SipCallEvent *event);
/* A warning of @text: the call goes on. */
void sip_line_tell_warning (SipLine *self, const gchar *text);
/* Of a SipCallee: another caller, whom no line had. */
void sip_line_tell_refused (gpointer line, const SipRefusal *refusal);
/* SIP loop: a digit that came in a SIP INFO, told unless it comes by RTP too. */
void sip_line_tell_digit (SipLine *self, gchar digit, guint duration);
/* The listener of a stream. What it says late, when the line has gone on to the
 * next call, does nothing to that. */
typedef struct
{
  SipLine *line;
  guint serial;
} SipStreamUser;

SipStreamUser *sip_stream_user_new (SipLine *line, guint serial);
void sip_stream_user_free (gpointer self);
extern const RtpStreamCallbacks sip_line_stream_callbacks;

G_END_DECLS
