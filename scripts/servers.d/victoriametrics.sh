# SPDX-License-Identifier: Apache-2.0
#
# VictoriaMetrics, which keeps what it gets for a hundred years and answers with the last half minute, too: URL takes everybody;
# AUTH_URL, of a second process, asks for USER and PASSWORD.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=victoria-metrics package=victoria-metrics processes=2

prepare() { mkdir -p "$data/1" "$data/2" && give_to_user "$data"; }

http_port() { if [ "$1" = 1 ]; then port main; else port auth; fi; }

command_line() {
  argv=(victoria-metrics "-httpListenAddr=127.0.0.1:$(http_port "$1")" "-storageDataPath=$data/$1" -retentionPeriod=100y
    -search.latencyOffset=0s -loggerLevel=ERROR -memory.allowedPercent=20)
  [ "$1" = 1 ] || argv+=(-httpAuth.username=mbench "-httpAuth.password=$(password)")
}

ready() { curl -sf -o /dev/null "http://127.0.0.1:$(http_port "$1")/health"; }

facts() {
  cat <<FACTS
URL=http://127.0.0.1:$(port main)
AUTH_URL=http://127.0.0.1:$(port auth)
HOST=127.0.0.1
PORT=$(port main)
USER=mbench
PASSWORD=$(password)
FACTS
}
