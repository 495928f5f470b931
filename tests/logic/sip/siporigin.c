/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/origin/siporigin.h"

/* Header fields of an INVITE, and what they say. */
typedef struct
{
  const gchar *what;
  const gchar *names[4], *values[4];
  const gchar *facts[6]; /* field, value... */
} Case;

static const Case cases[] = {
  { "a SIP address", { "P-Asserted-Identity" },
      { "\"Doe, Joan\" <sip:joan@example.org;user=phone>" },
      { "asserted-identity", "sip:joan@example.org", "asserted-name",
          "Doe, Joan", "verification", "" } },
  { "a number that a network has verified, TS 24.229",
      { "P-Asserted-Identity" },
      { "<sip:+14085264000;verstat=TN-Validation-Passed-A@example.com;user="
        "phone>" },
      { "asserted-identity", "sip:+14085264000@example.com", "verification",
          "passed", "attestation", "A" } },
  { "the same as tel:", { "p-asserted-identity" },
      { "<tel:+14085264000;verstat=TN-Validation-Passed-B>" },
      { "asserted-identity", "tel:+14085264000", "verification", "passed",
          "attestation", "B" } },
  { "without attestation", { "P-Asserted-Identity" },
      { "<tel:+14085264000;verstat=TN-Validation-Passed>" },
      { "verification", "passed", "attestation", "" } },
  { "which stands beside it", { "P-Asserted-Identity", "Attestation-Info" },
      { "<tel:+14085264000;verstat=TN-Validation-Passed>", "C" },
      { "verification", "passed", "attestation", "C" } },
  { "failed", { "P-Asserted-Identity" },
      { "<tel:+14085264000;verstat=TN-Validation-Failed>" },
      { "verification", "failed", "attestation", "" } },
  { "not tried", { "P-Asserted-Identity" },
      { "<tel:+14085264000;verstat=No-TN-Validation>" },
      { "verification", "none" } },
  { "both forms", { "P-Asserted-Identity" },
      { "\"Joan\" <sip:joan@example.org>, <tel:+4930123>" },
      { "asserted-identity", "tel:+4930123", "asserted-name", "Joan" } },
  { "no letter of those", { "P-Asserted-Identity", "Attestation-Info" },
      { "<tel:+1;verstat=TN-Validation-Passed-X>", "Anything" },
      { "verification", "passed", "attestation", "" } },
  { "another scheme", { "P-Asserted-Identity" }, { "<http://example.org>" },
      { "asserted-identity", "" } },
  { "rubbish", { "P-Asserted-Identity", "Diversion", "History-Info" },
      { "<<<", ";;;,,,", "\"" },
      { "asserted-identity", "", "first-called", "" } },
  { "RFC 5806: the last diversion stands first", { "Diversion" },
      { "<sip:b@p4.example.com>;reason=time-of-day, "
        "\"Joan\" <sip:a@p3.example.com>;reason=\"user-busy\"" },
      { "first-called", "sip:a@p3.example.com", "diverted-by",
          "sip:b@p4.example.com", "diversion-reason", "time-of-day" } },
  { "one, in quotes", { "diversion" },
      { "<tel:+4930123>;reason=\"no-answer\";counter=1" },
      { "first-called", "tel:+4930123", "diverted-by", "tel:+4930123",
          "diversion-reason", "no-answer" } },
  { "RFC 7044: a reason in the URI", { "History-Info" },
      { "<sip:bob@example.com?Reason=SIP%3Bcause%3D302>;index=1, "
        "<sip:bob@192.0.2.4?Reason=SIP%3Bcause%3D486>;index=1.1;rc=1, "
        "<sip:vm@example.com>;index=1.2;mp=1" },
      { "first-called", "sip:bob@example.com", "diverted-by",
          "sip:bob@192.0.2.4", "diversion-reason", "user-busy" } },
  { "RFC 4458: a cause beside it", { "History-Info" },
      { "<sip:+15551002@example.com;user=phone>;index=1, "
        "<sip:vm@example.com;target=bob;cause=408>;index=1.1" },
      { "first-called", "sip:+15551002@example.com", "diverted-by",
          "sip:+15551002@example.com", "diversion-reason", "no-answer" } },
  { "nobody was called before", { "History-Info" },
      { "<sip:bob@example.com>;index=1" },
      { "first-called", "", "diverted-by", "" } },
  { "both: Diversion", { "Diversion", "History-Info" },
      { "<sip:x@example.com>;reason=unconditional",
          "<sip:y@example.com>;index=1, <sip:z@example.com>;index=1.1" },
      { "first-called", "sip:x@example.com", "diversion-reason",
          "unconditional" } },
  { "RFC 7433: text in digits", { "User-to-User" },
      { "7469636b65743d3432;encoding=hex" }, { "user-to-user", "ticket=42" } },
  { "which is no text", { "User-to-User" }, { "00ff;encoding=hex" },
      { "user-to-user", "00ff;encoding=hex" } },
  { "which has half a byte", { "User-to-User" }, { "746;encoding=hex" },
      { "user-to-user", "746;encoding=hex" } },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Case *c = &cases[i];
    g_autoptr (GstStructure) origin = sip_origin_read (c->names, c->values);

    g_test_message ("%s", c->what);
    g_assert_nonnull (origin);
    g_assert_cmpint (gst_structure_n_fields (origin), ==, 10);
    for (guint k = 0; k < G_N_ELEMENTS (c->facts) && c->facts[k]; k += 2)
      g_assert_cmpstr (gst_structure_get_string (origin, c->facts[k]), ==,
          c->facts[k + 1]);
  }
}

static void
test_nothing (void)
{
  static const gchar *const names[] = { "X-Ticket", NULL };
  static const gchar *const values[] = { "42", NULL };

  g_assert_null (sip_origin_read (names, values));
}

static gboolean
get_flag (const GstStructure *s, const gchar *name)
{
  gboolean value = FALSE;

  g_assert_true (gst_structure_get_boolean (s, name, &value));
  return value;
}

/* A stranger verifies nothing, and no signature is verified here. */
static void
test_trust (void)
{
  static const gchar *const names[] = { "P-Asserted-Identity", "Identity",
    NULL };
  static const gchar *const values[] = {
    "<tel:+1;verstat=TN-Validation-Passed-A>", "eyJhbGciOiJFUzI1NiIs", NULL
  };
  g_autoptr (GstStructure) origin = sip_origin_read (names, values);
  g_autoptr (GstStructure) stranger = gst_structure_copy (origin);

  g_assert_true (get_flag (origin, "identity"));
  g_assert_false (get_flag (origin, "trusted"));
  sip_origin_trust (origin, TRUE);
  g_assert_true (get_flag (origin, "trusted"));
  g_assert_cmpstr (gst_structure_get_string (origin, "attestation"), ==, "A");
  sip_origin_trust (stranger, FALSE);
  g_assert_false (get_flag (stranger, "trusted"));
  g_assert_cmpstr (gst_structure_get_string (stranger, "asserted-identity"), ==,
      "tel:+1");
  g_assert_cmpstr (gst_structure_get_string (stranger, "attestation"), ==, "");
  g_assert_cmpstr (gst_structure_get_string (stranger, "verification"), ==, "");
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/siporigin/cases", test_cases);
  g_test_add_func ("/siporigin/nothing", test_nothing);
  g_test_add_func ("/siporigin/trust", test_trust);
  return g_test_run ();
}
