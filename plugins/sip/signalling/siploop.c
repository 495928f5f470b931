/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "siploop.h"

#include "common/base/gstvoicelog.h"
#include "sip/auth/sipauth.h"

#include <gst/gst.h>
#include <sofia-sip/su_glib.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_uniqueid.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define TURNS 20 /* far more than a BYE takes */

/* SIP loop only. */
static su_root_t *root;

/* The library's destructor deletes the thread key of its random numbers, used or
 * not: unused that is key 0, which may be GLib's, and a process that has only
 * looked at the plugin aborts on its way out. */
__attribute__ ((constructor)) static void
claim_random_numbers (void)
{
  su_random64 ();
}

extern su_log_t tport_log[], nta_log[], nua_log[], nea_log[], iptsec_log[],
    stun_log[], soa_log[];

static void
log_sofia (void *stream, const char *format, va_list args)
{
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  g_autofree gchar *line = gst_voice_log_text (g_strchomp (text));

  GST_LOG ("sofia: %s", line);
}

static void
silence_log (su_log_t *log)
{
  su_log_redirect (log, log_sofia, NULL);
  su_log_set_level (log,
      gst_debug_category_get_threshold (gst_sip_debug) >= GST_LEVEL_LOG ? 5
                                                                        : 0);
}

static void
start_sofia (gpointer data)
{
  IoLoop *loop = data;

  su_init ();
  sip_auth_init ();
  su_log_t *logs[] = { su_log_default, tport_log, nta_log, nua_log, nea_log,
    iptsec_log, stun_log, soa_log };
  for (guint i = 0; i < G_N_ELEMENTS (logs); i++)
    silence_log (logs[i]);
  root = su_glib_root_create (NULL);
  su_root_threading (root, 0);
  GSource *source = su_glib_root_gsource (root);
  /* It never does. But around each turn of one that cannot GLib takes its sockets
   * from the poll and puts them back, and wakes the loop for each. */
  g_source_set_can_recurse (source, TRUE);
  g_source_attach (source, io_loop_get_context (loop));
}

static gpointer
make_loop (gpointer unused)
{
  IoLoop *loop = io_loop_acquire ("sip");

  io_loop_invoke (loop, start_sofia, loop, NULL);
  return loop;
}

IoLoop *
sip_loop_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_loop, NULL);
}

static void
take_a_turn (gpointer unused)
{
}

/* The turns are the loop's own: to make it turn from within one of them would nest
 * as deep as there are lines that leave. */
void
sip_loop_settle (guint timeout)
{
  gint64 end = g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;

  for (guint i = 0; i < TURNS; i++) {
    gint64 left = end - g_get_monotonic_time ();
    if (left <= 0 ||
        !io_loop_invoke_wait (sip_loop_get (), take_a_turn, NULL, NULL,
            (guint) (left / G_TIME_SPAN_MILLISECOND)))
      return;
  }
}

su_root_t *
sip_loop_get_root (void)
{
  return root;
}
