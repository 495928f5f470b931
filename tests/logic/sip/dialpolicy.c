/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/dial/dialpolicy.h"

#define PLACE "trunk.example"

static DialPolicy *
policy_of (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  DialPolicy *self = dial_policy_new (text, &error);

  g_assert_no_error (error);
  return self;
}

typedef struct
{
  const gchar *allow, *target;
  const gchar *uri; /* NULL: it may not be called */
} Case;

static void
check (const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++) {
    const Case *c = &cases[i];
    g_autoptr (DialPolicy) policy = policy_of (c->allow);
    g_autofree gchar *uri = NULL;
    const DialVerdict verdict =
        dial_policy_check (policy, c->target, PLACE, &uri);

    if (g_strcmp0 (uri, c->uri) ||
        (verdict == DIAL_ALLOWED) != (c->uri != NULL))
      g_error ("%s: %s gives %s", c->allow, c->target, uri ? uri : "nothing");
  }
}

#define NUMBER "sip:+4930123456@" PLACE ";user=phone"

static void
test_numbers (void)
{
  static const Case cases[] = {
    { "+4930*", "+4930123456", NUMBER },
    { "+4930*", "0049 30 123-456", NUMBER },
    { "+4930*", "tel:+49-(30)-123.456", NUMBER },
    { "+49-30*", "+4930123456", NUMBER },
    { "004930*", "+4930123456", NUMBER },
    { "+4930123456", "+4930123456", NUMBER },
    { "+4930123456", "+49301234567", NULL },
    { "+4930*", "+49", NULL },
    { "+4930*", "+493", NULL },
    { "+4930*", "030123456", NULL }, /* local */
    { "+4930*", "+4940123456", NULL },
    { "+4930*", "+0049301234", NULL }, /* no country begins so */
    { "+*", "+00493012", NULL },
    { "+*", "00", NULL },
    { "0*", "030123456", "sip:030123456@" PLACE ";user=phone" },
    { "0*", "0049301234", NULL }, /* abroad, however spelt */
    { "0*", "0 0 4930", NULL },
    { "00*", "+1900", "sip:+1900@" PLACE ";user=phone" },
    { "2*,112", "205", "sip:205@" PLACE ";user=phone" },
    { "2*,112", "112", "sip:112@" PLACE ";user=phone" },
    { "2*,112", "1122", NULL },
    { "2*", "tel:205;phone-context=+1", NULL },
    { "+4930*", "tel:+4930123456;ext=1", NULL },
    { "+4930*", "tel:+49 30 123456", NULL },
    { "+4930*", "+4930123456\r\n", NULL },
    { "+4930*", "+4930+123456", NULL },
    { "+4930*", "+4930123456,,,9", NULL },
    { "+4930*", "+49301234567890123", NULL }, /* over 15 digits */
    { "2*", "2*70", NULL },
    { "2*", "2#", NULL },
  };

  check (cases, G_N_ELEMENTS (cases));
}

static void
test_addresses (void)
{
  static const Case cases[] = {
    { "sip:*@pbx.example", "sip:bob@pbx.example", "sip:bob@pbx.example" },
    { "sip:*@pbx.example", "SIP:bob@PBX.Example.", "sip:bob@pbx.example" },
    { "sip:*@PBX.example", "sip:pbx.example", "sip:pbx.example" },
    { "sip:pbx.example", "sip:bob@pbx.example", NULL },
    { "sip:*@pbx.example", "sip:bob@pbx.example.evil.example", NULL },
    { "sip:*@pbx.example", "sip:bob@evilpbx.example", NULL },
    { "sip:*@*.example", "sip:bob@pbx.example", "sip:bob@pbx.example" },
    { "sip:*@*.example", "sip:bob@example", NULL },
    { "sip:*@*.example", "sip:bob@evilexample", NULL },
    { "sip:*@*", "sip:bob@[2001:DB8::1]", "sip:bob@[2001:db8::1]" },
    { "sip:b*@pbx.example", "sip:bob@pbx.example", "sip:bob@pbx.example" },
    { "sip:b*@pbx.example", "sip:%62ob@pbx.example", "sip:bob@pbx.example" },
    { "sip:b*@pbx.example", "sip:alice@pbx.example", NULL },
    { "sip:b*@pbx.example", "sip:Bob@pbx.example", NULL },
    { "sip:*@pbx.example", "sips:bob@pbx.example", NULL },
    { "sips:*@pbx.example", "sips:bob@pbx.example", "sips:bob@pbx.example" },
    { "sip:*@pbx.example", "bob@pbx.example", NULL },
    { "sip:*@pbx.example", "http://pbx.example", NULL },
    { "sip:*@pbx.example", "", NULL },
    { "", "sip:bob@pbx.example", NULL },
    { NULL, "+4930123456", NULL },
  };

  check (cases, G_N_ELEMENTS (cases));
}

