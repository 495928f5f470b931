/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/sipuri.h"

static const struct
{
  const gchar *uri;
  SipUriVerdict verdict;
} addresses[] = {
  { "sip:bob@192.0.2.7", SIP_URI_GOOD },
  { "SIP:192.0.2.7:5060", SIP_URI_GOOD },
  { "sip:+49-30.5%235@phone_1.example:65535;transport=tcp", SIP_URI_GOOD },
  { "sip:b:secret@[2001:db8::1]:5060;lr?Subject=x", SIP_URI_GOOD },
  { "sip:[::ffff:1.2.3.4]", SIP_URI_GOOD },
  { "sips:bob@192.0.2.7", SIP_URI_GOOD },
  { "sips:[2001:db8::1]:5061", SIP_URI_GOOD },
  { "sips:", SIP_URI_BAD },
  { "sipss:bob@192.0.2.7", SIP_URI_BAD },
  { NULL, SIP_URI_BAD },
  { "", SIP_URI_BAD },
  { "sip:", SIP_URI_BAD },
  { "sip:@host", SIP_URI_BAD },
  { "sip::secret@host", SIP_URI_BAD },
  { "sip:4:%b21/@host", SIP_URI_BAD }, /* the stack cannot read it */
  { "sip:bob@", SIP_URI_BAD },
  { "sip:bob@:5060", SIP_URI_BAD },
  { "tel:+15", SIP_URI_BAD },
  { "sip:bob@host:0", SIP_URI_BAD },
  { "sip:bob@host:", SIP_URI_BAD },
  { "sip:bob@host:-1", SIP_URI_BAD },
  { "sip:bob@host:65536", SIP_URI_BAD },
  { "sip:bob@[::1", SIP_URI_BAD },
  { "sip:bob@[]", SIP_URI_BAD },
  { "sip:bob@[::1]x", SIP_URI_BAD },
  { "sip:b ob@host", SIP_URI_BAD },
  { "sip:bob@host ", SIP_URI_BAD },
  { "sip:bob@host\r\nX-Evil: 1", SIP_URI_BAD },
  { "sip:bob@host;x=\r\nX-Evil: 1", SIP_URI_BAD },
  { "sip:bob@host?a=\n", SIP_URI_BAD },
  { "sip:bob\t@host", SIP_URI_BAD },
  { "sip:\"bob\"@host", SIP_URI_BAD },
  { "sip:bob@host>;tag=1", SIP_URI_BAD },
  { "<sip:bob@host>", SIP_URI_BAD },
  { "sip:bob@host;x=<y>", SIP_URI_BAD },
  { "sip:%@host", SIP_URI_BAD },
  { "sip:%0@host", SIP_URI_BAD },
  { "sip:a%00b@host", SIP_URI_BAD },
  { "sip:a@b@host", SIP_URI_BAD },
  { "sip:b\xc3\xb6@host", SIP_URI_BAD },
};

static void
test_addresses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    if (sip_uri_check (addresses[i].uri, TRUE) != addresses[i].verdict)
      g_error ("\"%s\"", addresses[i].uri);
}

static void
test_own_port (void)
{
  g_assert_cmpint (sip_uri_check ("sip:0.0.0.0:0", FALSE), ==, SIP_URI_GOOD);
  g_assert_cmpint (sip_uri_check ("sip:0.0.0.0:0", TRUE), ==, SIP_URI_BAD);
  g_assert_cmpint (sip_uri_check ("sip:bob@*:5060", FALSE), ==, SIP_URI_GOOD);
  g_assert_cmpint (sip_uri_check ("sip:*", FALSE), ==, SIP_URI_GOOD);
  g_assert_cmpint (sip_uri_check ("sip:*.*", FALSE), ==, SIP_URI_BAD);
  g_assert_cmpint (sip_uri_check ("sip:bob@*:5060", TRUE), ==, SIP_URI_BAD);
}

static void
test_secure (void)
{
  static const gchar *const secure[] = { "sips:bob@host", "SIPS:host",
    "sip:bob@host;transport=tls", "sip:host;lr;Transport=TLS;x",
    "sip:host;transport=tls?Subject=x" };
  static const gchar *const open[] = { "sip:bob@host", "sip:host;transport=tcp",
    "sip:host;transport=tlsx", "sip:b;transport=tls@host",
    "sip:host?Subject=;transport=tls" };

  for (guint i = 0; i < G_N_ELEMENTS (secure); i++)
    g_assert_true (sip_uri_is_secure (secure[i]));
  for (guint i = 0; i < G_N_ELEMENTS (open); i++)
    g_assert_false (sip_uri_is_secure (open[i]));
}

static void
test_host (void)
{
  static const gchar *const hosts[][2] = {
    { "sip:192.0.2.7", "192.0.2.7" },
    { "sip:a@*:5070", "*" },
    { "sip:a:b@example.org:5070;x=1", "example.org" },
    { "sip:a;x=1@[2001:db8::1]:5060", "2001:db8::1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_autofree gchar *host = sip_uri_dup_host (hosts[i][0]);
    g_assert_cmpstr (host, ==, hosts[i][1]);
  }
}

static void
test_number (void)
{
  g_autofree gchar *number = sip_uri_dup_number ("+49-(30).12*#");

  g_assert_cmpstr (number, ==, "+493012*#");
}

static void
test_same_callee (void)
{
  static const struct
  {
    const gchar *uri;
    gboolean same;
  } others[] = {
    { "sip:dear@192.0.2.1", FALSE },
    { "sip:AGENT@192.0.2.1", FALSE },
    { "sip:192.0.2.1", FALSE },
    { "agent", FALSE },
    { "", FALSE },
    { "tel:+49301", FALSE },
    { "sip:agent@192.0.2.1:5070;user=phone", TRUE },
    { "sips:%61gent:x@pbx.example;transport=tcp", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_cmpint (sip_uri_is_same_callee ("sip:agent@192.0.2.1",
                         others[i].uri),
        ==, others[i].same);
  g_assert_true (sip_uri_is_same_callee ("tel:+49-30(1)", "sip:+49301@x"));
}

/* What stands behind the host. */
static void
test_strange (void)
{
  static const struct
  {
    const gchar *uri, *name;
  } uris[] = {
    { "sip:a@b;transport=tls;LR", NULL },
    { "sip:a;x=1@b:5060", NULL },
    { "sip:*:5061;transpor=tls", "transpor" },
    { "sip:a@b;lr;=x", "" },
    { "sip:a@b?Subject=x", "headers" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autofree gchar *name = sip_uri_dup_strange (uris[i].uri);
    g_assert_cmpstr (name, ==, uris[i].name);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipuri/addresses", test_addresses);
  g_test_add_func ("/sipuri/own-port", test_own_port);
  g_test_add_func ("/sipuri/secure", test_secure);
  g_test_add_func ("/sipuri/host", test_host);
  g_test_add_func ("/sipuri/number", test_number);
  g_test_add_func ("/sipuri/same-callee", test_same_callee);
  g_test_add_func ("/sipuri/strange", test_strange);
  return g_test_run ();
}
