/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - A number's verification is the parameter `verstat` of its URI (TS 24.229, ATIS-1000074), in
 *   the user part of a SIP URI or behind a tel: one. Its attestation is the end of that, or
 *   Attestation-Info.
 * - Diversion says more than History-Info where there are both: it has the reasons. */

#include "siporigin.h"

#include "sip/signalling/siptext.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_header.h>
#include <string.h>

#define MAX_ENTRIES 32

typedef struct
{
  su_home_t home[1];
  gchar *asserted, *asserted_name;
  const gchar *verification;
  gchar attestation[2];
  gboolean identity, any;
  gboolean diverted; /* by Diversion */
  gchar *first, *by, *reason;
  gchar *user_to_user;
} Origin;

static void
set_text (gchar **text, gchar *value)
{
  g_free (*text);
  *text = value;
}

/* ---- Addresses */

static gboolean
is_address (const url_t *url)
{
  return url->url_type == url_sip || url->url_type == url_sips ||
      url->url_type == url_tel;
}

/* Without the parameters that stand behind its user. */
static gchar *
dup_address (const url_t *url)
{
  g_autofree gchar *user = url->url_user
      ? g_strndup (url->url_user, strcspn (url->url_user, ";"))
      : NULL;
  url_t plain = *url;

  plain.url_user = user;
  return sip_text_address (&plain);
}

/* Value of @name ("verstat=") in "...;name=value;..."; (transfer full), NULL if none. */
static gchar *
dup_parameter (const gchar *text, const gchar *name)
{
  g_auto (GStrv) parts = g_strsplit (text ? text : "", ";", MAX_ENTRIES);

  for (gchar **part = parts; *part; part++)
    if (!g_ascii_strncasecmp (*part, name, strlen (name)))
      return g_strdup (*part + strlen (name));
  return NULL;
}

static gchar *
dup_uri_parameter (const url_t *url, const gchar *name)
{
  gchar *found = dup_parameter (url->url_user, name);

  return found ? found : dup_parameter (url->url_params, name);
}

static sip_contact_t *
parse_list (Origin *self, const gchar *value)
{
  return sip_contact_make (self->home, value);
}

/* ---- P-Asserted-Identity, RFC 3325 9.1; Attestation-Info */

static void
set_attestation (Origin *self, gchar letter)
{
  letter = g_ascii_toupper (letter);
  if (letter >= 'A' && letter <= 'C')
    self->attestation[0] = letter;
}

static void
read_verstat (Origin *self, const url_t *url)
{
#define PASSED "TN-Validation-Passed"
  g_autofree gchar *value = dup_uri_parameter (url, "verstat=");

  if (!value)
    return;
  if (!g_ascii_strncasecmp (value, PASSED, strlen (PASSED))) {
    self->verification = "passed";
    if (value[strlen (PASSED)] == '-')
      set_attestation (self, value[strlen (PASSED) + 1]);
  } else if (!g_ascii_strncasecmp (value, "TN-Validation-Failed", 20)) {
    self->verification = "failed";
  } else if (!g_ascii_strcasecmp (value, "No-TN-Validation")) {
    self->verification = "none";
  }
}

/* At most a SIP address and a number; of both the number is who calls. */
static void
read_asserted (Origin *self, const gchar *value)
{
  guint n = 0;

  for (sip_contact_t *c = parse_list (self, value); c && n < MAX_ENTRIES;
       c = c->m_next, n++) {
    if (!is_address (c->m_url))
      continue;
    read_verstat (self, c->m_url);
    if (!self->asserted || c->m_url->url_type == url_tel)
      set_text (&self->asserted, dup_address (c->m_url));
    if (c->m_display && *c->m_display)
      set_text (&self->asserted_name, sip_text_unquoted (c->m_display));
  }
}

static void
read_attestation (Origin *self, const gchar *value)
{
  if (*value && (!value[1] || !g_ascii_isalnum (value[1])))
    set_attestation (self, *value);
}

/* ---- Who was called before: RFC 5806, the last diversion first */

static void
read_diversion (Origin *self, const gchar *value)
{
  guint n = 0;

  for (sip_contact_t *c = parse_list (self, value); c && n < MAX_ENTRIES;
       c = c->m_next) {
    if (!is_address (c->m_url))
      continue;
    if (n++ == 0) {
      set_text (&self->by, dup_address (c->m_url));
      set_text (&self->reason,
          sip_text_unquoted (msg_params_find (c->m_params, "reason=")));
    }
    set_text (&self->first, dup_address (c->m_url));
    self->diverted = TRUE;
  }
}

/* RFC 4458 2, in the words of RFC 5806. */
static const gchar *
name_cause (guint cause)
{
  static const struct
  {
    guint cause;
    const gchar *name;
  } causes[] = { { 302, "unconditional" }, { 404, "unknown" },
    { 408, "no-answer" }, { 480, "deflection" }, { 486, "user-busy" },
    { 487, "deflection" }, { 503, "unavailable" } };

  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    if (causes[i].cause == cause)
      return causes[i].name;
  return NULL;
}

/* Of the URI to which a call was sent on: its parameter `cause`, or the Reason with
 * which who was called before had answered (RFC 7044 5.2), which stands in it escaped. */
static const gchar *
find_cause (const url_t *url)
{
  g_autofree gchar *parameter = dup_uri_parameter (url, "cause=");
  g_autofree gchar *lower =
      g_ascii_strdown (url->url_headers ? url->url_headers : "", -1);
  const gchar *reason = strstr (lower, "cause%3d");

  if (parameter)
    return name_cause ((guint) g_ascii_strtoull (parameter, NULL, 10));
  return reason
      ? name_cause (
            (guint) g_ascii_strtoull (reason + strlen ("cause%3d"), NULL, 10))
      : NULL;
}

