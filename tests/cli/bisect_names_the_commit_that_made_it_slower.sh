#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Of eight commits of a service the sixth makes it slower, and the checkout of the user stays as it is.
source "$(dirname "$0")/lib.sh"
command -v git >/dev/null || skip 'no git'
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.invalid GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.invalid

# The service: it takes as many milliseconds as the file says that was put in place last.
cat >service.js <<'JS'
const fs = require('fs');
const server = require('http').createServer((request, response) =>
  setTimeout(() => response.end('ok'), Number(fs.readFileSync('delay', 'utf8'))));
server.listen(0, '127.0.0.1', () => fs.writeFileSync('port', String(server.address().port)));
JS
echo 20 >delay
node service.js &
started+=("$!")
wait_until 20 'the service listens' test -s port

mkdir repository
git -C repository init -q
for i in 1 2 3 4 5 6 7 8; do
  delay=20
  [ "$i" -lt 6 ] || delay=60
  echo "$i" >repository/number
  echo "$delay" >repository/delay
  git -C repository add -A
  git -C repository commit -qm "change number $i"
  git -C repository tag "c$i"
done
cat >w.yaml <<YAML
name: service
driver: {use: http, url: "http://127.0.0.1:$(cat port)"}
load: {model: closed, profile: steady, at: 4, over: 400ms}
statements: {page: {weight: 1, http: "GET /"}}
compare: {primary: [p50], margin: {p50: 20%}}
YAML
start="cp delay '$PLACE/delay'"
cd repository
# bisect CODE ARGUMENT...: on a host that has other work to do no run may be valid, and then it says so.
bisect() {
  local code=$1
  shift
  mbench bisect ../w.yaml --start "$start" --progress none "$@"
  [ "$status" -eq "$code" ] && return
  [ "$status" -eq 3 ] || [ "$status" -eq 4 ] || fail "exit code $status, not $code"
  expect_in out 'load generator|other processes|cannot be judged'
  return 1
}
if bisect 1 c1 c8 --rounds 6 --results ../results -- test -f delay; then
  expect_in out '^FIRST SLOWER: [0-9a-f]+ change number 6$'
  expect_in out '^good +[0-9a-f]+ change number 5$'
  expect_in out 'p50 is [0-9]+ % slower'
  [ -d "../results/$(git rev-parse c8 | head -c 12)/change" ] || fail 'the runs are not there'
fi

# A commit that cannot be built is gone around: here the good neighbour of the slow one, so that nobody can know.
# shellcheck disable=SC2016  # for the shell of the build
if bisect 4 c1 c8 --rounds 6 --results ../around -- 'test "$(cat number)" != 5'; then
  expect_in out '^unknown +[0-9a-f]+ change number 5$'
fi
[ -z "$(git status --porcelain -uno)" ] || fail 'the checkout has changed'
[ "$(git worktree list | wc -l)" -eq 1 ] || fail 'a checkout was left behind'

# Nothing to find, and what cannot be asked.
if bisect 3 c1 c5 --rounds 5 --results ../none -- true; then
  expect_in out 'c5 is not known to be slower than c1'
fi
mbench bisect ../w.yaml c8 c1 -- true
expect_status 2
expect_in err 'c8. does not come before .c1'
mbench bisect ../w.yaml c1 c9 -- true
expect_status 2
expect_in err "c9. is no commit"
mbench bisect ../w.yaml c1 c8 -- false
expect_status 2
expect_in err 'the build of the good commit ended with 1'
mbench bisect ../w.yaml c1 c8
expect_status 2
cd ..
mbench bisect w.yaml c1 c8 -- true
expect_status 2
expect_in err 'no git repository'
