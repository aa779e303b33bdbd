#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The tool of Google Benchmark on files that `mbench report --format gbench` wrote: nine repetitions are what
# its U test asks for.
source "$(dirname "$0")/lib.sh"
compare=/usr/share/benchmark/compare.py
[ -f "$compare" ] || skip 'no libbenchmark-tools'
/usr/bin/python3 -c 'import scipy' 2>/dev/null || skip 'no python3-scipy'
workload '{use: noop}' 1s
sed -i 's/at: 2/at: 2, think: 5ms/' w.yaml
results=()
for i in 1 2 3; do
  mbench run w.yaml --set run.seed="$i" --results "r$i" --progress none
  expect_status 0
  results+=("$(result_folder "r$i")")
done

mbench report "${results[@]}" "${results[@]}" "${results[@]}" --format gbench
expect_status 0
cp out nine.json
/usr/bin/python3 "$compare" --no-color benchmarks nine.json nine.json >table 2>&1 || fail "compare.py: $(tail -n 3 table)"
expect_in table '^small/all/p99_pvalue .*U Test, Repetitions: 9 vs 9'
expect_in table '^small/read/time_per_op '
expect_not_in table 'WARNING'