/* The user of an address is a number if it looks like one. */
static void
test_numbers_at_hosts (void)
{
  static const Case cases[] = {
    { "sip:+4930*@pbx.example", "sip:+49-30-12@pbx.example",
        "sip:+493012@pbx.example" },
    { "sip:+4930*@pbx.example", "sip:00493012@pbx.example;user=phone",
        "sip:+493012@pbx.example;user=phone" },
    { "sip:0049*@pbx.example", "sip:+493012@pbx.example",
        "sip:+493012@pbx.example" },
    { "sip:0*@pbx.example", "sip:00493012@pbx.example", NULL },
    { "sip:0*@pbx.example", "sip:0(0)493012@pbx.example", NULL },
    { "sip:0*@pbx.example", "sip:%30%30493012@pbx.example", NULL },
    { "sip:0*@pbx.example", "sip:0893012@pbx.example",
        "sip:0893012@pbx.example" },
    { "sip:*@pbx.example", "sip:bob@pbx.example;user=phone", NULL },
    { "sip:*@pbx.example", "sip:+bob@pbx.example", NULL },
    { "sip:*@pbx.example", "sip:*70@pbx.example", NULL }, /* a feature */
    { "sip:*@pbx.example", "sip:%2a70@pbx.example", NULL },
    /* A number goes to where the far end is. */
    { "sip:*@" PLACE, "205", "sip:205@" PLACE ";user=phone" },
    { "sip:3*@" PLACE, "205", NULL },
    /* What is said of numbers says nothing of addresses. */
    { "+4930*", "sip:+493012@pbx.example", NULL },
  };

  check (cases, G_N_ELEMENTS (cases));
}

#define PBX "sip:*@pbx.example"

static void
test_tricks (void)
{
  static const Case cases[] = {
    { PBX, "sip:bob@pbx.example@evil.example", NULL },
    { PBX, "sip:bob%40pbx.example@evil.example", NULL },
    { PBX, "sip:bob@evil.example;x=@pbx.example", NULL },
    { PBX, "sip:bob@pbx.example:5070", NULL },
    { PBX, "sip:bob@pbx.example:5060", "sip:bob@pbx.example:5060" },
    { PBX, "sip:bob@pbx.example:0", NULL },
    { PBX, "sip:bob@pbx.example:", NULL },
    { PBX ":*", "sip:bob@pbx.example:5070", "sip:bob@pbx.example:5070" },
    { PBX ":5070", "sip:bob@pbx.example:5070", "sip:bob@pbx.example:5070" },
    { PBX ":5070", "sip:bob@pbx.example", NULL },
    { PBX, "sip:bob@pbx.example?Replaces=1", NULL },
    { PBX, "sip:bob@pbx.example;transport=tcp?Route=x", NULL },
    { PBX, "sip:bob@pbx.example;maddr=evil.example", NULL },
    { PBX, "sip:bob@pbx.example;method=BYE", NULL },
    { PBX, "sip:bob@pbx.example;lr", NULL },
    { PBX, "sip:bob@pbx.example;transport=TCP",
        "sip:bob@pbx.example;transport=tcp" },
    { PBX, "sip:bob@pbx.example;transport=tcp;transport=udp", NULL },
    { PBX, "sip:bob@pbx.example;transport=ws", NULL },
    { PBX, "sip:bob@pbx.example;transport=udp;lr", NULL },
    { PBX, "sip:bob@pbx.example;transport=tls;xxxxxxxxxxtls", NULL },
    { PBX, "sip:bob@pbx.example;transport=tls;user=ip",
        "sip:bob@pbx.example;transport=tls" },
    { PBX, "sip:bob@pbx.example;", NULL },
    { PBX, "sip:bob;x=y@pbx.example", NULL },
    { PBX, "sip:bob:secret@pbx.example", NULL },
    { PBX, "sip:@pbx.example", NULL },
    { PBX, "sip:b%00b@pbx.example", NULL },
    { PBX, "sip:b%0d%0ab@pbx.example", NULL },
    { PBX, "sip:b%3fb@pbx.example", NULL },
    { PBX, "sip:b%@pbx.example", NULL },
    { PBX, "sip:bob@pbx%2eexample", NULL },
    { PBX, "sip:bob@pbx.example ", NULL },
    { PBX, " sip:bob@pbx.example", NULL },
    { PBX, "<sip:bob@pbx.example>", NULL },
    { PBX,
        "sip:b\xc3\xb6"
        "b@pbx.example",
        NULL },
    { PBX, "sip:bob@pbx.example\nX-Evil: 1", NULL },
    { PBX, "sip:bob@pbx.example,sip:eve@evil.example", NULL },
    { "sip:*@192.0.2.7", "sip:bob@3221225991", NULL },
    { "sip:*@192.0.2.7", "sip:bob@192.0.519", NULL },
  };

  check (cases, G_N_ELEMENTS (cases));
}

