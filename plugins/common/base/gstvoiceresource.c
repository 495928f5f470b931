/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstvoiceresource.h"

GResource *
gst_voice_resource_get (GResource *(*get) (void) )
{
  static GMutex
      lock; /* of all: registering one registers all that are loaded */

  g_mutex_lock (&lock);
  GResource *resource = get ();
  g_mutex_unlock (&lock);
  return resource;
}
