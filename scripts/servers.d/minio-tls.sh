# SPDX-License-Identifier: Apache-2.0
#
# MinIO as in minio.sh by HTTPS alone, with a certificate that CA signed and OTHER_CA did not.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

source "$ROOT/scripts/servers.d/minio.sh"
scheme=https certificates=(--certs-dir "$data/certs")

prepare() {
  mkdir "$data/objects" "$data/certs" && tls_files && cp "$data/tls/server.crt" "$data/certs/public.crt" &&
    cp "$data/tls/server.key" "$data/certs/private.key" && give_to_user "$data"
}

ready() { listening "$(port main)"; }

eval "plain_$(declare -f facts)"
facts() {
  plain_facts
  echo "CA=$dir/tls/ca.crt"
  echo "OTHER_CA=$dir/tls/other-ca.crt"
}
