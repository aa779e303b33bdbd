# SPDX-License-Identifier: Apache-2.0
#
# Kafka 3.9 with three brokers, each a controller too: kafka.sh says what it gives. Any one of them may be missing.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

source "$ROOT/scripts/servers.d/kafka.sh"
processes=3
