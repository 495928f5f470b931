/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "whipconfig.h"

#include "logic/whipresource.h"

#include "common/base/gstvoicesecret.h"

#include <gio/gio.h>
#include <string.h>

#define N_STRINGS 14

/* The strings of a configuration, in no particular order. */
static void
list_strings (WhipConfig *self, gchar **strings[N_STRINGS])
{
  gchar **all[N_STRINGS] = { &self->peer, &self->line, &self->host,
    &self->tls_certificate, &self->tls_key, &self->token, &self->token_file,
    &self->allowed_origins, &self->stun_server, &self->turn_server,
    &self->turn_server_file, &self->rtp_port_range, &self->external_address,
    &self->page };

  memcpy (strings, all, sizeof (all));
}

void
whip_config_copy (WhipConfig *to, const WhipConfig *from)
{
  gchar **strings[N_STRINGS];

  *to = *from;
  list_strings (to, strings);
  for (guint i = 0; i < N_STRINGS; i++)
    *strings[i] = g_strdup (*strings[i]);
}

void
whip_config_clear (WhipConfig *self)
{
  gchar **strings[N_STRINGS];

  list_strings (self, strings);
  for (guint i = 0; i < N_STRINGS; i++)
    g_clear_pointer (strings[i], g_free);
}

static gboolean
is_name (const gchar *name)
{
  for (const gchar *c = name; *c; c++)
    if (!g_ascii_isalnum (*c) && !strchr ("-_.~", *c))
      return FALSE;
  return *name && *name != '.' && strlen (name) <= 64;
}

static gboolean
is_address (const gchar *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return address != NULL;
}

static gboolean
is_server (const gchar *uri, const gchar *scheme)
{
  g_autofree gchar *link = whip_link_new (uri);

  return link && g_str_has_prefix (uri, scheme) && strstr (uri, "://");
}

static gboolean
wrong (GError **error, const gchar *property, const gchar *value,
    const gchar *rule)
{
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      value ? "%s is \"%s\", but must be %s." : "%s%.0s must be %s.", property,
      value ? value : "", rule);
  return FALSE;
}

static gboolean
check_addresses (const WhipConfig *self, GError **error)
{
  guint first, last;

  if (self->line && !is_name (self->line))
    return wrong (error, "line", self->line,
        "a name of letters, digits, '-', '_' and '.'");
  if (!self->host ||
      (strcmp (self->host, "localhost") && !is_address (self->host)))
    return wrong (error, "host", self->host ? self->host : "",
        "a numeric address of this machine, as 127.0.0.1 or 0.0.0.0, or "
        "localhost");
  if (self->external_address && !is_address (self->external_address))
    return wrong (error, "external-address", self->external_address,
        "a numeric address");
  if (self->rtp_port_range &&
      !whip_port_range_parse (self->rtp_port_range, &first, &last))
    return wrong (error, "rtp-port-range", self->rtp_port_range,
        "two ports, the lower one first, as in 20000-20100");
  return TRUE;
}

static gboolean
has_page (const gchar *page)
{
  if (!page || !strcmp (page, "on") || !strcmp (page, "off"))
    return TRUE;
  g_autofree gchar *index = g_build_filename (page, "index.html", NULL);
  return g_file_test (index, G_FILE_TEST_IS_REGULAR);
}

gboolean
whip_config_check (const WhipConfig *self, GError **error)
{
  if (!check_addresses (self, error))
    return FALSE;
  if (!self->tls_certificate != !self->tls_key)
    return wrong (error, "tls-key", self->tls_key,
        "set together with tls-certificate");
  if (self->stun_server && !is_server (self->stun_server, "stun"))
    return wrong (error, "stun-server", self->stun_server,
        "written as stun://host:port");
  if (self->turn_server && !is_server (self->turn_server, "turn"))
    return wrong (error, "turn-server", NULL,
        "written as turn://user:password@host:port");
  if (!has_page (self->page))
    return wrong (error, "page", self->page,
        "on, off, or a folder with an index.html");
  return TRUE;
}

static gboolean
resolve (gchar **secret, const gchar *name, const gchar *file,
    const gchar *const *variables, GError **error)
{
  GError *wrong = NULL;
  gchar *found =
      gst_voice_secret_resolve (name, *secret, file, variables, &wrong);

  gst_voice_secret_free (*secret);
  *secret = found;
  if (wrong)
    g_propagate_error (error, wrong);
  return !wrong;
}

gboolean
whip_config_resolve (WhipConfig *self, GError **error)
{
  static const gchar *const token[] = { "VOICE_WHIPSERVER_TOKEN", "WHIP_TOKEN",
    NULL };
  static const gchar *const turn[] = { "VOICE_WHIPSERVER_TURN_SERVER", NULL };

  return resolve (&self->token, "token", self->token_file, token, error) &&
      resolve (&self->turn_server, "turn-server", self->turn_server_file, turn,
          error);
}

const gchar *
whip_config_admits (const WhipConfig *self)
{
  g_autoptr (GInetAddress) address =
      g_inet_address_new_from_string (self->host);

  if (self->token && *self->token)
    return "token";
  /* Only who is on this machine reaches it. */
  return address && !g_inet_address_get_is_loopback (address) ? "" : "local";
}
