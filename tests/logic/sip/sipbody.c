/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/sipbody.h"

#include <string.h>

#define SDP "v=0\r\ns=-\r\n"
#define SDP_PART "Content-Type: application/sdp\r\n\r\n" SDP
#define ISUP_PART \
  "Content-Type: application/isup; version=itu-t92+\r\n" \
  "Content-Disposition: signal; handling=required\r\n\r\n\x01\x11\r\n\xff"
#define PIDF_PART \
  "Content-Type: application/pidf+xml\r\nContent-ID: <a@b>\r\n\r\n<presence/>"

#define BASE64_PART \
  "Content-Transfer-Encoding: base64\r\n" \
  "Content-Type: application/sdp\r\n\r\ndj0w"
#define NESTED(parameters, boundary, part) \
  "--x\r\nContent-Type: multipart/alternative;" parameters \
  "\r\n\r\n--" boundary "\r\n" part "\r\n--" boundary "--\r\n--x--\r\n"

static const struct
{
  const gchar *boundary, *body;
  const gchar *sdp; /* NULL: has no such part */
} bodies[] = {
  { "x", "--x\r\n" SDP_PART "\r\n--x\r\n" ISUP_PART "\r\n--x--\r\n", SDP },
  { "x", "--x\r\n" ISUP_PART "\r\n--x\r\n" SDP_PART "\r\n--x--\r\n", SDP },
  { "x",
      "--x\r\n" PIDF_PART "\r\n--x\r\n" ISUP_PART "\r\n--x\r\n" SDP_PART
      "\r\n--x--",
      SDP },
  /* preamble and epilogue, one of which looks like a part */
  { "\"a b\"",
      "Hello\r\n--a\r\n" SDP_PART "1\r\n--a b \r\n" SDP_PART
      "\r\n--a b--\r\n--a b\r\n" SDP_PART "2\r\n--a b--\r\n",
      SDP },
  { "\"a\\\"b\"", "--a\"b\r\n" SDP_PART "\r\n--a\"b--", SDP },
  /* a boundary that begins like another line of the body */
  { "x", "--x\r\n" SDP_PART "--xy\r\n\r\n--x--\r\n", SDP "--xy\r\n" },
  /* careless: LF only, no end, blanks, capitals, short names, parameters */
  { "x", "--x\nc : APPLICATION/SDP ;charset=utf-8\n\nv=0\ns=-\n\n--x--\n",
      "v=0\ns=-\n" },
  { "x", "--x\r\n" SDP_PART, SDP },
  { "x",
      "--x\r\nContent-Length: 5\r\nContent-Disposition:session\r\n"
      "Content-Transfer-Encoding: BINARY\r\n" SDP_PART "\r\n--x--",
      SDP },
  /* the first of several */
  { "x", "--x\r\n" SDP_PART "\r\n--x\r\n" SDP_PART "2\r\n--x--\r\n", SDP },
  /* in a part that has parts itself, its header folded or with quotes */
  { "x", NESTED ("boundary=y", "y", SDP_PART), SDP },
  { "x", NESTED ("\r\n boundary=y", "y", SDP_PART), SDP },
  { "x", NESTED ("a=\"; boundary=x\"; Boundary=\"y;z\"", "y;z", SDP_PART),
      SDP },
  { "x", NESTED ("boundary=y ; a=b", "y", PIDF_PART), NULL },
  { "x",
      "--x\r\nContent-Type: multipart/mixed\r\n\r\n\r\n--x\r\n" SDP_PART
      "\r\n--x--",
      SDP },
  /* one that can be read beside one that cannot */
  { "x", "--x\r\n" BASE64_PART "\r\n--x\r\n" SDP_PART "\r\n--x--", SDP },
  { "x", "--x\r\nContent-Transfer-Encoding: base64\r\n" PIDF_PART "\r\n--x--",
      NULL },
  { "x", "--x\r\nContent-Encoding: identity\r\n" SDP_PART "\r\n--x--", SDP },
  { "x", "--x\r\n" ISUP_PART "\r\n--x--\r\n" SDP_PART, NULL },
  { "x", "--x--", NULL },
  { "x", "--x", NULL },
  { "x", "--x\r\nContent-Type", NULL },
};

static void
test_parts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    const gchar *part;
    gsize size;

    g_test_message ("body %u", i);
    g_assert_true (sip_body_find_part (bodies[i].boundary, bodies[i].body,
        strlen (bodies[i].body), "application/sdp", &part, &size));
    g_autofree gchar *found = part ? g_strndup (part, size) : NULL;
    g_assert_cmpstr (found, ==, bodies[i].sdp);
  }
}

static void
test_no_multipart (void)
{
  static const gchar *const others[] = { "", "-", SDP, "--y\r\n" SDP_PART,
    " --x\r\n" SDP_PART, "--xx\r\n" };
  g_autofree gchar *longest = g_strnfill (71, 'x');
  const gchar *const boundaries[] = { NULL, "", "\"\"", "\"", longest };
  const gchar *part;
  gsize size;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (sip_body_find_part ("x", others[i], strlen (others[i]),
        "application/sdp", &part, &size));
  for (guint i = 0; i < G_N_ELEMENTS (boundaries); i++)
    g_assert_false (sip_body_find_part (boundaries[i], "--\r\n" SDP_PART,
        strlen ("--\r\n" SDP_PART), "application/sdp", &part, &size));
}

/* SDP is there, or may be, but cannot be read: no body without an offer. */
static void
test_unreadable (void)
{
  static const gchar *const unreadable[] = {
    "--x\r\n" BASE64_PART "\r\n--x--",
    "--x\r\n" ISUP_PART "\r\n--x\r\n" BASE64_PART "\r\n--x--",
    "--x\r\nContent-Encoding: gzip\r\n" SDP_PART "\r\n--x--",
    "--x\r\ne: gzip\r\n" SDP_PART "\r\n--x--",
    NESTED ("boundary=y", "y", BASE64_PART),
    NESTED ("boundary=z", "y", SDP_PART),
    NESTED ("charset=y", "y", SDP_PART),
    NESTED ("boundary=y\r\nContent-Transfer-Encoding: base64", "y", SDP_PART),
    NESTED ("boundary=y", "y",
        "Content-Type: multipart/mixed;boundary=z\r\n\r\n--z\r\n" SDP_PART
        "\r\n--z--"),
  };
  const gchar *part;
  gsize size;

  for (guint i = 0; i < G_N_ELEMENTS (unreadable); i++) {
    g_test_message ("body %u", i);
    g_assert_false (sip_body_find_part ("x", unreadable[i],
        strlen (unreadable[i]), "application/sdp", &part, &size));
    g_assert_null (part);
    g_assert_cmpuint (size, ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipbody/parts", test_parts);
  g_test_add_func ("/sipbody/unreadable", test_unreadable);
  g_test_add_func ("/sipbody/no-multipart", test_no_multipart);
  return g_test_run ();
}
