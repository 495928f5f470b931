/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A server of the Realtime API that thinks 0 ms. Prints its address and "ready"; ends with its
 * standard input.
 *
 *   realtime [echo]
 *
 * Each answer is two seconds of tone, all of it at once. echo: what it hears. */

#include "mock/agentserver.h"

#include <gio/gio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define RATE 24000
#define LENGTH (2 * RATE) /* samples */

static gchar *pcm, *law; /* base64 */
static guint n_answers;
static gboolean echo;

static void
make_sound (void)
{
  g_autofree gint16 *samples = g_new (gint16, LENGTH);
  g_autofree guint8 *bytes = g_malloc (LENGTH / 3);

  for (guint i = 0; i < LENGTH; i++)
    samples[i] = (gint16) (8000 * sin (2 * G_PI * 440 * i / RATE));
  for (guint i = 0; i < LENGTH / 3;
       i++) /* loud and square: what it is matters not */
    bytes[i] = i / 9 % 2 ? 0x20 : 0xa0;
  pcm = g_base64_encode ((const guchar *) samples, LENGTH * 2);
  law = g_base64_encode (bytes, LENGTH / 3);
}

static void G_GNUC_PRINTF (3, 4)
    tell (AgentServer *server, guint connection, const gchar *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree gchar *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  agent_server_send (server, connection, text);
}

static void
answer (AgentServer *server, guint connection, const gchar *sound)
{
  const guint n = ++n_answers;

  tell (server, connection,
      "{\"type\":\"response.created\",\"response\":{\"id\":\"r%u\","
      "\"status\":\"in_progress\"}}",
      n);
  tell (server, connection,
      "{\"type\":\"response.output_item.added\",\"response_id\":\"r%u\","
      "\"item\":{\"id\":\"i%u\",\"type\":\"message\",\"role\":\"assistant\"}}",
      n, n);
  tell (server, connection,
      "{\"type\":\"response.output_audio.delta\",\"response_id\":\"r%u\","
      "\"item_id\":\"i%u\",\"output_index\":0,\"content_index\":0,"
      "\"delta\":\"%s\"}",
      n, n, sound);
  tell (server, connection,
      "{\"type\":\"response.output_audio.done\",\"response_id\":\"r%u\","
      "\"item_id\":\"i%u\"}",
      n, n);
  tell (server, connection,
      "{\"type\":\"response.done\",\"response\":{\"id\":\"r%u\","
      "\"status\":\"completed\"}}",
      n);
}

static gboolean
is_silent (const gchar *sound, gboolean is_law)
{
  gsize size;
  g_autofree guchar *bytes = g_base64_decode (sound, &size);
  const gint16 *samples = (const gint16 *) bytes;

  for (gsize i = 0; is_law && i < size; i++)
    if ((~bytes[i] & 0x7f) > 0x40)
      return FALSE;
  for (gsize i = 0; !is_law && i < size / 2; i++)
    if (ABS (samples[i]) > 1000)
      return FALSE;
  return TRUE;
}

/* What is heard is said: each piece that is not silent is an answer of its own, so that none
 * waits for what a late one before has left. */
static void
repeat (AgentServer *server, const AgentServerEvent *event, gboolean is_law)
{
  static const gchar before[] = "\"audio\":\"";
  const gchar *start = strstr (event->text, before);

  if (!start || !strstr (event->text, "\"input_audio_buffer.append\""))
    return;
  start += strlen (before);
  g_autofree gchar *sound = g_strndup (start, strcspn (start, "\""));
  if (!is_silent (sound, is_law))
    answer (server, event->connection, sound);
}

/* What a connection speaks is what it said last. */
static void
take (AgentServer *server, const AgentServerEvent *event, GHashTable *laws)
{
  const gpointer connection = GUINT_TO_POINTER (event->connection);

  if (event->type == AGENT_SERVER_OPENED)
    tell (server, event->connection,
        "{\"type\":\"session.created\",\"session\":{\"id\":\"s%u\"}}",
        event->connection);
  if (event->type != AGENT_SERVER_TEXT)
    return;
  if (strstr (event->text, "\"session.update\"")) {
    if (strstr (event->text, "audio/pcmu") ||
        strstr (event->text, "audio/pcma"))
      g_hash_table_add (laws, connection);
    else if (strstr (event->text, "audio/pcm"))
      g_hash_table_remove (laws, connection);
    tell (server, event->connection,
        "{\"type\":\"session.updated\",\"session\":{\"id\":\"s%u\"}}",
        event->connection);
  } else if (echo) {
    repeat (server, event, g_hash_table_contains (laws, connection));
  } else if (strstr (event->text, "\"response.create\"")) {
    answer (server, event->connection,
        g_hash_table_contains (laws, connection) ? law : pcm);
  }
}

static gpointer
wait_end (gpointer ended)
{
  while (getchar () != EOF)
    ;
  g_atomic_int_set ((gint *) ended, TRUE);
  return NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (AgentServer) server = agent_server_new (NULL);
  g_autoptr (GHashTable) laws = g_hash_table_new (NULL, NULL);
  gint ended = FALSE;

  echo = argc > 1 && !strcmp (argv[1], "echo");
  make_sound ();
  g_print ("uri=%s\nready\n", agent_server_get_uri (server));
  g_thread_unref (g_thread_new ("end", wait_end, &ended));
  while (!g_atomic_int_get (&ended)) {
    g_autoptr (AgentServerEvent) event = agent_server_pop (server, 500);
    if (event)
      take (server, event, laws);
  }
  g_free (pcm);
  g_free (law);
  return 0;
}