static void
test_long (void)
{
  g_autoptr (DialPolicy) policy = policy_of ("sip:*@*");
  g_autofree gchar *user = g_strnfill (300, 'a');
  g_autofree gchar *target = g_strconcat ("sip:", user, "@x", NULL);
  g_autofree gchar *uri = NULL;

  g_assert_cmpint (dial_policy_check (policy, target, NULL, &uri), ==,
      DIAL_UNREADABLE);
}

static void
test_verdicts (void)
{
  g_autoptr (DialPolicy) policy = policy_of ("+*,sip:*@a");
  g_autofree gchar *uri = NULL;

  g_assert_cmpint (dial_policy_check (policy, "+4930", NULL, &uri), ==,
      DIAL_UNREADABLE); /* no place */
  g_assert_cmpint (dial_policy_check (policy, "+4930", "a b", &uri), ==,
      DIAL_UNREADABLE);
  g_assert_cmpint (dial_policy_check (policy, "sip:x@b", "a", &uri), ==,
      DIAL_FORBIDDEN);
  g_assert_cmpint (dial_policy_check (policy, "x", "a", &uri), ==,
      DIAL_UNREADABLE);
  g_assert_null (uri);
  g_assert_cmpint (dial_policy_check (policy, "+4930", "a:5070", &uri), ==,
      DIAL_ALLOWED);
  g_assert_cmpstr (uri, ==, "sip:+4930@a:5070;user=phone");
}

static void
test_patterns (void)
{
  static const gchar *const wrong[] = { "*", "bob", "bob@pbx.example", "+",
    "+0*", "sip:", "sip:@pbx.example", "sip:bob@",
    "sip:*@pbx.example;transport=tcp", "sip:*@pbx.example:x", "sip:*@*x",
    "sip:*@*.", "+49*30", "tel:+49*", "+49,,+43", "+49,", "0049 30*", "http:x",
    "b\xff" };
  static const gchar *const good[] = { "+*", "+49*, +43*", "sip:*@*:*",
    "sip:*@*:5070", "sip:*@*.example:5070", "sip:*@[2001:db8::1]:5070",
    "sip:%62*@pbx.example" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (DialPolicy) policy = dial_policy_new (wrong[i], &error);
    if (policy)
      g_error ("\"%s\" is taken", wrong[i]);
    g_assert_error (error, DIAL_POLICY_ERROR, 0);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (DialPolicy) policy = policy_of (good[i]);
    g_assert_false (dial_policy_is_empty (policy));
  }
  g_autoptr (DialPolicy) empty = policy_of ("");
  g_assert_true (dial_policy_is_empty (empty));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dialpolicy/numbers", test_numbers);
  g_test_add_func ("/dialpolicy/addresses", test_addresses);
  g_test_add_func ("/dialpolicy/numbers-at-hosts", test_numbers_at_hosts);
  g_test_add_func ("/dialpolicy/tricks", test_tricks);
  g_test_add_func ("/dialpolicy/long", test_long);
  g_test_add_func ("/dialpolicy/verdicts", test_verdicts);
  g_test_add_func ("/dialpolicy/patterns", test_patterns);
  return g_test_run ();
}
