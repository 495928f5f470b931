/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Every file in pipelines/ is a graph that parses and plays, and what it says of
 * itself is true: they call each other here, on ports of their own. The lines that
 * README.md, there and above, shows parse. */

#include "freeport.h"
#include "mock/agentserver.h"
#include "mock/chatserver.h"

#include <gio/gio.h>
#include <gst/gst.h>

#include <glib/gstdio.h>
#include <string.h>

#define SLOW (60 * GST_SECOND) /* recognition under a sanitizer */
#define SHOWN "    gst-launch-1.0 " /* how a line begins in a README.md */

/* In the files. */
#define MODEL "http://localhost:11434/v1"
#define SERVICE "ws://localhost:8123"
#define OWN_AGENT "ws://127.0.0.1:8765"
#define BOT "ws://127.0.0.1:8766"
#define ACCOUNT "sip:200@127.0.0.1:5080"

static gchar *folder; /* where the files are written */
static const gchar *model; /* in place of MODEL; NULL: there is none */
static const gchar *service; /* the same of the others */
static const gchar *pbx; /* in place of ACCOUNT, NULL: as it is */

/* The file without its comments, as the shell would give it to gst-launch. */
static gchar *
read_launch (const gchar *name)
{
  g_autofree gchar *path = g_build_filename (PIPELINES_DIR, name, NULL);
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *graph = g_string_new (NULL);
  for (gchar **line = lines; *line != NULL; line++)
    if (**line != '#')
      g_string_append_printf (graph, "%s ", *line);
  g_string_replace (graph, "=pipelines/", "=" PIPELINES_DIR "/", 0);
  /* Machines that test have no sound card. */
  g_string_replace (graph, "autoaudiosrc", "audiotestsrc is-live=true volume=0",
      0);
  g_string_replace (graph, "autoaudiosink", "fakesink", 0);
  if (model)
    g_string_replace (graph, MODEL, model, 0);
  if (pbx)
    g_string_replace (graph, ACCOUNT, pbx, 0);
  if (service) {
    g_string_replace (graph, SERVICE, service, 0);
    g_string_replace (graph, OWN_AGENT, service, 0);
    g_string_replace (graph, BOT, service, 0);
  }
  return g_string_free (graph, FALSE);
}

static void
check_header (const gchar *name)
{
  g_autofree gchar *path = g_build_filename (PIPELINES_DIR, name, NULL);
  g_autofree gchar *command =
      g_strdup_printf ("$(grep -v '^#' pipelines/%s)\n", name);
  g_autofree gchar *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "# "));
  g_assert_nonnull (strstr (text, command));
}

static void
set_on_all (GstElement *pipeline, const gchar *property, const gchar *value)
{
  g_auto (GValue) item = G_VALUE_INIT;
  GstIterator *it = gst_bin_iterate_elements (GST_BIN (pipeline));

  while (gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    GObject *element = g_value_get_object (&item);
    g_autofree gchar *old = NULL;
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), property))
      g_object_get (element, property, &old, NULL);
    if (old != NULL)
      g_object_set (element, property, value, NULL);
    g_value_reset (&item);
  }
  gst_iterator_free (it);
}

/* The port of the line for browsers, 0: it has none. */
static guint16
set_web_port (GstElement *pipeline)
{
  GstIterator *it =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (pipeline),
          "whipserver");
  g_auto (GValue) item = G_VALUE_INIT;
  guint16 port = 0;

  if (gst_iterator_next (it, &item) == GST_ITERATOR_OK) {
    port = free_port ();
    g_object_set (g_value_get_object (&item), "port", (guint) port, NULL);
  }
  gst_iterator_free (it);
  return port;
}

/* Plays @name at a port of its own, calling @callee where it calls; its port. */
static GstElement *
play (const gchar *name, guint16 callee, guint16 *port)
{
  g_autofree gchar *graph = read_launch (name);
  g_autoptr (GError) error = NULL;

  check_header (name);
  GstElement *pipeline = gst_parse_launch (graph, &error);
  if (g_error_matches (error, GST_PARSE_ERROR,
          GST_PARSE_ERROR_NO_SUCH_ELEMENT)) {
    g_test_skip (error->message);
    g_clear_object (&pipeline);
    return NULL;
  }
  g_assert_no_error (error);
  gst_object_ref_sink (pipeline);
  guint16 own = free_port ();
  g_autofree gchar *local = g_strdup_printf ("sip:127.0.0.1:%u", own);
  g_autofree gchar *uri = g_strdup_printf ("sip:127.0.0.1:%u", callee);
  set_on_all (pipeline, "local-uri", local);
  set_on_all (pipeline, "uri", uri);
  guint16 web = set_web_port (pipeline);
  if (port != NULL)
    *port = web ? web : own;
  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_PLAYING), !=,
      GST_STATE_CHANGE_FAILURE);
  return pipeline;
}

