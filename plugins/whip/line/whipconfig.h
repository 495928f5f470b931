/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  WHIP_ON_HANGUP_EOS,
  WHIP_ON_HANGUP_WAIT,
} WhipOnHangup;

/* The settings of a line; strings NULL where nothing was set. */
typedef struct
{
  gchar *peer, *line, *host;
  guint port;
  gchar *tls_certificate, *tls_key; /* PEM files */
  gchar *token, *token_file, *allowed_origins;
  gchar *stun_server, *turn_server, *turn_server_file;
  gchar *rtp_port_range, *external_address;
  gboolean ice_tcp;
  guint inactivity_timeout; /* ms, 0 = never */
  guint hang_up_delay; /* ms */
  guint busy_wait; /* ms */
  WhipOnHangup on_hangup;
  gchar *page; /* "on", "off", or a folder */
} WhipConfig;

/* What a call that gets through has shown, "" = nothing. */
const gchar *whip_config_admits (const WhipConfig *self);
void whip_config_copy (WhipConfig *to, const WhipConfig *from);
void whip_config_clear (WhipConfig *self);
/* Of a copy that is to work: its secrets are those of files and of the environment where
 * none were set. FALSE with @error. */
gboolean whip_config_resolve (WhipConfig *self, GError **error);
/* FALSE with GST_RESOURCE_ERROR_SETTINGS naming property and value. */
gboolean whip_config_check (const WhipConfig *self, GError **error);

G_END_DECLS
