#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# `mbench schema` takes every shipped workload and tells of keys that nobody knows; docs/schema/workload.json is what it prints
# (MBENCH_UPDATE=1 writes it anew), but for what drivers have of their own.
source "$(dirname "$0")/lib.sh"
root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..
python3 -c 'import jsonschema, yaml' 2>/dev/null || skip 'python3-jsonschema or python3-yaml is not installed'

mbench schema
expect_status 0
[ -n "${MBENCH_UPDATE:-}" ] && cp out "$root/docs/schema/workload.json"
python3 - out "$root" <<'PYTHON' || fail 'see above'
import glob, json, os, sys
import jsonschema, yaml

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
root = sys.argv[2]
faults = 0

kept = json.load(open(root + "/docs/schema/workload.json"))
if any(kept[part] != schema[part] for part in ("properties", "$defs", "required")):
    faults += 1
    print("docs/schema/workload.json is another one", file=sys.stderr)

def mistakes(text):
    return list(validator.iter_errors(yaml.safe_load(text)))

def right(path):
    global faults
    for error in mistakes(open(path).read()):
        faults += 1
        print(f"{path}: {error.json_path}: {error.message[:200]}", file=sys.stderr)

for path in glob.glob(root + "/workloads/**/*.yaml", recursive=True) + glob.glob(root + "/drivers/*/example.yaml"):
    right(path)
base = "driver: {use: redis}\nload: {profile: steady, at: 5, over: 1s}\nmix: {read: 1}\n"
if mistakes(base):
    sys.exit("the base is refused")
for more in ["run: {timeout: 1h 30m}", "keys: {choose: zipfian, theta: 1e-1}", "data: {records: 1e3}"]:
    if mistakes(base + more + "\n"):
        faults += 1
        print(f"refused: {more}", file=sys.stderr)
if mistakes(base.replace("over: 1s", "over: 1s, warmup: 0")) or mistakes(base.replace("use: redis", "use: kafka, rdkafka.debug: all").replace("mix: {read: 1}", "statements: {a: {weight: 1, produce: t}}")):
    faults += 1
    print("refused: warmup: 0, or an option that is written flat", file=sys.stderr)
for wrong in ["lod: {}", "run: {sead: 5}", "slo: [{levle: expert}]", "keys: {choose: zipfain}", "run: {timeout: 5}",
              "statements: {a: {weight: 1, redsi: GET}}"]:
    if not mistakes(base + wrong + "\n"):
        faults += 1
        print(f"taken: {wrong}", file=sys.stderr)
if not mistakes(base.replace("use: redis", "use: redis, pipelin: 5")):
    faults += 1
    print("taken: an unknown option", file=sys.stderr)
sys.exit(1 if faults else 0)
PYTHON
