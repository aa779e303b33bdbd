# SPDX-License-Identifier: Apache-2.0
#
# memcached with one thread, as it is measured. It keeps nothing over a stop.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=memcached package=memcached

command_line() { argv=(memcached -l 127.0.0.1 -p "$(port main)" -U 0 -t 1 -c 12000 -m 1024); }

facts() {
  cat <<FACTS
URL=memcached://127.0.0.1:$(port main)
HOST=127.0.0.1
PORT=$(port main)
FACTS
}
