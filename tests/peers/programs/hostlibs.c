/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Makes of runline a program which links libraries of its own that know our words:
 * libsofia-sip-ua has an sdp_parse(), spandsp a playout_free(), speexdsp a
 * jitter_buffer_init(). What the program links comes first in the search of every
 * module that it loads. */

#include <sofia-sip/sdp.h>
#include <speex/speex_jitter.h>
#include <spandsp.h>
#include <stdlib.h>

static void __attribute__ ((constructor)) use_all (void)
{
  static const char text[] = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
                             "c=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                             "m=audio 4000 RTP/AVP 0\r\n";
  su_home_t *home = su_home_new (sizeof (*home));
  sdp_parser_t *parser = sdp_parse (home, text, sizeof (text) - 1, 0);
  playout_state_t *playout = playout_init (0, 0);
  JitterBuffer *jitter = jitter_buffer_init (160);

  if (sdp_session (parser) == NULL || playout == NULL || jitter == NULL)
    abort ();
  jitter_buffer_destroy (jitter);
  playout_free (playout);
  sdp_parser_free (parser);
  su_home_unref (home);
}
