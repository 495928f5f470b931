/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/agentscript.h"

#include <string.h>

static AgentScript *
parse (const gchar *text, GError **error)
{
  return agent_script_parse (text, strlen (text), "/scripts", error);
}

/* Every mistake is named by section, key and reason. */
static void
refuse (const gchar *text, const gchar *section, const gchar *key,
    const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgentScript) script = parse (text, &error);

  g_assert_null (script);
  g_assert_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (error->message, section));
  g_assert_nonnull (strstr (error->message, key));
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgentScript) script = parse ("[agent]\n", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (script->rate, ==, 8000);
  g_assert_cmpuint (script->think_time, ==, 200);
  g_assert_cmpuint (script->burst, ==, 0);
  g_assert_cmpuint (script->burst_interval, ==, 20);
  g_assert_null (script->greeting);
  g_assert_cmpuint (script->turns->len, ==, 0);
  for (guint i = 0; i < 16; i++)
    g_assert_null (script->digits[i]);
}

static const gchar everything[] =
    "# A comment\n"
    "[agent]\n"
    "rate=16000\nthink-time=0\nburst=500\nburst-interval=100\n"
    "greeting=hello\nturns=one;two words;one\n"
    "digit-0=one\ndigit-9=hello\ndigit-star=one\ndigit-pound=hello\n"
    "digit-a=one\ndigit-d=hello\n"
    "[answer hello]\n"
    "audio=tone:440,500; silence:200; wav:hello.wav;wav:/abs/x.wav\n"
    "text=Grüße\ninterruptible=false\nthink-time=700\n"
    "[answer one]\n"
    "tool=transfer\ntool-target=sip:100@example.org\ntool-when=before\n"
    "late=300\nfailure=stall\n"
    "[answer two words]\n"
    "tool=look-up\nfailure=error\n";

static void
test_everything (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgentScript) script = parse (everything, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (script->rate, ==, 16000);
  g_assert_cmpuint (script->think_time, ==, 0);
  g_assert_cmpuint (script->burst, ==, 500);
  g_assert_cmpuint (script->burst_interval, ==, 100);
  g_assert_cmpuint (script->answers->len, ==, 3);
  const ScriptAnswer *hello = script->greeting;
  g_assert_cmpstr (hello->name, ==, "hello");
  g_assert_cmpstr (hello->text, ==, "Grüße");
  g_assert_false (hello->interruptible);
  g_assert_cmpint (hello->think_time, ==, 700);
  g_assert_cmpuint (script->turns->len, ==, 3);
  const ScriptAnswer *one = g_ptr_array_index (script->turns, 0);
  g_assert_true (one == g_ptr_array_index (script->turns, 2));
  g_assert_cmpstr (one->tool, ==, "transfer");
  g_assert_cmpstr (one->tool_target, ==, "sip:100@example.org");
  g_assert_true (one->tool_before && one->interruptible);
  g_assert_cmpuint (one->late, ==, 300);
  g_assert_cmpint (one->failure, ==, SCRIPT_FAILURE_STALL);
  g_assert_cmpint (one->think_time, ==, -1);
  const ScriptAnswer *two = g_ptr_array_index (script->turns, 1);
  g_assert_cmpstr (two->name, ==, "two words");
  g_assert_cmpint (two->failure, ==, SCRIPT_FAILURE_ERROR);
  g_assert_false (two->tool_before);
  g_assert_true (script->digits[0] == one && script->digits[9] == hello);
  g_assert_true (script->digits[10] == one && script->digits[11] == hello);
  g_assert_true (script->digits[12] == one && script->digits[15] == hello);
  g_assert_null (script->digits[1]);
}

static void
test_pieces (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgentScript) script = parse (everything, &error);
  const GArray *pieces = script->greeting->pieces;

  g_assert_cmpuint (pieces->len, ==, 4);
  const ScriptPiece *piece = &g_array_index (pieces, ScriptPiece, 0);
  g_assert_cmpint (piece[0].type, ==, SCRIPT_PIECE_TONE);
  g_assert_cmpuint (piece[0].frequency, ==, 440);
  g_assert_cmpuint (piece[0].duration, ==, 500);
  g_assert_cmpint (piece[1].type, ==, SCRIPT_PIECE_SILENCE);
  g_assert_cmpuint (piece[1].duration, ==, 200);
  g_assert_cmpint (piece[2].type, ==, SCRIPT_PIECE_WAV);
  g_assert_cmpstr (piece[2].path, ==, "/scripts/hello.wav");
  g_assert_cmpstr (piece[3].path, ==, "/abs/x.wav");
}

