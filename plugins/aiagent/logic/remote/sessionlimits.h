/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many sessions with somebody who is paid there may be: at once, and each minute for
 * one source. Of a source as many may begin at once as a minute has.
 *
 * A source is an address; of IPv6 it is the network (64 bits), as one subscriber has as
 * many addresses as he likes, unless that is an IPv4 one as IPv6 has it. Of
 * SESSION_LIMITS_SOURCES those are forgotten that have begun nothing for a minute; where
 * that makes no place, all that come besides are one source: a flood of addresses frees
 * nobody of what he owes. */

#define SESSION_LIMITS_SOURCES 4096

typedef struct _SessionLimits SessionLimits;

typedef enum
{
  SESSION_LIMITS_FREE, /* it is counted until session_limits_end() */
  SESSION_LIMITS_TOO_MANY, /* at once */
  SESSION_LIMITS_TOO_FAST, /* of this source */
} SessionLimitsVerdict;

SessionLimits *session_limits_new (void);
void session_limits_free (SessionLimits *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionLimits, session_limits_free)

/* One is to begin at @now (ns). @source: NULL = of our own. @most at once, @per_minute:
 * 0 = no limit. What is refused counts for nothing. */
SessionLimitsVerdict session_limits_begin (SessionLimits *self,
    const gchar *source, guint most, guint per_minute, gint64 now);
void session_limits_end (SessionLimits *self);
guint session_limits_count_sources (const SessionLimits *self);

G_END_DECLS
