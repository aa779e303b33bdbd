#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Results that are damaged, too new or cut off, and a page that is larger than files may be.
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s

# A file of 64 KiB at most: run.json and the log fit, the page does not.
status=0
(
  trap '' XFSZ
  ulimit -f 64
  exec "$MBENCH" run w.yaml >out 2>err </dev/null
) || status=$?
expect_status 4
expect_in err 'report.html'
expect_in out 'read .*[0-9]'
folder=$(result_folder results)
[ ! -e "$folder/report.html" ] || fail 'a part of the page stayed behind'
mbench report "$folder"
expect_status 0
mbench report "$folder" -o page.html
expect_status 0

refuse() {  # NAME PATTERN: the result `bad` makes no page
  mbench report bad -o bad.html
  expect_status 4
  expect_in err "$2"
  [ ! -e bad.html ] || fail "$1: a page of a result that cannot be read"
  rm -rf bad
  cp -r "$folder" bad
}
cp -r "$folder" bad
sed -i 's/"schema": 2/"schema": 99/' bad/run.json
refuse newer '99'
head -c 500 "$folder/run.json" >bad/run.json
refuse cut 'run.json'
head -c 3000 "$folder/latency.hlog" >bad/latency.hlog
refuse log 'latency.hlog'
rm bad/run.json
refuse empty 'run.json'

# Killed in the middle: a page up to the last second, and the folder stays as it was.
workload '{use: memory}' 60s
has_two_seconds() { grep -qE '^1\.' killed/*/latency.hlog; }
start_mbench run w.yaml --results killed
wait_until 30 'two seconds of the run' has_two_seconds
kill -KILL "$pid"
finish_mbench
killed=$(result_folder killed)
cp -r "$killed" before
mbench report "$killed" -o page.html
expect_status 0
expect_in page.html 'the run was killed'
diff -r before "$killed" || fail 'the page changed what the run left'
