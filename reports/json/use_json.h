// SPDX-License-Identifier: Apache-2.0
//
// What limits, as JSON: of each resource what was observed, with its unit in the name; the rest is
// missing.
#pragma once

#include "harness/result/json_text.h"
#include "reports/model/use_comparison.h"

namespace mbench {

OrderedJson UseJson(const UseComparison& use);

}  // namespace mbench
