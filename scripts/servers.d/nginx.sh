# SPDX-License-Identifier: Apache-2.0
#
# nginx with one worker, as it is measured: URL/ is a page of 128 bytes. TLS_URL is the same by HTTPS and HTTP/2
# (ALPN) with a certificate that CA signed and OTHER_CA did not; WRONG_NAME_URL has one for another name.
# H2C_URL is HTTP/2 in plain text: 8 streams at once, and GOAWAY after 100 requests.
# SOCKET is a socket where it speaks HTTP/1.1.
# For tests: /chunked, /close, /redirect, /missing, /broken (500), /busy (503), /status (stub_status), /json, /gzip (the same, compressed),
# /echo, /private (USER, PASSWORD), /as/written/ (says what was asked for), and PUT and DELETE under /files/.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=nginx package=nginx-light

prepare() {
  mkdir -p "$data/www/files" "$data/temp" && tls_files &&
    printf '%-127s\n' 'A page of 128 bytes.' >"$data/www/index.html" && cp "$data/www/index.html" "$data/www/chunked" &&
    echo "mbench:$(openssl passwd -apr1 "$(password)")" >"$data/users" && configuration >"$data/nginx.conf" &&
    give_to_user "$data"
}

configuration() {
  sed -e "s|@data@|$data|; s|@http@|$(port main)|; s|@https@|$(port tls)|; s|@h2c@|$(port h2c)|; s|@wrong@|$(port wrong)|" \
    "$ROOT/scripts/servers.d/nginx.conf"
}

command_line() {
  rm -f "$data/socket"  # that of one that was killed
  argv=(nginx -p "$data/" -c "$data/nginx.conf" -e stderr)
}

facts() {
  cat <<FACTS
URL=http://127.0.0.1:$(port main)/
TLS_URL=https://127.0.0.1:$(port tls)/
H2C_URL=http://127.0.0.1:$(port h2c)/
WRONG_NAME_URL=https://127.0.0.1:$(port wrong)/
HOST=127.0.0.1
PORT=$(port main)
TLS_PORT=$(port tls)
SOCKET=$data/socket
CA=$dir/tls/ca.crt
OTHER_CA=$dir/tls/other-ca.crt
USER=mbench
PASSWORD=$(password)
FACTS
}