static gboolean
is_call (GstMessage *message, const gchar *state)
{
  const GstStructure *s = gst_message_get_structure (message);

  return GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
      gst_structure_has_name (s, "voice/call") &&
      g_strcmp0 (gst_structure_get_string (s, "state"), state) == 0;
}

/* Until the call is @state, or with NULL until EOS. */
static void
wait_for (GstElement *pipeline, const gchar *state)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  while (TRUE) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, SLOW,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    g_autoptr (GError) error = NULL;
    g_assert_nonnull (message);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
      gst_message_parse_error (message, &error, NULL);
      g_assert_no_error (error);
    }
    if (state != NULL ? is_call (message, state)
                      : GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
      return;
  }
}

static void
stop (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

/* A WAV file of one second, loud. */
static void
make_hello (void)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (
      gst_parse_launch ("audiotestsrc num-buffers=43 freq=400 ! "
                        "audio/x-raw,rate=44100 ! wavenc ! "
                        "filesink location=hello.wav",
          NULL));

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for (pipeline, NULL);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* How many samples of one channel are loud, in a file of @channels. */
static guint
count_loud (const gchar *path, guint channels, guint channel, guint *frames)
{
  g_autofree gchar *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  guint loud = 0;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size, >, 44);
  g_assert_cmpmem (data, 4, "RIFF", 4);
  /* Complete: the sizes in its header are those of the file. */
  g_assert_cmpuint (GST_READ_UINT32_LE (data + 4), ==, size - 8);
  g_assert_cmpuint (GST_READ_UINT16_LE (data + 22), ==, channels);
  *frames = (size - 44) / 2 / channels;
  for (guint i = 0; i < *frames; i++)
    loud += ABS ((gint16) GST_READ_UINT16_LE (
                data + 44 + (i * channels + channel) * 2)) > 1000;
  return loud;
}

static void
test_call_out_to_echo (void)
{
  guint16 port;
  GstElement *echo = play ("sip-echo.launch", 0, &port);

  if (echo == NULL)
    return;
  GstElement *caller = play ("sip-call-out.launch", port, NULL);
  wait_for (caller, "answered");
  wait_for (echo, "answered");
  stop (caller); /* which hangs up */
  wait_for (echo, "ended");
  stop (echo);
}

/* What the caller says goes to the agent, and that one's echo back. */
static void
test_connected (void)
{
  guint16 echo_port, port;
  GstElement *echo = play ("sip-echo.launch", 0, &echo_port);

  if (echo == NULL)
    return;
  GstElement *between = play ("phone-to-sip-agent.launch", echo_port, &port);
  GstElement *caller = play ("sip-call-out.launch", port, NULL);
  wait_for (echo, "answered");
  wait_for (caller, "answered");
  stop (caller);
  wait_for (echo, "ended");
  stop (between);
  stop (echo);
}

static void
test_file_to_recorder (void)
{
  guint16 port;
  guint frames;
  GstElement *recorder = play ("sip-record.launch", 0, &port);

  if (recorder == NULL)
    return;
  make_hello ();
  GstElement *player = play ("sip-play-file.launch", port, NULL);
  wait_for (player, NULL);
  stop (player);
  wait_for (recorder, NULL);
  stop (recorder);
  g_assert_cmpuint (count_loud ("call.wav", 2, 0, &frames), >, 5000);
  g_assert_cmpuint (frames, >, 8000);
  g_assert_cmpuint (frames, <, 3 * 8000);
}

