#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# mbench run --mpi under mpirun: one result of all ranks, and what goes wrong with one of them is said once, by rank 0.
source "$(dirname "$0")/lib.sh"
workload '{use: noop}' 1s

mbench run w.yaml --mpi
expect_status 2
expect_in err '--mpi is for processes that mpirun starts'
mbench run w.yaml --mpi --hosts a,b
expect_status 2
mbench run w.yaml --hosts 'a,-oops'
expect_status 2
expect_in err "'-oops' is no host"
mbench run w.yaml --mpi --csv x.csv
expect_status 2
expect_in err 'follow a run of one process'
mbench run w.yaml --hosts a --print-yaml
expect_status 0
expect_in out '^name: small'
[ ! -e results ] || fail 'something was run'

modules=$(dirname "$MBENCH")/modules
[ -e "$modules/libmbench_mpi.so" ] || skip 'this build has no MPI (scripts/setup mpi)'
command -v mpirun >/dev/null || skip 'needs mpirun (scripts/setup mpi)'
command -v node >/dev/null || skip 'needs node (scripts/setup test)'
as_root=()
[ "$(id -u)" -ne 0 ] || as_root=(--allow-run-as-root)

# Open MPI does not give back all that it has allocated, which a build with the address sanitizer would tell.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

# ranks COUNT ARGUMENT...
ranks() {
  status=0
  timeout -k 5 100 mpirun "${as_root[@]}" -n "$1" --oversubscribe --bind-to none "$MBENCH" "${@:2}" >out 2>err </dev/null || status=$?
}

# The same ops, by one process and by several.
for count in 1 2 4; do
  rm -rf results
  ranks $count run w.yaml --mpi --set load.ops=20000 --set load.at=8 --set run.workers=1
  expect_ran
  expect_in out '^offered +20,000 = ok 20,000 '
  [ "$(grep -c '^rank ' out)" -eq $count ] || fail "not a line for each of $count ranks"
  [ "$(grep -c '^offered' out)" -eq 1 ] || fail 'more than one rank has said it'
  folder=$(result_folder results)
  [ "$(json "$folder/run.json" 'v.ranks.reduce((sum, rank) => sum + rank.ended, 0)')" -eq 20000 ] || fail 'ranks did not do all of it'
  expect_file "$folder/report.html"
  "$MBENCH" report "$folder" -o page.html >/dev/null || fail 'its page cannot be made again'
done
# Arrivals are planned, so nobody has to count them. Of a simulated server, each rank has one.
rm -rf results
ranks 2 run w.yaml --mpi --json --set driver.use=sim --set load.model=open --set load.at=2k/s --set load.over=2s
expect_ran
expect_json out
[ "$(json out 'v.account.offered')" -eq 4000 ] || fail "$(json out 'v.account.offered') ops were offered, not 4000"
[ "$(json out 'v.account.balances')" = true ] || fail 'the account does not balance'
[ "$(json "$(result_folder results)/run.json" 'v.series.filter(s => s.begin_s >= 0 && s.end_s <= 2).map(s => s.offered).join()')" = 2000,2000 ] ||
  fail 'seconds of the ranks were not put together'

# Mistakes are told once.
ranks 2 run none.yaml --mpi
expect_status 2
[ "$(grep -c 'none.yaml' err)" -eq 1 ] || fail 'told by more than one'
ranks 2 run w.yaml --mpi --set run.pin=true
expect_status 2
expect_in err '--mpi cannot share run: \{pin: true\}'
ranks 4 run w.yaml --mpi
expect_status 2
expect_in err '4 processes share 2 connections'
# One rank has another environment.
# shellcheck disable=SC2016
workload '{use: noop}' 1s 'run: {seed: "${MBENCH_TEST_SEED}"}'
two() { mpirun "${as_root[@]}" --oversubscribe --bind-to none -n 1 env "$1" "$MBENCH" run w.yaml --mpi : -n 1 env "$2" "$MBENCH" run w.yaml --mpi >out 2>err </dev/null && status=0 || status=$?; }
two MBENCH_TEST_SEED=1 MBENCH_TEST_SEED=2
expect_status 2
expect_in err 'rank 1 \(.*\) and rank 0 \(.*\) do not have the same plan'
two MBENCH_TEST_SEED=1 NOTHING=1
expect_status 2
expect_in err 'rank 1 \(.*\): .*MBENCH_TEST_SEED'

# --hosts says what it starts.
workload '{use: noop}' 1s
mbench run w.yaml --hosts localhost:2
expect_ran
expect_in err '^mpirun -n 2 --host localhost:2 .* run w.yaml --mpi$'
expect_in out '^rank 1 '

# A rank that dies takes all with it: nothing hangs, and no result says that it is whole.
rm -rf results
start mpirun "${as_root[@]}" -n 2 --oversubscribe --bind-to none "$MBENCH" run w.yaml --mpi --set load.over=60s
wait_until 30 'the start' grep -q 'results go to' err
victim=$(pgrep -P "$pid" | tail -n 1)
kill -KILL "$victim"
finish_mbench
[ "$status" -ne 0 ] || fail 'it ended as if nothing had been'
[ "$(json "$(result_folder results)/run.json" 'v.status')" = running ] || fail 'its result says that it is whole'

# A program without the module.
if unshare -m true 2>/dev/null; then
  status=0
  # shellcheck disable=SC2016
  unshare -m bash -c 'mount -t tmpfs none "$1" && OMPI_COMM_WORLD_RANK=0 "$0" run w.yaml --mpi' "$MBENCH" "$modules" >out 2>err </dev/null || status=$?
  expect_status 2
  expect_in err '--mpi: this build has no MPI; install libopenmpi-dev and openmpi-bin'
  # One of two: the other one does not wait for ever.
  status=0
  # shellcheck disable=SC2016
  timeout -k 5 100 mpirun "${as_root[@]}" --oversubscribe --bind-to none -n 1 "$MBENCH" run w.yaml --mpi : \
    -n 1 unshare -m bash -c 'mount -t tmpfs none "$1" && exec "$0" run w.yaml --mpi' "$MBENCH" "$modules" >out 2>err </dev/null || status=$?
  case $status in 0 | 124 | 137) fail "exit code $status" ;; esac
fi

# Without mpirun.
status=0
PATH=/nonexistent "$MBENCH" run w.yaml --hosts a >out 2>err </dev/null || status=$?
expect_status 2
expect_in err 'mpirun'
