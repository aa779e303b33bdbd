# SPDX-License-Identifier: Apache-2.0
#
# What comparisons share; sourced by scripts/compare-peers. A comparison is a function compare_NAME that starts servers, fills
# them, writes $place/ours.yaml and sets
#
#   work     what is done, as the table says it
#   ops      operations in the long run beyond those in the short one: about five seconds
#   short_ops
#   peers    names of tools, the one with a budget first
#   limits   what mbench may cost at most as a part of each peer, "-" where nothing is promised
#
# and, where all requests and all replies are as long as the first, calls has_floor. It defines for each tool run_TOOL OPS
# (does so many and nothing else) and, where it counts them itself, done_TOOL.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317  # set here and read there; called by name

comparisons() { declare -F | sed -n 's/^declare -f compare_//p' | tr _ -; }

# start_servers NAME...: on core 0, reached through MBENCH_TEST_... variables.
start_servers() {
  quietly taskset -c 0 "$ROOT/scripts/servers" --dir "$servers" start "$@"
  eval "$("$ROOT/scripts/servers" --dir "$servers" env)"
}
stop_servers() { [ ! -d "$servers" ] || quietly "$ROOT/scripts/servers" --dir "$servers" stop; }

# workload CONNECTIONS: reads the rest of the file, which has driver, data and what is asked.
workload() {
  {
    echo 'name: peers'
    echo "load: {model: closed, profile: steady, at: $1, ops: 1}"
    echo 'run: {workers: 1}'
    cat
  } >"$place/ours.yaml"
}

# ours FILE OPS. Exit code 4 says that a loop without pauses kept the client busy: here that is the purpose.
ours() {
  "$mbench" run "$1" --results "$place/results" --progress none --set "load.ops=$2" || [ $? -eq 4 ]
}
# has_floor PORT CONNECTIONS PIPELINE REQUEST: the loop that costs nothing but the kernel takes its turns too.
has_floor() {
  floor_arguments=("${@:1:3}") floor=(floor)
  printf %s "$4" >"$place/request"
  c++ -std=c++20 -O2 -o "$place/floor" "$ROOT/scripts/peers/floor.cc"
}
run_floor() { "$place/floor" "${floor_arguments[@]}" "$1" <"$place/request"; }
done_floor() { echo "$1"; }

run_mbench() { ours "$place/ours.yaml" "$1"; }
done_mbench() { ok_of_mbench "$place/mbench.out" "$1"; }

# All of them, or it is no comparison.
ok_of_mbench() {
  local ok
  ok=$(sed -n 's/^offered .*= ok \([0-9,]*\) .*/\1/p' "$1" | tr -d ,)
  [ "$ok" = "$2" ] || die "mbench: $ok of $2 operations were ok: $(cat "$1")"
  echo "$ok"
}