/* Until the agent says something that begins with @text. */
static void
wait_for_text (GstElement *pipeline, const gchar *text)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  while (TRUE) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, SLOW,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    g_assert_nonnull (message);
    g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_ELEMENT);
    const GstStructure *s = gst_message_get_structure (message);
    const gchar *said = gst_structure_get_string (s, "text");
    if (gst_structure_has_name (s, "aiagent/transcript") && said &&
        !g_strcmp0 (gst_structure_get_string (s, "role"), "agent") &&
        g_str_has_prefix (said, text))
      return;
  }
}

/* Until the agent says something, which is @text. */
static void
wait_for_greeting (GstElement *pipeline, const gchar *text)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  while (TRUE) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, SLOW,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR);
    g_assert_nonnull (message);
    g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_ELEMENT);
    const GstStructure *s = gst_message_get_structure (message);
    if (!gst_structure_has_name (s, "aiagent/transcript") ||
        g_strcmp0 (gst_structure_get_string (s, "role"), "agent"))
      continue;
    g_assert_cmpstr (gst_structure_get_string (s, "text"), ==, text);
    return;
  }
}

#define WELCOME "Welcome to Example Limited. How can I help you?"

/* Two agents on the phone. They hear each other, which takes minutes where a
 * sanitizer looks at each allocation. */
static void
test_agent_calls_agent (void)
{
  guint16 port;
  GstElement *agent = play ("sip-agent.launch", 0, &port);

  if (agent == NULL)
    return;
  GstElement *caller = play ("agent-call-out.launch", port, NULL);
  wait_for (agent, "answered");
  if (!g_getenv ("SANITIZED")) {
    wait_for_greeting (agent, WELCOME);
    wait_for_greeting (caller,
        "Good day. This is the customer survey of Example Limited. It has two "
        "short questions. May I ask you two questions now? Please say yes or "
        "no.");
  }
  stop (caller);
  wait_for (agent, "ended");
  stop (agent);
}

static void
test_microphone (void)
{
  GstElement *agent = play ("microphone-agent.launch", 0, NULL);

  if (agent == NULL)
    return;
  wait_for_greeting (agent, WELCOME);
  stop (agent);
}

