#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A damaged store is refused by name. Nothing of it is removed: it may be the only copy.
source "$(dirname "$0")/lib.sh"

workload '{use: rocksdb, path: data/rocks}' 1s
mbench run w.yaml
expect_status 0
for manifest in data/rocks/MANIFEST-*; do printf 'not a manifest' >"$manifest"; done
before=$(find data -type f | sort)
mbench run w.yaml --results second
expect_status 5
expect_in err 'data/rocks'
[ "$before" = "$(find data -type f -not -name 'LOG*' | sort | comm -12 - <(echo "$before" | sort))" ] ||
  [ -z "$(comm -23 <(echo "$before" | grep -v LOG) <(find data -type f | sort))" ] || fail 'files are gone'

workload '{use: sqlite, path: data/lite.db}' 1s
mkdir -p data
head -c 65536 /dev/urandom >data/lite.db
cp data/lite.db copy
mbench run w.yaml --results third
expect_status 5
expect_in err 'data/lite\.db'
cmp data/lite.db copy || fail 'the damaged file was changed'
