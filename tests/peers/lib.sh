# SPDX-License-Identifier: LGPL-2.1-or-later
# What the peers' tests share; read by each with ". lib.sh". The build sets
# TOOLS (directory of the small C programs), SANITIZED and
# the GST_ variables.

set -u
here=$(dirname "$0")
work=$(mktemp -d)
pids=
line_pid=
# what a line runs within: `nsenter -t PID -n`
within=
# what follows `sipsrc`: every frame goes back at once, through the agent pair
echo_line=${ECHO_LINE:-! aiagentsink backend=echo backend::mode=loop-back \
  aiagentsrc ! sipsink}
# the same, many to a media loop
dense_line=${ECHO_LINE:-! aiagentsink backend=echo backend::mode=loop-back \
  aiagentsrc context=media ! sipsink}

cleanup () {
  for pid in $pids; do
    kill "$pid" 2>/dev/null
    kill -CONT "$pid" 2>/dev/null # who is stopped does not end
  done
  for pid in $pids; do
    wait "$pid" 2>/dev/null
  done
  [ -n "${KEEP:-}" ] && echo "kept: $work" || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# The first start loads every plugin of the system to write the registry. What
# those leak on the way is theirs: no leaks are looked for in that one run.
if [ -n "${SANITIZED:-}" ] && [ ! -s "$GST_REGISTRY" ]; then
  ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" "$TOOLS/runline" \
    fakesrc num-buffers=1 ! fakesink </dev/null >"$work/registry.log" 2>&1
fi

# fail SENTENCE: why, with the end of every log
fail () {
  echo "FAILED: $*"
  for log in "$work"/*.log; do
    [ -s "$log" ] || continue
    echo "--- $(basename "$log")"
    tail -n 40 "$log"
  done
  exit 1
}

# background NAME COMMAND...: runs it, output in NAME.log, pid in $last_pid
background () {
  log=$work/$1.log
  shift
  : >"$log" # now: who waits for a word of it is not to find one of the last that had its name
  "$@" >>"$log" 2>&1 &
  last_pid=$!
  pids="$pids $last_pid"
}

# line COMMAND-LINE...: plays it by stock gst-launch-1.0; where the plugins are
# built with a sanitizer, whose runtime gst-launch lacks, by runline
line () {
  if [ -n "${SANITIZED:-}" ]; then
    mkfifo "$work/silent.in" 2>/dev/null
    [ "$1" = -e ] && shift
    exec 8<>"$work/silent.in"
    $within "$TOOLS/runline" "$@" >>"$work/line.log" 2>&1 <"$work/silent.in" &
  else
    $within gst-launch-1.0 -m "$@" >>"$work/line.log" 2>&1 &
  fi
  line_pid=$!
  pids="$pids $line_pid"
}

# runline COMMAND-LINE...: plays it by our own player ($player_program, if another);
# `tell` gives it commands
runline () {
  mkfifo "$work/line.in" 2>/dev/null
  exec 9<>"$work/line.in"
  $within "$TOOLS/${player_program:-runline}" "$@" >>"$work/line.log" 2>&1 <"$work/line.in" &
  line_pid=$!
  pids="$pids $line_pid"
}

tell () {
  echo "$*" >&9
}

# lines N TEXT [N TEXT]...: several lines in one process
lines () {
  background line "$TOOLS/lines" "$@"
  line_pid=$last_pid
  wait_for '^ready' "$work/line.log" 20 || fail "the lines did not start"
}

# gateway ARGUMENTS...: starts it, waits for its lines; what it writes is added to
# events.json and calls.json
gateway () {
  : >"$work/gateway.log"
  background gateway "$VOICE_GATEWAY" --log "$work/events.json" \
    --cdr "$work/calls.json" "$@"
  line_pid=$last_pid
  wait_for 'lines wait' "$work/gateway.log" 20 ||
    fail "the gateway did not start"
}

# wait_for PATTERN FILE [SECONDS]: for what comes; nobody says how soon
wait_for () {
  left=$((${3:-20} * 20))
  until grep -q -e "$1" "$2" 2>/dev/null; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 0.05
  done
}

# wait_line PORT: until the line answers OPTIONS
wait_line () {
  attempt=0
  until "$TOOLS/rtpphone" options "sip:probe@127.0.0.1:$1" >"$work/probe.log" 2>&1
  do
    attempt=$((attempt + 1))
    kill -0 "$line_pid" 2>/dev/null || fail "the line ended before its call"
    [ "$attempt" -lt 4 ] || fail "the line does not answer OPTIONS on port $1"
  done
}

# listens PORT: until somebody does, by TCP
listens () {
  left=200
  until grep -q ":$(printf %04X "$1") 0*:0000 0A" /proc/net/tcp /proc/net/tcp6; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "nobody listens on port $1"
    sleep 0.05
  done
}

# ended SECONDS: waits for the line's end; its exit code is in $code
ended () {
  left=$(($1 * 20))
  while kill -0 "$line_pid" 2>/dev/null; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "the line did not end within $1 s"
    sleep 0.05
  done
  wait "$line_pid"
  code=$?
}

expect_code () {
  ended "${2:-5}"
  [ "$code" -eq "$1" ] || fail "the line ended with code $code, not $1"
}

# phone STEP...: a call by rtpphone of at most $PHONE_SECONDS (60); what it prints stays in
# phone.log
phone () {
  timeout "${PHONE_SECONDS:-60}" "$TOOLS/rtpphone" "$@" >"$work/phone.log" 2>&1 ||
    fail "the phone was not content: $(tail -n 1 "$work/phone.log")"
}

# free_port: an even one that no other test gets while this one runs, nor the next one
free_port () {
  "$TOOLS/rtpphone" free-port $$
}

# fact NAME [LOG]: the last value of NAME
fact () {
  sed -n "s/^$1=//p" "$work/${2:-phone}.log" | tail -n 1
}

# expect NAME RELATION VALUE [LOG]: as awk compares numbers
expect () {
  value=$(fact "$1" "${4:-phone}")
  awk -v a="$value" -v b="$3" "BEGIN { exit !(a != \"\" && a + 0 $2 b + 0) }" ||
    fail "$1 is \"$value\", which is not $2 $3"
}

# heard PATTERN [SECONDS]: a bus message of runline
heard () {
  wait_for "$1" "$work/line.log" "${2:-20}" ||
    fail "no message on the bus like $1"
}

# sipp_run NAME ARGUMENTS...: one SIPp run to its end
sipp_run () {
  scenario=$1
  shift
  case " $* " in
    *" -p "*) ;;
    *) set -- "$@" -p "$(free_port)" ;;
  esac
  (cd "$work" && timeout 40 sipp -sf "$here/scenarios/$scenario.xml" -i 127.0.0.1 \
    -nostdin -m 1 -recv_timeout 15000 -timeout 30 -trace_err \
    -error_file "$work/sipp-errors.log" "$@") >"$work/sipp.log" 2>&1
}

# speech FILE: a spoken sentence at 8 kHz, with half a second of silence before
# and as many ms after as $2 says
speech () {
  espeak-ng -s 170 -w "$work/spoken.wav" \
    "Good morning, I would like to know when you open today" ||
    fail "espeak-ng does not speak"
  "$TOOLS/wavcheck" to8k "$work/spoken.wav" "$1" 500 "${2:-500}" ||
    fail "the speech could not be written"
}
case $here in
  /*) ;;
  *) here=$PWD/$here ;;
esac

# baresip_phone PORT WAV ACCOUNT: a phone that says WAV; what it hears and said is in
# $work/phone/dump-*-dec.wav and -enc.wav. $CODEC: the one it has (PCMU); $MEDIAENC: how it
# encrypts audio (not at all); $PHONE_HOST: its address (127.0.0.1); $BARESIP_CONFIG: more
# lines of its configuration
baresip_phone () {
  case ${CODEC:-PCMU} in
    G722) codec_is=G722/16000/1 ;;
    opus) codec_is=opus/48000/2 ;;
    *) codec_is=${CODEC:-PCMU} ;;
  esac
  mkdir -p "$work/phone"
  modules=$(dirname "$(find /usr/lib /usr/local/lib -name aufile.so 2>/dev/null |
    head -n 1)")
  cat >"$work/phone/config" <<CONFIG
net_interface $(echo "${PHONE_HOST:-127.0.0.1}" | tr -d "[]")
sip_listen ${PHONE_HOST:-127.0.0.1}:$1
rtp_ports 26900-26998
module_path $modules
audio_source aufile,$2
audio_player aufile,/dev/null
audio_alert aufile,/dev/null
ausrc_srate $(od -An -tu4 -j24 -N4 "$2" | tr -d ' ')
ausrc_channels 1
snd_path $work/phone
module g711.so
module g722.so
module opus.so
module aufile.so
module sndfile.so
${MEDIAENC:+module srtp.so
module dtls_srtp.so
rtcp_mux yes}
module_app account.so
module_app menu.so
${BARESIP_CONFIG:-}
CONFIG
  echo "<sip:$3>;regint=0;audio_codecs=$codec_is${MEDIAENC:+;mediaenc=$MEDIAENC}${4:-}" >"$work/phone/accounts"
  rm -f "$work"/phone/dump-*
}

# baresip_talked: in $CODEC, both ways. It takes another one if it does not know the name
baresip_talked () {
  for half in encoder decoder; do
    grep -q "Set audio $half: ${CODEC:-PCMU} " "$work/baresip.log" ||
      fail "baresip's $half was not ${CODEC:-PCMU}"
  done
}

# baresip_call URI WAV SECONDS: calls, says WAV, hangs up
baresip_call () {
  baresip_phone "$(free_port)" "$2" "caller@${PHONE_HOST:-127.0.0.1}"
  timeout 40 baresip -f "$work/phone" -e "/dial $1" -t "$3" \
    >"$work/baresip.log" 2>&1 </dev/null
  grep -q 'Call established' "$work/baresip.log" ||
    fail "baresip's call was not established"
  baresip_talked
}

# baresip_answers PORT WAV SECONDS [NAME]: waits to be called for so long, as callee or NAME
# at its address, and says WAV; its process is in $baresip_pid
baresip_answers () {
  baresip_phone "$1" "$2" "${4:-callee}@${PHONE_HOST:-127.0.0.1}" ';answermode=auto'
  background baresip timeout 60 baresip -f "$work/phone" -t "$3" </dev/null
  baresip_pid=$last_pid
  wait_for 'baresip is ready' "$work/baresip.log" || fail "baresip does not start"
}

# authority NAME: who signs certificates, in $work/NAME.pem, with its key
authority () {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -keyout "$work/$1.key" -out "$work/$1.crt" -subj "/CN=$1" \
    2>"$work/openssl.log" || fail "openssl makes no certificate"
  cat "$work/$1.crt" "$work/$1.key" >"$work/$1.pem"
}

# certificate NAME AUTHORITY NAMES [DAYS]: for NAMES (DNS:..., IP:...), valid for DAYS
# from now on, in $work/NAME.pem, with its key
certificate () {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
    -keyout "$work/$1.key" -out "$work/$1.request" 2>"$work/openssl.log" &&
    printf 'subjectAltName=%s\n' "$3" >"$work/$1.names" &&
    openssl x509 -req -in "$work/$1.request" -CA "$work/$2.crt" -CAkey "$work/$2.key" \
      -CAcreateserial -extfile "$work/$1.names" -days "${4:-10}" -out "$work/$1.crt" \
      2>>"$work/openssl.log" || fail "openssl makes no certificate"
  (umask 077 && cat "$work/$1.crt" "$work/$1.key" >"$work/$1.pem")
}