/* The line that the comment of microphone-agent.launch has for files. */
static gchar *
read_file_line (void)
{
  g_autofree gchar *path =
      g_build_filename (PIPELINES_DIR, "microphone-agent.launch", NULL);
  g_autofree gchar *text = NULL;
  g_autoptr (GString) line = g_string_new (NULL);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  const gchar *start = strstr (text, "filesrc "),
              *end = strstr (text, ".wav\n");
  g_assert_true (start && end && start < end);
  g_string_append_len (line, start, end + strlen (".wav") - start);
  g_string_replace (line, "\n#", "", 0);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
make_question (void)
{
  const gchar *const say[] = { g_getenv ("RECOGNITION"), "say", "rms",
    "what are your opening hours", "question.wav", NULL };
  g_autoptr (GError) error = NULL;
  gint status;

  g_spawn_sync (NULL, (gchar **) say, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
      NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

/* A question in a file, the answer in another: all of it, then EOS. */
static void
test_files (void)
{
  g_autofree gchar *line = read_file_line ();
  g_autoptr (GError) error = NULL;
  guint frames;

  if (!g_getenv ("RECOGNITION")) {
    g_test_skip ("no RECOGNITION that says the question");
    return;
  }
  make_question ();
  GstElement *agent = gst_parse_launch (line, &error);
  g_assert_no_error (error);
  gst_object_ref_sink (agent);
  gst_element_set_state (agent, GST_STATE_PLAYING);
  wait_for_text (agent, "We are open from Monday to Friday, from nine ");
  wait_for (agent, NULL);
  stop (agent);
  g_assert_cmpuint (count_loud ("answer.wav", 1, 0, &frames), >, 10000);
}

/* Value of the header @name of @message, as a header; (transfer full). */
static gchar *
copy_header (const gchar *message, const gchar *name)
{
  g_autofree gchar *start = g_strdup_printf ("\r\n%s: ", name);
  const gchar *found = strstr (message, start);

  g_assert_nonnull (found);
  return g_strndup (found + 2, strcspn (found + 2, "\r") + 2);
}

/* Takes one REGISTER on @socket, and accepts it. */
static void
accept_registration (GSocket *socket)
{
  static const gchar *const copied[] = { "Via", "From", "To", "Call-ID", "CSeq",
    "Contact" };
  g_autoptr (GSocketAddress) from = NULL;
  gchar request[4096];
  GString *answer = g_string_new ("SIP/2.0 200 OK\r\n");

  gssize size = g_socket_receive_from (socket, &from, request,
      sizeof request - 1, NULL, NULL);
  g_assert_cmpint (size, >, 0);
  request[size] = '\0';
  g_assert_true (g_str_has_prefix (request, "REGISTER sip:127.0.0.1:"));
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++) {
    g_autofree gchar *header = copy_header (request, copied[i]);
    g_string_append (answer, header);
  }
  g_string_append (answer, "Content-Length: 0\r\n\r\n");
  g_socket_send_to (socket, from, answer->str, answer->len, NULL, NULL);
  g_string_free (answer, TRUE);
}

static void
test_register (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  guint16 port;

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  g_autoptr (GSocketAddress) bound = g_socket_get_local_address (socket, NULL);
  g_socket_set_timeout (socket, 20);
  g_autofree gchar *account = g_strdup_printf ("sip:200@127.0.0.1:%u",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  pbx = account;
  GstElement *line = play ("sip-register.launch", 0, &port);
  pbx = NULL;
  if (line == NULL)
    return;
  accept_registration (socket);
  GstElement *caller = play ("sip-call-out.launch", port, NULL);
  wait_for (line, "answered");
  stop (caller);
  wait_for (line, "ended");
  stop (line);
}

/* By TLS, encrypted, in Opus; the files are made by the command that the file shows. Beside
 * the port that is asked for is TLS. */
static void
test_secure (void)
{
  g_autofree gchar *text = NULL,
                   *path = g_build_filename (PIPELINES_DIR, "sip-secure.launch",
                       NULL);
  guint16 port;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  gchar *command = strstr (text, "openssl ");
  *strchr (command, '\n') = '\0';
  if (!g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL)) {
    g_test_skip ("openssl is missing");
    return;
  }
  g_assert_cmpint (g_chmod ("key.pem", 0600), ==, 0);
  GstElement *agent = play ("sip-secure.launch", 0, &port);
  if (agent == NULL)
    return;
  g_autofree gchar *call = g_strdup_printf (
      "sipsrc uri=\"sip:127.0.0.1:%u;transport=tls\" local-uri=sip:127.0.0.1:%u tls-ca=cert.pem "
      "srtp=required codecs=OPUS ! fakesink "
      "audiotestsrc is-live=true wave=silence ! sipsink",
      port + 1, free_port ());
  GstElement *caller = gst_object_ref_sink (gst_parse_launch (call, NULL));
  gst_element_set_state (caller, GST_STATE_PLAYING);
  wait_for (agent, "answered");
  wait_for_greeting (agent, "Welcome to Example Limited. How can I help you?");
  stop (caller);
  wait_for (agent, "ended");
  stop (agent);
  g_unlink ("key.pem");
  g_unlink ("cert.pem");
}

static void
test_call_out_to_script (void)
{
  guint16 port;
  GstElement *agent = play ("sip-script.launch", 0, &port);

  if (agent == NULL)
    return;
  GstElement *caller = play ("sip-call-out.launch", port, NULL);
  wait_for (agent, "answered");
  wait_for_greeting (agent, "Good day, how can I help?");
  stop (caller);
  wait_for (agent, "ended");
  stop (agent);
}

/* It greets, and the model's server is there. */
static void
test_model (void)
{
  g_autoptr (ChatServer) server = chat_server_new ();
  guint16 port;

  model = chat_server_get_uri (server);
  GstElement *agent = play ("ollama-agent.launch", 0, &port);
  model = NULL;
  if (agent == NULL)
    return;
  GstElement *caller = play ("sip-call-out.launch", port, NULL);
  wait_for (agent, "answered");
  wait_for_greeting (agent, "Hello, how can I help you?");
  g_autoptr (ChatServerEvent) asked =
      chat_server_wait (server, CHAT_SERVER_ASKED, "/models");
  g_assert_nonnull (asked);
  stop (caller);
  wait_for (agent, "ended");
  stop (agent);
}

/* It is told what it is, and asked to greet. */
static void
test_service (void)
{
  g_autoptr (AgentServer) server = agent_server_new (NULL);
  guint16 port;

  service = agent_server_get_uri (server);
  GstElement *agent = play ("openai-agent.launch", 0, &port);
  service = NULL;
  if (agent == NULL)
    return;
  GstElement *caller = play ("sip-call-out.launch", port, NULL);
  g_autoptr (AgentServerEvent) settings =
      agent_server_wait_text (server, "session.update");
  g_assert_nonnull (strstr (settings->text, "friendly assistant"));
  agent_server_send (server, 1, "{\"type\":\"session.updated\"}");
  g_autoptr (AgentServerEvent) asked =
      agent_server_wait_text (server, "response.create");
  wait_for (agent, "answered");
  stop (caller);
  wait_for (agent, "ended");
  stop (agent);
}

typedef struct
{
  const gchar *file;
  const gchar *first; /* in what it is told */
  const gchar *goodbye; /* what it says, NULL: it closes */
} Bot;

static const Bot own_agent = { "websocket-agent.launch",
  "\"callSid\":", "{\"type\":\"disconnect\"}" };
static const Bot carrier_bot = { "twilio-bot.launch", "\"event\":\"start\"",
  NULL };

/* It is told who calls, and hangs up. */
static void
test_bot (gconstpointer data)
{
  const Bot *bot = data;
  g_autoptr (AgentServer) server = agent_server_new (NULL);
  guint16 port;

  service = agent_server_get_uri (server);
  GstElement *agent = play (bot->file, 0, &port);
  service = NULL;
  if (agent == NULL)
    return;
  GstElement *caller = play ("sip-call-out.launch", port, NULL);
  g_autoptr (AgentServerEvent) told =
      agent_server_wait_text (server, bot->first);
  if (bot->goodbye)
    agent_server_send (server, 1, bot->goodbye);
  else
    agent_server_close (server, 1, 1000, NULL);
  wait_for (agent, "ended");
  stop (caller);
  stop (agent);
}

/* A room, or a line, with an agent, who greets the one that calls. */
static void
test_room (gconstpointer name)
{
  guint16 port;
  GstElement *room = play (name, 0, &port);

  if (room == NULL)
    return;
  GstElement *caller = play ("sip-call-out.launch", port, NULL);
  wait_for (room, "answered");
  wait_for_greeting (room, WELCOME);
  stop (caller);
  wait_for (room, "ended");
  gst_element_send_event (room, gst_event_new_eos ());
  wait_for (room, NULL);
  stop (room);
}

/* The page is there; what it does is seen in tests/peers. */
static void
test_browser_line (gconstpointer name)
{
  guint16 port;
  GstElement *line = play (name, 0, &port);
  g_autoptr (GSocketConnection) connection = NULL;
  gchar page[512] = { 0 };
  gsize size;

  if (line == NULL)
    return;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  for (guint i = 0; connection == NULL && i < 200; i++) {
    connection =
        g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
    if (connection == NULL)
      g_usleep (20000);
  }
  g_assert_nonnull (connection);
  const gchar *request = "GET / HTTP/1.0\r\n\r\n";
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (
                                                G_IO_STREAM (connection)),
      request, strlen (request), NULL, NULL, NULL));
  g_input_stream_read_all (g_io_stream_get_input_stream (
                               G_IO_STREAM (connection)),
      page, sizeof (page) - 1, &size, NULL, NULL);
  g_assert_nonnull (strstr (page, "200 OK"));
  gst_element_send_event (line, gst_event_new_eos ());
  wait_for (line, NULL);
  stop (line);
}

