# SPDX-License-Identifier: Apache-2.0
#
# Eclipse Mosquitto. URL takes anybody; TLS_URL takes USER with PASSWORD by TLS (CA signed its certificate), and there nobody may
# write below `closed/`. A message has 100 kB at most.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=mosquitto package=mosquitto

prepare() {
  tls_files
  cat >"$data/mosquitto.conf" <<CONF
per_listener_settings true
message_size_limit 100000
max_inflight_messages 100
max_queued_messages 100000
listener $(port main) 127.0.0.1
allow_anonymous true
listener $(port tls) 127.0.0.1
allow_anonymous false
password_file $data/users
acl_file $data/rights
certfile $data/tls/server.crt
keyfile $data/tls/server.key
CONF
  printf 'user mbench\ntopic deny closed/#\ntopic readwrite #\n' >"$data/rights"
  (umask 077 && : >"$data/users")
  mosquitto_passwd -b "$data/users" mbench "$(password)"
  chmod 600 "$data"/{users,rights} && give_to_user "$data"
}

command_line() { argv=(mosquitto -c "$data/mosquitto.conf"); }
ready() { listening "$(port main)" && listening "$(port tls)"; }

facts() {
  cat <<FACTS
URL=mqtt://127.0.0.1:$(port main)
PORT=$(port main)
TLS_URL=mqtts://127.0.0.1:$(port tls)
USER=mbench
PASSWORD=$(password)
CA=$dir/tls/ca.crt
OTHER_CA=$dir/tls/other-ca.crt
FACTS
}
