#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Bad input of diff and history: each a message that names it, and nothing is written.
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s 'compare: {primary: [rate, p99(read)]}'
mbench run w.yaml --progress none
expect_status 0
mbench run w.yaml --progress none --set load.at=1
expect_status 0
mbench run w.yaml --progress none --set driver.use=noop
mapfile -t runs < <(find results -mindepth 1 -maxdepth 1 | sort)
[ "${#runs[@]}" -eq 3 ] || fail "${#runs[@]} results, not 3"
one=${runs[0]} other_load=${runs[1]} other_driver=${runs[2]}
cp w.yaml same.yaml
echo 'not a result' >x.txt
echo '{"benchmarks": []}' >empty.json
before=$(find . -type f ! -name out ! -name err -exec sha256sum {} + | sort)

# refused STATUS PATTERN COMMAND...: on stderr
refused() {
  mbench "${@:3}"
  expect_status "$1"
  expect_in err "$2"
  expect_empty out
}
refused 2 'the same plan.*calibrate' diff w.yaml same.yaml
refused 2 'the same plan.*calibrate' diff w.yaml same.yaml --set load.at=1 --vs load.at=1
refused 2 'one workload; name a second one.*--vs' diff w.yaml
refused 2 'two' diff w.yaml same.yaml w.yaml
refused 2 'what is to be compared' diff
refused 2 "no file or folder 'gone.yaml'" diff w.yaml gone.yaml
refused 2 'both sides must be of one kind' diff w.yaml "$one"
refused 2 '--vs load.at: expected PATH=VALUE' diff w.yaml --vs load.at
refused 2 "unknown key 'att'" diff w.yaml --vs load.att=1
refused 2 'decided' diff w.yaml --vs load.at=1 --until dawn
refused 2 '--budget' diff w.yaml --vs load.at=1 --budget soon
refused 2 'rounds' diff w.yaml --vs load.at=1 --rounds 0
refused 2 'one side only' diff "$one"
refused 2 'which of these are A' diff "$one" "$other_load" "$other_driver"
refused 2 'the same run' diff "$one" "$one"
refused 2 'the same run' diff "$one" "$other_load" -- "$one"
refused 2 'for workload files' diff "$one" "$other_load" --rounds 3
refused 4 'no benchmarks in it' diff empty.json empty.json
refused 2 'error' diff x.txt w.yaml
refused 2 'the same run' history "$one" "$one"
refused 2 '--metric' history "$one" --metric speed
refused 2 'has measured p99\(scan\)' history "$one" --metric 'p99(scan)'
refused 4 'load.stages.0.from' history "$one" "$other_load"

# Runs of different things: the table names the keys, on stdout.
mbench diff "$one" "$other_load"
expect_status 4
expect_in out 'load.stages.0.from is 2.* in one and 1.* in the other'
mbench diff "$one" "$other_driver"
expect_status 4
expect_in out 'driver.use'
cp -r "$one" other_host && as_older other_host/run.json
sed -i 's/"cpu": *"[^"]*"/"cpu":"another one"/' other_host/run.json
mbench diff "$other_load" other_host --allow load
expect_status 4
expect_in out 'host.cpu'

# Damage, and a result of a later version.
cp -r "$one" cut && head -c 300 "$one/run.json" >cut/run.json
refused 4 'cut/run.json' diff cut "$other_load"
cp -r "$one" newer && sed -i 's/"schema": *2/"schema":99/' newer/run.json
refused 4 '99' diff newer "$other_load"
cp -r "$one" log && truncate -s 100 log/latency.hlog
refused 4 'log/latency.hlog' diff log "$other_load"
refused 4 'cut/run.json' history "$one" cut
rm -r cut newer log other_host
after=$(find . -type f ! -name out ! -name err -exec sha256sum {} + | sort)
[ "$before" = "$after" ] || fail 'something was written'
