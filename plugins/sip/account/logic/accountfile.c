/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "accountfile.h"

#include "sip/logic/auth/authrealms.h"
#include "sip/logic/dial/dialtarget.h"
#include "sip/logic/sipuri.h"

#include <string.h>

G_DEFINE_QUARK (account - file, account_file_error)

#define LONGEST (24 * 60 * 60) /* s */
#define HEAVIEST 1000
#define MOST_CALLS 100000
#define MOST_PREFIXES 256

void
account_clear (Account *self)
{
  g_free (self->name);
  g_free (self->aor);
  g_free (self->user);
  g_free (self->server);
  g_free (self->from_domain);
  g_free (self->auth_user);
  g_free (self->realm);
  g_free (self->registrar);
  g_free (self->outbound_proxy);
  g_free (self->display_name);
  g_free (self->codecs);
  g_free (self->srtp);
  g_free (self->password_file);
  g_strfreev (self->prefixes);
  *self = (Account){ NULL };
}

void
account_copy (Account *self, const Account *from)
{
  *self = *from;
  self->name = g_strdup (from->name);
  self->aor = g_strdup (from->aor);
  self->user = g_strdup (from->user);
  self->server = g_strdup (from->server);
  self->from_domain = g_strdup (from->from_domain);
  self->auth_user = g_strdup (from->auth_user);
  self->realm = g_strdup (from->realm);
  self->registrar = g_strdup (from->registrar);
  self->outbound_proxy = g_strdup (from->outbound_proxy);
  self->display_name = g_strdup (from->display_name);
  self->codecs = g_strdup (from->codecs);
  self->srtp = g_strdup (from->srtp);
  self->password_file = g_strdup (from->password_file);
  self->prefixes = g_strdupv (from->prefixes);
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  /* What is quoted comes from a file. */
  g_autofree gchar *shown = g_utf8_make_valid (text, -1);
  g_set_error_literal (error, ACCOUNT_FILE_ERROR, 0, shown);
  return FALSE;
}

gboolean
account_file_split (const gchar *text, gboolean *is_aor, gchar **file,
    gchar **names)
{
  const gchar *hash = strrchr (text, '#');

  *file = *names = NULL;
  *is_aor = !g_ascii_strncasecmp (text, "sip:", 4) ||
      !g_ascii_strncasecmp (text, "sips:", 5);
  if (*is_aor)
    return TRUE;
  if (!*text || (hash && (hash == text || !hash[1])))
    return FALSE;
  *file = hash ? g_strndup (text, hash - text) : g_strdup (text);
  *names = hash ? g_strdup (hash + 1) : NULL;
  return TRUE;
}

/* ---- Values; the first argument is what they stand for */

/* First of all: what is wrong otherwise is quoted. */
static gboolean
check_secrecy (const gchar *key, const gchar *uri, GError **error)
{
  const gchar *at = strrchr (uri, '@');
  const gchar *user = uri;

  if (!g_ascii_strncasecmp (uri, "sip:", 4))
    user += 4;
  else if (!g_ascii_strncasecmp (uri, "sips:", 5))
    user += 5;
  if (!at || at < user || !memchr (user, ':', at - user))
    return TRUE;
  return refuse (error,
      "%s has a password in it, which others can read there: use "
      "password-file",
      key);
}

static gboolean
check_uri (const gchar *key, const gchar *uri, GError **error)
{
  if (!check_secrecy (key, uri, error))
    return FALSE;
  g_autofree gchar *strange = sip_uri_dup_strange (uri);
  if (strange)
    return refuse (error,
        "%s is \"%s\", whose parameter \"%s\" is none that this side knows, such "
        "as transport",
        key, uri, strange);
  if (sip_uri_check (uri, TRUE) == SIP_URI_GOOD && !strpbrk (uri, "\"<>?"))
    return TRUE;
  return refuse (error,
      "%s is \"%s\", but must be an address such as sip:trunk.example", key,
      uri);
}

/* What may stand between quotes as it is. */
static gboolean
check_plain (const gchar *key, const gchar *text, const gchar * not,
    GError **error)
{
  gboolean wrong = !*text || !g_utf8_validate (text, -1, NULL);

  for (const gchar *c = text; *c && !wrong; c++)
    wrong = g_ascii_iscntrl (*c) || strchr (not, *c);
  return !wrong ||
      refuse (error, "%s has characters that cannot be there", key);
}

