/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Certificates for tests, made when they are asked for, each in one PEM file with its
 * key. */

typedef struct
{
  const gchar *name; /* NAME.pem; also the common name */
  const gchar *issuer; /* NAME of who signs, NULL: itself */
  const gchar *
      names; /* subjectAltName: "DNS:localhost,IP:127.0.0.1"; NULL: it is a CA */
  gint days; /* that it is still valid, may be negative */
} TestCertificate;

/* Makes it in @folder. */
void test_certificate_make (const gchar *folder,
    const TestCertificate *certificate);

G_END_DECLS
