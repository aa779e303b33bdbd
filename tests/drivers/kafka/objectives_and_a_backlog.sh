#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Whole runs against a Kafka: objectives on messages that are lost or doubled and on a group that is behind, and the
# backlog that such a run leaves, read by another group until its end.
#
#   objectives_and_a_backlog.sh PROGRAM
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../../cli/lib.sh
source "$here/../../cli/lib.sh"
servers() { "$here/../../../scripts/servers" --dir "$PLACE/servers" "$@"; }
chmod 755 "$PLACE"
servers start kafka >servers.out 2>servers.err || skip "no kafka"
trap 'servers stop >/dev/null 2>&1 || true; leave' EXIT
brokers=$(grep -oE 'BROKERS=[^ ]+' servers.out | head -n 1)
brokers=${brokers#*=}

cat >orders.yaml <<YAML
name: orders
driver: {use: kafka, brokers: "$brokers", partitions: 3, linger: 0s}
load: {model: open, profile: steady, at: 500/s, over: 3s, connections: 500}
statements:
  order: {weight: 1, produce: orders, key: "{sequence}", value: "0123456789", consume: {group: billing, members: 2}}
slo: [lost(order) = 0, lost = 0, doubled(order) <= 1%, lag(billing) < 10k, "errors(order:end_to_end) <= 0%"]
YAML
mbench run orders.yaml --json
expect_ran
[ "$(json out 'v.slo.every(s => s.judged && s.held)')" = true ] || fail "an objective does not hold"
[ "$(json out 'v.messages[0].op')" = order ] || fail "no account of the messages"
[ "$(json out 'v.messages[0].acknowledged')" -eq "$(json out 'v.account.ended.ok')" ] || fail "not all are in the account"
[ "$(json out 'v.messages[0].lost + v.messages[0].doubled')" -eq 0 ] || fail "some are lost or doubled"
[ "$(json out 'v.slo[3].limit')" -eq 10000 ] || fail "a limit of messages is no count"
[ "$(json out 'v.checks[0].what')" = 'messages of order' ] || fail "no row of the messages"
sent=$(json out 'v.account.ended.ok')

# A group that takes one message a second is behind by nearly all of them.
cat >slow.yaml <<YAML
name: slow
driver: {use: kafka, brokers: "$brokers"}
load: {model: open, profile: steady, at: 1/s, over: 3s}
statements:
  read: {weight: 1, consume: {topic: orders, group: slow, from: beginning, most: 1}}
slo: [lag(slow) < 100]
YAML
mbench run slow.yaml
# 4 when the host has other work to do.
[ "$status" -eq 1 ] || [ "$status" -eq 4 ] || fail "exit code $status"
expect_in out 'lag\(slow\) < 100 .*1,[0-9]{3}'

# A group of its own reads all of it, and then the run is over, long before its load.
cat >read.yaml <<YAML
name: read
driver: {use: kafka, brokers: "$brokers"}
load: {model: closed, profile: steady, at: 2, over: 5m}
statements:
  read: {weight: 1, consume: {topic: orders, group: audit, from: beginning, until: end, most: 100}}
slo: [items_rate(read) > 1/s]
YAML
SECONDS=0
mbench run read.yaml --json
[ "$SECONDS" -lt 120 ] || fail "the run went on for $SECONDS s"
[ "$(json out v.status)" = complete ] || fail "it is $(json out v.status)"
read=$(json out 'v.ops[0].items')
[ "$read" -ge "$sent" ] || fail "$read messages read, but $sent were sent"
[ "$(json out 'v.ops[0].bytes_received')" -gt $((10 * read)) ] || fail "too few bytes"
[ "$(json out 'v.account.balances')" = true ] || fail "the account does not balance"
[[ $(json out 'v.provenance.system_after["group audit of orders"]') == "$read messages"*'; 0 behind'* ]] ||
  fail "it says $(json out 'v.provenance.system_after["group audit of orders"]')"
mbench run read.yaml --set statements.read.consume.from=committed
expect_status 2
expect_in err 'it was at the end already'
