#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Rows while the run goes, the same rows from what is stored, and a file that cannot be written loses no run.
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 3s

mbench run w.yaml --csv no/such/folder/out.csv
expect_status 2
expect_in err 'no/such/folder/out.csv: cannot write to it: No such file or directory'
[ ! -e results ] || fail 'something was run'

start_mbench run w.yaml --csv out.csv --progress none
wait_until 30 'the rows of a second, while it runs' grep -q ',measure,all,' out.csv
kill -0 "$pid" || fail 'the run was over before its first rows came'
finish_mbench
expect_status 0
folder=$(result_folder results)
mbench report "$folder" --format csv
expect_status 0
diff out out.csv || fail 'the stored result gives other rows'

# Counts of the rows add up to those of the run. Columns are found by their names.
sum_of() {
  awk -F, -v column="$1" -v op="$2" 'NR == 1 {for (i = 1; i <= NF; ++i) at[$i] = i; next}
    $at["op"] == op {sum += $at[column]} END {print sum + 0}' out.csv
}
for op in read update; do
  [ "$(sum_of ok_ops "$op")" -eq "$(json "$folder/run.json" "v.ops.find(o => o.name === '$op').ended.ok")" ] || fail "ok of $op"
done
[ "$(sum_of offered_ops all)" -eq "$(json "$folder/run.json" 'v.account.offered')" ] || fail 'offered'

mbench run w.yaml --set load.over=1s --csv /dev/full --progress none --results full
expect_status 0
expect_in err '/dev/full: cannot write: No space left on device; the rows end there'
expect_in out 'offered'
expect_file "$(result_folder full)/run.json"
