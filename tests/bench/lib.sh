# SPDX-License-Identifier: LGPL-2.1-or-later
# What the benches share, beside what the peers' tests do; read by each with
# ". lib.sh". $1 of the bench is the build directory.

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "${1:-$root/build}" && pwd) || exit 2
TOOLS=$build/tests/peers
RECOGNITION=$build/tests/speech/recognition
VOICE_GATEWAY=$build/tools/gateway/voice-gateway
GST_PLUGIN_PATH=${GST_PLUGIN_PATH:-$build/plugins}
export GST_PLUGIN_PATH
. "$here/../peers/lib.sh"
. "$here/../peers/weblib.sh"
ulimit -n "$(ulimit -Hn)"

# serve COMMAND...: in the background until `unserve`; waits for its "ready"
serve () {
  background line "$@"
  line_pid=$last_pid
  wait_for '^ready' "$work/line.log" 60 || fail "$1 did not get ready"
}

unserve () {
  kill "$line_pid"
  wait "$line_pid" 2>/dev/null || true
}

# of the process under test: CPU time in ms; VmRSS in kB, Threads
cpu () {
  awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000 / hz }' \
    "/proc/$line_pid/stat"
}

of_process () {
  awk -v name="$1:" '$1 == name { print $2 }' "/proc/$line_pid/status"
}

# ratio A B
ratio () {
  awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.1f", a / b; else print "-" }'
}

# difference A B
difference () {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a - b }'
}

# share A B N: what each of N is of the difference
share () {
  awk -v a="$1" -v b="$2" -v n="$3" 'BEGIN { printf "%d", (a - b) / n }'
}

# ms VALUE: "-" for what was not measured
ms () {
  awk -v a="$1" 'BEGIN { if (a == "" || a < 0) print "-"; else printf "%.2f", a }'
}

# percentile SHARE <VALUES
percentile () {
  sort -n | awk -v share="$1" '{ v[NR] = $1 } END {
    if (NR) printf "%.1f\n", v[int(NR * share + .5)]; else print "-" }'
}

# goal TEXT VALUE LIMIT: says whether VALUE is at most LIMIT
goal () {
  awk -v text="$1" -v value="$2" -v limit="$3" 'BEGIN {
    if (value == "" || value == "-" || value < 0)
      printf "  ?       %s: not measured\n", text
    else if (value + 0 <= limit + 0)
      printf "  met     %s: %g (at most %g)\n", text, value, limit
    else
      printf("  MISSED  %s: %g, over %g by %g\n", text, value, limit,
        value - limit)
  }' >>"$work/goals"
}

# ---- browsers

# web_fact NAME FIELD: of the last webphone, as in
# "answer n 10 p50 7.1 p95 9.0 max 9.9 ms"
web_fact () {
  awk -v name="$1" -v field="$2" '$1 == name {
    for (i = 2; i < NF; i++) if ($i == field) print $(i + 1) }' "$work/webphone.log"
}

# web_load N SECONDS URL: N sessions at once, whose echo is timed. Leaves $good ("10of10"), and
# per session $web_cpu (ms a second), $web_memory (kB), $web_threads. One session
# before them pays for what is loaded once.
web_load () {
  "$TOOLS/webphone" -q -t 1 "$3/whip" >"$work/webphone.log" 2>&1
  sleep 1
  memory=$(of_process VmRSS) threads=$(of_process Threads)
  ramp=$((2 + $1 / 20))
  "$TOOLS/webphone" -q -n "$1" -i 100 -t $(($2 + ramp + 1)) --trip "$3/whip" \
    >"$work/webphone.log" 2>&1 &
  phone=$!
  sleep $((ramp + 1))
  before=$(cpu) memory_up=$(of_process VmRSS) threads_up=$(of_process Threads)
  sleep "$2"
  after=$(cpu)
  wait "$phone"
  good=$(sed -n 's/^good //p' "$work/webphone.log" | tr -d ' ')
  web_cpu=$(awk -v a="$before" -v b="$after" -v s="$2" -v n="$1" \
    'BEGIN { printf "%.2f", (b - a) / s / n }')
  web_memory=$(share "$memory_up" "$memory" "$1")
  web_threads=$(share "$threads_up" "$threads" "$1")
}
