// SPDX-License-Identifier: Apache-2.0
//
// What Redis says of itself by INFO.
#pragma once

#include <string>
#include <string_view>

#include "drivers/common/figure_rates.h"
#include "drivers/observer.h"

namespace mbench {

// "redis_version" -> "7.0.15"; "": it does not say.
std::string InfoValue(std::string_view info, std::string_view name);

// `rates`: of the looks before this one.
SystemFigures FiguresOfInfo(std::string_view info, FigureRates* rates);
// How it is set up, and what it is just now.
SystemRemarks RemarksOfInfo(std::string_view info);

}  // namespace mbench
