// SPDX-License-Identifier: Apache-2.0
//
// What limits, on a page: a resource a row.
#pragma once

#include "reports/model/page_model.h"
#include "reports/model/use_comparison.h"

namespace mbench {

PageTable MakeUseTable(const UseComparison& use);

}  // namespace mbench
