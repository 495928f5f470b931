/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many files, sockets among them, this process may open. */

/* As many as the system lets it have. */
void file_limit_raise (void);
/* Whether @n more can be opened, with some to spare. */
gboolean file_limit_has_room (guint n);

G_END_DECLS
