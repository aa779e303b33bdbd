// SPDX-License-Identifier: Apache-2.0
//
// The two streams of the process: results on stdout, everything else on stderr.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/cmd/exit_code.h"
#include "reports/text/columns.h"

namespace mbench {

// "mbench: <text>" on stderr. A text that already carries places ("file:1:2: error: ...") is
// printed bare.
void PrintError(std::string_view text);
// Prints the error, with secrets out, and says which exit code it means.
ExitCode Report(const Error& error, std::span<const std::string> secrets = {});

// On stdout, flushed.
void PrintResult(std::string_view text);
// The exit code of a command, when all it had to say is said: not kPass when some of that could not
// be written (a full disk). A reader that went away is not an error.
ExitCode CodeAfterOutput(ExitCode code);

// An exception that nobody expected: says what to report.
ExitCode ReportFault(std::string_view what);

bool StdoutHasColor();  // a terminal, and neither NO_COLOR nor TERM=dumb
TextStyle StdoutStyle();

}  // namespace mbench
