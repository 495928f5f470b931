/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "dialoguetest.h"

#include "aiagent/logic/clauses.h"

/* ---- Conversations */

static void
test_receptionist (void)
{
  begin_file ("receptionist.ini");
  expect_part ("Welcome to Example Limited");
  g_assert_true (dialogue_knows (dialogue, "what are your opening hours"));
  g_assert_false (dialogue_knows (dialogue, "yes please"));
  g_assert_cmpstr (heard ("what are your opening hours", 1), ==, "hours");
  expect_part ("nine in the morning");
  heard ("when do you open", 2);
  expect_part ("As I said");
  g_assert_cmpstr (heard ("connect me to the sales team", 3), ==, "transfer");
  expect ("<transfer 201>"); /* nothing is promised yet */
  result (FALSE, 4);
  expect_part ("I cannot connect you to sales from here. Please call");
  heard ("i would like an appointment please", 5);
  expect_part ("four digits");
  press ("0503", 6);
  expect_part ("Say yes or no");
  g_assert_cmpstr (heard ("yes please", 7), ==, "sure");
  expect ("Your visit is noted for  0 5 0 3. We look forward to seeing you.");
  heard ("goodbye", 8);
  expect ("!Thank you for calling Example Limited. Goodbye! <hang-up ->");
  heard ("goodbye", 9);
  dialogue_not_understood (dialogue, 10);
  dialogue_digit (dialogue, '1', 11);
  dialogue_tick (dialogue, 100000);
  expect ("");
  finish ();
}

/* What an intent needs is asked for, by key as well, and then remembered. */
static void
test_needs (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  heard ("transfer me please", 1);
  expect_part ("Which department");
  dialogue_not_understood (dialogue, 2);
  expect_part ("Please say sales, support, or billing.");
  press ("2", 3);
  expect_part ("<transfer 202>");
  result (TRUE, 4);
  expect_part ("connecting you to support");
  heard ("goodbye", 5); /* to the department */
  expect ("");
  finish ();
}

/* What was declined, or said of another visit, is asked for again. */
static void
test_anew (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  heard ("book an appointment", 1);
  press ("0503", 2);
  heard ("no", 3);
  expect_part ("I have noted nothing");
  heard ("book an appointment", 4);
  expect_part ("our digits");
  press ("0604", 5);
  expect_part ("ay yes");
  heard ("yes", 6);
  expect_part ("noted for  0 6 0 4");
  press ("2", 7); /* the same by key */
  expect_part ("our digits");
  finish ();
}

static void
test_another_department (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  heard ("connect me to sales", 1);
  result (FALSE, 2);
  expect_part ("cannot connect you to sales");
  heard ("another department", 3);
  expect_part ("Which department");
  heard ("connect me to billing", 4); /* named: known */
  expect_part ("<transfer 203>");
  result (FALSE, 5);
  g_free (take ());
  press ("3", 6);
  expect_part ("say sales, support, or billing");
  finish ();
}

/* An answer is remembered in later texts, wherever it led. */
static void
test_memory (void)
{
  begin_text ("[agent]\nask=name\n[slot name]\nquestion=Who?\nvalue.bob="
              "bob\ngo.bob=hello\n[intent hello]\nneeds=name\nanswer=Hello "
              "${name}.\n[intent who]\nphrases=who am i\nanswer=You are "
              "${name}.\n");
  g_free (take ());
  heard ("bob", 1);
  expect ("Hello bob.");
  heard ("who am i", 2);
  expect ("You are bob.");
  finish ();
}

/* A "no" that led back does not let what asked go on. */
static void
test_led_back (void)
{
  begin_text ("[agent]\ngreeting=Hi.\n[slot size]\nquestion=Size?\ndigits=1"
              "\n[slot sure]\nquestion=Sure?\nvalue.yes=yes\nvalue.no=no\n"
              "go.no=other\n[intent order]\nkey=1\nneeds=size;sure\nanswer="
              "Ordered ${size}.\n[intent other]\nkey=2\nneeds=sure\n"
              "answer=Other.\n[intent again]\nkey=3\nanswer=Again.\n"
              "ask=again\n[slot again]\nquestion=Again?\nvalue.yes=yes\n"
              "go.yes=order\n");
  g_free (take ());
  press ("14", 1);
  heard ("no", 2);
  expect ("Size? Sure? Other.");
  press ("3", 3);
  heard ("yes", 4);
  expect ("Again. Again? Size?");
  press ("5", 5);
  expect ("Sure?");
  finish ();
}

