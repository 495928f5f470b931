/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/logic/dial/dialcount.h"
#include "sip/account/sipaccountsettings.h"
#include "sip/logic/rtp/keyfilter.h"
#include "sipline.h"
#include "siptimers.h"
#include "sip/dialog/sipdialog.h"
#include "sip/referral/sipreferral.h"
#include "sip/inbox/sipinbox.h"
#include "sip/trunk/siptrunkcall.h"

#include "common/pair/gstpair.h"

G_BEGIN_DECLS

/* The settings that the SIP loop works with, read once when the line opens. */
typedef struct
{
  SipAgentAddress local;
  gchar *local_user; /* "" = any */
  gchar *uri; /* to dial first, NULL = wait */
  SipDial dial; /* when */
  SipAnswerMode answer_mode;
  SipOnHangup on_hangup;
  SipEarlyMedia early_media;
  SipVoiceProcessing voice_processing;
  SipTimers timers;
  guint ring_time, media_timeout, latency; /* all ms */
  AddressList *allow_from; /* NULL = anybody may call */
  SipUsers *users; /* NULL = callers need no password */
  GPtrArray *accounts; /* SipAccountSettings, NULL: not read */
  gboolean dials; /* dial-allow names somebody */
  SipDialogSettings dialog;
} SipLineConfig;

void sip_line_config_clear (SipLineConfig *self);
/* FALSE: what the elements saw of its account's files is there no longer. */
gboolean sip_line_config_read (SipLineConfig *self,
    const GstPairSettings *settings, GObjectClass *klass, GError **error);

/* What @call has shown by getting through to it, "" = nothing. */
const gchar *sip_line_config_admits (const SipLineConfig *self,
    const SipIncoming *call);
/* Of a SipDialogOwner: whether the setting `allow-from` names @remote. */
gboolean sip_line_config_trusts (const PacketAddress *remote, gpointer line);

/* To whom a call is to go. */
typedef struct
{
  gchar *uri; /* NULL: it may not be called */
  gchar *target; /* as it was asked for */
  gchar *id; /* of who asked, NULL = nobody waits */
} SipLineTransfer;

void sip_line_transfer_free (SipLineTransfer *self);

typedef struct
{
  SipLineListener listener;
  gboolean
      prepared; /* its settings are those of this run: since READY->PAUSED */
  gboolean active; /* between PAUSED->PLAYING and PAUSED->READY */
  gboolean playing;
} SipLineHalf;

/* Of a call that goes on with somebody else, as it began. */
typedef struct
{
  gboolean outgoing;
  gchar *from, *display_name, *source;
  gchar *to; /* whom it is with, before the next one has it */
  GstStructure *headers, *origin; /* may be NULL */
} SipLineFacts;

/* The listener of a stream. What it says late, when the line has gone on to the
 * next call, does nothing to that. */
typedef struct
{
  SipLine *line;
  guint serial;
  gint
      waits; /* atomic: its call is not the line's yet, and nobody hears of it */
} SipStreamUser;

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
  gboolean finds_stun; /* whom its calls ask how they are seen is looked up */
  gboolean wanted; /* takes calls: it plays */
  gboolean registered; /* the inbox knows the line */
  gboolean dialled; /* `uri` was called */
  gchar *pending_uri; /* to be dialled when inbox and account are there */
  gboolean is_awaited; /* by a call upstream, since before it was registered */
  SipTrunks *trunks; /* its accounts, while it waits, if it has any */
  SipDialog *dialog;
  SipTrunkCall *way; /* of its dialog, NULL: by no trunk */
  SipTrunkCall *referral_way; /* of its referral, the same */
  const gchar *admitted; /* by what its caller was; a literal */
  GSource *ring_timer, *duration_timer, *hang_up_timer;
  gboolean replaced; /* its dialog ends as another takes its place */
  SipLineTransfer *transfer; /* under way, or the last; NULL = none */
  SipLineFacts *facts; /* NULL: they are those of its dialog */
  SipReferral *referral; /* whom the far end wants us to call, NULL = nobody */
  RtpStream *waiting_stream; /* of that call */
  SipStreamUser *waiting_user; /* which that has */
  guint last_serial; /* of any stream */
  gchar *hold_id; /* of who waits for hold or resume, NULL = nobody */
  gboolean hold_asked; /* ... which of the two */

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
  gboolean has_taken;
  GstVoiceFormat taken; /* by who is behind sipsrc */
  guint serial; /* of the stream: another one for each, and when it goes */
  gboolean hang_up_when_drained;
  guint
      call; /* number of the last call: what was decided for one is not done to
                 the next */
  SipCallState state; /* ENDED: no call, nor is one asked for */
  gboolean finished; /* the last call is over */
  gboolean outgoing;
  gchar *call_id;
  gchar
      *place; /* "host[:port]" of the far end of that call, NULL = not known */
  gchar *home; /* the same of the first account, NULL = there is none */
  DialCount dials;
  gchar *caller; /* whom these are counted for, NULL = we have called */
  gboolean refers; /* its far end may be asked to call somebody else */
  gboolean transferring; /* the far end was, or will be, asked to */
  const gchar *signalling; /* a literal, NULL before the first call */
  guint64 calls;
  gint64 answered_at, ended_at; /* monotonic us, 0 = not yet */
  SipCallBy ended_by;
  gchar *end_cause;
  guint end_status;
};

