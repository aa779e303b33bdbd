// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/terminal.h"

#include <unistd.h>

#include <cstdio>

#include "harness/base/environment.h"
#include "harness/base/secrets.h"

namespace mbench {
namespace {

// Compiler-style messages name their own place.
bool IsLocated(std::string_view text) { return text.find(": error: ") != std::string_view::npos; }

}  // namespace

void PrintError(std::string_view text) {
  const std::string_view end = text.ends_with('\n') ? "" : "\n";
  fmt::print(stderr, "{}{}{}", IsLocated(text) ? "" : "mbench: ", text, end);
}

ExitCode Report(const Error& error, std::span<const std::string> secrets) {
  PrintError(Redact(error.message, secrets));
  return ExitCodeOf(error.kind);
}

void PrintResult(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!text.ends_with('\n')) std::fputc('\n', stdout);
  std::fflush(stdout);
}

bool StdoutHasColor() { return WantsColor() && IsTerminal(STDOUT_FILENO); }

}  // namespace mbench
