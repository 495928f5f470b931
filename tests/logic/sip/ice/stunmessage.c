/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/ice/stunmessage.h"

#include <string.h>

#define PASSWORD "VOkJxbRl1RmTxUk/WvJxBt"

/* RFC 5769 2.1 to 2.3 */
static const guint8 request[] = { 0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4,
  0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,
  0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73, 0x74,
  0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00,
  0x01, 0xff, 0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b,
  0x36, 0x00, 0x06, 0x00, 0x09, 0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76,
  0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14, 0x9a, 0xea, 0xa7, 0x0c, 0xbf,
  0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49, 0xc1, 0xb5,
  0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf };

static const guint8 response_v4[] = { 0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4,
  0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,
  0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63, 0x74,
  0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12,
  0xa6, 0x43, 0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90,
  0xc3, 0x8c, 0x74, 0x89, 0xf9, 0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7,
  0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96 };

static const guint8 response_v6[] = { 0x01, 0x01, 0x00, 0x48, 0x21, 0x12, 0xa4,
  0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,
  0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63, 0x74,
  0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13,
  0xa9, 0xfa, 0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9,
  0xd9, 0x00, 0x08, 0x00, 0x14, 0xa3, 0x82, 0x95, 0x4e, 0x4b, 0xe6, 0x7b, 0xf1,
  0x17, 0x84, 0xc9, 0x7c, 0x82, 0x92, 0xc2, 0x75, 0xbf, 0xe3, 0xed, 0x41, 0x80,
  0x28, 0x00, 0x04, 0xc8, 0xfb, 0x0b, 0x4c };

static const StunAddress v4 = { { 192, 0, 2, 1 }, 4, 32853 };
static const StunAddress v6 = { { 0x20, 0x01, 0x0d, 0xb8, 0x12, 0x34, 0x56,
                                    0x78, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
                                    0x66, 0x77 },
  16, 32853 };

static void
test_request (void)
{
  StunMessage read;

  g_assert_true (stun_parse (&read, request, sizeof request));
  g_assert_cmpuint (read.type, ==, STUN_BINDING_REQUEST);
  g_assert_cmpmem (read.username, read.username_size, "evtj:h6vY", 9);
  g_assert_cmpuint (read.priority, ==, 0x6e0001ff);
  g_assert_true (read.has_priority && read.has_fingerprint);
  g_assert_false (read.use_candidate);
  g_assert_cmpuint (read.n_unknown, ==, 0);
  g_assert_true (stun_check_integrity (&read, PASSWORD));
  g_assert_false (stun_check_integrity (&read, "VOkJxbRl1RmTxUk/WvJxBu"));
}

static void
test_responses (void)
{
  StunMessage read;

  g_assert_true (stun_parse (&read, response_v4, sizeof response_v4));
  g_assert_cmpuint (read.type, ==, STUN_BINDING_SUCCESS);
  g_assert_true (stun_address_equal (&read.mapped, &v4));
  g_assert_true (stun_check_integrity (&read, PASSWORD));
  g_assert_true (stun_parse (&read, response_v6, sizeof response_v6));
  g_assert_true (stun_address_equal (&read.mapped, &v6));
  g_assert_true (stun_check_integrity (&read, PASSWORD));
  g_assert_false (stun_address_equal (&v4, &v6));
}

/* Whatever bit is another one: it is refused, or not by who knows the password; but for
 * the contents of attributes behind the sums there are none. */
static void
test_bits (void)
{
  for (gsize i = 0; i < 8 * sizeof request; i++) {
    guint8 copy[sizeof request];
    StunMessage read;
    memcpy (copy, request, sizeof copy);
    copy[i / 8] ^= (guint8) (1 << i % 8);
    const gboolean good = stun_parse (&read, copy, sizeof copy);
    /* The last attribute is its FINGERPRINT, or none that must be known. */
    const gboolean proved =
        good && read.has_fingerprint && stun_check_integrity (&read, PASSWORD);
    g_assert_false (proved);
  }
}

static void
test_cut (void)
{
  guint8 copy[sizeof request];
  StunMessage read;

  for (gsize size = 0; size < sizeof request; size++)
    g_assert_false (stun_parse (&read, request, size));
  for (gsize size = 20; size < sizeof request; size += 4) {
    memcpy (copy, request, size);
    copy[2] = 0;
    copy[3] = (guint8) (size - 20);
    if (stun_parse (&read, copy, size))
      g_assert_false (read.has_fingerprint);
  }
}

/* RFC 7983, and an old STUN without its cookie. */
static void
test_others (void)
{
  guint8 copy[sizeof request];

  memcpy (copy, request, sizeof copy);
  g_assert_true (stun_is_message (copy, sizeof copy));
  g_assert_false (stun_is_message (copy, 19));
  for (guint first = 4; first < 256; first++) {
    copy[0] = (guint8) first;
    g_assert_false (stun_is_message (copy, sizeof copy));
  }
  copy[0] = 0;
  copy[4] = 0x20;
  g_assert_false (stun_is_message (copy, sizeof copy));
}

/* What is written is read. */
static void
test_written (void)
{
  const StunAddress addresses[] = { v4, v6 };
  const guint8 transaction[STUN_TRANSACTION_SIZE] = { 1, 2, 3 };
  StunWriter writer;
  StunMessage read;

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    stun_write (&writer, STUN_BINDING_SUCCESS, transaction);
    stun_write_address (&writer, &addresses[i]);
    stun_write_end (&writer, PASSWORD);
    g_assert_true (stun_parse (&read, writer.data, writer.size));
    g_assert_true (read.has_fingerprint);
    g_assert_true (stun_check_integrity (&read, PASSWORD));
    g_assert_true (stun_address_equal (&read.mapped, &addresses[i]));
    g_assert_cmpmem (read.transaction, 12, transaction, 12);
  }
  stun_write (&writer, STUN_BINDING_REQUEST, transaction);
  stun_write_username (&writer, "evtj:h6vY");
  stun_write_priority (&writer, 0x6e0001ff, TRUE);
  stun_write_end (&writer, NULL);
  g_assert_true (stun_parse (&read, writer.data, writer.size));
  g_assert_true (read.use_candidate);
  g_assert_cmpuint (read.priority, ==, 0x6e0001ff);
  g_assert_false (stun_check_integrity (&read, PASSWORD));
}

/* RFC 8489 14: what must be understood is said. */
static void
test_unknown (void)
{
  const guint8 transaction[STUN_TRANSACTION_SIZE] = { 0 };
  const guint8 strange[] = { 0x7f, 0xff, 0x00, 0x00 };
  StunWriter writer;
  StunMessage read;

  stun_write (&writer, STUN_BINDING_REQUEST, transaction);
  memcpy (writer.data + writer.size, strange, sizeof strange);
  writer.size += sizeof strange;
  stun_write_end (&writer, PASSWORD);
  g_assert_true (stun_parse (&read, writer.data, writer.size));
  g_assert_cmpuint (read.n_unknown, ==, 1);
  g_assert_cmpuint (read.unknown[0], ==, 0x7fff);
  g_assert_true (stun_check_integrity (&read, PASSWORD));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stunmessage/request", test_request);
  g_test_add_func ("/stunmessage/responses", test_responses);
  g_test_add_func ("/stunmessage/bits", test_bits);
  g_test_add_func ("/stunmessage/cut", test_cut);
  g_test_add_func ("/stunmessage/others", test_others);
  g_test_add_func ("/stunmessage/written", test_written);
  g_test_add_func ("/stunmessage/unknown", test_unknown);
  return g_test_run ();
}
