// SPDX-License-Identifier: Apache-2.0
//
// A URL in the place of a workload file, and the flags that go with it: those that people know from
// wrk, oha, hey and k6.
#pragma once

#include <string>

#include "harness/config/url_workload.h"

namespace CLI {
class App;
}

namespace mbench {

void AddUrlFlags(UrlFlags* flags, CLI::App* app);

// Fails when there are flags of a URL beside something else. `file`: what stands there.
Status RefuseUrlFlags(const UrlFlags& flags, const std::string& file);

// The plan that URL and flags stand for; its source text is the file. `context`: with the settings
// of the command line.
Result<RunPlan> ReadUrl(const std::string& url, const UrlFlags& flags, ReadContext context);

}  // namespace mbench
