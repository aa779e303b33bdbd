#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A receiver gets messages that are what OTLP/HTTP asks for and add up to the result; one that answers 500, or is not there,
# is told of in the end and changes nothing. The credentials reach the receiver and nobody else.
source "$(dirname "$0")/lib.sh"
command -v node >/dev/null || skip 'needs node'
workload '{use: memory}' 4s
export OTEL_EXPORTER_OTLP_HEADERS='Authorization=Bearer%20hunter2' OTEL_RESOURCE_ATTRIBUTES='team=storage'

cat >receiver.cjs <<'JS'
// A request per file; checks what a message must have.
const fs = require("fs");
const [status] = process.argv.slice(2).map(Number);
let count = 0;
const check = (ok, what) => { if (!ok) fs.appendFileSync("faults", what + "\n"); };
require("http").createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    check(request.method === "POST" && request.url === "/v1/metrics", "a POST to /v1/metrics");
    check(request.headers["content-type"] === "application/json", "JSON");
    check(request.headers.authorization === "Bearer hunter2", "the credentials");
    const body = JSON.parse(Buffer.concat(parts).toString());
    const resource = body.resourceMetrics[0].resource.attributes;
    check(resource.some((a) => a.key === "service.name" && a.value.stringValue === "mbench"), "service.name");
    check(resource.some((a) => a.key === "team" && a.value.stringValue === "storage"), "team");
    for (const metric of body.resourceMetrics[0].scopeMetrics[0].metrics) {
      const data = metric.sum ?? metric.gauge ?? metric.histogram;
      check(data && data.dataPoints.length > 0, `${metric.name}: points`);
      if (metric.gauge === undefined) check(data.aggregationTemporality === 2, `${metric.name}: cumulative`);
      if (metric.sum) check(data.isMonotonic === true, `${metric.name}: monotonic`);
      for (const point of data.dataPoints) {
        check(/^\d{19}$/.test(point.timeUnixNano), `${metric.name}: time`);
        if (metric.histogram)
          check(point.bucketCounts.length === point.explicitBounds.length + 1 &&
            point.bucketCounts.reduce((sum, c) => sum + Number(c), 0) === Number(point.count), `${metric.name}: buckets`);
        else check(/^-?\d+$/.test(point.asInt ?? "") || typeof point.asDouble === "number", `${metric.name}: value`);
      }
    }
    fs.writeFileSync(`message.${++count}.json`, JSON.stringify(body));
    response.writeHead(status).end("{}");
  });
}).listen(0, "127.0.0.1", function () { fs.writeFileSync("port.tmp", String(this.address().port)); fs.renameSync("port.tmp", "port"); });
JS

receive() {
  rm -f port
  node receiver.cjs "$1" 2>receiver.err &
  started+=("$!")
  wait_until 10 'the receiver' test -s port
}

for url in http://user:hunter2@127.0.0.1:1 'http://127.0.0.1:1/?key=hunter2' 127.0.0.1:4318; do
  mbench run w.yaml --otlp "$url"
  expect_status 2
  expect_not_in err hunter2
done
[ ! -e results ] || fail 'something was run'

receive 200
mbench run w.yaml --otlp "http://127.0.0.1:$(cat port)" --otlp-every 1s --progress plain
expect_status 0
expect_not_in err 'exports failed'
[ ! -e faults ] || fail "not as it should be: $(sort -u faults)"
messages=(message.*.json)
[ "${#messages[@]}" -ge 4 ] || fail "${#messages[@]} messages in four seconds"
folder=$(result_folder results)
last=message.${#messages[@]}.json
sent() {
  json "$last" "v.resourceMetrics[0].scopeMetrics[0].metrics.find(m => m.name === '$1').sum.dataPoints
    .filter(p => $2).reduce((sum, p) => sum + Number(p.asInt), 0)"
}
[ "$(sent mbench.operations 'p.attributes.some(a => a.value.stringValue === "ok")')" = "$(json "$folder/run.json" v.account.ended.ok)" ] ||
  fail 'the last message does not have the count of the result'
[ "$(sent mbench.offered_operations true)" = "$(json "$folder/run.json" v.account.offered)" ] || fail 'offered'
expect_not_in out hunter2
expect_not_in err hunter2
! grep -r hunter2 results || fail 'the credentials are in the result'

receive 500
mbench run w.yaml --set load.over=1s --otlp "http://127.0.0.1:$(cat port)" --otlp-every 1s --results refused
expect_status 0
expect_in err '--otlp http://127.0.0.1:[0-9]+: ([0-9]) of \1 exports failed: \1 answered with 500; .* did not arrive'
expect_file "$(result_folder refused)/run.json"

mbench run w.yaml --set load.over=1s --otlp http://127.0.0.1:1 --results alone
expect_status 0
expect_in err 'exports failed: [0-9] got no answer'
expect_not_in err hunter2