static void
test_start_over (void)
{
  begin_text ("[agent]\ngreeting=Hi.\n[slot size]\nquestion=Size?\ndigits=1"
              "\n[slot sure]\nquestion=Sure?\nvalue.yes=yes\nvalue.no=no\n"
              "go.no=order\n[intent order]\nkey=1\nneeds=size;sure\nanswer="
              "Ordered ${size}.\n");
  g_free (take ());
  press ("14", 1);
  heard ("no", 2);
  expect ("Size? Sure? Size?");
  press ("5", 3);
  heard ("yes", 4);
  expect ("Sure? Ordered  5.");
  finish ();
}

/* After "Is there anything else?" yes and no are answers. */
static void
test_anything_else (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  heard ("connect me to sales", 1);
  result (FALSE, 2);
  expect_part ("Is there anything else I can do for you?");
  heard ("yes please", 3);
  expect ("What can I do for you?");
  heard ("thank you", 4);
  expect_part ("nything else");
  press ("1", 5); /* still the keys of everything */
  expect_part ("Monday to Friday");
  press ("0", 6);
  result (FALSE, 7);
  g_free (take ());
  heard ("no thanks", 8);
  expect_part ("Goodbye! <hang-up ->");
  finish ();
}

/* A caller may change the subject while a question is open. */
static void
test_change_of_subject (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  heard ("book an appointment", 1);
  g_free (take ());
  g_assert_cmpstr (heard ("where are you", 2), ==, "address");
  expect_part ("Market Street");
  press ("1", 3); /* no number is being typed any more */
  expect_part ("Monday to Friday");
  finish ();
}

static void
test_survey (void)
{
  begin_file ("survey.ini");
  expect_part ("May I ask you two questions now?");
  heard ("go ahead", 1);
  expect_part ("How satisfied");
  heard ("i am very satisfied", 2);
  expect_part ("How likely");
  press ("1", 3);
  dialogue_tick (dialogue, 3000);
  expect ("");
  dialogue_tick (dialogue, 4100); /* no second digit comes */
  expect ("!You are very satisfied, and gave us the number  1. Thank you very "
          "much for your time. Goodbye! <hang-up ->");
  finish ();
}

static void
test_number (void)
{
  begin_file ("survey.ini");
  g_free (take ());
  press ("1", 1);
  press ("3", 2);
  expect_part ("How likely");
  press ("7*1#", 3); /* * begins again */
  expect_part ("not satisfied, and gave us the number  1.");
  finish ();
}

/* # behind a number that is complete is a habit, and a noise loses no digits. */
static void
test_typing (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  heard ("book an appointment", 1);
  g_free (take ());
  press ("05", 2);
  dialogue_not_understood (dialogue, 3);
  expect ("");
  g_assert_false (dialogue_ignores (dialogue, '#', 4));
  press ("03", 4);
  g_assert_true (dialogue_ignores (dialogue, '#', 5));
  press ("#", 5);
  expect ("Shall I note that appointment? Say yes or no.");
  g_assert_false (dialogue_ignores (dialogue, '#', 6)); /* one */
  press ("1", 7);
  expect_part ("noted for  0 5 0 3");
  finish ();
}

/* Each call has the next one. */
static void
test_greetings (void)
{
  g_autoptr (GError) error = NULL;
  const gchar *text = "[agent]\ngreeting=One.;Two.\n";
  static const gchar *const expected[] = { "One.", "Two.", "One." };

  file = dialogue_file_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    dialogue = dialogue_new (file);
    dialogue_begin (dialogue, "", i, 0);
    expect (expected[i]);
    g_clear_pointer (&dialogue, dialogue_free);
  }
  finish ();
}

#define LADDERS \
  "[agent]\ngreeting=Hi.\nnot-understood=One.;Two.\nsilence=S one.;S " \
  "two.\nsilence-time=1000\ngive-up=leave\n[intent leave]\nanswer=Bye.\n" \
  "action=hang-up\n[intent ok]\nphrases=okay\nanswer=Fine ${caller}.\n"

static void
test_not_understood (void)
{
  begin_text (LADDERS);
  expect ("Hi.");
  dialogue_not_understood (dialogue, 1);
  expect ("One.");
  dialogue_not_understood (dialogue, 3);
  expect ("Two.");
  heard ("okay", 4);
  expect ("Fine alice.");
  dialogue_not_understood (dialogue, 5); /* begins anew */
  expect ("One.");
  dialogue_not_understood (dialogue, 6);
  dialogue_not_understood (dialogue, 7);
  expect ("Two. !Bye. <hang-up ->");
  finish ();
}

