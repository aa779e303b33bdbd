# SPDX-License-Identifier: Apache-2.0
#
# GET of objects of 4 KiB from MinIO: signed by the s3 driver beside the http driver with one URL that was signed before.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154,SC2317

compare_s3() {
  connections=64 ops=60000 short_ops=12000 peers=(http_driver) limits=(1.15)
  work="S3 GET 4 KiB, MinIO, $connections connections"
  start_servers minio
  workload "$connections" <<YAML
driver: {use: s3, url: "\${MBENCH_TEST_MINIO_URL}", access_key: "\${MBENCH_TEST_MINIO_USER}",
  secret_key: "\${MBENCH_TEST_MINIO_PASSWORD}", bucket: peers, create: true}
data: {records: 1, load_statement: {put: "o{record}", size: 4KiB}}
statements:
  get: {weight: 1, get: "o0"}
YAML
  quietly ours "$place/ours.yaml" 100 # makes the bucket and the object
  SIGNED_PATH=$(signed_path peers/o0) && export SIGNED_PATH
  sed -e '/^driver/,/^data/d' "$place/ours.yaml" >"$place/http.yaml"
  sed -i -e '/get:/s|{weight.*|{weight: 1, http: "GET ${SIGNED_PATH}"}|' -e '1i driver: {use: http, url: "${MBENCH_TEST_MINIO_URL}"}' "$place/http.yaml"
}

# signed_path OBJECT: for an hour, as AWS Signature Version 4 in the query says.
signed_path() {
  python3 - "$MBENCH_TEST_MINIO_URL" "$1" <<'PYTHON'
import datetime, hashlib, hmac, os, sys, urllib.parse
url, path = sys.argv[1:]
now = datetime.datetime.utcnow().strftime("%Y%m%dT%H%M%SZ")
scope = f"{now[:8]}/us-east-1/s3/aws4_request"
query = urllib.parse.urlencode(sorted({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": os.environ["MBENCH_TEST_MINIO_USER"] + "/" + scope,
    "X-Amz-Date": now, "X-Amz-Expires": "3600", "X-Amz-SignedHeaders": "host"}.items()))
host = url.split("//")[1]
asked = f"GET\n/{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
key = ("AWS4" + os.environ["MBENCH_TEST_MINIO_PASSWORD"]).encode()
for part in scope.split("/"):
    key = hmac.new(key, part.encode(), hashlib.sha256).digest()
print(f"/{path}?{query}&X-Amz-Signature={hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}")
PYTHON
}

run_http_driver() { ours "$place/http.yaml" "$1"; }
done_http_driver() { ok_of_mbench "$place/http_driver.out" "$1"; }
