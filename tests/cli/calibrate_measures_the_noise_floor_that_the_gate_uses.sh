#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A/A runs leave a noise floor beside the baselines; where a margin is below it the gate judges by what can be seen,
# and says so; without a noise floor it says that.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/gate_lib.sh"
quiet_workload
# A rate that pauses decide, and not how busy the host is.
sed -i "s/primary: .errors./primary: [errors, rate], margin: {rate: 90%}/; s/^load: {/load: {think: 10ms, /" w.yaml

mbench calibrate w.yaml --rounds 4
expect_status 2
expect_in err '--rounds 4: expected 5 to'
expect_empty out
[ ! -e results ] || fail 'something was run'

mbench calibrate w.yaml --rounds 10 --results aa
expect_status 0
expect_in out '^errors +0.00% '
expect_in out '^rate '
expect_in out 'of 200 ways to deal these runs out to two sides claimed a change'
[ "$(find aa -name run.json | wc -l)" -eq 10 ] || fail 'not ten runs'
floor=$(find baselines -name 'noise-*.json')
[ "$(json "$floor" v.runs)" = 10 ] || fail 'the noise floor does not know its runs'

mbench baseline save main aa/*
expect_status 0
mbench baseline show main
expect_in out 'noise +run to run, of 10 runs: .*rate'
mbench gate w.yaml --baseline main --rounds 5 --results new
expect_status 0
expect_not_in out 'noise floor .* is not known'

# As on a host where the rate doubles or halves from run to run.
node -e 'const fs = require("fs"), path = process.argv[1], v = JSON.parse(fs.readFileSync(path, "utf8"));
         v.metrics.filter(m => m.name === "rate").forEach(m => m.spread = 1);
         fs.writeFileSync(path, JSON.stringify(v))' "$floor"
mbench gate w.yaml --baseline main --rounds 5 --results wide --set 'compare={primary: [rate], margin: {rate: 0.01%}}'
expect_status 0
expect_in out '^NOT WORSE: no regression above [0-9]+ %: rate is '
mbench gate w.yaml --baseline main --rounds 5 --results strict --set 'compare={primary: [rate], margin: {rate: 0.01%}}' --strict
expect_status 1
mbench gate w.yaml --baseline main --rounds 5 --results few --set 'compare.primary=[errors]'
expect_status 0
expect_in out '^SAME'

# Another session of the same thing adds to what is known of sessions.
mbench calibrate w.yaml --rounds 5 --sessions --results later
expect_status 0
expect_in out '2 so far, from one to the next: .*rate'
[ "$(json "$floor" 'v.metrics.every(m => m.sessions.length === 2)')" = true ] || fail 'not two sessions'

rm "$floor"
mbench gate new/* --baseline main
expect_status 0
expect_in out 'the noise floor of this workload on this class of host is not known'

mbench calibrate w.yaml --rounds 5 --set 'driver={use: sim, error_rate: 50%}' --baselines bad --progress none
expect_status 4
expect_in err 'runs are valid, and a calibration needs 5; nothing was kept'
[ -z "$(ls -A bad)" ] || fail 'something was kept'
