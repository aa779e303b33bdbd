#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Who watches a run, and stops watching, costs it nothing.
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 2s

# The rows go into a pipe whose reader leaves after the first line.
mkfifo rows
head -n 1 rows >/dev/null &
mbench run w.yaml --csv rows --progress none --results piped
expect_status 0
expect_in err 'rows: cannot write: Broken pipe; the rows end there'
expect_in out 'offered'
expect_json "$(result_folder piped)/run.json"

# stderr, with a line of progress each second, has no reader from the start.
status=0
"$MBENCH" run w.yaml --progress plain --results unheard 2> >(exec true) >out || status=$?
expect_status 0
expect_in out 'offered'
expect_json "$(result_folder unheard)/run.json"

# A command of an event has the usual SIGPIPE: its pipelines end.
workload '{use: memory}' 1s 'events: [{at: 0s, name: pipeline, run: "yes | head -n 1 >seen"}]'
mbench run w.yaml --results events
expect_status 0
[ "$(json "$(result_folder events)/run.json" 'v.events[0].exit_code')" = 0 ] || fail 'the command did not end well'