static gboolean
check_domain (const gchar *key, const gchar *domain, GError **error)
{
  g_autofree gchar *uri = g_strconcat ("sip:", domain, NULL);

  if (sip_uri_check (uri, TRUE) == SIP_URI_GOOD && !strpbrk (domain, "@;?"))
    return TRUE;
  return refuse (error, "%s is \"%s\", but must be a domain such as %s", key,
      domain, "trunk.example");
}

static gboolean
check_srtp (const gchar *key, const gchar *text, GError **error)
{
  static const gchar *const words[] = { "off", "optional", "required", NULL };

  return g_strv_contains (words, text) ||
      refuse (error, "%s is \"%s\", but must be off, optional, or required",
          key, text);
}

static gboolean
check_realms (const gchar *key, const gchar *text, GError **error)
{
  g_auto (GStrv) realms = g_strsplit (text, ";", -1);

  if (g_strv_length (realms) > AUTH_REALMS_MOST)
    return refuse (error, "%s has more than %d, with ; between them", key,
        AUTH_REALMS_MOST);
  return check_plain (key, text, "\"\\", error);
}

/* FALSE: it is no key that has a number; *@ok: that one is good. */
static gboolean
take_number (Account *self, const gchar *key, const gchar *text, gboolean *ok,
    GError **error)
{
  const struct
  {
    const gchar *key;
    guint *field;
    guint most;
    const gchar *unit;
  } numbers[] = {
    { "expires", &self->expires, LONGEST, "seconds" },
    { "options", &self->options, LONGEST, "seconds" },
    { "weight", &self->weight, HEAVIEST, "a number" },
    { "max-calls", &self->max_calls, MOST_CALLS, "a number" },
    { "max-rate", &self->max_rate, MOST_CALLS, "calls a second" },
  };
  guint64 value;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    if (!g_str_equal (key, numbers[i].key))
      continue;
    *ok =
        g_ascii_string_to_unsigned (text, 10, 0, numbers[i].most, &value, NULL);
    if (*ok)
      *numbers[i].field = (guint) value;
    else
      refuse (error, "%s is \"%s\", but must be %s from 0 to %u", key, text,
          numbers[i].unit, numbers[i].most);
    return TRUE;
  }
  return FALSE;
}

/* As dial-allow has them, without what follows. */
static gboolean
take_prefixes (Account *self, const gchar *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", MOST_PREFIXES + 1);
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  for (gchar **part = parts; *part; part++) {
    g_strstrip (*part);
    g_autofree gchar *digits =
        dial_target_dup_number (*part, strlen (*part), TRUE, TRUE);
    if (!digits)
      return refuse (error,
          "prefix has \"%s\", which is no beginning of a number such as +4930",
          *part);
    g_strv_builder_add (all, digits);
  }
  g_strfreev (self->prefixes);
  self->prefixes = g_strv_builder_end (all);
  return *self->prefixes || refuse (error, "prefix has no number in it");
}

/* ---- The address */

/* Into what others call, and where they ask for it: "sip:user@" (or "sips:") and what is
 * behind. */
static gboolean
take_aor (Account *self, const gchar *key, const gchar *aor, GError **error)
{
  const gchar *at = strchr (aor, '@');

  if (!check_uri (key, aor, error))
    return FALSE;
  const gchar *scheme =
      !g_ascii_strncasecmp (aor, "sips:", 5) ? "sips:" : "sip:";
  const gchar *user = aor + strlen (scheme);
  if (!at)
    return refuse (error,
        "%s is \"%s\", but must be an address with a name, "
        "such as sip:4930123@trunk.example",
        key, aor);
  g_autofree gchar *host = sip_uri_dup_host (aor);
  self->user = g_strndup (user, at - user);
  self->from_domain = strchr (host, ':') ? g_strdup_printf ("[%s]", host)
                                         : g_steal_pointer (&host);
  self->aor =
      g_strdup_printf ("%s%s@%s", scheme, self->user, self->from_domain);
  self->server = g_strconcat (scheme, at + 1, NULL);
  self->registrar = g_strdup (self->server);
  self->auth_user = g_strdup (self->user);
  self->expires = ACCOUNT_FILE_EXPIRES;
  self->weight = 1;
  return TRUE;
}

gboolean
account_file_read_aor (Account *self, const gchar *aor, GError **error)
{
  *self = (Account){ NULL };
  if (!take_aor (self, "account", aor, error))
    return FALSE;
  self->name = g_strdup (self->aor);
  return TRUE;
}

/* ---- A section */