static void
test_mistakes (void)
{
  refuse ("[agent]\nrate=11025\n", "[agent]", "rate", "8000");
  refuse ("[agent]\nrate=fast\n", "[agent]", "rate", "fast");
  refuse ("[agent]\nthink-time=-1\n", "[agent]", "think-time", "-1");
  refuse ("[agent]\nburst=600001\n", "[agent]", "burst", "600000");
  refuse ("[agent]\ngreeting=hi\n", "[agent]", "greeting", "[answer hi]");
  refuse ("[agent]\nturns=a;b\n[answer a]\n", "[agent]", "turns", "[answer b]");
  refuse ("[agent]\ndigit-e=a\n[answer a]\n", "[agent]", "digit-e", "key");
  refuse ("[agent]\ndigit-10=a\n[answer a]\n", "[agent]", "digit-10", "key");
  refuse ("[agent]\ndigit-=a\n[answer a]\n", "[agent]", "digit-", "key");
  refuse ("[agent]\n[reply a]\n", "[reply a]", "section", "[answer NAME]");
  refuse ("[answer a]\naudio=tone:440\n", "[answer a]", "audio", "tone:440");
  refuse ("[answer a]\naudio=tone:440,0\n", "[answer a]", "audio", "tone");
  refuse ("[answer a]\naudio=silence:-5\n", "[answer a]", "audio", "silence");
  refuse ("[answer a]\naudio=wav:\n", "[answer a]", "audio", "wav:");
  refuse ("[answer a]\naudio=mp3:x\n", "[answer a]", "audio", "mp3:x");
  refuse ("[answer a]\ninterruptible=no\n", "[answer a]", "interruptible",
      "true");
  refuse ("[answer a]\ntool-when=now\n", "[answer a]", "tool-when", "before");
  refuse ("[answer a]\nfailure=crash\n", "[answer a]", "failure", "stall");
}

/* A key that is spelled wrong must not be ignored. */
static void
test_unknown_keys (void)
{
  refuse ("[agent]\nthinktime=5\n", "[agent]", "thinktime", "no such");
  refuse ("[answer a]\ninterruptable=false\n", "[answer a]", "interruptable",
      "no such");
}

static void
test_not_utf8 (void)
{
  refuse ("[agent]\nthink-time=\xff\xfe\n", "[agent]", "think-time", "");
  refuse ("[answer a]\ntext=\xff\xfe\n", "[answer a]", "text", "UTF-8");
}

/* No file, however small, asks for gigabytes of audio. */
static void
test_too_long (void)
{
  refuse ("[answer a]\naudio=silence:600000;silence:600000\n", "[answer a]",
      "audio", "minutes");
}

static void
test_syntax (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse ("rate=8000\n", &error));
  g_assert_nonnull (error);
}

/* ---- Samples */

static gint16
sample (const GByteArray *bytes, guint i)
{
  gint16 value;

  memcpy (&value, bytes->data + i * 2, 2);
  return GINT16_FROM_LE (value);
}

static void
test_render (void)
{
  static const ScriptPiece tone = { SCRIPT_PIECE_TONE, 1000, 100, NULL },
                           silence = { SCRIPT_PIECE_SILENCE, 0, 50, NULL };
  g_autoptr (GByteArray) out = g_byte_array_new ();

  agent_script_render (&tone, 8000, out);
  g_assert_cmpuint (out->len, ==, 800 * 2);
  /* A whole period each eight samples. */
  for (guint i = 0; i < 800; i += 8) {
    g_assert_cmpint (sample (out, i), ==, 0);
    g_assert_cmpint (sample (out, i + 2), ==, 8000);
    g_assert_cmpint (sample (out, i + 6), ==, -8000);
  }
  agent_script_render (&silence, 8000, out);
  g_assert_cmpuint (out->len, ==, 1200 * 2);
  for (guint i = 800; i < 1200; i++)
    g_assert_cmpint (sample (out, i), ==, 0);
}

