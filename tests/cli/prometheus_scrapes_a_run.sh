#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A real Prometheus scrapes a run; it has the same counts as the result in the end, and answers every query of the dashboard.
source "$(dirname "$0")/lib.sh"
dashboard=$(dirname "$(readlink -f "$0")")/../../reports/grafana/dashboard.json
for program in prometheus promtool node; do command -v $program >/dev/null || skip "needs $program (scripts/setup test)"; done
workload '{use: memory}' 60s

# get URL -> file `reply`
get() {
  node -e 'const [url] = process.argv.slice(1);
    fetch(url).then(async r => { process.stdout.write(await r.text()); process.exitCode = r.ok ? 0 : 1; },
                    e => { console.error(String(e)); process.exitCode = 1; })' "$1" >reply
}

mbench run w.yaml --prometheus=127.0.0.1:66000
expect_status 2
expect_in err "'127.0.0.1:66000': expected an address and a port"

# Ports that were free a moment ago.
free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
address=127.0.0.1:$(free_port)
prometheus_port=$(free_port)
cat >prometheus.yml <<YAML
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - {job_name: mbench, static_configs: [{targets: ["$address"]}]}
YAML
prometheus --config.file=prometheus.yml --storage.tsdb.path=tsdb --web.listen-address="127.0.0.1:$prometheus_port" \
  --log.level=error >prometheus.log 2>&1 &
started+=("$!")
wait_until 60 'Prometheus' get "http://127.0.0.1:$prometheus_port/-/ready"

# A load that leaves the scraper a CPU, for as long as it takes to be scraped often enough.
start_mbench run w.yaml --set load.think=1ms --prometheus="$address"
wait_until 10 'the address' grep -q "^metrics   http://$address/metrics$" err
mv err err.run
mv out out.run
get "http://$address/metrics"
promtool check metrics <reply >lint 2>&1 || fail "promtool: $(cat lint)"
expect_empty lint
mbench run w.yaml --prometheus="$address" --results second
expect_status 2
expect_in err "cannot listen on $address: Address already in use"
[ ! -e second ] || fail 'something was run'
# A scraper that connects and says nothing more.
exec 3<>"/dev/tcp/${address%:*}/${address##*:}"

query() { get "http://127.0.0.1:$prometheus_port/api/v1/query?query=$(node -p 'encodeURIComponent(process.argv[1])' "$1")&time=$2"; }
was_scraped() {
  query 'min(count_over_time(mbench_response_seconds_count[1m]))' "$(date +%s)"
  [ "$(json reply 'v.data.result[0].value[1] >= 5')" = true ]
}
wait_until 40 'five scrapes' was_scraped
# The command waits for one more scrape of somebody who comes regularly.
kill -INT "$pid"
finish_mbench
expect_status 130
exec 3>&-
folder=$(result_folder results)

# It stores a scrape a moment after it came.
has_the_counts() {
  now=$(($(date +%s) + 1))
  query 'sum(last_over_time(mbench_operations_total{run="small",outcome="ok"}[1m]))' "$now"
  [ "$(json reply 'v.data.result[0].value[1]')" = "$(json "$folder/run.json" 'v.account.ended.ok')" ]
}
wait_until 10 'the counts of the result' has_the_counts
query 'histogram_quantile(0.99, sum by (le) (last_over_time(mbench_response_seconds_bucket[1m])))' "$now"
[ "$(json reply 'v.data.result[0].value[1] > 0')" = true ] || fail "no percentile: $(cat reply)"

# As of a moment in the middle of the run; what only an open model has may be empty.
query 'max_over_time(timestamp(mbench_client_memory_bytes)[1m:1s])' "$now"
middle=$(json reply 'v.data.result[0].value[1]')
node -e 'const d = JSON.parse(require("fs").readFileSync(process.argv[1]));
  for (const p of d.panels) for (const t of p.targets ?? []) console.log(t.expr);
  for (const a of d.annotations.list) console.log(a.expr)' "$dashboard" |
  sed 's/[$]__rate_interval/20s/g; s/[$]run/.*/g' >queries
[ "$(wc -l <queries)" -ge 20 ] || fail 'the dashboard has lost its queries'
while read -r expression; do
  query "$expression" "$middle" || fail "$expression: $(cat reply)"
  case $expression in *planned_operations* | *mbench_errors* | *phase*) continue ;; esac
  [ "$(json reply 'v.data.result.length > 0')" = true ] || fail "nothing comes of: $expression"
done <queries
