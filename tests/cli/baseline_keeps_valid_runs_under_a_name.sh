#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A baseline is a copy that lives on when its results are gone; a taken name is refused, and names are no paths.
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s

for _ in 1 2; do
  mbench run w.yaml
  expect_status 0
done
mapfile -t runs < <(find results -mindepth 1 -maxdepth 1 -type d)

mbench baseline list
expect_status 0
expect_empty out
expect_in err 'no baselines'

mbench baseline save main "${runs[@]}"
expect_status 0
expect_in out 'baseline main: 2 runs of small'
expect_in err 'a verdict needs 5 runs a side'
cmp "${runs[0]}/latency.hlog" "baselines/main/$(basename "${runs[0]}")/latency.hlog"
cmp "${runs[1]}/run.json" "baselines/main/$(basename "${runs[1]}")/run.json"

cp -r baselines before
mbench baseline save main "${runs[0]}"
expect_status 2
expect_in err 'there is a baseline .main. already.*--replace'
diff -r before baselines

for name in ../evil /etc/passwd .hidden a/b ''; do
  mbench baseline save "$name" "${runs[0]}"
  expect_status 2
  expect_in err 'is no name for a baseline'
done
diff -r before baselines
[ ! -e evil ] || fail 'a name was taken for a path'

# A run that the host or the system spoiled does not cost the others, where they are enough for a verdict.
for _ in 3 4 5; do
  mbench run w.yaml --results more
  expect_status 0
done
mbench run w.yaml --results broken --set 'driver={use: sim, service: 1ms, error_rate: 50%}'
expect_status 4
mbench baseline save most "${runs[0]}" broken/* "${runs[1]}" more/*
expect_status 0
expect_in out 'baseline most: 5 runs of small'
expect_in err 'left out: broken/.*of the ops ended in errors'
[ ! -e "baselines/most/$(basename broken/*)" ] || fail 'the invalid run is in the baseline'
mbench baseline rm most
expect_status 0
rm -r more broken

mbench baseline save main "${runs[1]}" --replace
expect_status 0
mbench baseline save other "${runs[0]}" "${runs[1]}"
expect_status 0
rm -r results
mbench baseline list
expect_in out '^main +1 +small'
expect_in out '^other +2 +small'
mbench baseline list --json
[ "$(json out 'v.baselines.map(b => b.name).join()')" = main,other ] || fail 'not both are in the list'
mbench baseline show other
expect_status 0
expect_in out "$(basename "${runs[0]}") .*/s"
expect_in out 'noise +not known'

mbench baseline show mian
expect_status 2
expect_in err "there is no baseline 'mian' in baselines; did you mean 'main'"

mbench baseline rm other
expect_status 0
mbench baseline list
expect_not_in out 'other'
mbench baseline rm other
expect_status 2
[ "$(ls -A baselines)" = main ] || fail 'something stayed behind'
