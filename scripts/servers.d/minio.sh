# SPDX-License-Identifier: Apache-2.0
#
# MinIO of November 2023 with one disk, as it is measured, and without buckets. USER and PASSWORD are an access key and its
# secret. METRICS_URL is what it says of itself to Prometheus. It takes BUCKET.localhost for a host too.
# MBENCH_TEST_MINIO names a program to use instead of the pinned one.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

fetched=@dragon-den/packages
fetched_version=1.0.0-minio-0.1.20231112-1-1
unpacked='minio-20231112'
minio=${MBENCH_TEST_MINIO:-$cache/$unpacked/bin/minio}
program=$minio package='from npm' scheme=http

# An archive within the archive.
obtain() {
  local new
  [ -z "${MBENCH_TEST_MINIO:-}" ] && [ ! -d "$cache/$unpacked" ] || return 0
  from_npm "$fetched" "$fetched_version" Dncol9tKUqz95XCS3pEMUyzVarutThjTcoxVkf1MoL/7UZz9HwjezNsCXJCm8Kjjh477JQhLkw3t76O6Imw5bw== \
    package.tgz.part.aa || return 1
  new=$(new_in_cache) || return 1
  tar -xzf "$cache/dragon-den-packages-$fetched_version/package.tgz.part.aa" -C "$new" && keep "$new" "$unpacked"
}

prepare() { mkdir "$data/objects" && give_to_user "$data/objects"; }

certificates=()  # how it is told of those it has
command_line() {
  argv=(env MINIO_ROOT_USER=mbench "MINIO_ROOT_PASSWORD=$(password)" MINIO_PROMETHEUS_AUTH_TYPE=public MINIO_BROWSER=off
    MINIO_DOMAIN=localhost MINIO_UPDATE=off "$minio" server --quiet "${certificates[@]}" --address "127.0.0.1:$(port main)" "$data/objects")
}

# It listens before it knows its disk.
ready() { health "$(port main)" 2>/dev/null; }
health() {
  local line=''
  exec 8<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /minio/health/cluster HTTP/1.0\r\nHost: minio\r\n\r\n' >&8 && read -r line <&8
  exec 8>&-
  [[ $line == *' 200 '* ]]
}

facts() {
  cat <<FACTS
URL=$scheme://127.0.0.1:$(port main)
HOST=127.0.0.1
PORT=$(port main)
USER=mbench
PASSWORD=$(password)
METRICS_URL=$scheme://127.0.0.1:$(port main)/minio/v2/metrics/cluster
FACTS
}
