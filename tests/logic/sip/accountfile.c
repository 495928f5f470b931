/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/account/logic/accountfile.h"
#include "sip/account/logic/registertimes.h"

#include <string.h>

static void
test_aor (void)
{
  static const struct
  {
    const gchar *text, *aor, *user, *domain, *registrar;
  } aors[] = {
    { "sip:4930123@trunk.example", "sip:4930123@trunk.example", "4930123",
        "trunk.example", "sip:trunk.example" },
    { "sip:bob@192.0.2.1:5070;transport=tcp", "sip:bob@192.0.2.1", "bob",
        "192.0.2.1", "sip:192.0.2.1:5070;transport=tcp" },
    { "sips:bob@pbx.example:5071", "sips:bob@pbx.example", "bob", "pbx.example",
        "sips:pbx.example:5071" },
    { "SIP:a.b@[2001:db8::1]", "sip:a.b@[2001:db8::1]", "a.b", "[2001:db8::1]",
        "sip:[2001:db8::1]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (aors); i++) {
    g_autoptr (GError) error = NULL;
    Account account;

    g_assert_true (account_file_read_aor (&account, aors[i].text, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (account.name, ==, aors[i].aor);
    g_assert_cmpstr (account.aor, ==, aors[i].aor);
    g_assert_cmpstr (account.user, ==, aors[i].user);
    g_assert_cmpstr (account.auth_user, ==, aors[i].user);
    g_assert_cmpstr (account.from_domain, ==, aors[i].domain);
    g_assert_cmpstr (account.registrar, ==, aors[i].registrar);
    g_assert_cmpuint (account.expires, ==, ACCOUNT_FILE_EXPIRES);
    account_clear (&account);
  }
}

static void
test_split (void)
{
  g_autofree gchar *file = NULL, *name = NULL;
  gboolean is_aor;

  g_assert_true (account_file_split ("sip:a@b#c", &is_aor, &file, &name));
  g_assert_true (is_aor);
  g_assert_true (
      account_file_split ("/etc/my#trunks.ini#berlin", &is_aor, &file, &name));
  g_assert_false (is_aor);
  g_assert_cmpstr (file, ==, "/etc/my#trunks.ini");
  g_assert_cmpstr (name, ==, "berlin");
  g_clear_pointer (&file, g_free);
  g_clear_pointer (&name, g_free);
  g_assert_true (account_file_split ("trunks.ini", &is_aor, &file, &name));
  g_assert_false (is_aor);
  g_assert_cmpstr (file, ==, "trunks.ini");
  g_assert_null (name);
  g_clear_pointer (&file, g_free);
  g_assert_false (account_file_split ("", &is_aor, &file, &name));
  g_assert_false (account_file_split ("#berlin", &is_aor, &file, &name));
  g_assert_false (account_file_split ("trunks.ini#", &is_aor, &file, &name));
}

/* All of them, or those that are named, in that order. */
static void
test_names (void)
{
  static const gchar *text = "[one]\naor=sip:1@a\n[two]\naor=sip:2@a\n";
  static const struct
  {
    const gchar *names, *found;
  } lists[] = { { NULL, "one,two" }, { "two,one", "two,one" },
    { "two", "two" } };
  g_autoptr (GError) error = NULL;
  GString *many = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_auto (GStrv) names =
        account_file_dup_names (text, strlen (text), lists[i].names, &error);
    g_assert_no_error (error);
    g_autofree gchar *joined = g_strjoinv (",", names);
    g_assert_cmpstr (joined, ==, lists[i].found);
  }
  g_assert_null (account_file_dup_names ("", 0, NULL, &error));
  g_assert_cmpstr (error->message, ==, "it is no key file");
  g_clear_error (&error);
  g_assert_null (account_file_dup_names ("#", 1, NULL, &error));
  g_assert_cmpstr (error->message, ==, "it has no section");
  g_clear_error (&error);
  g_assert_null (
      account_file_dup_names (text, strlen (text), "one,two,one", &error));
  g_assert_cmpstr (error->message, ==, "it names a section twice");
  g_clear_error (&error);
  for (guint i = 0; i <= ACCOUNT_FILE_MOST; i++)
    g_string_append_printf (many, "[t%u]\naor=sip:%u@a\n", i, i);
  g_assert_null (account_file_dup_names (many->str, many->len, NULL, &error));
  g_assert_cmpstr (error->message, ==, "it has more than 32 sections");
  g_string_free (many, TRUE);
}

static void
test_section (void)
{
  static const gchar *text =
      "[one]\naor=sip:1@a\n[two]\naor=sip:2@b.example:5070\nauth-user=x@y\n"
      "password-file=secret\nregistrar=sip:reg.example\nexpires=0\n"
      "options=30\nrealm=trunk;a b\n"
      "outbound-proxy=sip:proxy.example;transport=tcp\n"
      "from-domain=c.example\ndisplay-name=Gr\xc3\xbc\xc3\x9f \x27"
      "e\x27\ncodecs=PCMA\n"
      "srtp=required\nprefix=+49 30, 0033,112\nweight=0\nmax-calls=30\n"
      "max-rate=5\n";
  g_autoptr (GError) error = NULL;
  Account account, copy;

  g_assert_true (
      account_file_parse (&account, text, strlen (text), "two", &error));
  g_assert_no_error (error);
  account_copy (&copy, &account);
  account_clear (&account);
  g_assert_cmpstr (copy.name, ==, "two");
  g_assert_cmpstr (copy.aor, ==, "sip:2@b.example");
  g_assert_cmpstr (copy.auth_user, ==, "x@y");
  g_assert_cmpstr (copy.password_file, ==, "secret");
  g_assert_cmpstr (copy.realm, ==, "trunk;a b");
  g_assert_cmpstr (copy.registrar, ==, "sip:reg.example");
  g_assert_cmpstr (copy.outbound_proxy, ==, "sip:proxy.example;transport=tcp");
  g_assert_cmpstr (copy.from_domain, ==, "c.example");
  g_assert_cmpstr (copy.display_name, ==, "Gr\xc3\xbc\xc3\x9f 'e'");
  g_assert_cmpstr (copy.codecs, ==, "PCMA");
  g_assert_cmpuint (copy.expires, ==, 0);
  g_assert_cmpuint (copy.options, ==, 30);
  g_assert_cmpstr (copy.server, ==, "sip:b.example:5070");
  g_assert_cmpstr (copy.srtp, ==, "required");
  g_autofree gchar *prefixes = g_strjoinv (" ", copy.prefixes);
  g_assert_cmpstr (prefixes, ==, "+4930 +33 112");
  g_assert_cmpuint (copy.weight, ==, 0);
  g_assert_cmpuint (copy.max_calls, ==, 30);
  g_assert_cmpuint (copy.max_rate, ==, 5);
  account_clear (&copy);
}

static void
test_wrong (void)
{
  static const struct
  {
    const gchar *text, *says;
  } files[] = {
    { "", "it is no key file" },
    { "aor=sip:a@b", "it is no key file" },
    { "[other]\naor=sip:a@b", "it has no section [trunk]" },
    { "[trunk]\nexpires=60", "[trunk] has no aor" },
    { "[trunk]\naor=sip:a@b\n [trunk]\nexpires=60",
        "it has the section [trunk] twice" },
    { "[trunk]\naor=sip:a@b;transpor=tls",
        "aor is \"sip:a@b;transpor=tls\", whose parameter \"transpor\" is none "
        "that this side knows, such as transport" },
    { "[trunk]\naor=sip:b",
        "aor is \"sip:b\", but must be an address with a name, such as "
        "sip:4930123@trunk.example" },
    { "[trunk]\naor=tel:1",
        "aor is \"tel:1\", but must be an address such as "
        "sip:trunk.example" },
    { "[trunk]\naor=sip:a:secret@b",
        "aor has a password in it, which others can read there: use "
        "password-file" },
    { "[trunk]\naor=\"sip:a:secret@b \"",
        "aor has a password in it, which others can read there: use "
        "password-file" },
    { "[trunk]\naor=sip:a@b\nregistrar=a:secret@b",
        "registrar has a password in it, which others can read there: use "
        "password-file" },
    { "[trunk]\naor=sip:a@b\noutbound-proxy=sip:a:se@cret@b>",
        "outbound-proxy has a password in it, which others can read there: use "
        "password-file" },
    { "[trunk]\naor=sip:a@b\npasword-file=x",
        "\"pasword-file\" is no key of an account" },
    { "[trunk]\naor=sip:a@b\npassword=secret",
        "\"password\" is no key of an account" },
    { "[trunk]\naor=sip:a@b\noptions=-1",
        "options is \"-1\", but must be seconds from 0 to 86400" },
    { "[trunk]\naor=sip:a@b\nexpires=never",
        "expires is \"never\", but must be seconds from 0 to 86400" },
    { "[trunk]\naor=sip:a@b\nsrtp=maybe",
        "srtp is \"maybe\", but must be off, optional, or required" },
    { "[trunk]\naor=sip:a@b\nprefix=+49,x",
        "prefix has \"x\", which is no beginning of a number such as +4930" },
    { "[trunk]\naor=sip:a@b\nprefix=", "prefix has no number in it" },
    { "[trunk]\naor=sip:a@b\nweight=1001",
        "weight is \"1001\", but must be a number from 0 to 1000" },
    { "[trunk]\naor=sip:a@b\nmax-calls=-1",
        "max-calls is \"-1\", but must be a number from 0 to 100000" },
    { "[trunk]\naor=sip:a@b\nmax-rate=0.5",
        "max-rate is \"0.5\", but must be calls a second from 0 to 100000" },
    { "[trunk]\naor=sip:a@b\nregistrar=b",
        "registrar is \"b\", but must be an address such as "
        "sip:trunk.example" },
    { "[trunk]\naor=sip:a@b\nfrom-domain=x@y",
        "from-domain is \"x@y\", but must be a domain such as "
        "trunk.example" },
    { "[trunk]\naor=sip:a@b\ndisplay-name=a\"b",
        "display-name has characters that cannot be there" },
    { "[trunk]\naor=sip:a@b\nauth-user=a:b",
        "auth-user has characters that cannot be there" },
    { "[trunk]\naor=sip:a@b\nrealm=a;b;c;d;e",
        "realm has more than 4, with ; between them" },
    { "[trunk]\naor=sip:a@b\ndisplay-name=a\\nb",
        "display-name has characters that cannot be there" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    Account account;

    g_assert_false (account_file_parse (&account, files[i].text,
        strlen (files[i].text), "trunk", &error));
    g_assert_cmpstr (error->message, ==, files[i].says);
    g_assert_null (account.aor);
  }
}

/* 1 s, twice as long each time, 5 minutes at most; some of it left to chance, and never
 * sooner than the registrar wants. */
static void
test_back_off (void)
{
  g_assert_cmpuint (register_times_back_off (1, 0, 0), ==, 500);
  g_assert_cmpuint (register_times_back_off (1, 0, 0.999), <=, 1000);
  g_assert_cmpuint (register_times_back_off (2, 0, 0), ==, 1000);
  g_assert_cmpuint (register_times_back_off (5, 0, 0.5), ==, 12000);
  g_assert_cmpuint (register_times_back_off (9, 0, 0), ==, 128000);
  for (guint i = 10; i < 100; i++) {
    g_assert_cmpuint (register_times_back_off (i, 0, 0), ==, 150000);
    g_assert_cmpuint (register_times_back_off (i, 0, 0.999), <=, 300000);
  }
  g_assert_cmpuint (register_times_back_off (1, 30, 0.9), ==, 30000);
  g_assert_cmpuint (register_times_back_off (10, 30, 0), ==, 150000);
  g_assert_cmpuint (register_times_back_off (1, G_MAXUINT, 0), ==, 86400000);
}

static void
test_refresh (void)
{
  g_assert_cmpuint (register_times_refresh (60, 0), ==, 30000);
  g_assert_cmpuint (register_times_refresh (60, 0.999), <, 48000);
  g_assert_cmpuint (register_times_refresh (3600, 0.5), ==, 3000000);
  g_assert_cmpuint (register_times_refresh (0, 0), ==, 500);
  g_assert_cmpuint (register_times_refresh (G_MAXUINT, 0.5), ==, 85800000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/accountfile/aor", test_aor);
  g_test_add_func ("/accountfile/split", test_split);
  g_test_add_func ("/accountfile/names", test_names);
  g_test_add_func ("/accountfile/section", test_section);
  g_test_add_func ("/accountfile/wrong", test_wrong);
  g_test_add_func ("/registertimes/back-off", test_back_off);
  g_test_add_func ("/registertimes/refresh", test_refresh);
  return g_test_run ();
}
