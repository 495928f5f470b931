# SPDX-License-Identifier: LGPL-2.1-or-later
# What the tests of WebRTC share beside lib.sh.

agent_line="webrtcbin name=web ! rtpopusdepay ! opusdec ! aiagentsink \
  aiagentsrc ! opusenc ! rtpopuspay ! web."
web_echo_line="webrtcbin name=web ! rtpopusdepay ! opusdec ! aiagentsink \
  backend=echo backend::mode=loop-back aiagentsrc ! opusenc ! rtpopuspay ! web."

# web_line PROPERTIES...: plays $line_text with a whipserver at $url; $player is
# runline, or line
web_line () {
  web_port=$(free_port)
  url=http://127.0.0.1:$web_port
  : >"$work/line.log"
  # shellcheck disable=SC2086
  ${player:-runline} $line_text whipserver port="$web_port" "$@"
  wait_web
  plays
}

# plays: it takes calls from then on; the agent may have to load what it understands, which
# takes seconds with a sanitizer (whose `line` is runline, too)
plays () {
  [ "${player:-runline}" != runline ] && [ -z "${SANITIZED:-}" ] ||
    wait_for '"state":"PLAYING"' "$work/line.log" 60 || fail "the line does not play"
}

# wait_web: until the server has a line; it may be there from the one before
wait_web () {
  left=200
  until curl -sf -o /dev/null -X OPTIONS "$url/v1/realtime/calls"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "no HTTP server at $url"
    kill -0 "$line_pid" 2>/dev/null || fail "the line ended before its call"
    sleep 0.05
  done
}

# line_free: until every session that began has ended. A caller who is killed says
# nothing, and keeps the line for the inactivity-timeout.
line_free () {
  left=600
  until [ "$(grep -c 'voice/call.*"state":"ringing"' "$work/line.log")" -eq \
    "$(grep -c 'voice/call.*"state":"ended"' "$work/line.log")" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "the line stays busy"
    sleep 0.05
  done
}

# browser ACTION...: Chromium at $url, $microphone (if set) as its microphone
browser () {
  # shellcheck disable=SC2086
  node "$here/web/browser.mjs" "$url" ${microphone:-} "$@" \
    >"$work/browser.log" 2>&1 || fail "the browser did not do: $*"
}

# webphone OPTION...: our own caller; its facts are in webphone.log
webphone () {
  timeout 90 "$TOOLS/webphone" "$@" >"$work/webphone.log" 2>&1
}

# good_call: somebody calls and hears something
good_call () {
  left=100
  until webphone -t 3 "$url/whip"; do # a line that starts is busy
    left=$((left - 1))
    [ "$left" -gt 0 ] && grep -q 'status 503' "$work/webphone.log" ||
      fail "no good call ${1:-}"
    sleep 0.2
  done
}

# speech_at MS NAME: the utterance NAME.wav behind so much silence, as $microphone
speech_at () {
  "$TOOLS/wavcheck" to8k "$work/$2.wav" "$work/$2-at.wav" "$1" 20000 ||
    fail "the question could not be written"
  microphone=$work/$2-at.wav
}

says () {
  "$RECOGNITION" say rms "$2" "$work/$1.wav" || fail "cannot say \"$2\""
}
