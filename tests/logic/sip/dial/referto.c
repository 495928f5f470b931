/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/dial/referto.h"

#include "sip/logic/dial/sipfrag.h"

#include <string.h>

#define TAGS "%3Bto-tag%3D1%3Bfrom-tag%3D2"

static void
test_target (void)
{
  static const struct
  {
    const gchar *uri, *target;
  } cases[] = {
    { "sip:carol@pbx.example", "sip:carol@pbx.example" },
    { "sip:carol@pbx.example;method=INVITE", "sip:carol@pbx.example" },
    { "sip:carol@pbx.example;METHOD=invite;transport=tcp",
        "sip:carol@pbx.example;transport=tcp" },
    { "sip:a;method=BYE@pbx.example", "sip:a;method=BYE@pbx.example" },
    { "tel:+4930123", "tel:+4930123" },
    { "http://www.example/", "http://www.example/" },
    { "sip:carol@pbx.example?", "sip:carol@pbx.example" },
    { "sip:carol@pbx.example?Subject=x&Contact=%3Csip:eve@evil%3E",
        "sip:carol@pbx.example" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (ReferTo) self = { NULL, NULL };
    g_assert_cmpint (refer_to_read (&self, cases[i].uri), ==, REFER_TO_READ);
    g_assert_cmpstr (self.target, ==, cases[i].target);
    g_assert_null (self.replaces);
  }
}

static void
test_replaces (void)
{
  static const struct
  {
    const gchar *uri, *replaces;
  } cases[] = {
    { "sip:c@x?Replaces=12@y" TAGS, "12@y;to-tag=1;from-tag=2" },
    { "sip:c@x?Require=replaces&replaces=12%40y%3Bfrom-tag%3D2%3Bto-tag%3D1",
        "12@y;to-tag=1;from-tag=2" },
    { "sip:c@x?Replaces=a" TAGS "%3Bearly-only%3Bx%3Dy",
        "a;to-tag=1;from-tag=2;early-only" },
    { "sip:c@x?Replaces=a;to-tag=1;from-tag=2", "a;to-tag=1;from-tag=2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (ReferTo) self = { NULL, NULL };
    g_assert_cmpint (refer_to_read (&self, cases[i].uri), ==, REFER_TO_READ);
    g_assert_cmpstr (self.target, ==, "sip:c@x");
    g_assert_cmpstr (self.replaces, ==, cases[i].replaces);
  }
}

static void
test_unreadable (void)
{
  g_autofree gchar *filling = g_strnfill (REFER_TO_LONGEST, 'a');
  g_autofree gchar *lengthy = g_strconcat ("sip:", filling, NULL);
  const gchar *const uris[] = { NULL, "", "?Replaces=a" TAGS, "sip:c@x y",
    "sip:c@x\r\nX-Evil: 1", "sip:c@x?Replaces=", "sip:c@x?Replaces=a",
    "sip:c@x?Replaces=a%3Bto-tag%3D1", "sip:c@x?Replaces=a" TAGS "%0d%0aX: 1",
    "sip:c@x?Replaces=a%0d%0aX-Evil:%201" TAGS, "sip:c@x?Replaces=a%00" TAGS,
    "sip:c@x?Replaces=a%" TAGS, "sip:c@x?Replaces=a%3Bto-tag%3D%3Bfrom-tag%3D2",
    "sip:c@x?Replaces=a%3Bto-tag%3D1%3Bto-tag%3D3%3Bfrom-tag%3D2",
    "sip:c@x?Replaces=a" TAGS "&Replaces=b" TAGS, lengthy };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_auto (ReferTo) self = { NULL, NULL };
    if (refer_to_read (&self, uris[i]) != REFER_TO_UNREADABLE)
      g_error ("%s", uris[i]);
    g_assert_null (self.target);
    g_assert_null (self.replaces);
  }
}

static void
test_method (void)
{
  static const gchar *const uris[] = { "sip:c@x;method=BYE",
    "sip:c@x;method=", "sip:c@x;transport=tcp;Method=MESSAGE",
    "sip:x;method=SUBSCRIBE" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_auto (ReferTo) self = { NULL, NULL };
    g_assert_cmpint (refer_to_read (&self, uris[i]), ==, REFER_TO_OTHER_METHOD);
    g_assert_null (self.target);
  }
}

/* What we say, others can read. */
static void
test_sipfrag (void)
{
  g_autofree gchar *text = sip_frag_write (486, "Busy Here");

  g_assert_cmpstr (text, ==, "SIP/2.0 486 Busy Here\r\n");
  g_assert_cmpuint (sip_frag_read_status (text, strlen (text)), ==, 486);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/referto/target", test_target);
  g_test_add_func ("/referto/replaces", test_replaces);
  g_test_add_func ("/referto/unreadable", test_unreadable);
  g_test_add_func ("/referto/method", test_method);
  g_test_add_func ("/referto/sipfrag", test_sipfrag);
  return g_test_run ();
}