static void
test_silence (void)
{
  begin_text (LADDERS);
  g_free (take ());
  dialogue_tick (dialogue, 999);
  expect ("");
  dialogue_busy (dialogue, 999);
  dialogue_tick (dialogue, 1998);
  expect ("");
  dialogue_tick (dialogue, 1999);
  expect ("S one.");
  dialogue_tick (dialogue, 2999);
  expect ("S two.");
  dialogue_tick (dialogue, 3999);
  expect ("!Bye. <hang-up ->");
  finish ();
}

static void
test_defaults (void)
{
  begin_text ("[agent]\nask=a\n[slot a]\nquestion=What?\nvalue.x=one\n"
              "go.x=b\n[intent b]\nanswer=So.\n");
  expect ("What?");
  dialogue_digit (dialogue, '5', 1); /* means nothing here */
  expect_part ("What?");
  for (guint i = 0; i < 2; i++)
    dialogue_not_understood (dialogue, 2);
  expect_part ("<hang-up ->"); /* nobody said what else */
  finish ();
}

/* ---- Who goes, and who stays */

#define BAKERY \
  "[agent]\nsilence-time=2000\n[slot bread]\nquestion=White or brown?\n" \
  "value.white=white\nvalue.brown=brown\n[slot more]\nquestion=More?\n" \
  "value.yes=yes\nvalue.no=no\ngo.yes=order\ngo.no=bye\n" \
  "[slot table]\nquestion=Which table?\ndigits=1-8\n" \
  "[intent order]\nphrases=bread\nneeds=bread\nanswer=One ${bread}.\nask=more\n" \
  "[intent eat]\nphrases=i eat here\nneeds=table\nanswer=Table ${table}.\n" \
  "[intent boss]\nphrases=the boss\nanswer=Wait.\ninterruptible=false\n" \
  "action=transfer\ntarget=sip:boss@a\nfailed=away\n" \
  "[intent away]\nanswer=She is out.\n" \
  "[intent bye]\nphrases=goodbye\nanswer=Bye.\naction=hang-up\n"

/* In a room the conversation goes on when one of several is gone. */
static void
test_next_one (void)
{
  begin_text (BAKERY);
  heard ("bread", 1);
  heard ("brown", 2);
  heard ("goodbye", 3);
  result (TRUE, 100);
  heard ("bread", 200);
  dialogue_tick (dialogue, 1099);
  heard ("bread", 1099);
  expect ("");
  dialogue_tick (dialogue, 1100);
  expect ("");
  heard ("bread", 1200);
  expect ("White or brown?");
  finish ();
}

static void
test_hang_up_refused (void)
{
  begin_text (BAKERY);
  heard ("goodbye", 1);
  result (FALSE, 2);
  heard ("bread", 3);
  expect ("White or brown?");
  finish ();
}

/* What is said meanwhile does not make a transfer forget what follows if it fails. */
static void
test_failed_late (void)
{
  begin_text (BAKERY);
  heard ("the boss", 1);
  heard ("bread", 2);
  result (FALSE, 3);
  expect ("She is out.");
  finish ();
}

/* The words of a transfer are said while it is under way, once, and it may still fail. */
static void
test_progress (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  heard ("connect me to the sales team", 1);
  expect_part ("<transfer 201");
  dialogue_progress (dialogue, n_controls, 2);
  expect_part ("I am connecting you to sales");
  dialogue_progress (dialogue, n_controls, 3);
  expect ("");
  result (FALSE, 4);
  expect_part ("I cannot connect you to sales from here");
  heard ("connect me to support", 5);
  expect_part ("<transfer 202");
  dialogue_progress (dialogue, n_controls, 6);
  expect_part ("connecting you to support");
  result (TRUE, 7);
  expect ("");
  heard ("what are your opening hours", 8); /* to support */
  expect ("");
  finish ();
}

/* Whoever was called did not take the call: that is something else than that nobody could
 * be called. */
static void
test_refused (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  heard ("connect me to the sales team", 1);
  expect_part ("<transfer 201");
  dialogue_result (dialogue, n_controls, DIALOGUE_REFUSED, 2);
  expect_part ("nobody in sales can take your call right now");
  g_assert_cmpstr (heard ("yes please", 3), ==, "more");
  finish ();
  begin_text (BAKERY);
  heard ("the boss", 1);
  g_free (take ());
  dialogue_result (dialogue, n_controls, DIALOGUE_REFUSED, 2);
  expect ("She is out."); /* there is nothing else */
  finish ();
}