static gchar *
read_paper (const gchar *name)
{
  g_autofree gchar *path = g_build_filename (PIPELINES_DIR, name, NULL);
  g_autoptr (GError) error = NULL;
  gchar *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* From "gst-launch-1.0" to the first line that goes on no more, as the shell has it. */
static gchar *
take_line (gchar **line)
{
  GString *graph = g_string_new (strstr (*line, SHOWN) + strlen (SHOWN));

  while (g_string_replace (graph, "\\", "", 0) && *++line)
    g_string_append (graph, *line);
  return g_string_free (graph, FALSE);
}

static void
check_line (const gchar *graph)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (graph, &error);

  g_test_message ("%s", graph);
  if (!g_error_matches (error, GST_PARSE_ERROR,
          GST_PARSE_ERROR_NO_SUCH_ELEMENT))
    g_assert_no_error (error);
  if (pipeline)
    gst_object_unref (gst_object_ref_sink (pipeline));
}

/* What is shown in @paper, of which it has @least lines. */
static void
check_shown (const gchar *paper, guint least)
{
  g_autofree gchar *text = read_paper (paper);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;

  for (gchar **line = lines; *line; line++) {
    if (!g_str_has_prefix (*line, SHOWN))
      continue;
    g_autofree gchar *graph = take_line (line);
    check_line (graph);
    n++;
  }
  g_assert_cmpuint (n, >=, least);
}

