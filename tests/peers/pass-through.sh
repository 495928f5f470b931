#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A phone and a browser that both speak Opus, or both PCMU, are connected without anything
# between them that decodes: each hears the packets of the other, byte for byte. Then
# baresip is the phone.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

launch=$here/../../pipelines/sip-webrtc-gateway.launch

# gateway_line [SED-EXPRESSION]: the launch file's text on free ports
gateway_line () {
  port=$(free_port)
  line_text=$(grep -v '^#' "$launch" | sed "s/^whipserver.*//
    s/^sipsrc/sipsrc name=phone local-uri=sip:127.0.0.1:$port/; ${1:-}")
  web_line on-hangup=wait
}

# caller CODEC ENCODER: a line of its own calls the gateway as a phone, and keeps each
# packet that it says and hears
caller () {
  mkdir -p "$work/caller"
  rm -f "$work"/caller/*
  # shellcheck disable=SC2086
  background caller "$TOOLS/runline" \
    filesrc location="$work/long.wav" ! wavparse ! audioconvert ! audioresample ! \
    $2 ! tee name=mine ! queue ! sipsink \
    mine. ! queue ! multifilesink async=false location="$work/caller/said-%05d" \
    sipsrc local-uri="sip:127.0.0.1:$(free_port)" codecs="$1" \
    uri="sip:anybody@127.0.0.1:$port" ! "$3" ! \
    multifilesink async=false location="$work/caller/heard-%05d" </dev/null
}

# same SAID HEARD: the packets that were heard were said, byte for byte, and in that order.
# On a busy machine some are lost, a few are made of what is before and behind a gap, and what
# a browser said while its connection came up comes in a burst: so they are waited for until
# there are those of a second that are no silence.
same () {
  python3 - "$@" <<'PYTHON' || fail "$2 is not $1"
import glob, sys, time

def packets(path):
    names = glob.glob(path + "-" + 5 * "[0-9]")  # no name that a file has while it is written
    return [open(name, "rb").read() for name in sorted(names)]

def look():
    heard = packets(sys.argv[2])  # first: what is said goes on meanwhile
    said = b"".join(packets(sys.argv[1]))
    places = [(said.find(packet), packet) for packet in heard]
    own = [place for place, packet in places  # silence is not one of its own
           if place >= 0 and said.find(packet, place + 1) < 0]
    strange = sum(place < 0 for place, packet in places)
    if len(own) > 50:
        print("%s: %d packets, %d of their own, %d strange" % (
            "/".join(sys.argv[2].split("/")[-2:]), len(heard), len(own), strange))
        sys.exit(strange > len(own) / 4 or own != sorted(own))
    return "%d packets, %d of their own, %d strange" % (len(heard), len(own), strange)

end = time.monotonic() + 20
while time.monotonic() < end:
    found = look()
    time.sleep(0.2)
sys.exit("too few: " + found)
PYTHON
}

# transcodes N: so the line says
transcodes () {
  tell stats
  heard "\"transcodes\":$1"
}

# say NAME TEXT: no sentence is in it twice, nor any packet
say () {
  espeak-ng -s 150 -w "$work/spoken.wav" "$2" || fail "espeak-ng does not speak"
  "$TOOLS/wavcheck" to8k "$work/spoken.wav" "$work/$1.wav" 500 500 ||
    fail "the speech could not be written"
}

question="Good morning, I would like to know when you open today, and whether somebody
  can call me back about my order, which is late"
say said "$question"
say long "$question. It was to be here on Monday, the carrier says that nobody was at home,
  but my neighbour was in the garden all afternoon, and never saw a van. I have the number in
  front of me, if you need it: eight, two, six, nine, four, and then the letters B and K.
  Or would it be better to write to you? I can also come by on Thursday, after work."
for codec in opus PCMU; do
  if [ "$codec" = opus ]; then
    gateway_line
    encoder="opusenc bitrate=24000 audio-type=voice" caps=audio/x-opus
  else
    gateway_line "s/rtpopuspay/rtppcmupay/; s/rtpopusdepay/rtppcmudepay/"
    encoder="mulawenc" caps=audio/x-mulaw
  fi
  mkdir -p "$work/browser"
  rm -f "$work"/browser/*
  background webphone timeout 90 "$TOOLS/webphone" -t 40 --codec \
    "$(echo "$codec" | tr PCMU pcmu)" --play "$work/long.wav" \
    --packets "$work/browser" "$url/whip"
  browser=$last_pid
  wait_for '^0 connected' "$work/webphone.log" || fail "the browser did not come"
  caller "$codec" "$encoder" "$caps"
  heard '"state":"answered".*"channel":"sip"'
  same "$work/caller/said" "$work/browser/heard"
  same "$work/browser/said" "$work/caller/heard"
  transcodes 0
  kill -INT "$line_pid"
  ended 20
  kill "$browser" "$last_pid" 2>/dev/null
  wait "$browser" "$last_pid"
done

# A phone that is not ours: both hear each other.
gateway_line
background webphone timeout 90 "$TOOLS/webphone" -t 15 --play "$work/said.wav" \
  --record "$work/browser.wav" "$url/whip"
wait_for '^0 connected' "$work/webphone.log" || fail "the browser did not come"
CODEC=opus baresip_call "sip:anybody@127.0.0.1:$port" "$work/said.wav" 12
transcodes 0
wait "$last_pid" || fail "the browser was not content"
"$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$work/browser.wav" >"$work/find.log"
expect pieces '>' 0.7 find
"$TOOLS/wavcheck" find "$work"/phone/dump-*-dec.wav "$work/said.wav" >"$work/find.log"
expect pieces '>' 0.7 find
