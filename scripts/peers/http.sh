# SPDX-License-Identifier: Apache-2.0
#
# GET of a page of 128 bytes from nginx. wrk runs for a time, so it counts what it did.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317

compare_http() { http_gets 50; }
compare_http_1000() { http_gets 1000; }

http_gets() {
  connections=$1 ops=400000 short_ops=80000
  work="HTTP GET 128 B, nginx, $1 connections" peers=(wrk ab h2load) limits=(1.00 - -)
  start_servers nginx
  workload "$1" <<YAML
driver: {use: http, url: "\${MBENCH_TEST_NGINX_URL}"}
statements:
  get: {weight: 1, http: "GET /"}
YAML
  has_floor "$MBENCH_TEST_NGINX_PORT" "$1" 1 $'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
}

run_wrk() { wrk -t1 "-c$connections" "-d$((($1 + 79999) / 80000))s" --latency "$MBENCH_TEST_NGINX_URL"; }
done_wrk() {
  ! grep -E 'Non-2xx|Socket errors' "$place/wrk.out" >&2 || die 'wrk: requests failed'
  sed -n 's/^ *\([0-9]*\) requests in .*/\1/p' "$place/wrk.out"
}

run_ab() { ab -k -q -c "$connections" -n "$1" "$MBENCH_TEST_NGINX_URL"; }
done_ab() {
  grep -q '^Failed requests: *0$' "$place/ab.out" || die 'ab: requests failed'
  sed -n 's/^Complete requests: *//p' "$place/ab.out"
}

run_h2load() { h2load --h1 -t1 -c "$connections" -n "$1" "$MBENCH_TEST_NGINX_URL"; }
done_h2load() { sed -n 's/^status codes: *\([0-9]*\) 2xx.*/\1/p' "$place/h2load.out"; }
