/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The client events of OpenAI's Realtime API which an agent can follow. */

typedef enum
{
  OAI_NOTHING, /* well-formed, and nothing to do about it */
  OAI_TEXT, /* the caller wrote @text */
  OAI_CANCEL, /* the agent is to be silent */
  OAI_INSTRUCTIONS, /* @text tells the agent what it is */
} OaiRequestType;

typedef struct
{
  OaiRequestType type;
  gchar *text;
  gchar *event_id, *item_id; /* as the far end names them; NULL: it does not */
} OaiRequest;

#define OAI_MAX_MESSAGE (64 * 1024)
#define OAI_MAX_TEXT 4000 /* characters */
#define OAI_MAX_ID 128 /* octets; of an event or item */

/* FALSE, with a sentence for the sender: G_IO_ERROR_INVALID_DATA. @request is to be
 * cleared in any case: it may know its event_id. */
gboolean oai_request_parse (const gchar *json, gssize size, OaiRequest *request,
    GError **error);
void oai_request_clear (OaiRequest *request);

G_END_DECLS
