/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "whipresource.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_LINES 512
#define MDNS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
#define MAX_CANDIDATE 512

G_DEFINE_QUARK (whip - error - quark, whip_error)

/* ---- Headers */

/* The part of @text before the first of @stops, without blanks around it. */
static gchar *
trimmed_until (const gchar *text, const gchar *stops)
{
  return g_strstrip (g_strndup (text, strcspn (text, stops)));
}

gboolean
whip_content_type_is (const gchar *content_type, const gchar *type)
{
  if (!content_type)
    return FALSE;
  g_autofree gchar *essence = trimmed_until (content_type, ";");
  return !g_ascii_strcasecmp (essence, type);
}

static gboolean
has_zero_quality (const gchar *range)
{
  const gchar *q = strstr (range, "q=");

  return q && g_ascii_strtod (q + 2, NULL) <= 0;
}

static gboolean
range_takes (const gchar *range, const gchar *type)
{
  g_autofree gchar *essence = trimmed_until (range, ";");
  gsize slash = strcspn (type, "/") + 1;

  if (has_zero_quality (range))
    return FALSE;
  if (!strcmp (essence, "*/*") || !g_ascii_strcasecmp (essence, type))
    return TRUE;
  return strlen (essence) == slash + 1 && essence[slash] == '*' &&
      !g_ascii_strncasecmp (essence, type, slash);
}

gboolean
whip_accepts (const gchar *accept, const gchar *type)
{
  if (!accept || !*accept)
    return TRUE;
  g_auto (GStrv) ranges = g_strsplit (accept, ",", 64);
  for (gchar **range = ranges; *range; range++)
    if (range_takes (g_strstrip (*range), type))
      return TRUE;
  return FALSE;
}

gboolean
whip_origin_is_allowed (const gchar *origin, const gchar *own,
    const gchar *allowed)
{
  if (!origin || (own && !g_ascii_strcasecmp (origin, own)))
    return TRUE;
  if (!allowed)
    return FALSE;
  g_auto (GStrv) list = g_strsplit (allowed, ",", -1);
  for (gchar **one = list; *one; one++) {
    g_strstrip (*one);
    if (!strcmp (*one, "*") || (**one && !g_ascii_strcasecmp (origin, *one)))
      return TRUE;
  }
  return FALSE;
}

gboolean
whip_token_matches (const gchar *authorization, const gchar *token)
{
  const gsize scheme = strlen ("Bearer ");

  if (!authorization || g_ascii_strncasecmp (authorization, "Bearer ", scheme))
    return FALSE;
  g_autofree gchar *given = g_strstrip (g_strdup (authorization + scheme));
  /* Digests have one length, whatever was given. */
  g_autofree gchar *a =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, given, -1);
  g_autofree gchar *b =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
  guint different = 0;
  for (gsize i = 0; a[i]; i++)
    different |= (guint) (a[i] ^ b[i]);
  return different == 0;
}

gboolean
whip_etag_matches (const gchar *if_match, const gchar *etag)
{
  if (!if_match)
    return TRUE;
  g_auto (GStrv) tags = g_strsplit (if_match, ",", 16);
  for (gchar **tag = tags; *tag; tag++) {
    g_strstrip (*tag);
    if (!strcmp (*tag, "*") || !g_strcmp0 (*tag, etag))
      return TRUE;
  }
  return FALSE;
}

/* ---- Problems */

