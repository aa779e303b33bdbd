// SPDX-License-Identifier: Apache-2.0
//
// How things that can go wrong are returned.
//
// Bugs abort (check.h). The world fails with a Result<T>: a value, or an Error with one sentence
// for a person: what is wrong, with the value and the place, then what would be right. Ops of a
// benchmark are neither: they end in an Outcome and are counted (drivers/op.h).
#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace mbench {

// What went wrong, as far as the exit code depends on it (harness/cmd/exit_code.h).
enum class ErrorKind {
  kUsage,        // the command line, the workload file or a path it names
  kUnreachable,  // the system under test did not answer
  kInvalid,      // results that cannot be trusted or cannot be read
};

struct Error {
  ErrorKind kind = ErrorKind::kUsage;
  std::string message;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};
using Status = Result<void>;

namespace detail {
template <class... Args>
tl::unexpected<Error> Fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{kind, fmt::format(format, std::forward<Args>(args)...)});
}
}  // namespace detail

template <class... Args>
tl::unexpected<Error> BadConfig(fmt::format_string<Args...> format, Args&&... args) {
  return detail::Fail(ErrorKind::kUsage, format, std::forward<Args>(args)...);
}
template <class... Args>
tl::unexpected<Error> Unreachable(fmt::format_string<Args...> format, Args&&... args) {
  return detail::Fail(ErrorKind::kUnreachable, format, std::forward<Args>(args)...);
}
template <class... Args>
tl::unexpected<Error> Invalid(fmt::format_string<Args...> format, Args&&... args) {
  return detail::Fail(ErrorKind::kInvalid, format, std::forward<Args>(args)...);
}

// Hands on the error of a Result of another type: `if (!x) return Failed(x);`
template <class T>
tl::unexpected<Error> Failed(const tl::expected<T, Error>& failed) {
  return tl::unexpected<Error>(failed.error());
}

}  // namespace mbench
