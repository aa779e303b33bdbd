// SPDX-License-Identifier: Apache-2.0
//
// What can be known to be wrong without a server: with options, with a statement, and with both
// together.
#pragma once

#include <string>
#include <vector>

#include "drivers/driver.h"
#include "drivers/mongodb/sending.h"

namespace mbench::mongodb {

std::vector<OptionMistake> CheckOptions(const OptionValues& options);
void CheckStatement(const StatementSpec& spec, Complaints* complaints);
// What a run wants that its options rule out.
void CheckRun(const OptionValues& options, const RunWants& wants, Complaints* complaints);

// Adds to a request what goes with it, and says why it cannot be done; "": it can.
std::string Settle(const UriConcerns& uri, bool direct, Request* request);
// The same of `verify: writes`.
std::string WhyNotVerified(const UriConcerns& uri, bool direct);

}  // namespace mbench::mongodb
