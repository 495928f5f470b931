/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The BYE of a call that is up. Decisions:
 * - The stack sends what is no INVITE one after the other, each when the one before has its
 *   answer, 32 s at most, and takes none back. So where an INFO, REFER, NOTIFY or PRACK of ours
 *   is open the BYE goes beside them, by a handle of its own that has the dialog's names and
 *   way. Its number is higher than any that the stack can have used (RFC 3261 12.2.1.1 wants
 *   it to grow, and stay below 2^31), of which the stack does not tell.
 * - Of an UPDATE that refreshes the session the stack does not tell that it is open: where its
 *   own BYE has no answer for sip_dialog_bye_wait one goes beside it. Who had the first says
 *   481 to the second, which ends the call as well.
 * - The dialog waits for the answer to that BYE, and is gone then, with what was open. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/signalling/siploop.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define LAST_NUMBER "2147483392 BYE"

guint sip_dialog_bye_wait = 2000;

/* ---- The dialog's names and way */

/* The value of @header; (transfer full). */
static gchar *
dup_value (const void *header)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  gchar *value = g_strdup (sip_header_as_string (home, header));

  su_home_deinit (home);
  return value;
}

/* RFC 3261 12.1: a caller goes it backwards. (transfer full), NULL: there is none. */
static gchar *
dup_route (const SipDialog *self, const sip_record_route_t *record)
{
  gchar *route = NULL;

  for (; record; record = record->r_next) {
    sip_record_route_t one = *record;
    one.r_next = NULL;
    g_autofree gchar *hop = dup_value (&one);
    g_autofree gchar *before = route;
    if (!before)
      route = g_steal_pointer (&hop);
    else if (self->outgoing)
      route = g_strconcat (hop, ", ", before, NULL);
    else
      route = g_strconcat (before, ", ", hop, NULL);
  }
  return route;
}

void
sip_dialog_note_names (SipDialog *self, const void *own, const void *peer)
{
  g_free (self->way.own);
  g_free (self->way.peer);
  self->way.own = dup_value (own);
  self->way.peer = dup_value (peer);
}

void
sip_dialog_note_target (SipDialog *self, const sip_t *sip)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };

  if (!sip->sip_contact)
    return;
  g_free (self->way.target);
  self->way.target = g_strdup (url_as_string (home, sip->sip_contact->m_url));
  su_home_deinit (home);
}

void
sip_dialog_note_way (SipDialog *self, const sip_t *sip, const gchar *proxy)
{
  g_free (self->way.proxy);
  self->way.proxy = g_strdup (proxy);
  if (!self->way.route)
    self->way.route = dup_route (self, sip->sip_record_route);
}

/* ---- Beside what is open */

void
sip_dialog_count_request (SipDialog *self)
{
  self->open_requests++;
}

void
sip_dialog_note_answered (SipDialog *self, const SipEvent *event)
{
  if (event->status >= 200 && self->open_requests &&
      (event->event == nua_r_info || event->event == nua_r_refer ||
          event->event == nua_r_notify || event->event == nua_r_prack))
    self->open_requests--;
}

/* 401: it wants to know who hangs up. */
static gboolean
show_password (SipDialog *self, const SipEvent *event)
{
  return event->sip && sip_auth_is_asked (event->status) &&
      sip_auth_answer (&self->settings.account.auth, self->way.nh,
          event->status, event->sip) == SIP_AUTH_ANSWERED;
}

static void
on_beside (SipHandle *handle, const SipEvent *event)
{
  SipDialog *self = (SipDialog *) ((gchar *) handle -
      G_STRUCT_OFFSET (SipDialog, way.handle));

  if (event->event != nua_r_method || event->status < 200 ||
      show_password (self, event))
    return;
  GST_DEBUG ("%s: the BYE beside an open request: %d", sip_dialog_log_id (self),
      event->status);
  sip_dialog_free (self);
}

static void
send_beside (SipDialog *self)
{
  const SipDialogWay *way = &self->way;

  GST_DEBUG ("%s: BYE goes out beside what is open", sip_dialog_log_id (self));
  self->way.handle.event = on_beside;
  sip_auth_begin (&self->settings.account.auth);
  self->way.nh = nua_handle (sip_agent_get_nua (self->agent),
      sip_handle_get_magic (&self->way.handle), NUTAG_URL (way->target),
      SIPTAG_CALL_ID_STR (self->call_id), SIPTAG_FROM_STR (way->own),
      SIPTAG_TO_STR (way->peer), TAG_END ());
  nua_method (self->way.nh, NUTAG_METHOD ("BYE"),
      TAG_IF (way->proxy, NUTAG_PROXY (way->proxy)),
      TAG_IF (way->route, SIPTAG_ROUTE_STR (way->route)),
      TAG_IF (self->reason, SIPTAG_REASON_STR (self->reason)),
      SIPTAG_CSEQ_STR (LAST_NUMBER), SIPTAG_CONTACT (SIP_NONE), TAG_END ());
}

static gboolean
can_go_beside (const SipDialog *self)
{
  return !self->way.nh && self->way.own && self->way.target;
}

static gboolean
on_no_answer (gpointer data)
{
  SipDialog *self = data;

  g_clear_pointer (&self->way.timer, g_source_unref);
  if (can_go_beside (self))
    send_beside (self);
  return G_SOURCE_REMOVE;
}

void
sip_dialog_send_bye (SipDialog *self)
{
  if (self->open_requests && can_go_beside (self)) {
    send_beside (self);
    return;
  }
  nua_bye (self->nh, TAG_IF (self->reason, SIPTAG_REASON_STR (self->reason)),
      TAG_END ());
  if (!self->way.timer)
    self->way.timer = io_loop_add_timeout (sip_loop_get (), sip_dialog_bye_wait,
        on_no_answer, self);
}

gboolean
sip_dialog_is_left (const SipDialog *self)
{
  return self->way.nh != NULL;
}

void
sip_dialog_clear_way (SipDialog *self)
{
  io_loop_clear_timeout (&self->way.timer);
  if (self->way.nh) {
    nua_handle_bind (self->way.nh, NULL);
    nua_handle_destroy (g_steal_pointer (&self->way.nh));
  }
  g_free (self->way.own);
  g_free (self->way.peer);
  g_free (self->way.target);
  g_free (self->way.route);
  g_free (self->way.proxy);
}
