// SPDX-License-Identifier: Apache-2.0
//
// The program as users run it, against real servers.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace mbench::testing {

struct FinishedRun {
  int exit_code = -1;
  nlohmann::json document;  // run.json
};

// `PROGRAM run FILE --json MORE`; fails the test when it says no result.
FinishedRun RunProgram(const std::string& program, const std::string& file,
                       const std::string& more);

// The code it ends with is what the data say, or, when so short a run on a host with other work to
// do was not on time, that of an invalid run.
void ExpectCode(const FinishedRun& run, int code);

// How many ops, or parts, of that name were answered; -1: there is none.
std::int64_t EndedOk(const nlohmann::json& list, const std::string& name);

}  // namespace mbench::testing