static void
put (GByteArray *bytes, guint32 value, guint n)
{
  for (guint i = 0; i < n; i++, value >>= 8) {
    guint8 byte = (guint8) value;
    g_byte_array_append (bytes, &byte, 1);
  }
}

/* With an odd chunk ahead of the samples, as recorders write them. */
static GByteArray *
wav (guint coding, guint channels, guint rate, guint bits, guint data_size)
{
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) "RIFF\0\0\0\0WAVEfmt ", 16);
  put (file, 16, 4);
  put (file, coding, 2);
  put (file, channels, 2);
  put (file, rate, 4);
  put (file, rate * channels * 2, 4);
  put (file, channels * 2, 2);
  put (file, bits, 2);
  g_byte_array_append (file, (const guint8 *) "LIST\3\0\0\0abc\0data", 16);
  put (file, data_size, 4);
  for (gint i = 0; i < 6; i++)
    put (file, (guint32) (i * 1000 - 3000), 2);
  return file;
}

static gboolean
read_wav (GByteArray *file, guint *rate, GByteArray *out)
{
  g_autoptr (GError) error = NULL;
  gboolean ok =
      agent_script_read_wav (file->data, file->len, rate, out, &error);

  g_assert_true (ok == !error);
  g_byte_array_unref (file);
  return ok;
}

static void
test_wav (void)
{
  g_autoptr (GByteArray) mono = g_byte_array_new ();
  g_autoptr (GByteArray) stereo = g_byte_array_new ();
  g_autoptr (GByteArray) cut = g_byte_array_new ();
  guint rate;

  g_assert_true (read_wav (wav (1, 1, 22050, 16, 12), &rate, mono));
  g_assert_cmpuint (rate, ==, 22050);
  g_assert_cmpuint (mono->len, ==, 12);
  g_assert_cmpint (sample (mono, 0), ==, -3000);
  g_assert_cmpint (sample (mono, 5), ==, 2000);
  g_assert_true (read_wav (wav (1, 2, 8000, 16, 12), &rate, stereo));
  g_assert_cmpuint (stereo->len, ==, 6);
  g_assert_cmpint (sample (stereo, 0), ==, -2500);
  /* A size larger than the file, as of a recording that was cut off. */
  g_assert_true (read_wav (wav (1, 1, 8000, 16, 0xffffffff), &rate, cut));
  g_assert_cmpuint (cut->len, ==, 12);
}

static void
test_bad_wav (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint rate;

  g_assert_false (read_wav (wav (3, 1, 8000, 16, 12), &rate, out));
  g_assert_false (read_wav (wav (1, 0, 8000, 16, 12), &rate, out));
  g_assert_false (read_wav (wav (1, 9, 8000, 16, 12), &rate, out));
  g_assert_false (read_wav (wav (1, 1, 8000, 8, 12), &rate, out));
  g_assert_false (read_wav (wav (1, 1, 0, 16, 12), &rate, out));
  g_assert_false (read_wav (g_byte_array_new (), &rate, out));
  /* Every length that a file can be cut to, each in memory of its own. */
  g_autoptr (GByteArray) whole = wav (1, 1, 8000, 16, 12);
  for (guint n = 0; n < whole->len - 12; n++) {
    GByteArray *part = g_byte_array_new ();
    g_byte_array_append (part, whole->data, n);
    g_assert_false (read_wav (part, &rate, out));
  }
  g_assert_cmpuint (out->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentscript/defaults", test_defaults);
  g_test_add_func ("/agentscript/everything", test_everything);
  g_test_add_func ("/agentscript/pieces", test_pieces);
  g_test_add_func ("/agentscript/mistakes", test_mistakes);
  g_test_add_func ("/agentscript/unknown-keys", test_unknown_keys);
  g_test_add_func ("/agentscript/not-utf8", test_not_utf8);
  g_test_add_func ("/agentscript/too-long", test_too_long);
  g_test_add_func ("/agentscript/syntax", test_syntax);
  g_test_add_func ("/agentscript/render", test_render);
  g_test_add_func ("/agentscript/wav", test_wav);
  g_test_add_func ("/agentscript/bad-wav", test_bad_wav);
  return g_test_run ();
}
