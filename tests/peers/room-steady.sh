#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Others come and go, hold and resume, by phone and browser; who stays hears an
# unbroken tone: no gap, no click. A supervisor is heard by the one it whispers to, and
# by nobody else.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

port=$(free_port)
silence=$work/silence.wav
"$TOOLS/runline" audiotestsrc wave=silence num-buffers=400 samplesperbuffer=160 ! \
  audio/x-raw,rate=8000,channels=1 ! wavenc ! filesink location="$silence" \
  </dev/null >"$work/silence.log" 2>&1 || fail "no silence"
# The tone is not live, so that the room paces it: it is ahead of each tick, and a break
# is none of its source's, however busy the machine is.
line_text="voicemixer name=room \
  sipsrc session=a local-uri=sip:a@127.0.0.1:$port on-hangup=wait ! room.sink_0 \
  room.minus_0 ! sipsink session=a \
  sipsrc session=b local-uri=sip:b@127.0.0.1:$port on-hangup=wait ! room.sink_1 \
  room.minus_1 ! sipsink session=b \
  audiotestsrc freq=440 volume=0.3 samplesperbuffer=160 ! \
  audio/x-raw,rate=8000,channels=1 ! room.sink_2 \
  webrtcbin name=web ! rtpopusdepay ! opusdec ! room.sink_3 \
  room.minus_3 ! opusenc ! rtpopuspay ! web."
web_line on-hangup=wait
"$TOOLS/rtpphone" call "sip:a@127.0.0.1:$port" wait 16000 bye \
  record "$work/stays.wav" >"$work/stays.log" 2>&1 &
stays=$!
wait_for '"state":"answered"' "$work/line.log" || fail "the first phone does not get in"
sleep 1
phone call "sip:b@127.0.0.1:$port" wait 1500 reinvite inactive wait 800 \
  reinvite sendrecv wait 800 bye
webphone -t 3 --play "$silence" "$url/whip" || fail "no browser"
webphone -t 3 --abandon --channel --play "$silence" "$url/whip" || fail "no browser"
wait "$stays" || fail "the phone that stays was not content"
"$TOOLS/wavcheck" tone "$work/stays.wav" 440 >"$work/tone.log"
cat "$work/tone.log"
# with sanitizers the machine may be late; a break is then no fault of the room
if [ -z "${SANITIZED:-}" ]; then
  expect clicks == 0 tone
  expect holes == 0 tone
fi
expect length_ms '>' 15000 tone
kill -INT "$line_pid"
ended 10

# whisper
line_text="voicemixer name=room sink_1::heard-by=2 \
  sipsrc session=a local-uri=sip:a@127.0.0.1:$port on-hangup=wait ! room.sink_0 \
  room.minus_0 ! sipsink session=a \
  sipsrc session=b local-uri=sip:b@127.0.0.1:$port on-hangup=wait ! room.sink_1 \
  room.minus_1 ! sipsink session=b \
  sipsrc session=c local-uri=sip:c@127.0.0.1:$port on-hangup=wait ! room.sink_2 \
  room.minus_2 ! sipsink session=c"
# shellcheck disable=SC2086
runline $line_text
wait_line "$port"
for one in a:440 b:700 c:1100; do
  "$TOOLS/rtpphone" call "sip:${one%:*}@127.0.0.1:$port" tone "${one#*:}" 4000 \
    wait 4000 bye record "$work/${one%:*}.wav" >"$work/phone-${one%:*}.log" 2>&1 &
  talkers="${talkers:-} $!"
done
for pid in $talkers; do
  wait "$pid" || fail "a phone was not content"
done
# hears WHO HZ RELATION VALUE: that tone in what WHO heard, in parts of full scale
hears () {
  "$TOOLS/wavcheck" strength "$work/$1.wav" "$2" >"$work/strength.log"
  echo "$1 hears $2 Hz: $(fact strength strength)"
  expect strength "$3" "$4" strength
}
hears a 440 '<' 0.005
hears a 700 '<' 0.005
hears a 1100 '>' 0.05
hears b 440 '>' 0.05
hears b 700 '<' 0.005
hears b 1100 '>' 0.05
hears c 440 '>' 0.05
hears c 700 '>' 0.05
hears c 1100 '<' 0.005
kill -INT "$line_pid"
expect_code 0 10
