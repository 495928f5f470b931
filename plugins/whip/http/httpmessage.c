/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "httpmessage.h"

#include "logic/whipresource.h"

#include <string.h>

#define DETAIL "http-problem-detail"

const gchar *
http_header (SoupServerMessage *message, const gchar *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (
                                           message),
      name);
}

void
http_set_header (SoupServerMessage *message, const gchar *name,
    const gchar *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      name, value);
}

void
http_allow_origin (SoupServerMessage *message)
{
  const gchar *origin = http_header (message, "Origin");

  if (!origin)
    return;
  http_set_header (message, "Access-Control-Allow-Origin", origin);
  http_set_header (message, "Vary", "Origin");
  http_set_header (message, "Access-Control-Expose-Headers",
      "Location, ETag, Link");
}

void
http_respond_problem (SoupServerMessage *message, guint status,
    const gchar *detail)
{
  g_autofree gchar *body = whip_problem_new (status, detail);

  g_object_set_data_full (G_OBJECT (message), DETAIL, g_strdup (detail),
      g_free);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/problem+json",
      SOUP_MEMORY_COPY, body, strlen (body));
}

const gchar *
http_get_detail (SoupServerMessage *message)
{
  const gchar *detail = g_object_get_data (G_OBJECT (message), DETAIL);

  return detail ? detail : "";
}