/* RFC 7044: all who were called, in turn; the last one is us. */
static void
read_history (Origin *self, const gchar *value)
{
  g_autofree gchar *first = NULL, *last = NULL, *before = NULL;
  const gchar *cause = NULL;
  guint n = 0;

  for (sip_contact_t *c = parse_list (self, value); c && n < MAX_ENTRIES;
       c = c->m_next, n++) {
    if (!is_address (c->m_url))
      continue;
    g_autofree gchar *address = dup_address (c->m_url);
    if (find_cause (c->m_url))
      cause = find_cause (c->m_url);
    if (!first)
      first = g_strdup (address);
    if (g_strcmp0 (address, last)) {
      set_text (&before, g_steal_pointer (&last));
      last = g_steal_pointer (&address);
    }
  }
  if (self->diverted || !before)
    return;
  set_text (&self->first, g_steal_pointer (&first));
  set_text (&self->by, g_steal_pointer (&before));
  set_text (&self->reason, g_strdup (cause));
}

/* ---- User-to-User, RFC 7433 */

static gint
hex_value (gchar c)
{
  return g_ascii_xdigit_value (c);
}

/* Text that stands in hexadecimal digits; (transfer full), NULL: it is none. */
static gchar *
dup_hex_text (const gchar *hex, gsize length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i + 1 < length; i += 2) {
    const gint high = hex_value (hex[i]), low = hex_value (hex[i + 1]);
    if (high < 0 || low < 0 || high * 16 + low < ' ')
      return NULL;
    g_string_append_c (text, (gchar) (high * 16 + low));
  }
  return length && length % 2 == 0 && g_utf8_validate (text->str, -1, NULL)
      ? g_strdup (text->str)
      : NULL;
}

static void
read_user_to_user (Origin *self, const gchar *value)
{
  g_autofree gchar *encoding = dup_parameter (value, "encoding=");
  gchar *text = NULL;

  if (encoding && !g_ascii_strcasecmp (encoding, "hex"))
    text = dup_hex_text (value, strcspn (value, ";"));
  set_text (&self->user_to_user, text ? text : sip_text_utf8 (value));
}

static void
read_identity (Origin *self, const gchar *value)
{
  self->identity = TRUE;
}

/* ---- All */

static void
read_header (Origin *self, const gchar *name, const gchar *value)
{
  static const struct
  {
    const gchar *name;
    void (*read) (Origin *self, const gchar *value);
  } headers[] = { { "P-Asserted-Identity", read_asserted },
    { "Attestation-Info", read_attestation }, { "Identity", read_identity },
    { "y", read_identity }, { "Diversion", read_diversion },
    { "History-Info", read_history }, { "User-to-User", read_user_to_user } };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (!g_ascii_strcasecmp (headers[i].name, name)) {
      headers[i].read (self, value);
      self->any = TRUE;
    }
}

static const gchar *
text_of (const gchar *text)
{
  return text ? text : "";
}

static GstStructure *
finish (Origin *self)
{
  GstStructure *found = NULL;

  if (self->any)
    found = gst_structure_new ("origin", "asserted-identity", G_TYPE_STRING,
        text_of (self->asserted), "asserted-name", G_TYPE_STRING,
        text_of (self->asserted_name), "trusted", G_TYPE_BOOLEAN, FALSE,
        "verification", G_TYPE_STRING, text_of (self->verification),
        "attestation", G_TYPE_STRING, self->attestation, "identity",
        G_TYPE_BOOLEAN, self->identity, "first-called", G_TYPE_STRING,
        text_of (self->first), "diverted-by", G_TYPE_STRING, text_of (self->by),
        "diversion-reason", G_TYPE_STRING, text_of (self->reason),
        "user-to-user", G_TYPE_STRING, text_of (self->user_to_user), NULL);
  g_free (self->asserted);
  g_free (self->asserted_name);
  g_free (self->first);
  g_free (self->by);
  g_free (self->reason);
  g_free (self->user_to_user);
  su_home_deinit (self->home);
  return found;
}

GstStructure *
sip_origin_read (const gchar *const *names, const gchar *const *values)
{
  Origin self = { .home = { SU_HOME_INIT (self.home) } };

  for (guint i = 0; names[i] && values[i]; i++)
    read_header (&self, names[i], values[i]);
  return finish (&self);
}

/* Several fields of a name are one list (RFC 3261 7.3.1). */
static void
join (GPtrArray *names, GPtrArray *values, const sip_unknown_t *header)
{
  for (guint i = 0; i < names->len; i++)
    if (!g_ascii_strcasecmp (names->pdata[i], header->un_name)) {
      gchar *before = values->pdata[i];
      values->pdata[i] = g_strconcat (before, ", ", header->un_value, NULL);
      g_free (before);
      return;
    }
  g_ptr_array_add (names, (gchar *) header->un_name);
  g_ptr_array_add (values, g_strdup (header->un_value));
}

GstStructure *
sip_origin_collect (const sip_t *sip)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  guint n = 0;

  for (const sip_unknown_t *u = sip->sip_unknown; u && n < 64;
       u = u->un_next, n++)
    if (u->un_name && u->un_value)
      join (names, values, u);
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (values, NULL);
  return sip_origin_read ((const gchar *const *) names->pdata,
      (const gchar *const *) values->pdata);
}

void
sip_origin_trust (GstStructure *self, gboolean trusted)
{
  gst_structure_set (self, "trusted", G_TYPE_BOOLEAN, trusted, NULL);
  if (!trusted)
    gst_structure_set (self, "verification", G_TYPE_STRING, "", "attestation",
        G_TYPE_STRING, "", NULL);
}