/* ---- siplinesteps.c: from any thread to the SIP loop */

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
void sip_line_add_disconnect_unlocked (SipLine *self, guint call, guint status);
void sip_line_add_hold_unlocked (SipLine *self, SipHoldMode mode,
    const gchar *id);
/* Takes @transfer. */
void sip_line_add_transfer_unlocked (SipLine *self, SipLineTransfer *transfer);
/* Any thread: has the SIP loop do it, in the order in which it was decided. */
void sip_line_run_steps (SipLine *self);
/* Of the queue of steps. */
void sip_line_step_run (gpointer step, gpointer line);
void sip_line_step_free (gpointer step);

/* ---- siplinecall.c: the line and its call on the SIP loop */

void sip_line_init_call (SipLine *self);
extern const SipDialogOwner sip_line_dialog_owner;
/* Of the dialog that it has now. */
void sip_line_tell_state (SipLine *self, SipCallState state);
void sip_line_tell_try (SipLine *self, SipDialog *dialog,
    const SipDialogTry *attempt);
void sip_line_forget_stream (SipLine *self);
/* Takes the transports and @user. */
RtpStream *sip_line_new_stream (SipLine *self, PacketTransport *rtp,
    PacketTransport *rtcp, const gchar *cname, const gchar *call_id,
    SipStreamUser *user);
/* It is that of the line's call. */
void sip_line_set_stream (SipLine *self, RtpStream *stream);
/* Whom the line was to go on with, @dialog, is not to be had, and the old one has gone. */
void sip_line_end_without_far_end (SipLine *self, SipDialog *dialog,
    const SipDialogEnd *end);
/* Whatever call there is. */
void sip_line_end_call (SipLine *self, const SipDialogEnd *end);
void sip_line_open_now (SipLine *self, const GstPairSettings *settings,
    GObjectClass *klass);
/* At once, or, @uri stolen, when the line is there. */
void sip_line_dial_now (SipLine *self, gchar **uri);
void sip_line_reject_now (SipLine *self, guint status);
void sip_line_pause (SipLine *self);
void sip_line_shut (SipLine *self);
void sip_line_answer_now (SipLine *self);
void sip_line_agent_ready_now (SipLine *self);
void sip_line_hang_up_now (SipLine *self);
void sip_line_call_uri_now (SipLine *self);
/* Not if it calls whenever another call comes: that one is what it is for. */
gboolean sip_line_takes_calls (const SipLine *self);
void sip_line_connect_now (SipLine *self);
void sip_line_disconnect_now (SipLine *self, gboolean is_late, guint status);
/* sip_line_drain() */
void sip_line_update_draining (SipLine *self);
void sip_line_audio_sent (SipLine *self); /* then hang-up-delay, then BYE */

/* It takes calls, and may make some: what that needs is there. */
void sip_line_register (SipLine *self);

/* ---- siplineoutside.c: SIP loop */

/* Its settings were read. sip_line_register() when that is done. */
void sip_line_find_stun (SipLine *self);

/* ---- siplinedial.c: whom it may call on somebody else's word. Any thread */

/* The address to call for @target, a number at @place ("host[:port]") or an address, if
 * `dial-allow` has it; (transfer full). NULL: it may not be called, @why is for a person. */
gchar *sip_line_dup_allowed (SipLine *self, const gchar *target,
    const gchar *place, gchar **why);
/* NULL: another one may be called in this call, and counts; else why not. */
const gchar *sip_line_count_dial_unlocked (SipLine *self);
/* The first of @targets that may be called in place of the far end, which says so; counts.
 * (transfer full); NULL: none, @why is for a person. */
gchar *sip_line_dup_redirect (SipLine *self, const gchar *const *targets,
    gchar **why);

/* ---- siplineincoming.c: of a SipCallee */

/* What networks say of a caller who was @admitted so counts. */
gboolean sip_line_knows (const gchar *admitted);
/* Another one begins, from 1 on. */
void sip_line_count_call (SipLine *self);

void sip_line_take_call (gpointer line, const SipIncoming *call);
gboolean sip_line_has_dialog (gpointer line, const SipHandle *handle);

/* ---- siplinetransfer.c: a call that goes to somebody else */

/* What numbers are at that the far end of @dialog names. */
void sip_line_note_far_end_unlocked (SipLine *self, SipDialog *dialog);
/* SIP loop; steals @transfer. @late: its call is gone. */
void sip_line_transfer_now (SipLine *self, SipLineTransfer **transfer,
    gboolean late);
