// SPDX-License-Identifier: Apache-2.0
//
// The page of a search for the capacity: the interval and why it ends there, the curve through all
// probes, what was near its limit, and every probe with a link to its own page.
#pragma once

#include "reports/model/capacity_source.h"
#include "reports/model/page_model.h"

namespace mbench {

PageModel MakeCapacityPage(const CapacitySource& source);

}  // namespace mbench
