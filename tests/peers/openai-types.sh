#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every event that backend=openai sends in the tests of its dialogues is of the type
# RealtimeClientEvent of OpenAI's own package.
#
#   openai-types.sh PROGRAM...
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/openailib.sh"

# The same programs run with sanitizers in the suite `elements`.
[ -z "${SANITIZED:-}" ] || exit 77

for program in "$@"; do
  OPENAI_EVENTS=$work/client.raw GST_PLUGIN_PATH_1_0= GST_PLUGIN_PATH= \
    GST_PLUGIN_SYSTEM_PATH_1_0="$BUILD/tests/elements" GST_REGISTRY=$work/registry \
    GST_REGISTRY_FORK=no "$program" >"$work/program.log" 2>&1 ||
    fail "$program failed"
done
check_types session.update input_audio_buffer.append input_audio_buffer.commit \
  conversation.item.create conversation.item.truncate conversation.item.delete \
  response.create response.cancel
