# SPDX-License-Identifier: LGPL-2.1-or-later
# What the tests of backend=openai share beside lib.sh.

for package in ws openai typescript; do
  [ -d "$here/web/node_modules/$package" ] || {
    echo "Node's package $package is missing (tools/setup check)"
    exit 77
  }
done

# service NAME OPTIONS...: listens at $service; its files are NAME.events and NAME.bytes,
# and what any of them was told is in client.raw
service () {
  name=$1
  shift
  background "$name" node "$here/web/openaiserver.mjs" \
    log="$work/$name.events" heard="$work/$name.bytes" raw="$work/client.raw" "$@"
  service_pid=$last_pid
  wait_for '^listening' "$work/$name.log" || fail "the service does not listen"
  service=$(sed -n 's/^listening on //p' "$work/$name.log")
}

# agent SETTING...: a line at $uri
agent () {
  port=$(free_port)
  uri=sip:agent@127.0.0.1:$port
  : >"$work/line.log"
  runline sipsrc local-uri="sip:127.0.0.1:$port" ! \
    aiagentsink backend=openai backend::uri="$service" "$@" aiagentsrc ! sipsink
  wait_line "$port"
}

# check MODE ARGUMENTS...: what openaicheck.mjs finds
check () {
  node "$here/web/openaicheck.mjs" "$@" >"$work/check.log" ||
    fail "$(tail -n 1 "$work/check.log")"
  tr '\n' ' ' <"$work/check.log"
  echo
}

# check_types TYPE...: each event of client.raw, of these types and others, is one of OpenAI's
# own package: as an object literal, of which TypeScript, strict, knows each member.
check_types () {
  ln -s "$here/web/node_modules" "$work/node_modules"
  node "$here/web/openaitypes.mjs" "$work/client.raw" "$work/events.ts" "$@" \
    >"$work/types.log" 2>&1 || fail "the client's events are not those that were expected"
  cat "$work/types.log"
  (cd "$work" && node node_modules/typescript/bin/tsc --strict --noEmit --skipLibCheck \
    --target es2022 --module node16 --moduleResolution node16 events.ts) \
    >"$work/tsc.log" 2>&1 || fail "an event is not of its type"
}
