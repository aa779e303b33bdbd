#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"

workload '{use: memory}' 2s 'slo: [errors < 1%]'
mbench run w.yaml
expect_ran
run=$(result_folder results)
name=$(basename "$run")

mbench export "$run" --to csv -o tables
expect_status 0
expect_empty out
for table in runs summary seconds figures errors objectives events; do expect_file "tables/$table.csv"; done
expect_in tables/runs.csv "^$name,small,"
expect_in tables/summary.csv "^$name,read,,[0-9]"
expect_in tables/summary.csv "^$name,all,,[0-9]"
# The same rows as those of `report --format csv`.
mbench report "$run" --format csv
cmp -s out tables/seconds.csv || fail "other seconds than those of the report"

mbench export "$run" --to json
expect_status 0
expect_json out
ops=$(json "$run/run.json" 'v.account.offered')
[ "$(json out 'v.runs[0].offered_ops')" = "$ops" ] || fail "other ops than those of run.json"
[ "$(json out 'v.summary.find(r => r.op === "all").ops')" = "$ops" ] || fail "the summary is another one"
[ "$(json out 'v.seconds.filter(r => r.op !== "all").reduce((sum, r) => sum + r.ok_ops, 0)')" -eq \
  "$(json out 'v.summary.find(r => r.op === "all").ok_ops')" ] || fail "seconds and summary differ"
[ "$(json out 'v.objectives[0].objective')" = 'errors < 1%' ] || fail "no objective"
[ "$(json out 'v.summary[0].part')" = null ] || fail "an empty cell is not null"
mbench export "$run" "$run" --to json -o both.json
expect_status 0
[ "$(json both.json 'v.runs.length')" = 2 ] || fail "two results are not two rows"

# What is there is left alone, and half an export is none.
mbench export "$run" --to csv -o tables
expect_status 2
expect_in err 'tables is there already'
mbench export "$run" --to json -o both.json
expect_status 2
expect_in err 'both.json is there already'
[ "$(json both.json 'v.runs.length')" = 2 ] || fail "what was there is another one"
mbench export "$run" nope --to csv -o more
expect_status 2
[ ! -e more ] || fail "half an export is left"
mbench export "$run" --to csv
expect_status 2
expect_in err 'as in -o tables'
mbench export "$run" --to parquet
expect_status 2
expect_in err 'Debian 12 has no package'
mbench export "$run" --to sqlit -o x
expect_status 2
expect_in err "did you mean 'sqlite'"

mbench export "$run" --to sqlite -o results.db
if [ "$status" -eq 2 ] && grep -q 'libsqlite3' err; then skip "there is no SQLite"; fi
expect_status 0
[ "$(head -c 15 results.db)" = 'SQLite format 3' ] || fail "no database"
python3 - "$ops" <<'PY' || fail "the database has other figures"
import sqlite3, sys
db = sqlite3.connect("results.db")
assert db.execute("SELECT offered_ops FROM runs").fetchall() == [(int(sys.argv[1]),)]
assert db.execute("SELECT typeof(part), typeof(rate_per_s) FROM summary").fetchone() == ("null", "real")
ops, = db.execute("SELECT sum(ok_ops) FROM seconds WHERE op <> 'all'").fetchone()
assert ops == db.execute("SELECT ok_ops FROM summary WHERE op = 'all'").fetchone()[0]
PY
