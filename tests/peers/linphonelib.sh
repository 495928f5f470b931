# SPDX-License-Identifier: LGPL-2.1-or-later
# A phone of linphone's beside lib.sh: linphonec, with files in place of a sound card.

PATH=$PATH:/usr/sbin
command -v linphonec >"$work/which.log" ||
  fail "linphonec is missing (tools/setup check)"

# linphone_phone PORT CODEC [LINE...]: in $work/linphone: its configuration. It has CODEC alone,
# listens at PORT by UDP and TCP, and LINEs are more of that, "[section] key=value". Who signs
# certificates that it believes is in $tls_ca
linphone_phone () {
  linphone=$work/linphone linphone_codec=$2
  mkdir -p "$linphone/.local/share/linphone"
  {
    echo "[sip]
sip_port=$1
sip_tcp_port=$1
sip_tls_port=-2
use_ipv6=0
root_ca=${tls_ca:-}
verify_server_cn=0
inc_timeout=60
[rtp]
audio_rtp_port=$(free_port)"
    n=0
    for each in opus/48000/2 speex/16000/1 speex/8000/1 speex/32000/1 PCMU/8000/1 PCMA/8000/1 \
      GSM/8000/1 G722/8000/1 G729/8000/1; do
      [ "${each%%/*}" = "$2" ] && enabled=1 || enabled=0
      echo "[audio_codec_$n]
mime=${each%%/*}
rate=$(echo "$each" | cut -d/ -f2)
channels=${each##*/}
enabled=$enabled"
      n=$((n + 1))
    done
    shift 2
    printf '%s\n' "$@" | tr ' ' '\n'
  } >"$linphone/rc"
}

# linphone_starts [OPTION...]: it does what is written to it by `linphone`
linphone_starts () {
  mkfifo "$linphone/in"
  exec 7<>"$linphone/in"
  HOME=$linphone linphonec -c "$linphone/rc" -d 6 -l "$linphone/log" "$@" <"$linphone/in" \
    >"$work/linphone.log" 2>&1 &
  linphone_pid=$!
  pids="$pids $linphone_pid"
  linphone soundcard use files
  linphone record "$linphone/heard.wav"
  wait_for 'Using wav files' "$work/linphone.log" || fail "linphone does not start"
}

linphone () {
  echo "$*" >&7
}

# heard_ms: how long what linphone has recorded lasts; its header has no rate before the end
heard_ms () {
  case $linphone_codec in
    opus) rate=48000 ;;
    G722) rate=16000 ;;
    *) rate=8000 ;;
  esac
  size=$(stat -c %s "$linphone/heard.wav" 2>/dev/null)
  echo $((${size:-0} * 500 / rate))
}

# linphone_talks WAV MS: once the call is up it says WAV, and hangs up when it has heard MS
linphone_talks () {
  wait_for 'Media streams established' "$work/linphone.log" ||
    fail "linphone's call was not established"
  linphone play "$1"
  left=150
  until [ "$(heard_ms)" -ge "$2" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "linphone has heard $(heard_ms) ms, not $2"
    kill -0 "$linphone_pid" 2>/dev/null || fail "linphone ended in its call"
    sleep 0.2
  done
  linphone terminate
  wait_for 'ended (' "$work/linphone.log" || fail "linphone does not hang up"
  linphone quit
  wait "$linphone_pid"
}
