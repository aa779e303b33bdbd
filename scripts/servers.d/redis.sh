# SPDX-License-Identifier: Apache-2.0
#
# Redis without persistence, as it is measured. The default user needs no password; USER with PASSWORD may do all.
# A gentle stop saves what it has, so that it is there after `start`; `kill` loses it.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=redis-server package=redis-server

command_line() {
  argv=(redis-server --bind 127.0.0.1 --port "$(port main)" --unixsocket "$data/socket" --save '' --appendonly no
    --dir "$data" --maxclients 12000 --user mbench on ">$(password)" '~*' '&*' '+@all')
}

ask() { redis-cli -h 127.0.0.1 -p "$(port main)" "$@"; }
ready() { ask ping | grep -qx PONG; }
halt() { ask shutdown save; }

facts() {
  cat <<FACTS
URL=redis://127.0.0.1:$(port main)
HOST=127.0.0.1
PORT=$(port main)
SOCKET=$data/socket
USER=mbench
PASSWORD=$(password)
FACTS
}
