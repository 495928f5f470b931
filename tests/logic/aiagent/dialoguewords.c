/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What words count for, and what may be said: nothing is taken that was not said to it,
 * and nothing promised that may not be done. */

#include "dialoguetest.h"

/* A transfer is promised once the channel has accepted it, and not before. */
static void
test_promise (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  dialogue_heard (dialogue, "operator", 1);
  expect ("<transfer 200>");
  result (TRUE, 2);
  expect ("!I am connecting you to the operator. One moment please.");
  finish ();
}

/* Where the file does not say what follows if it is refused, the caller is told. */
static void
test_refused (void)
{
  begin_text ("[agent]\n[intent boss]\nphrases=the boss\nanswer=Wait.\n"
              "action=transfer\ntarget=sip:boss@a\n");
  dialogue_heard (dialogue, "the boss", 1);
  result (FALSE, 2);
  expect ("I am sorry, I cannot do that.");
  finish ();
}

/* Whoever gives up offers somebody else first; what does not help either is the end. */
static void
test_give_up_twice (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  for (guint i = 0; i < 2; i++)
    dialogue_not_understood (dialogue, 1);
  g_free (take ());
  dialogue_not_understood (dialogue, 2);
  expect ("I am sorry that I could not help you. Would you like to speak to "
          "the operator? Say yes or no, or press 0.");
  dialogue_not_understood (dialogue, 3);
  expect_part ("Goodbye! <hang-up ->");
  finish ();
}

/* ... who wants the operator and cannot be connected is told what works. */
static void
test_give_up_operator (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  for (guint i = 0; i < 3; i++)
    dialogue_not_understood (dialogue, 1);
  g_free (take ());
  dialogue_heard (dialogue, "yes", 2);
  expect ("<transfer 200>");
  result (FALSE, 3);
  expect_part ("press 4, and leave your number");
  press ("4", 4);
  expect_part ("type your phone number");
  press ("5550100#", 5);
  expect_part ("noted the number  5 5 5 0 1 0 0");
  finish ();
}

/* Who says "hello" while the question is still to come has not said no to it. */
static void
test_question_unheard (void)
{
  DialogueAction action;

  begin_file ("survey.ini");
  guint number = 0;
  while (dialogue_next (dialogue, &action)) {
    number = MAX (number, action.question);
    dialogue_action_clear (&action);
  }
  g_assert_cmpuint (number, >, 0);
  g_assert_false (dialogue_knows (dialogue, "no"));
  dialogue_question_heard (dialogue, number + 1); /* another one */
  g_assert_false (dialogue_knows (dialogue, "no"));
  dialogue_question_heard (dialogue, number);
  g_assert_true (dialogue_knows (dialogue, "no"));
  dialogue_not_understood (dialogue, 1); /* asked again, and known already */
  g_assert_true (dialogue_knows (dialogue, "no"));
  dialogue_heard (dialogue, "yes", 2);
  g_assert_false (dialogue_knows (dialogue, "satisfied"));
  finish ();
}

/* Everybody's words: a nod is a yes where yes is an answer, and no mistake elsewhere; a
 * greeting has the question repeated. */
static void
test_interjections (void)
{
  begin_file ("survey.ini");
  g_free (take ());
  g_assert_false (dialogue_knows (dialogue, "hello"));
  dialogue_heard (dialogue, "hello", 1);
  expect ("Do you have a minute? Say yes, or no.");
  dialogue_heard (dialogue, "wait", 2);
  expect ("");
  g_assert_true (dialogue_knows (dialogue, "okay"));
  g_assert_cmpstr (dialogue_heard (dialogue, "okay", 3), ==, "willing");
  expect_part ("How satisfied");
  g_assert_false (dialogue_knows (dialogue, "mm hm"));
  dialogue_heard (dialogue, "mm hm", 4);
  expect ("");
  finish ();
}

/* ... where the file has them, they mean what it says. */
static void
test_own_interjections (void)
{
  begin_text ("[agent]\n[intent halt]\nphrases=stop\nanswer=Stopped.\n");
  dialogue_heard (dialogue, "stop", 1);
  expect ("Stopped.");
  finish ();
}

/* Second thoughts: as if the first half had never been said. */
static void
test_taken_back (void)
{
  begin_file ("receptionist.ini");
  g_free (take ());
  g_assert_true (dialogue_answers_alike (dialogue, "help", "help me"));
  g_assert_false (
      dialogue_answers_alike (dialogue, "connect me", "connect me to sales"));
  expect ("");
  g_autoptr (Dialogue) before = dialogue_copy (dialogue);
  dialogue_heard (dialogue, "connect me to sales", 1);
  result (FALSE, 2);
  g_free (take ());
  dialogue_free (dialogue);
  dialogue = dialogue_copy (before);
  g_assert_false (dialogue_knows (dialogue, "yes"));
  dialogue_heard (dialogue, "connect me please", 3);
  expect_part ("Which department would you like");
  finish ();
}

