/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/addresslist.h"

#include <arpa/inet.h>
#include <string.h>

static gboolean
has (const AddressList *list, const gchar *address)
{
  const gboolean six = strchr (address, ':') != NULL;
  guint8 bytes[16];

  g_assert_cmpint (inet_pton (six ? AF_INET6 : AF_INET, address, bytes), ==, 1);
  return address_list_has (list, bytes, six ? 16 : 4);
}

static AddressList *
list_of (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  AddressList *list = address_list_new (text, &error);

  g_assert_no_error (error);
  return list;
}

static void
test_addresses (void)
{
  g_autoptr (AddressList) list = list_of ("192.0.2.7,2001:db8::1");

  g_assert_true (has (list, "192.0.2.7"));
  g_assert_false (has (list, "192.0.2.8"));
  g_assert_true (has (list, "2001:db8::1"));
  g_assert_false (has (list, "2001:db8::2"));
  g_assert_true (has (list, "::ffff:192.0.2.7"));
  g_assert_false (has (list, "::192.0.2.7"));
}

static void
test_prefixes (void)
{
  g_autoptr (AddressList) list =
      list_of (" 192.0.2.0/24 ,10.129.77.1/9, 2001:db8::/33");

  g_assert_true (has (list, "192.0.2.0"));
  g_assert_true (has (list, "192.0.2.255"));
  g_assert_false (has (list, "192.0.3.0"));
  g_assert_true (has (list, "10.255.0.1"));
  g_assert_true (has (list, "10.128.0.0"));
  g_assert_false (has (list, "10.127.255.255"));
  g_assert_true (has (list, "2001:db8:7fff::1"));
  g_assert_false (has (list, "2001:db8:8000::1"));
  g_assert_true (has (list, "::ffff:192.0.2.1"));
}

static void
test_mapped (void)
{
  g_autoptr (AddressList) list =
      list_of ("::ffff:192.0.2.0/24, ::ffff:198.51.100.0/120");

  g_assert_true (has (list, "192.0.2.7"));
  g_assert_true (has (list, "198.51.100.7"));
  g_assert_false (has (list, "203.0.113.9"));
  g_assert_false (has (list, "2001:db8::1"));
}

static void
test_everybody (void)
{
  g_autoptr (AddressList) four = list_of ("0.0.0.0/0");
  g_autoptr (AddressList) six = list_of ("::/0");

  g_assert_true (has (four, "203.0.113.9"));
  g_assert_false (has (four, "2001:db8::1"));
  g_assert_true (has (six, "2001:db8::1"));
  g_assert_true (has (six, "203.0.113.9"));
}

static void
test_other_sizes (void)
{
  g_autoptr (AddressList) list = list_of ("::/0");
  const guint8 bytes[16] = { 0 };

  g_assert_false (address_list_has (list, bytes, 0));
  g_assert_false (address_list_has (list, bytes, 5));
}

static void
test_wrong (void)
{
  static const gchar *const texts[] = { "", " ", ",", "192.0.2.1,", "192.0.2",
    "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/", "192.0.2.1/ 8",
    "192.0.2.1/+8", "192.0.2.1/8/8", "2001:db8::/129", "trunk.example", "*",
    "[2001:db8::1]", "192.0.2.1:5060", "fe80::1%eth0", "\xff\xfe", "/8",
    "::ffff:192.0.2.0/33", "::ffff:192.0.2.0/95", "::ffff:c000:200/24" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (address_list_new (texts[i], &error));
    g_assert_error (error, ADDRESS_LIST_ERROR, 0);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  }
}

static void
test_too_many (void)
{
  g_autoptr (GString) text = g_string_new ("192.0.2.1");
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i < ADDRESS_LIST_MAX; i++)
    g_string_append (text, ",192.0.2.1");
  address_list_free (list_of (text->str));
  g_string_append (text, ",192.0.2.1");
  g_assert_null (address_list_new (text->str, &error));
  g_assert_error (error, ADDRESS_LIST_ERROR, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/addresslist/addresses", test_addresses);
  g_test_add_func ("/addresslist/prefixes", test_prefixes);
  g_test_add_func ("/addresslist/mapped", test_mapped);
  g_test_add_func ("/addresslist/everybody", test_everybody);
  g_test_add_func ("/addresslist/other-sizes", test_other_sizes);
  g_test_add_func ("/addresslist/wrong", test_wrong);
  g_test_add_func ("/addresslist/too-many", test_too_many);
  return g_test_run ();
}
