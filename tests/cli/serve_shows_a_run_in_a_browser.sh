#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The page of a run that goes on, events that tell of more, and browsers that cannot hold the run up.
source "$(dirname "$0")/lib.sh"
command -v node >/dev/null || skip 'needs node'
workload '{use: memory}' 8s

mbench run w.yaml --serve=0.0.0.0:0
expect_status 2
expect_in err 'others could see the run there; set MBENCH_SERVE_TOKEN'
[ ! -e results ] || fail 'something was run'

cat >browser.cjs <<'JS'
// Follows the events to their end, and takes the page each time.
const fs = require("fs");
const url = process.argv[2];
const take = async () => {
  const page = await fetch(url);
  if (!page.ok) throw `the page: ${page.status}`;
  return page.text();
};
(async () => {
  const events = await fetch(url + "events");
  if (events.headers.get("content-type") !== "text/event-stream") throw "no event stream";
  let more = 0;
  let text = "";
  for await (const part of events.body) {
    text += Buffer.from(part).toString();
    for (; text.includes("\n\n"); text = text.slice(text.indexOf("\n\n") + 2)) {
      if (!/^event: (more|end)/.test(text)) continue;
      const ended = text.startsWith("event: end");
      // Whoever has the last page already finds nobody there any more.
      const page = await take().catch((error) => { if (!ended) throw error; });
      if (page) fs.writeFileSync(`page.${++more}.html`, page);
      if (ended) { fs.writeFileSync("ended", String(more)); return; }
    }
  }
})().catch((error) => { console.error(String(error)); process.exitCode = 1; });
JS

start_mbench run w.yaml --serve --progress none
wait_until 10 'the URL' grep -q '^page ' err
url=$(sed -n 's/^page *//p' err)
[[ $url =~ ^http://127\.0\.0\.1:[0-9]+/$ ]] || fail "not a URL: $url"
address=${url#http://} address=${address%/}
node browser.cjs "$url" 2>browser.err &
browser=$!
# One that asks and takes nothing, one that says nothing, one that goes in the middle.
exec 3<>"/dev/tcp/${address%:*}/${address#*:}" 4<>"/dev/tcp/${address%:*}/${address#*:}"
printf 'GET /events HTTP/1.1\r\nHost: %s\r\n\r\n' "$address" >&3
node -e 'fetch(process.argv[1] + "events").then(() => process.exit(0))' "$url"
code() { node -e 'const [method, url, host] = process.argv.slice(1);
  const at = new URL(url);
  require("http").request({ method, host: at.hostname, port: at.port, path: at.pathname, headers: host ? { Host: host } : {} },
    (reply) => { console.log(reply.statusCode); process.exit(0); }).end()' "$@"; }
[ "$(code POST "$url")" = 405 ] || fail 'not read-only'
[ "$(code GET "$url" evil.example)" = 403 ] || fail 'answers to the name of another site'
mv err err.run
mbench run w.yaml --serve="$address" --results second
expect_status 2
expect_in err "cannot listen on $address: Address already in use"
[ ! -e second ] || fail 'something was run'
finish_mbench
mv err.run err
expect_ran
wait "$browser" || fail "the browser: $(cat browser.err)"
exec 3>&- 4>&-
expect_file ended
[ "$(cat ended)" -ge 2 ] || fail "$(cat ended) pages in eight seconds"
grep -lq 'Running' page.*.html || fail 'no page of the run while it went'
expect_in "page.$(cat ended).html" "$(basename "$(result_folder results)")"
expect_not_in "page.$(cat ended).html" '>Running<'

export MBENCH_SERVE_TOKEN=hunter2
start_mbench run w.yaml --set load.over=2s --serve=0.0.0.0:0 --progress none --results guarded
wait_until 10 'the URL' grep -q '^page ' err
expect_in err "/\\?token=\\\$MBENCH_SERVE_TOKEN$"
port=$(sed -n 's|^page *http://0.0.0.0:\([0-9]*\)/.*|\1|p' err)
[ "$(code GET "http://127.0.0.1:$port/")" = 401 ] || fail 'no token was asked for'
node -e 'fetch(process.argv[1], { headers: { Authorization: "Bearer hunter2" } }).then((r) => process.exit(r.ok ? 0 : 1))' \
  "http://127.0.0.1:$port/" || fail 'the token is not taken'
finish_mbench
expect_status 0
! grep -r hunter2 guarded out err || fail 'the token was told'