#define SHOP \
  "[agent]\nnot-understood=Sorry?;Pardon?\n" \
  "[slot bread]\nquestion=Which bread?\nvalue.w=white bread\n" \
  "value.b=brown bread\n" \
  "[intent hours]\nphrases=when do you open\nanswer=At six.\n" \
  "[intent order]\nphrases=I want <bread>\nneeds=bread\n" \
  "answer=One ${bread}.\nconfirm=Did you want ${bread}?\n"

/* What may have been meant is asked about, in the file's words or those of the phrase. */
static void
test_suspicion (void)
{
  begin_text (SHOP);
  dialogue_suspect (dialogue, "when do you open", 1);
  g_assert_false (dialogue_knows (dialogue, "yes")); /* it was not heard yet */
  expect ("Did you say: when do you open?");
  dialogue_question_heard (dialogue, 0);
  g_assert_true (dialogue_knows (dialogue, "yes"));
  g_assert_cmpstr (dialogue_heard (dialogue, "yes", 2), ==, "hours");
  expect ("At six.");
  dialogue_suspect (dialogue, "i want brown bread", 3);
  expect ("Did you want brown bread?");
  dialogue_question_heard (dialogue, 0);
  g_assert_cmpstr (dialogue_heard (dialogue, "okay", 4), ==, "order");
  expect ("One brown bread.");
  /* ... and that is all that "yes" means. */
  g_assert_null (dialogue_heard (dialogue, "yes", 5));
  expect ("Sorry?");
  finish ();
}

/* Who says no was not understood; who says something else is. */
static void
test_suspicion_denied (void)
{
  begin_text (SHOP);
  dialogue_suspect (dialogue, "i want white bread", 1);
  g_free (take ());
  dialogue_question_heard (dialogue, 0);
  g_assert_null (dialogue_heard (dialogue, "no", 2));
  expect ("Sorry?");
  g_assert_false (dialogue_knows (dialogue, "yes"));
  dialogue_suspect (dialogue, "i want white bread", 3);
  g_free (take ());
  dialogue_question_heard (dialogue, 0);
  g_assert_cmpstr (dialogue_heard (dialogue, "when do you open", 4), ==,
      "hours");
  expect ("At six.");
  g_assert_false (dialogue_knows (dialogue, "yes"));
  finish ();
}

/* Nobody is asked twice in a row, nor about what means nothing. */
static void
test_suspicion_once (void)
{
  begin_text (SHOP);
  dialogue_suspect (dialogue, "i want white bread", 1);
  g_free (take ());
  dialogue_question_heard (dialogue, 0);
  dialogue_suspect (dialogue, "when do you open", 2);
  expect ("Sorry?");
  dialogue_suspect (dialogue, "the moon", 3);
  expect ("Pardon?");
  finish ();
}

/* A question that was open is open still. */
static void
test_suspicion_within (void)
{
  begin_text (SHOP "[intent bread]\nphrases=bread please\nneeds=bread\n"
                   "answer=Here is ${bread}.\n");
  dialogue_heard (dialogue, "bread please", 1);
  g_free (take ());
  dialogue_question_heard (dialogue, 0);
  dialogue_suspect (dialogue, "when do you open", 2);
  g_free (take ());
  dialogue_question_heard (dialogue, 0);
  g_assert_cmpstr (dialogue_heard (dialogue, "white bread", 3), ==, "bread");
  expect ("Here is white bread.");
  finish ();
}

/* Whoever said nothing to it is asked something else: "yes" is for that. */
static void
test_suspicion_silence (void)
{
  begin_text (SHOP);
  dialogue_suspect (dialogue, "when do you open", 1);
  g_free (take ());
  dialogue_question_heard (dialogue, 0);
  dialogue_tick (dialogue, 20000);
  g_free (take ());
  g_assert_false (dialogue_knows (dialogue, "yes"));
  g_assert_null (dialogue_heard (dialogue, "yes", 21000));
  finish ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dialoguewords/promise", test_promise);
  g_test_add_func ("/dialoguewords/refused", test_refused);
  g_test_add_func ("/dialoguewords/give-up-twice", test_give_up_twice);
  g_test_add_func ("/dialoguewords/give-up-operator", test_give_up_operator);
  g_test_add_func ("/dialoguewords/question-unheard", test_question_unheard);
  g_test_add_func ("/dialoguewords/interjections", test_interjections);
  g_test_add_func ("/dialoguewords/own-interjections", test_own_interjections);
  g_test_add_func ("/dialoguewords/taken-back", test_taken_back);
  g_test_add_func ("/dialoguewords/suspicion/asked", test_suspicion);
  g_test_add_func ("/dialoguewords/suspicion/denied", test_suspicion_denied);
  g_test_add_func ("/dialoguewords/suspicion/once", test_suspicion_once);
  g_test_add_func ("/dialoguewords/suspicion/within", test_suspicion_within);
  g_test_add_func ("/dialoguewords/suspicion/silence", test_suspicion_silence);
  return g_test_run ();
}
