/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Wrong files: each is told with line, key and reason. */

#include "aiagent/logic/dialogue/dialoguefile.h"

#include <string.h>

#define HEAD "[agent]\ngreeting=Hi\n"

static const struct
{
  const gchar *text;
  const gchar *message; /* its beginning */
} wrong[] = {
  { "", "line 1: the file is empty" },
  { "[intent a]\nanswer=x\nkey=1\n", "line 1: there is no section [agent]" },
  { "hello\n", "line 1: \"hello\" is neither [section] nor key=value" },
  { "a=b\n", "line 1: a stands before the first [section]" },
  { HEAD "[agent]\n", "line 3: [agent] stands twice" },
  { HEAD "greeting=x\n", "line 3: [agent] greeting stands twice" },
  { "[agent]\ngreeting=\xff\n", "line 2: this is not text in UTF-8" },
  { HEAD "[stuff]\n", "line 3: [stuff]: the sections are" },
  { HEAD "greetings=x\n", "line 3: [agent] greetings: there is no such key" },
  { HEAD "[intent A b]\n", "line 3: [intent A b]: \"A b\" cannot be a name" },
  { HEAD "voice=bob\n", "line 3: [agent] voice: \"bob\" is not slt" },
  { HEAD "language=de\n", "line 3: [agent] language: voice slt speaks en-US" },
  { HEAD "silence-time=soon\n", "line 3: [agent] silence-time: \"soon\" is" },
  { HEAD "ask=x\n", "line 3: [agent] ask: there is no [slot x]" },
  { HEAD "default=x\n", "line 3: [agent] default: there is no [intent x]" },
  { HEAD "silence=a;;b\n", "line 3: [agent] silence: an item of the list" },
  { "[agent]\ngreeting=\n", "line 2: [agent] greeting: it is empty" },
  { "[agent]\ngreeting=Hi ${who}\n", "line 2: [agent] greeting: ${who} is" },
  { "[agent]\ngreeting=Hi ${who\n", "line 2: [agent] greeting: the } of" },
  { HEAD "[slot a]\n", "line 3: [slot a]: it has neither values" },
  { HEAD "[slot a]\ndigits=0\n", "line 4: [slot a] digits: \"0\" is neither" },
  { HEAD "[slot a]\ndigits=5-2\n", "line 4: [slot a] digits: \"5-2\" is" },
  { HEAD "[slot a]\nvalue.x=one\ndigits=1\n",
      "line 5: [slot a] digits: a slot has values or digits" },
  { HEAD "[slot a]\nvalue.x=one 1\n",
      "line 4: [slot a] value.x: \"1\" is not a word" },
  { HEAD "[slot a]\nvalue.x=one;one\n",
      "line 4: [slot a] value.x: \"one\" stands twice" },
  { HEAD "[slot a]\nvalue.x=one\nkey.5=y\n",
      "line 5: [slot a] key.5: there is no value.y" },
  { HEAD "[slot a]\nvalue.x=one\nkey.55=x\n",
      "line 5: [slot a] key.55: \"55\" is not a key" },
  { HEAD "[slot a]\nvalue.x=one\ngo.x=b\n",
      "line 5: [slot a] go.x: there is no [intent b]" },
  { HEAD "ask=a\n[slot a]\nvalue.x=one\n",
      "line 4: [slot a]: it is asked for, but has no question" },
  { HEAD "[intent a]\nphrases=hello\n", "line 3: [intent a]: it does nothing" },
  { HEAD "[intent a]\nanswer=x\n", "line 3: [intent a]: nothing leads here" },
  { HEAD "[intent a]\nphrases=hello [you\nanswer=x\n",
      "line 4: [intent a] phrases: the ] of \"[you\" is missing" },
  { HEAD "[intent a]\nphrases=hello)\nanswer=x\n",
      "line 4: [intent a] phrases: \")\" closes what" },
  { HEAD "[intent a]\nphrases=[hello]\nanswer=x\n",
      "line 4: [intent a] phrases: all of it may be left out" },
  { HEAD "[intent a]\nphrases=(a|)\nanswer=x\n",
      "line 4: [intent a] phrases: something is missing" },
  { HEAD "[intent a]\nphrases=hello <who>\nanswer=x\n",
      "line 4: [intent a] phrases: there is no [slot who]" },
  { HEAD "[intent a]\nphrases=press 1\nanswer=x\n",
      "line 4: [intent a] phrases: numbers are written in words" },
  { HEAD "[intent a]\nphrases=gr\xc3\xbc\xc3\x9f\nanswer=x\n",
      "line 4: [intent a] phrases: \"\xc3\xbc\xc3\x9f\" is not a word" },
  { HEAD "[intent a]\nkey=x\nanswer=x\n",
      "line 4: [intent a] key: \"x\" is not a key" },
  { HEAD "[intent a]\nkey=1\nanswer=x\n[intent b]\nkey=1\nanswer=x\n",
      "line 7: [intent b] key: [intent a] has key 1 already" },
  { HEAD "[intent a]\nkey=1\naction=dance\n",
      "line 5: [intent a] action: \"dance\" is not hang-up" },
  { HEAD "[intent a]\nkey=1\naction=transfer\n",
      "line 5: [intent a] action: transfer needs a target" },
  { HEAD "[intent a]\nkey=1\naction=send-dtmf\ntarget=xyz\n",
      "line 6: [intent a] target: \"xyz\" are not keys" },
  { HEAD "[intent a]\nkey=1\nanswer=x\ninterruptible=maybe\n",
      "line 6: [intent a] interruptible: \"maybe\" is neither" },
  { HEAD "[intent a]\nkey=1\naction=hang-up\ninterruptible=true\n",
      "line 6: [intent a] interruptible: what is said before a hang-up" },
  { HEAD "[intent a]\nkey=1\naction=hold\nfailed=a\n",
      "line 6: [intent a] failed: [intent a] has an action" },
  { HEAD "[intent a]\nkey=1\naction=transfer\ntarget=1\nrefused=a\n",
      "line 7: [intent a] refused: [intent a] has an action" },
  { HEAD "[intent a]\nkey=1\naction=hold\nrefused=b\n[intent b]\nanswer=x\n",
      "line 6: [intent a] refused: only who is called by a transfer" },
  { HEAD "[intent a]\nkey=1\nneeds=x\nanswer=x\n",
      "line 5: [intent a] needs: there is no [slot x]" },
  { HEAD "ask=a\n[slot a]\nquestion=Q\nvalue.x=one\n",
      "line 3: [agent] ask: nothing follows the answer \"one\": add go.x=" },
  { HEAD "[slot a]\nquestion=Q\nvalue.x=one\nvalue.y=two\ngo.x=b\n"
         "[intent b]\nkey=1\nanswer=x\nask=a\n",
      "line 11: [intent b] ask: nothing follows the answer \"two\"" },
  { HEAD "ask=a\n[slot a]\nquestion=Q\ndigits=4\n",
      "line 3: [agent] ask: [slot a] is a number, which leads nowhere" },
  { HEAD "[slot a]\nvalue.x=one\nphrases=I want <a>;whatever\n",
      "line 5: [slot a] phrases: \"whatever\" does not say where the value" },
  { HEAD "[slot a]\ndigits=2\nphrases=I do not know\n",
      "line 5: [slot a] phrases: a number is typed, not spoken" },
  { HEAD "[slot a]\nvalue.x=one\n[intent t]\nkey=1\naction=transfer\n"
         "target=sip:${caller}${a}@b\n",
      "line 8: [intent t] target: ${a} may not be known by then: add needs=a" },
  { HEAD "[intent a]\nkey=1\naction=hang-up\nfailed=b\n[intent b]\nanswer="
         "x\n",
      "line 6: [intent a] failed: nothing follows a hang-up" },
  { HEAD "[intent a]\nkey=1\nanswer=x\nfailed=b\n[intent b]\nanswer=x\n",
      "line 6: [intent a] failed: there is no action=" },
  { HEAD "[words]\nhello=HH EH L O\n",
      "line 4: [words] hello: \"HH EH L O\" are not phones" },
};

static void
test_wrong_files (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    DialogueFile *none =
        dialogue_file_parse (wrong[i].text, strlen (wrong[i].text), &error);
    g_assert_null (none);
    g_assert_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE);
    g_test_message ("%s", error->message);
    if (!g_str_has_prefix (error->message, wrong[i].message))
      g_error ("\"%s\" does not begin with \"%s\"", error->message,
          wrong[i].message);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dialoguefile/wrong", test_wrong_files);
  return g_test_run ();
}
