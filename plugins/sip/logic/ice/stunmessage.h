/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A message of STUN (RFC 8489), as far as ICE (RFC 8445) and the question for our own
 * address need it: read, proved and written. */

#define STUN_TRANSACTION_SIZE 12
#define STUN_MAX_USERNAME 513 /* RFC 8489 14.3 */
#define STUN_MAX_UNKNOWN 8

typedef enum
{
  STUN_BINDING_REQUEST = 0x0001,
  STUN_BINDING_INDICATION = 0x0011,
  STUN_BINDING_SUCCESS = 0x0101,
  STUN_BINDING_ERROR = 0x0111,
} StunType; /* others may come */

typedef struct
{
  guint8 bytes[16]; /* as the network has them */
  guint size; /* 4: IPv4, 16: IPv6, 0: there is none */
  guint16 port;
} StunAddress;

/* Borrows from the bytes that it was read from. */
typedef struct
{
  const guint8 *data;
  guint type;
  const guint8 *transaction;
  const gchar *username; /* NULL: none */
  gsize username_size;
  gsize integrity; /* offset of MESSAGE-INTEGRITY, 0: none */
  gboolean has_fingerprint; /* and it is right */
  gboolean has_priority, use_candidate;
  guint32 priority; /* of ICE */
  StunAddress mapped; /* XOR-MAPPED-ADDRESS, else MAPPED-ADDRESS */
  /* Attributes that must be understood, and are not */
  guint16 unknown[STUN_MAX_UNKNOWN];
  guint n_unknown;
} StunMessage;

/* By its first bytes: it is none of DTLS, RTP or RTCP (RFC 7983). */
gboolean stun_is_message (const guint8 *data, gsize size);
/* FALSE: it is malformed, or not what its FINGERPRINT says. */
gboolean stun_parse (StunMessage *self, const guint8 *data, gsize size);
/* Its MESSAGE-INTEGRITY is by who knows @password. */
gboolean stun_check_integrity (const StunMessage *self, const gchar *password);
gboolean stun_address_equal (const StunAddress *a, const StunAddress *b);

/* ---- Writing */

#define STUN_MAX_SIZE 256

typedef struct
{
  guint8 data[STUN_MAX_SIZE];
  gsize size; /* 0: there is nothing */
} StunWriter;

/* In this order; what does not fit is left out. */
void stun_write (StunWriter *self, StunType type, const guint8 *transaction);
void stun_write_username (StunWriter *self, const gchar *name);
void stun_write_address (StunWriter *self, const StunAddress *address);
void stun_write_error (StunWriter *self, guint code);
void stun_write_unknown (StunWriter *self, const guint16 *types, guint n);
void stun_write_priority (StunWriter *self, guint32 priority,
    gboolean use_candidate);
/* Ends it by MESSAGE-INTEGRITY, unless @password is NULL, and FINGERPRINT. */
void stun_write_end (StunWriter *self, const gchar *password);

G_END_DECLS
