// SPDX-License-Identifier: Apache-2.0
//
// May these runs be compared, and which of them?
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/compare/sessions.h"
#include "reports/compare/verdict.h"

namespace mbench {

// Gives the valid runs of both sides in the order of time. False: they are not to be compared, and
// `result` has the verdict and why. `compared`: keys that may differ between the sides.
bool Admit(std::span<const RunSample> given_a, std::span<const RunSample> given_b,
           const std::vector<std::string>& compared, RunPointers* a, RunPointers* b,
           Comparison* result);

}  // namespace mbench