static void
test_shown (void)
{
  check_shown ("../README.md", 6);
  check_shown ("README.md", 1);
  check_shown ("agents/README.md", 1);
}

/* None is without a test, nor without a row in README.md. */
static void
test_all_are_known (void)
{
  g_autofree gchar *paper = read_paper ("README.md");
  const gchar *const known[] = { "agent-call-out.launch", "hybrid-room.launch",
    "microphone-agent.launch", "ollama-agent.launch", "openai-agent.launch",
    "phone-to-sip-agent.launch", "room-recording.launch", "sip-agent.launch",
    "sip-call-out.launch", "sip-echo.launch", "sip-play-file.launch",
    "sip-record.launch", "sip-register.launch", "sip-script.launch",
    "sip-secure.launch", "sip-transfer.launch", "sip-webrtc-gateway.launch",
    "supervisor-whisper.launch", "twilio-bot.launch",
    "two-phones-and-agent.launch", "webrtc-agent.launch",
    "webrtc-avatar.launch", "webrtc-echo.launch", "websocket-agent.launch",
    NULL };
  g_autoptr (GDir) dir = g_dir_open (PIPELINES_DIR, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".launch")) {
      g_autofree gchar *row = g_strdup_printf ("| `%s` |", name);
      g_assert_true (g_strv_contains (known, name));
      g_assert_nonnull (strstr (paper, row));
    }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("pipelines-XXXXXX", NULL);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  g_test_add_func ("/pipelines/known", test_all_are_known);
  g_test_add_func ("/pipelines/shown", test_shown);
  g_test_add_func ("/pipelines/call-out", test_call_out_to_echo);
  g_test_add_func ("/pipelines/connected", test_connected);
  g_test_add_func ("/pipelines/agents", test_agent_calls_agent);
  g_test_add_func ("/pipelines/microphone", test_microphone);
  g_test_add_func ("/pipelines/files", test_files);
  g_test_add_func ("/pipelines/register", test_register);
  g_test_add_func ("/pipelines/secure", test_secure);
  g_test_add_func ("/pipelines/script", test_call_out_to_script);
  g_test_add_func ("/pipelines/model", test_model);
  g_test_add_func ("/pipelines/service", test_service);
  g_test_add_data_func ("/pipelines/own-agent", &own_agent, test_bot);
  g_test_add_data_func ("/pipelines/carrier-bot", &carrier_bot, test_bot);
  g_test_add_func ("/pipelines/play-file-and-record", test_file_to_recorder);
  g_test_add_data_func ("/pipelines/two-phones-and-agent",
      "two-phones-and-agent.launch", test_room);
  g_test_add_data_func ("/pipelines/supervisor-whisper",
      "supervisor-whisper.launch", test_room);
  g_test_add_data_func ("/pipelines/transfer", "sip-transfer.launch",
      test_room);
  g_test_add_data_func ("/pipelines/room-recording", "room-recording.launch",
      test_room);
  g_test_add_data_func ("/pipelines/hybrid-room", "hybrid-room.launch",
      test_browser_line);
  g_test_add_data_func ("/pipelines/sip-webrtc-gateway",
      "sip-webrtc-gateway.launch", test_browser_line);
  g_test_add_data_func ("/pipelines/webrtc-agent", "webrtc-agent.launch",
      test_browser_line);
  g_test_add_data_func ("/pipelines/webrtc-avatar", "webrtc-avatar.launch",
      test_browser_line);
  g_test_add_data_func ("/pipelines/webrtc-echo", "webrtc-echo.launch",
      test_browser_line);
  int result = g_test_run ();
  g_unlink ("hello.wav");
  g_unlink ("call.wav");
  g_unlink ("room.wav");
  g_unlink ("question.wav");
  g_unlink ("answer.wav");
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  g_rmdir (folder);
  g_free (folder);
  return result;
}
