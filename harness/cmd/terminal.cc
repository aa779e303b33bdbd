// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/terminal.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "harness/base/console.h"
#include "harness/base/environment.h"
#include "harness/base/secrets.h"

namespace mbench {
namespace {

int output_error = 0;  // the errno of what could not be written to stdout

// Compiler-style messages name their own place.
bool IsLocated(std::string_view text) { return text.find(": error: ") != std::string_view::npos; }

}  // namespace

void PrintError(std::string_view text) {
  WriteToStderr(fmt::format("{}{}", IsLocated(text) ? "" : "mbench: ", text));
}

ExitCode Report(const Error& error, std::span<const std::string> secrets) {
  PrintError(Redact(error.message, secrets));
  return ExitCodeOf(error.kind);
}

void PrintResult(std::string_view text) {
  std::string whole(text);
  if (!whole.ends_with('\n')) whole += '\n';
  if (std::fwrite(whole.data(), 1, whole.size(), stdout) < whole.size() || std::fflush(stdout) != 0)
    output_error = errno;
}

ExitCode CodeAfterOutput(ExitCode code) {
  if (output_error == 0 || output_error == EPIPE) return code;
  PrintError(fmt::format("cannot write to stdout: {}; what was printed is not whole",
                         std::strerror(output_error)));
  return code == ExitCode::kPass ? ExitCode::kInvalid : code;
}

ExitCode ReportFault(std::string_view what) {
  PrintError(fmt::format(
      "a fault of mbench itself: {}\nPlease report it, with this message, the command line, the "
      "workload file and what `mbench --version` and `mbench doctor` say.",
      what));
  return ExitCode::kFault;
}

TextStyle StdoutStyle() { return {.color = StdoutHasColor(), .width = ColumnsOf(STDOUT_FILENO)}; }

bool StdoutHasColor() { return WantsColor() && IsTerminal(STDOUT_FILENO); }

}  // namespace mbench
