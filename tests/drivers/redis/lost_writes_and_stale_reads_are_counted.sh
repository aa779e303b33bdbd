#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A Redis without an append-only file is saved once, killed a second later and started again: what was acknowledged in
# between is lost. Every insert makes a key of its own, so the number of lost ones follows from the keys that are there
# and the replies that came, without the ledger.
#
#   lost_writes_and_stale_reads_are_counted.sh PROGRAM
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../../cli/lib.sh
source "$here/../../cli/lib.sh"
servers() { "$here/../../../scripts/servers" --dir "$PLACE/servers" "$@"; }
chmod 755 "$PLACE"
servers start redis >servers.out 2>servers.err || skip "no redis"
trap 'servers stop >/dev/null 2>&1 || true; leave' EXIT
url=$(grep -oE 'redis://[^ ]+' servers.out | head -n 1)
port=${url##*:}
ask() { redis-cli -h 127.0.0.1 -p "$port" "$@"; }
# A command of an event has nothing of the caller's environment that it would need.
cat >restart.sh <<SH
"$here/../../../scripts/servers" --dir "$PLACE/servers" kill redis
exec "$here/../../../scripts/servers" --dir "$PLACE/servers" start redis
SH

# What is left of a run of nothing but inserts.
cat >inserts.yaml <<YAML
name: inserts
driver: {use: redis, url: "$url"}
data: {records: 10, load: always, value: {fields: 1, size: 32B}}
load: {model: open, profile: steady, at: 1k/s, over: 6s}
mix: {insert: 100}
verify: {writes: true}
events:
  - {at: 1s, name: saved, run: "redis-cli -h 127.0.0.1 -p $port save"}
  - {at: 2s, name: killed, run: "bash $PLACE/restart.sh"}
slo: [rpo < 60s, rpo(saved) = 0s, lost <= 100%]
YAML
mbench run inserts.yaml --json
acknowledged=$(json out 'v.ledger.ops[0].acknowledged')
lost=$(json out 'v.ledger.ops[0].lost')
there=$(json out 'v.ledger.ops[0].in_doubt_there + v.ledger.ops[0].failed_there')
answered=$(json out 'v.account.ended.ok')
keys=$(ask --scan --pattern 'mbench:user*' | wc -l)
[ "$acknowledged" -eq "$answered" ] || fail "$acknowledged acknowledged, but $answered were answered"
[ "$lost" -eq $((answered - (keys - 10) + there)) ] ||
  fail "$lost lost, but $answered answered, $keys keys there and $there of them in doubt"
[ "$lost" -gt 100 ] || fail "only $lost lost"
[ "$(json out 'v.ledger.by_event[1].writes')" -eq "$lost" ] || fail "not all were lost before the kill"
[ "$(json out 'v.ledger.rpo_s > 0.2 && v.ledger.rpo_s < 6')" = true ] || fail "an RPO of $(json out v.ledger.rpo_s)"
[ "$(json out 'v.slo.every(s => s.judged && s.held)')" = true ] || fail "an objective does not hold"
expect_in out 'acknowledged writes'

# Reads of records that have fallen back are stale, until they are written again. With four clients each of them comes
# back to a record often enough to have read or written a newer value of it.
sed -e 's/over: 6s}/over: 6s, connections: 4}/' -e 's/^name: .*/name: stale/' -e 's/records: 10/records: 1000/' -e 's/mix: .*/mix: {read: 50, update: 50}/' \
  -e 's/writes: true/writes: true, reads: true/' -e 's/^slo: .*/slo: [stale(read) < 90%]/' inserts.yaml >stale.yaml
mbench run stale.yaml --json
[ "$(json out 'v.ledger.ops[0].stale')" -gt 0 ] || fail "no read is stale"
[ "$(json out 'v.ledger.ops[0].never_written')" -eq 0 ] || fail "reads of what was never written"
[ "$(json out 'v.ledger.ops[0].backwards > 0')" = true ] || fail "no client has read backwards"
[ "$(json out 'v.ledger.ops[0].not_own > 0')" = true ] || fail "no client has missed a write of its own"
[ "$(json out 'v.slo[0].judged && v.slo[0].held')" = true ] || fail "the objective does not hold"

# Nothing is said of a run without a fault.
sed -e 's/^name: .*/name: sound/' -e '/^events:/,/^  - .*killed/d' -e 's/over: 6s/over: 2s/' -e '/^slo:/d' stale.yaml >sound.yaml
mbench run sound.yaml --json
expect_ran
for count in lost failed in_doubt stale never_written backwards not_own; do
  [ "$(json out "v.ledger.ops.reduce((n, o) => n + o.$count, 0)")" -eq 0 ] || fail "$count in a sound run"
done
[ "$(json out 'v.ledger.ops[0].reads')" -gt 500 ] || fail "no reads were followed"
[ "$(json out 'v.checks.every(c => c.ok)')" = true ] || fail "a check is broken in a sound run"
