#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Every finished run has a page; report makes it again, of several runs as a comparison, and so does diff.
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s 'slo: ["p99(read) < 10s"]'

for _ in 1 2 3; do
  mbench run w.yaml --results results
  expect_status 0
done
mapfile -t runs < <(find results -mindepth 1 -maxdepth 1 -type d | sort)
for run in "${runs[@]}"; do
  expect_file "$run/report.html"
  expect_in "$run/report.html" '<title>small: Pass</title>'
done
expect_in "${runs[0]}/report.html" 'download="latency.hlog"'
expect_in "${runs[0]}/report.html" 'run w.yaml --results results'

# Alone, also from its run.json; stdout stays empty, and nothing else is written.
find results -type f | sort >before
mbench report "${runs[0]}" -o page.html
expect_status 0
expect_empty out
expect_in page.html 'Can I trust this run'
mbench report "${runs[0]}/run.json" --format html
expect_status 0
cmp out page.html || fail 'the page on stdout is another one'
diff before <(find results -type f | sort) || fail 'report wrote into the results'

# A baseline and two others.
mbench report "${runs[@]}" -o page.html
expect_status 0
expect_in page.html 'B against A'
expect_in page.html 'What differs|do not differ'
mbench report "${runs[0]}" "${runs[0]}" -o same.html
expect_status 2
[ ! -e same.html ] || fail 'a page was begun that could not be made'

# As diff sees it, verdict and exit code.
mbench diff "${runs[0]}" "${runs[1]}" --html diff.html
expect_in out -i 'suggestive|inconclusive'
expect_status 3
expect_in diff.html -i '<title>small: (Suggestive|Inconclusive)</title>'
mbench diff w.yaml --vs load.at=1 --rounds 1 --html rounds.html --progress none
expect_in rounds.html 'load.stages.0.from'

# As any other output.
mbench report "${runs[0]}" -o nowhere/page.html
expect_status 2
expect_in err 'nowhere/page.html'
mbench diff "${runs[0]}" "${runs[1]}" --html nowhere/page.html
expect_status 2
expect_empty out
mbench report "${runs[0]}" --json -o one.json
expect_status 0
expect_json one.json