/* What can be asked of a call with @dialog; a literal. */
const gchar *sip_line_get_abilities (const SipLine *self, SipDialog *dialog);
/* SIP loop: the dialog's report. */
void sip_line_note_transfer (const SipDialogTransfer *transfer, gpointer line);

/* ---- siplinefacts.c: what stays of a call whose far end is another one. SIP loop */

/* There may be another one soon. */
void sip_line_note_facts (SipLine *self);
/* The call is over. */
void sip_line_forget_facts (SipLine *self);
/* Who called whom, and how, in the call that @dialog is of; borrowed. */
void sip_line_fill_facts (SipLine *self, SipDialog *dialog,
    SipCallEvent *event);

/* ---- siplinereferral.c: a far end that gives its call to somebody else. SIP loop */

/* Of a SipDialogOwner. */
guint sip_line_take_referral (const SipDialogReferral *referral, gchar **why,
    gpointer line);
/* The dialog has ended: TRUE, the call goes on with somebody else. */
gboolean sip_line_outlives (SipLine *self, const SipDialogEnd *end);
/* Nobody else is called any more. */
void sip_line_drop_referral (SipLine *self);

/* What was asked for before it could be dialled, now. */
void sip_line_dial_pending (SipLine *self);

/* ---- siplineaccount.c: the accounts of a line. SIP loop */

void sip_line_open_accounts (SipLine *self);
void sip_line_close_accounts (SipLine *self);
/* There is an inbox, and the accounts, if there are any, have tried to register. */
gboolean sip_line_may_dial (SipLine *self);
/* Where they have numbers. */
void sip_line_note_home (SipLine *self);
/* Of a SipCallee: its registrar has sent @call. */
gboolean sip_line_trusts (gpointer line, const SipIncoming *call);
/* What it adds to a call that its registrar has sent; FALSE: somebody else has. */
gboolean sip_line_fill_incoming (SipLine *self, const SipIncoming *call,
    SipDialogSettings *settings);
/* Has a call go out to @uri, in place of @before, which has ended, NULL = there was none.
 * FALSE: no trunk takes it, and @error says why. */
gboolean sip_line_place_call (SipLine *self, const gchar *uri,
    const SipDialog *before, GError **error);
/* The same to whom its far end says to call instead. FALSE: it does not, or that is not
 * done, and @why is what more there is to say, or NULL. */
gboolean sip_line_follow_redirect (SipLine *self, const SipDialog *before,
    const SipDialogEnd *end, gchar **why);
/* The same with the next trunk, as @before ended so. FALSE: it stays ended, and @why is
 * what more there is to say, or NULL. */
gboolean sip_line_place_again (SipLine *self, SipDialog *before,
    const SipDialogEnd *end, gchar **why);

/* ---- siplinehold.c. SIP loop */

/* Steals @id. @is_late: it was asked in a call that is over. */
void sip_line_hold_now (SipLine *self, SipHoldMode mode, gchar **id,
    gboolean is_late);
/* The call is over: who waits is told. */
void sip_line_forget_hold (SipLine *self);
/* The dialog's report. */
void sip_line_note_hold (gboolean hold, gboolean done, guint status,
    gpointer line);

/* ---- siplinetimers.c: what the line does when its time is up. SIP loop */

/* A call rings that came in: until it is answered (`ring-time`, an agent that is not
 * ready yet), or nobody does (`ring-timeout`). */
void sip_line_start_ring (SipLine *self);
void sip_line_start_ring_timeout (SipLine *self);
void sip_line_stop_ring (SipLine *self);
/* `max-duration`, if there is one. */
void sip_line_start_duration (SipLine *self);
void sip_line_start_hang_up (SipLine *self); /* hang-up-delay */
void sip_line_stop_timers (SipLine *self);
/* The stream, which has a clock of its own, heard nothing for media-timeout. */
void sip_line_media_lost (SipLine *self);
/* There are no keys for its audio. */
void sip_line_keys_failed (SipLine *self);

/* ---- siplinelisteners.c: from any thread to the listeners on the media loop */

void sip_line_tell (SipLine *self, const SipCallEvent *event);
/* The element of @role, referenced, with a copy of its functions; NULL if none. */
GstElement *sip_line_dup_listener (SipLine *self, SipLineRole role,
    SipLineListener *listener);
/* A warning of @text: the call goes on. */
void sip_line_tell_warning (SipLine *self, const gchar *text);
/* Of a SipCallee: another caller, whom no line had. */
void sip_line_tell_refused (gpointer line, const SipRefusal *refusal);
/* SIP loop: a digit that came in a SIP INFO, told unless it comes by RTP too. */
void sip_line_tell_digit (SipLine *self, gchar digit, guint duration);
/* Numbers of streams, none twice. */
guint sip_line_next_serial (SipLine *self);
SipStreamUser *sip_stream_user_new (SipLine *line, guint serial);
void sip_stream_user_free (gpointer self);
extern const RtpStreamCallbacks sip_line_stream_callbacks;

G_END_DECLS
