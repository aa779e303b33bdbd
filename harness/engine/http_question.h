// SPDX-License-Identifier: Apache-2.0
//
// Whether something is up, as an HTTP server says it.
#pragma once

#include <string>

namespace mbench {

// GET of a http:// URL, some three seconds at most. "": answered with `status`, or, when that is
// 0, with any of 2xx; else what came instead. Thread: any.
std::string AskHttp(const std::string& url, int status);

}  // namespace mbench
