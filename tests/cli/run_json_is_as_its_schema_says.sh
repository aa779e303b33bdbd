#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# run.json and --json are one schema, reports/json/run.schema.json: every member that is written stands in it, and
# every member that it asks for is written.
source "$(dirname "$0")/lib.sh"
schema=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../reports/json/run.schema.json

# judge FILE...: members that the schema does not know are mistakes here, while to others they are news.
judge() {
  python3 - "$schema" "$@" <<'PYTHON' || fail "$* is not as the schema says"
import json, sys
import jsonschema

def strict(node):
    if isinstance(node, dict):
        if "properties" in node:
            node.setdefault("additionalProperties", False)
        for child in node.values():
            strict(child)
    elif isinstance(node, list):
        for child in node:
            strict(child)

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
strict(schema)
for path in sys.argv[2:]:
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(json.load(open(path))))
    for error in errors:
        print(f"{path}: {error.json_path}: {error.message}", file=sys.stderr)
    if errors:
        sys.exit(1)
PYTHON
}

workload '{use: sim, service: 1ms, error_rate: 2%}' 1s 'slo: [p99(read) < 1s, rate > 1/s for 1s, {level: expert}]' \
  'events: [{at: 100ms, name: marked, run: "true"}]'
mbench run w.yaml --json
[ "$status" -eq 1 ] || [ "$status" -eq 4 ] || fail "the run ended with $status"
cp out told.json
folder=$(result_folder results)
judge told.json "$folder/run.json"
[ "$(json told.json v.folder)" = "$folder" ] || fail 'the folder is not told'
[ "$(json told.json 'v.host_cpu.client_fraction >= 0')" = true ] || fail 'nobody counted the CPU of the host'

# The same object but for what is only in one of them.
node -e '
  const fs = require("fs"), [a, b] = process.argv.slice(1).map(p => JSON.parse(fs.readFileSync(p, "utf8")));
  for (const key of ["folder", "series", "digest", "log_digest"]) { delete a[key]; delete b[key]; }
  require("assert").deepStrictEqual(a, b);' told.json "$folder/run.json" || fail '--json is another object than run.json'

# Of a run that was killed.
start_mbench run w.yaml --set load.over=30s --results killed
wait_until 20 'a second is stored' eval '[ -s killed/*/series.jsonl ]'
kill -KILL "$pid"
finish_mbench
killed=$(result_folder killed)
judge "$killed/run.json"
mbench report "$killed" --json
judge out

# A number that somebody changed is not shown as truth.
sed -i '0,/"rate_per_s": [0-9]/s//"rate_per_s": 77/' "$folder/run.json"
mbench report "$folder"
expect_status 4
expect_in err 'damaged, or changed by hand'
