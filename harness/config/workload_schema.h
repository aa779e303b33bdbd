// SPDX-License-Identifier: Apache-2.0
//
// What a workload file may hold as a JSON schema, so that editors complete and check it:
//
//   # yaml-language-server: $schema=docs/schema/workload.json
//
// Made of the table of keys in workload_schema.cc, and of the drivers' own tables of options and
// words. It is wider than the reader (a schema cannot say that a ramp needs `from`), and never
// narrower: what the reader takes, it takes.
#pragma once

#include <span>
#include <string>

#include "harness/config/workload_reader.h"

namespace mbench {

// With what is known of these drivers; others are allowed, with any options.
std::string WorkloadSchema(std::span<const DriverOptions> drivers);

}  // namespace mbench