static const gchar *
status_title (guint status)
{
  static const struct
  {
    guint status;
    const gchar *title;
  } titles[] = {
    { 400, "Bad request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not found" },
    { 405, "Method not allowed" },
    { 406, "Not acceptable" },
    { 408, "Request timeout" },
    { 409, "Conflict" },
    { 412, "Precondition failed" },
    { 413, "Content too large" },
    { 415, "Unsupported media type" },
    { 422, "Unprocessable content" },
    { 501, "Not implemented" },
    { 503, "Service unavailable" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (titles[i].status == status)
      return titles[i].title;
  return "Internal server error";
}

gchar *
whip_problem_new (guint status, const gchar *detail)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, "about:blank");
  json_builder_set_member_name (builder, "title");
  json_builder_add_string_value (builder, status_title (status));
  json_builder_set_member_name (builder, "status");
  json_builder_add_int_value (builder, status);
  json_builder_set_member_name (builder, "detail");
  json_builder_add_string_value (builder, detail ? detail : "");
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* ---- ICE servers */

/* Of a quoted-string of RFC 9110: what would end it is dropped. */
static void
append_quoted (GString *out, const gchar *name, const gchar *value)
{
  g_string_append_printf (out, "; %s=\"", name);
  for (const gchar *c = value; *c; c++)
    if (*c != '"' && *c != '\\' && !g_ascii_iscntrl (*c))
      g_string_append_c (out, *c);
  g_string_append_c (out, '"');
}

gchar *
whip_link_new (const gchar *server)
{
  g_autoptr (GUri) uri = server
      ? g_uri_parse (server, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_NON_DNS,
            NULL)
      : NULL;

  if (!uri || !g_uri_get_host (uri) || !*g_uri_get_host (uri))
    return NULL;
  const gchar *scheme = g_uri_get_scheme (uri);
  gboolean turn = g_str_has_prefix (scheme, "turn");
  if (!turn && !g_str_has_prefix (scheme, "stun"))
    return NULL;
  GString *out = g_string_new (NULL);
  const gchar *host = g_uri_get_host (uri);
  g_string_append_printf (out, strchr (host, ':') ? "<%s:[%s]" : "<%s:%s",
      scheme, host);
  if (g_uri_get_port (uri) > 0)
    g_string_append_printf (out, ":%d", g_uri_get_port (uri));
  if (turn && g_uri_get_query (uri))
    g_string_append_printf (out, "?%s", g_uri_get_query (uri));
  g_string_append (out, ">; rel=\"ice-server\"");
  if (turn && g_uri_get_user (uri) && g_uri_get_password (uri)) {
    append_quoted (out, "username", g_uri_get_user (uri));
    append_quoted (out, "credential", g_uri_get_password (uri));
    append_quoted (out, "credential-type", "password");
  }
  return g_string_free (out, FALSE);
}

/* ---- Fragments */

static void
candidate_free (gpointer data)
{
  WhipCandidate *candidate = data;

  g_free (candidate->mid);
  g_free (candidate->candidate);
  g_free (candidate);
}

void
whip_fragment_free (WhipFragment *self)
{
  g_ptr_array_unref (self->candidates);
  g_free (self->ufrag);
  g_free (self->password);
  g_free (self);
}

static gboolean
is_number (const gchar *text, guint64 max)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, NULL, NULL);
}

/* Of one host: a number, or the name that a browser hides its own behind (mDNS). Any
 * other name would have us ask a name server of the caller's choice. */
static gboolean
is_address (const gchar *text)
{
  static const guint8 broadcast[4] = { 255, 255, 255, 255 };
  g_autoptr (GInetAddress) address = NULL;

  if (strlen (text) > 255)
    return FALSE;
  if (g_str_has_suffix (text, ".local"))
    return strspn (text, MDNS) == strlen (text);
  address = g_inet_address_new_from_string (text);
  return address && !g_inet_address_get_is_any (address) &&
      !g_inet_address_get_is_multicast (address) &&
      (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV4 ||
          memcmp (g_inet_address_to_bytes (address), broadcast, 4));
}

gboolean
whip_candidate_is_valid (const gchar *candidate)
{
  static const gchar *const types[] = { "host", "srflx", "prflx", "relay",
    NULL };

  if (!g_str_has_prefix (candidate, "candidate:") ||
      strlen (candidate) > MAX_CANDIDATE || !g_str_is_ascii (candidate))
    return FALSE;
  g_auto (GStrv) words = g_strsplit (candidate + strlen ("candidate:"), " ", 9);
  return g_strv_length (words) >= 8 && *words[0] && strlen (words[0]) <= 32 &&
      is_number (words[1], 256) &&
      (!g_ascii_strcasecmp (words[2], "udp") ||
          !g_ascii_strcasecmp (words[2], "tcp")) &&
      is_number (words[3], G_MAXUINT32) && is_address (words[4]) &&
      is_number (words[5], G_MAXUINT16) && strcmp (words[5], "0") &&
      !strcmp (words[6], "typ") && g_strv_contains (types, words[7]);
}

