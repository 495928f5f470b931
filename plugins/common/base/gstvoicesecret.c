/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstvoicesecret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
is_set (const gchar *text)
{
  return text && *text;
}

/* A name without a directory is that of a credential, if the service has one. */
static gchar *
find_file (const gchar *file)
{
  const gchar *directory = g_getenv ("CREDENTIALS_DIRECTORY");

  if (directory && !strchr (file, '/')) {
    g_autofree gchar *path = g_build_filename (directory, file, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  return g_strdup (file);
}

static gboolean
refuse (GError **error, gint code, const gchar *name, const gchar *path,
    const gchar *why)
{
  g_set_error (error, GST_RESOURCE_ERROR, code,
      "\"%s-file\" cannot be used: %s %s.", name, path, why);
  return FALSE;
}

static gboolean
check (gint fd, const gchar *name, const gchar *path, GError **error)
{
  struct stat about;

  if (fstat (fd, &about) || !S_ISREG (about.st_mode))
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS, name, path,
        "is no file");
  if (about.st_mode & (S_IROTH | S_IWOTH | S_IWGRP))
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS, name, path,
        about.st_mode & S_IWGRP ? "is open to its group's writing: chmod g-w"
                                : "is open to everybody: chmod o-rw");
  if (about.st_uid && about.st_uid != geteuid ())
    return refuse (error, GST_RESOURCE_ERROR_SETTINGS, name, path,
        "is somebody else's: chown it");
  return TRUE;
}

/* The first line; "" is none. */
static gchar *
read_line (gint fd, const gchar *name, const gchar *path, GError **error)
{
  g_autofree gchar *text = g_malloc0 (GST_VOICE_SECRET_MAX + 1);
  const gssize size = read (fd, text, GST_VOICE_SECRET_MAX);

  if (size < 0)
    refuse (error, GST_RESOURCE_ERROR_READ, name, path, g_strerror (errno));
  else if (!text[strcspn (text, "\r\n")] && size == GST_VOICE_SECRET_MAX)
    refuse (error, GST_RESOURCE_ERROR_SETTINGS, name, path,
        "has too long a line");
  text[strcspn (text, "\r\n")] = '\0';
  if (!*text && !(error && *error))
    refuse (error, GST_RESOURCE_ERROR_SETTINGS, name, path,
        "has nothing in its first line");
  gchar *secret = *text && size >= 0 && strlen (text) < GST_VOICE_SECRET_MAX
      ? g_strdup (text)
      : NULL;
  explicit_bzero (text, GST_VOICE_SECRET_MAX);
  return secret;
}

/* All of it. */
static gchar *
read_text (gint fd, const gchar *name, const gchar *path, GError **error)
{
  gchar *text = g_malloc0 (GST_VOICE_SECRET_FILE_MAX + 1);
  gsize size = 0;
  gssize got;

  while ((got = read (fd, text + size, GST_VOICE_SECRET_FILE_MAX - size)) > 0)
    size += (gsize) got;
  if (got == 0 && size < GST_VOICE_SECRET_FILE_MAX)
    return text;
  refuse (error,
      got < 0 ? GST_RESOURCE_ERROR_READ : GST_RESOURCE_ERROR_SETTINGS, name,
      path, got < 0 ? g_strerror (errno) : "is too long");
  explicit_bzero (text, GST_VOICE_SECRET_FILE_MAX);
  g_free (text);
  return NULL;
}

typedef gchar *(
    *Reader) (gint fd, const gchar *name, const gchar *path, GError **error);

static gchar *
read_file (const gchar *name, const gchar *file, Reader reader, GError **error)
{
  g_autofree gchar *path = find_file (file);
  const gint fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0) {
    const gint why = errno;
    refuse (error,
        why == ENOENT ? GST_RESOURCE_ERROR_NOT_FOUND
                      : GST_RESOURCE_ERROR_OPEN_READ,
        name, path, why == ENOENT ? "is not there" : g_strerror (why));
    return NULL;
  }
  gchar *secret =
      check (fd, name, path, error) ? reader (fd, name, path, error) : NULL;
  close (fd);
  return secret;
}

gchar *
gst_voice_secret_load (const gchar *name, const gchar *file, GError **error)
{
  return read_file (name, file, read_text, error);
}

gchar *
gst_voice_secret_resolve (const gchar *name, const gchar *value,
    const gchar *file, const gchar *const *variables, GError **error)
{
  if (is_set (value))
    return g_strdup (value);
  if (is_set (file))
    return read_file (name, file, read_line, error);
  for (guint i = 0; variables && variables[i]; i++)
    if (is_set (g_getenv (variables[i])))
      return g_strdup (g_getenv (variables[i]));
  return NULL;
}

void
gst_voice_secret_free (gchar *secret)
{
  if (secret)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}