/* Takes @value, (transfer full). */
static void
set (gchar **field, gchar *value)
{
  g_free (*field);
  *field = value;
}

static gboolean
take_key (Account *self, const gchar *key, gchar **value, GError **error)
{
  const struct
  {
    const gchar *key;
    gchar **field;
    gboolean (*check) (const gchar *key, const gchar *value, GError **error);
    const gchar * not ; /* characters, if there is no check */
  } keys[] = {
    { "registrar", &self->registrar, check_uri, NULL },
    { "outbound-proxy", &self->outbound_proxy, check_uri, NULL },
    { "from-domain", &self->from_domain, check_domain, NULL },
    { "auth-user", &self->auth_user, NULL, "\"\\:" },
    { "realm", &self->realm, check_realms, NULL },
    { "display-name", &self->display_name, NULL, "\"\\" },
    { "password-file", &self->password_file, NULL, "" },
    { "codecs", &self->codecs, NULL, "" },
    { "srtp", &self->srtp, check_srtp, NULL },
  };
  gboolean ok;

  if (g_str_equal (key, "aor"))
    return TRUE;
  if (take_number (self, key, *value, &ok, error))
    return ok;
  if (g_str_equal (key, "prefix"))
    return take_prefixes (self, *value, error);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (key, keys[i].key)) {
      if (!(keys[i].check ? keys[i].check (key, *value, error)
                          : check_plain (key, *value, keys[i].not, error)))
        return FALSE;
      set (keys[i].field, g_steal_pointer (value));
      return TRUE;
    }
  return refuse (error, "\"%s\" is no key of an account", key);
}

static gboolean
take_section (Account *self, GKeyFile *file, const gchar *name, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, name, NULL, NULL);
  g_autofree gchar *aor = g_key_file_get_string (file, name, "aor", NULL);

  if (!keys)
    return refuse (error, "it has no section [%s]", name);
  if (!aor)
    return refuse (error, "[%s] has no aor", name);
  if (!take_aor (self, "aor", aor, error))
    return FALSE;
  for (gchar **key = keys; *key; key++) {
    g_autofree gchar *value = g_key_file_get_string (file, name, *key, NULL);
    if (!value)
      return refuse (error, "%s is not written as a key file has it", *key);
    if (!take_key (self, *key, &value, error))
      return FALSE;
  }
  self->name = g_strdup (name);
  return TRUE;
}

/* GLib makes one of both. (transfer full), NULL: there is none. */
static gchar *
dup_second_section (const gchar *text, gsize size)
{
  g_autofree gchar *copy = g_strndup (size ? text : "", size);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (gchar **line = lines; *line; line++)
    if (*g_strstrip (*line) == '[' && !g_hash_table_add (seen, *line))
      return g_utf8_make_valid (*line, -1);
  return NULL;
}

/* NULL: it is none. */
static GKeyFile *
load (const gchar *text, gsize size, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree gchar *second = dup_second_section (text, size);

  if (second) {
    refuse (error, "it has the section %s twice", second);
    return NULL;
  }
  if (size &&
      g_key_file_load_from_data (file, text, size, G_KEY_FILE_NONE, NULL))
    return g_steal_pointer (&file);
  refuse (error, "it is no key file");
  return NULL;
}

gboolean
account_file_parse (Account *self, const gchar *text, gsize size,
    const gchar *name, GError **error)
{
  g_autoptr (GKeyFile) file = load (text, size, error);

  *self = (Account){ NULL };
  if (!file)
    return FALSE;
  if (take_section (self, file, name, error))
    return TRUE;
  account_clear (self);
  return FALSE;
}

static gboolean
is_named_twice (gchar **names)
{
  for (gchar **name = names; *name; name++)
    if (g_strv_contains ((const gchar *const *) name + 1, *name))
      return TRUE;
  return FALSE;
}

gchar **
account_file_dup_names (const gchar *text, gsize size, const gchar *names,
    GError **error)
{
  g_autoptr (GKeyFile) file = load (text, size, error);

  if (!file)
    return NULL;
  g_auto (GStrv) all =
      names ? g_strsplit (names, ",", -1) : g_key_file_get_groups (file, NULL);
  if (!*all)
    refuse (error, "it has no section");
  else if (g_strv_length (all) > ACCOUNT_FILE_MOST)
    refuse (error, "it has more than %d sections", ACCOUNT_FILE_MOST);
  else if (names && is_named_twice (all))
    refuse (error, "it names a section twice");
  else
    return g_steal_pointer (&all);
  return NULL;
}