/* Of what is no transfer nothing is said on the way, nor of one that is not known. */
static void
test_progress_of_others (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  dialogue_progress (dialogue, 7, 1);
  expect ("");
  heard ("goodbye", 2);
  g_free (take ());
  dialogue_progress (dialogue, n_controls, 3);
  expect ("");
  finish ();
}

/* Another one is asked for anew, also if it was led to. */
static void
test_led_to_again (void)
{
  begin_text (BAKERY);
  heard ("bread", 1);
  heard ("white", 2);
  expect ("White or brown? One white. More?");
  heard ("yes", 3);
  expect ("White or brown?");
  heard ("brown", 4);
  expect ("One brown. More?");
  finish ();
}

/* Who types is not silent. */
static void
test_slow_digits (void)
{
  begin_text (BAKERY);
  heard ("i eat here", 1);
  expect ("Which table?");
  dialogue_digit (dialogue, '4', 1000);
  dialogue_tick (dialogue, 3500);
  dialogue_digit (dialogue, '2', 3600);
  dialogue_tick (dialogue, 7599);
  expect ("");
  dialogue_tick (dialogue, 7600);
  expect ("Table  4 2.");
  finish ();
}

/* A value is spoken in its own way, though another has the name of that. */
static void
test_spoken_once (void)
{
  begin_text ("[agent]\n[slot floor]\nquestion=Which?\nvalue.ground=first\n"
              "value.first=second\n[intent go]\nphrases=go to <floor>\n"
              "answer=The ${floor} floor.\n");
  heard ("go to first", 1);
  expect ("The first floor.");
  finish ();
}

/* ---- Clauses */

static void
test_clauses (void)
{
  static const gchar *const expected[] = { "Dr. Who, hello there,",
    "see info@example.com or 3.5 pages.", "Yes, no;", "and on" };
  const gchar *at = "  Dr. Who, hello there, see info@example.com or 3.5 "
                    "pages. Yes, no; and on";
  Clause clause;

  /* An abbreviation is cut: it only costs a pause. */
  g_assert_true (clauses_next (&at, &clause));
  g_assert_cmpuint (clause.length, ==, 3);
  g_assert_true (clauses_next (&at, &clause));
  g_assert_cmpint (strncmp (clause.text, expected[0] + 4, clause.length), ==,
      0);
  for (guint i = 1; i < G_N_ELEMENTS (expected); i++) {
    g_assert_true (clauses_next (&at, &clause));
    g_assert_cmpuint (clause.length, ==, strlen (expected[i]));
    g_assert_cmpint (strncmp (clause.text, expected[i], clause.length), ==, 0);
  }
  g_assert_false (clauses_next (&at, &clause));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dialogue/receptionist", test_receptionist);
  g_test_add_func ("/dialogue/needs", test_needs);
  g_test_add_func ("/dialogue/anew", test_anew);
  g_test_add_func ("/dialogue/another-department", test_another_department);
  g_test_add_func ("/dialogue/memory", test_memory);
  g_test_add_func ("/dialogue/led-back", test_led_back);
  g_test_add_func ("/dialogue/start-over", test_start_over);
  g_test_add_func ("/dialogue/anything-else", test_anything_else);
  g_test_add_func ("/dialogue/change-of-subject", test_change_of_subject);
  g_test_add_func ("/dialogue/survey", test_survey);
  g_test_add_func ("/dialogue/number", test_number);
  g_test_add_func ("/dialogue/typing", test_typing);
  g_test_add_func ("/dialogue/greetings", test_greetings);
  g_test_add_func ("/dialogue/not-understood", test_not_understood);
  g_test_add_func ("/dialogue/silence", test_silence);
  g_test_add_func ("/dialogue/defaults", test_defaults);
  g_test_add_func ("/dialogue/next-one", test_next_one);
  g_test_add_func ("/dialogue/hang-up-refused", test_hang_up_refused);
  g_test_add_func ("/dialogue/failed-late", test_failed_late);
  g_test_add_func ("/dialogue/progress", test_progress);
  g_test_add_func ("/dialogue/refused", test_refused);
  g_test_add_func ("/dialogue/progress-of-others", test_progress_of_others);
  g_test_add_func ("/dialogue/led-to-again", test_led_to_again);
  g_test_add_func ("/dialogue/slow-digits", test_slow_digits);
  g_test_add_func ("/dialogue/spoken-once", test_spoken_once);
  g_test_add_func ("/dialogue/clauses", test_clauses);
  return g_test_run ();
}
