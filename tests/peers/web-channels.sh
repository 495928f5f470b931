#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# One agent, two channels: the same recorded caller by SIP and by WebRTC is understood
# and answered with the same words.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

says hours "what are your opening hours"
says address "what is your address"
says bye "thank you goodbye"
# Nobody is spoken to before the answer has ended, which comes late from a busy machine.
"$TOOLS/wavcheck" to8k "$work/hours.wav" "$work/a.wav" 8000 12000 &&
  "$TOOLS/wavcheck" to8k "$work/address.wav" "$work/b.wav" 0 8000 &&
  "$TOOLS/wavcheck" to8k "$work/bye.wav" "$work/c.wav" 0 8000 &&
  "$TOOLS/runline" concat name=all ! wavenc ! filesink location="$work/call.wav" \
    filesrc location="$work/a.wav" ! wavparse ! all. \
    filesrc location="$work/b.wav" ! wavparse ! all. \
    filesrc location="$work/c.wav" ! wavparse ! all. </dev/null >"$work/concat.log" 2>&1 ||
  fail "the call could not be recorded"

# transcript FILE: role and words of both sides, in order, as they were heard
transcript () {
  sed -n 's/.*"aiagent\/transcript".*"role":"\([a-z]*\)","text":"\([^"]*\)","final":true.*/\1: \2/p' \
    "$work/line.log" >"$1"
}

port=$(free_port)
: >"$work/line.log"
runline sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink aiagentsrc ! sipsink
wait_line "$port"
phone call "sip:agent@127.0.0.1:$port" play "$work/call.wav" wait-bye 53000
expect_code 0
transcript "$work/sip.txt"

line_text=$agent_line
web_line
webphone -t 53 --play "$work/call.wav" "$url/whip"
expect_code 0
transcript "$work/web.txt"

cat "$work/sip.txt"
diff "$work/sip.txt" "$work/web.txt" || fail "the two channels differ"
[ "$(grep -c '^caller' "$work/web.txt")" -eq 3 ] || fail "not three sentences"
grep -q 'Goodbye!' "$work/web.txt" || fail "no goodbye"
