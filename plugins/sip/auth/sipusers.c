/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipusers.h"

#include "common/base/gstvoicesecret.h"

#include <errno.h>
#include <gst/gst.h>
#include <sys/stat.h>
#include <unistd.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

typedef struct
{
  SipUsers users; /* first */
  gchar *file;
  struct stat about; /* as it was before it was read */
  gint64 looked; /* at that, us */
  guint opened;
} SharedUsers;

/* SIP loop only. */
static GSList *all; /* SharedUsers */
static guint last_id;

/* Any thread. */
static UserFile *
read_users (const gchar *file, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  gchar *text = gst_voice_secret_load ("auth", file, error);

  if (!text)
    return NULL;
  UserFile *users = user_file_parse (text, &wrong);
  gst_voice_secret_free (text);
  if (!users)
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "\"auth-file\" cannot be used: %s: %s.", file, wrong->message);
  return users;
}

gboolean
sip_users_check (const gchar *file, GError **error)
{
  g_autoptr (UserFile) users = read_users (file, error);

  return users != NULL;
}

static AuthServer *
new_server (UserFile *users)
{
  guint8 key[AUTH_KEY_SIZE];

  if (getentropy (key, sizeof key))
    g_error ("the system has no random numbers: %s", g_strerror (errno));
  return auth_server_new (users, key);
}

SipUsers *
sip_users_open (const gchar *file, GError **error)
{
  for (GSList *each = all; each; each = each->next) {
    SharedUsers *self = each->data;
    if (!g_str_equal (self->file, file))
      continue;
    self->opened++;
    return &self->users;
  }
  struct stat about = { 0 };
  stat (file, &about);
  UserFile *users = read_users (file, error);
  if (!users)
    return NULL;
  SharedUsers *self = g_new0 (SharedUsers, 1);
  self->users = (SipUsers){ ++last_id, new_server (users) };
  self->file = g_strdup (file);
  self->about = about;
  self->looked = g_get_monotonic_time ();
  self->opened = 1;
  all = g_slist_prepend (all, self);
  return &self->users;
}

/* What is read by the name of a credential does not change, and is not there by it. */
static gboolean
has_changed (SharedUsers *self)
{
  const struct stat before = self->about;
  struct stat now;

  if (stat (self->file, &now))
    return FALSE;
  self->about = now;
  return now.st_ino != before.st_ino || now.st_dev != before.st_dev ||
      now.st_size != before.st_size ||
      now.st_mtim.tv_sec != before.st_mtim.tv_sec ||
      now.st_mtim.tv_nsec != before.st_mtim.tv_nsec;
}

void
sip_users_refresh (SipUsers *users)
{
  SharedUsers *self = (SharedUsers *) users;
  const gint64 now = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  if (now - self->looked < G_TIME_SPAN_SECOND)
    return;
  self->looked = now;
  if (!has_changed (self))
    return;
  UserFile *changed = read_users (self->file, &error);
  if (!changed) {
    GST_WARNING ("%s Who was in it may call.", error->message);
    return;
  }
  auth_server_set_users (users->server, changed);
  users->id = ++last_id;
}

void
sip_users_close (SipUsers *users)
{
  SharedUsers *self = (SharedUsers *) users;

  if (--self->opened)
    return;
  all = g_slist_remove (all, self);
  auth_server_free (self->users.server);
  g_free (self->file);
  g_free (self);
}
