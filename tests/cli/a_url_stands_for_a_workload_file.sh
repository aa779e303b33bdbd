#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"

# What is printed is a file like any other.
mbench run http://127.0.0.1:1/products/1 -c 100 -d 30s -r 5k/s -H 'accept: application/json' --slo 'p99 < 50ms' --print-yaml
expect_status 0
expect_in out 'http: GET /products/1'
expect_empty err
cp out made.yaml
mbench run made.yaml --print-yaml
expect_status 0
cmp -s out made.yaml || fail "the file that was printed is not read as it is"

# The same checks, and the same exit codes.
mbench run http://127.0.0.1:1/ --slo 'p98x < 5ms'
expect_status 2
expect_in err "^--slo 'p98x < 5ms': error: unknown metric 'p98x'"
mbench run http://127.0.0.1:1/ -d 1s
expect_status 5
mbench check http://127.0.0.1:1/ -c 7
expect_status 0
expect_in out '^load +closed, 10.0s measured after 1.00s'

# Flags of a URL beside a file say what the file is told by.
workload '{use: memory}' 1s
mbench run w.yaml -c 5
expect_status 2
expect_in err '--set load.at='

# A port behind --serve is an address, one in a URL is not.
mbench run --print-yaml --serve http://127.0.0.1:8080/
expect_status 0

# Passwords are taken out of what is stored, and of what is said.
mbench run 'http://anna:hunter22@127.0.0.1:1/?token=t0ken123#top' -H 'authorization: Bearer abcdef' --print-yaml
expect_status 0
expect_not_in out 'hunter22|t0ken123|abcdef'
expect_in out '\$\{MBENCH_AUTHORIZATION\}'
mbench run 'redis://:hunter22@127.0.0.1:1' -d 1s
expect_status 5
expect_not_in err 'hunter22'
