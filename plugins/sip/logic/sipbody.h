/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The parts of a multipart body (RFC 2046 5.1). */

/* The first part of type @type ("application/sdp") in the @size bytes of @body, or in
 * a multipart part of it (RFC 5621 4); @part is NULL if there is none. Parts of other types are
 * passed over, also those whose sender demands that they be understood (RFC 5621
 * 8.1): what a telephone exchange adds for others of its kind is no reason to refuse
 * a call. FALSE: no multipart body with this @boundary, which may have its quotes, or
 * nothing but parts that are encoded or hidden deeper where @type is, or may be. */
gboolean sip_body_find_part (const gchar *boundary, const gchar *body,
    gsize size, const gchar *type, const gchar **part, gsize *part_size);

G_END_DECLS
