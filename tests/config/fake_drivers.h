// SPDX-License-Identifier: Apache-2.0
//
// A small table of drivers and a small environment, so that the cases do not depend on what was
// built.
#pragma once

#include "harness/config/workload_reader.h"

namespace mbench {

ReadContext FakeContext();
// With drivers that YCSB has bindings for, too.
ReadContext FakeYcsbContext();

}  // namespace mbench
