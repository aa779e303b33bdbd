// SPDX-License-Identifier: Apache-2.0
//
// The commands that hold results against a baseline; as those of commands.h.
#pragma once

#include "harness/cmd/commands.h"

namespace mbench {

Action AddBaseline(CLI::App* app);
Action AddCalibrate(CLI::App* app);
Action AddGate(CLI::App* app);

}  // namespace mbench
