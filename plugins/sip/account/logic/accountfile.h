/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An account with a provider or at a PBX, as somebody wrote it down: by its address
 * alone, or as a section of a key file that has one for each. No secret stands in it,
 * but where one is.
 *
 * A line may have several, its trunks. Decision: `FILE` has all sections, `FILE#NAME,NAME`
 * those in that order; the name of a section has no comma, and where the file's has a #
 * there must be names. So the file of a line with one account becomes that of one with
 * several by sections that are added, and a line that may use some of them alone says so. */

#define ACCOUNT_FILE_EXPIRES 600 /* s, where nothing else is said */
#define ACCOUNT_FILE_MOST 32 /* trunks of a line */

typedef struct
{
  gchar *name; /* of the section, else the address */
  gchar *aor; /* "sip:user@domain", what others call */
  gchar *user; /* of it */
  gchar *server; /* URI without a user: where numbers are called */
  gchar *from_domain; /* in From of calls out */
  gchar *auth_user; /* for passwords */
  gchar *realm; /* those of its servers, with ; between; NULL = they say it */
  gchar *registrar; /* URI */
  gchar *
      outbound_proxy; /* URI that all goes through, NULL = the registrar's way */
  gchar *display_name; /* NULL = none */
  gchar
      *codecs; /* as the property has them, NULL = what that has; not checked */
  gchar *srtp; /* "off", "optional", "required"; NULL = what the property has */
  gchar *password_file; /* NULL = none is said */
  gchar **prefixes; /* of the numbers that it is for; NULL = anybody */
  guint weight; /* its share among those with the same; 0: if no other can */
  guint max_calls; /* at once, 0 = any number */
  guint max_rate; /* calls out a second, 0 = any number */
  guint options; /* s between two OPTIONS to its servers, 0 = none */
  guint
      expires; /* s that a registration is asked for; 0: it does not register */
} Account;

void account_clear (Account *self);
void account_copy (Account *self, const Account *from);

#define ACCOUNT_FILE_ERROR (account_file_error_quark ())
GQuark account_file_error_quark (void);

/* Whether @text is an address, else FILE#NAMES or, *@names NULL, FILE; the parts are
 * (transfer full). FALSE for what is neither. */
gboolean account_file_split (const gchar *text, gboolean *is_aor, gchar **file,
    gchar **names);

/* Which sections of a file @names has, with commas between them, NULL = all, as the file
 * has them; (transfer full). NULL with an error: there is none, or too many. */
gchar **account_file_dup_names (const gchar *text, gsize size,
    const gchar *names, GError **error);

/* FALSE with an error, which is a sentence without its end; *@self has nothing then. */
gboolean account_file_read_aor (Account *self, const gchar *aor,
    GError **error);
gboolean account_file_parse (Account *self, const gchar *text, gsize size,
    const gchar *name, GError **error);

G_END_DECLS