static gboolean
read_line (WhipFragment *self, gchar *line, gchar **mid, GError **error)
{
  g_strchomp (line);
  if (!*line || g_str_has_prefix (line, "m="))
    return TRUE;
  if (!g_str_has_prefix (line, "a=")) {
    g_set_error (error, WHIP_ERROR, 400,
        "The fragment has a line that is neither m= nor a=.");
    return FALSE;
  }
  const gchar *value = line + 2;
  if (g_str_has_prefix (value, "mid:")) {
    g_free (*mid);
    *mid = g_strdup (value + 4);
  } else if (g_str_has_prefix (value, "ice-ufrag:")) {
    g_free (self->ufrag);
    self->ufrag = g_strdup (value + 10);
  } else if (g_str_has_prefix (value, "ice-pwd:")) {
    g_free (self->password);
    self->password = g_strdup (value + 8);
  } else if (!strcmp (value, "end-of-candidates")) {
    self->end = TRUE;
  } else if (g_str_has_prefix (value, "candidate:")) {
    if (!whip_candidate_is_valid (value) ||
        self->candidates->len == WHIP_MAX_CANDIDATES) {
      g_set_error (error, WHIP_ERROR, 400,
          "The fragment has a candidate that cannot be read, or too many.");
      return FALSE;
    }
    WhipCandidate *candidate = g_new0 (WhipCandidate, 1);
    candidate->mid = g_strdup (*mid);
    candidate->candidate = g_strdup (value);
    g_ptr_array_add (self->candidates, candidate);
  }
  return TRUE;
}

WhipFragment *
whip_fragment_parse (const gchar *text, gsize size, GError **error)
{
  g_autoptr (WhipFragment) self = g_new0 (WhipFragment, 1);
  g_autofree gchar *mid = NULL;

  self->candidates = g_ptr_array_new_with_free_func (candidate_free);
  if (!g_utf8_validate (text, (gssize) size, NULL)) {
    g_set_error (error, WHIP_ERROR, 400, "The fragment is not text.");
    return NULL;
  }
  g_autofree gchar *copy = g_strndup (text, size);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", MAX_LINES);
  for (gchar **line = lines; *line; line++)
    if (!read_line (self, *line, &mid, error))
      return NULL;
  if (!self->candidates->len && !self->ufrag && !self->end) {
    g_set_error (error, WHIP_ERROR, 400,
        "The fragment has neither candidates nor ICE credentials.");
    return NULL;
  }
  return g_steal_pointer (&self);
}

/* ---- Settings */

gboolean
whip_port_range_parse (const gchar *range, guint *first, guint *last)
{
  guint64 low, high;
  const gchar *dash = range ? strchr (range, '-') : NULL;

  if (!dash)
    return FALSE;
  g_autofree gchar *start = g_strndup (range, (gsize) (dash - range));
  if (!g_ascii_string_to_unsigned (start, 10, 1, G_MAXUINT16, &low, NULL) ||
      !g_ascii_string_to_unsigned (dash + 1, 10, low, G_MAXUINT16, &high, NULL))
    return FALSE;
  *first = (guint) low;
  *last = (guint) high;
  return TRUE;
}

static gboolean
is_ice_text (const gchar *text, gsize min)
{
  if (!text || strlen (text) < min || strlen (text) > 256)
    return FALSE;
  for (const gchar *c = text; *c; c++)
    if (!g_ascii_isalnum (*c) && *c != '+' && *c != '/')
      return FALSE;
  return TRUE;
}

gboolean
whip_fragment_has_credentials (const WhipFragment *self)
{
  return is_ice_text (self->ufrag, 4) && is_ice_text (self->password, 22);
}
