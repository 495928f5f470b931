/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstvoicelistener.h"

#define LISTENER "voice-listener"

gboolean
gst_voice_pad_leads_to_agent (GstPad *src)
{
  g_autoptr (GstQuery) query = gst_query_new_custom (GST_QUERY_CUSTOM,
      gst_structure_new_empty (LISTENER));
  gboolean agent = FALSE;

  return gst_pad_peer_query (src, query) &&
      gst_structure_get_boolean (gst_query_get_structure (query), "agent",
          &agent) &&
      agent;
}

gboolean
gst_voice_listener_query_answer_agent (GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_CUSTOM ||
      !gst_structure_has_name (gst_query_get_structure (query), LISTENER))
    return FALSE;
  gst_structure_set (gst_query_writable_structure (query), "agent",
      G_TYPE_BOOLEAN, TRUE, NULL);
  return TRUE;
}
