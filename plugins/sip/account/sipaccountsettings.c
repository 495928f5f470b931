/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipaccountsettings.h"

#include "common/base/gstvoicesecret.h"
#include "sip/codec/codectable.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_FILE (1024 * 1024) /* bytes */

void
sip_account_settings_free (SipAccountSettings *self)
{
  account_clear (&self->account);
  g_clear_pointer (&self->password, gst_voice_secret_free);
  g_free (self);
}

SipAccountSettings *
sip_account_settings_copy (const SipAccountSettings *self)
{
  SipAccountSettings *copy = g_new0 (SipAccountSettings, 1);

  account_copy (&copy->account, &self->account);
  copy->password = g_strdup (self->password);
  return copy;
}

static gboolean
refuse (GError **error, gint code, const gchar *where, const gchar *why)
{
  g_set_error (error, GST_RESOURCE_ERROR, code,
      "\"account\" cannot be used: %s%s%s.", where, *where ? ": " : "", why);
  return FALSE;
}

static gboolean
read_file (const gchar *path, gchar **text, gsize *size, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  struct stat about;

  if (!stat (path, &about) &&
      (!S_ISREG (about.st_mode) || about.st_size > MAX_FILE))
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS, path,
        "it is no file of this kind");
  if (g_file_get_contents (path, text, size, &wrong))
    return TRUE;
  if (g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return refuse (error, GST_RESOURCE_ERROR_NOT_FOUND, path,
        "it is no sip: or sips: address, and no file that is there");
  return refuse (error, GST_RESOURCE_ERROR_OPEN_READ, path,
      "it cannot be read");
}

static gboolean
check_codecs (const Account *account, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  RtpCodecList list;

  if (!account->codecs || codec_table_parse (account->codecs, &list, &wrong))
    return TRUE;
  return refuse (error, GST_RESOURCE_ERROR_SETTINGS, account->name,
      wrong->message);
}

/* The account's file, then the line's, then the variable. */
static gboolean
find_password (SipAccountSettings *self, const gchar *file, GError **error)
{
  static const gchar *const variables[] = { "VOICE_SIP_PASSWORD", NULL };
  const gchar *own = self->account.password_file;
  g_autoptr (GError) wrong = NULL;

  self->password = gst_voice_secret_resolve ("password", NULL, own ? own : file,
      variables, &wrong);
  if (!wrong)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* ---- All of them */

/* Its own words, which the properties complete. */
static SipAccountSettings *
add (GPtrArray *all)
{
  SipAccountSettings *self = g_new0 (SipAccountSettings, 1);

  g_ptr_array_add (all, self);
  return self;
}

static gboolean
read_sections (GPtrArray *all, const gchar *file, const gchar *names,
    GError **error)
{
  g_autofree gchar *text = NULL;
  g_autoptr (GError) wrong = NULL;
  gsize size;

  if (!read_file (file, &text, &size, error))
    return FALSE;
  g_auto (GStrv) sections = account_file_dup_names (text, size, names, &wrong);
  if (!sections)
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS, file, wrong->message);
  for (gchar **name = sections; *name; name++) {
    g_autofree gchar *where = g_strdup_printf ("%s#%s", file, *name);
    if (!account_file_parse (&add (all)->account, text, size, *name, &wrong))
      return refuse (error, GST_RESOURCE_ERROR_SETTINGS, where, wrong->message);
  }
  return TRUE;
}

static gboolean
read_accounts (GPtrArray *all, const gchar *said, GError **error)
{
  g_autofree gchar *file = NULL, *names = NULL;
  g_autoptr (GError) wrong = NULL;
  gboolean is_aor;

  if (!account_file_split (said, &is_aor, &file, &names))
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS, "",
        "it must be an address such as sip:4930123@trunk.example, FILE, or "
        "FILE#NAME");
  if (!is_aor)
    return read_sections (all, file, names, error);
  return account_file_read_aor (&add (all)->account, said, &wrong) ||
      refuse (error, GST_RESOURCE_ERROR_SETTINGS, "", wrong->message);
}

GPtrArray *
sip_account_settings_load (const gchar *account, const gchar *password_file,
    GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (
      (GDestroyNotify) sip_account_settings_free);

  if (!account || !*account)
    return g_steal_pointer (&all);
  if (!read_accounts (all, account, error))
    return NULL;
  for (guint i = 0; i < all->len; i++) {
    SipAccountSettings *each = g_ptr_array_index (all, i);
    if (!check_codecs (&each->account, error) ||
        !find_password (each, password_file, error))
      return NULL;
  }
  return g_steal_pointer (&all);
}

gboolean
sip_account_settings_equal (const SipAccountSettings *a,
    const SipAccountSettings *b)
{
  const Account *x = &a->account, *y = &b->account;

  return !g_strcmp0 (x->name, y->name) && !g_strcmp0 (x->aor, y->aor) &&
      !g_strcmp0 (x->auth_user, y->auth_user) &&
      !g_strcmp0 (x->registrar, y->registrar) &&
      !g_strcmp0 (x->outbound_proxy, y->outbound_proxy) &&
      !g_strcmp0 (x->realm, y->realm) && x->expires == y->expires &&
      x->options == y->options && !g_strcmp0 (a->password, b->password);
}
