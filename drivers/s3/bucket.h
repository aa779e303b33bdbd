// SPDX-License-Identifier: Apache-2.0
//
// What a driver asks of a bucket before and after a run.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/endpoint.h"
#include "drivers/common/tls.h"
#include "drivers/s3/session.h"

namespace mbench::s3 {

// Beside the objects with the prefix, and one of them: says whose they are.
inline constexpr std::string_view kMarkName = "!mbench-dataset";

// One connection. Thread: one.
class Bucket {
 public:
  // Connects. Fails with kUnreachable.
  static Result<std::unique_ptr<Bucket>> Connect(const Settings* settings,
                                                 const std::shared_ptr<Endpoint>& endpoint,
                                                 const std::shared_ptr<TlsContext>& tls,
                                                 Ticks patience);

  // Looks whether it is there, makes it if that is wanted, and learns who serves it.
  Result<std::string> Enter(bool create);

  // The text of the mark; "": there is none.
  Result<std::string> ReadMark();
  Status WriteMark(std::string_view text);
  // Whether nothing but the mark is there.
  Result<bool> IsEmpty();
  // Removes everything but the mark.
  Status RemoveAll();

 private:
  Bucket(const Settings* settings, Ticks patience) : settings_(*settings), patience_(patience) {}
  Result<std::string> Ask(const Plain& plain);
  // As Ask, and an answer that is no success is an error.
  Result<std::string> Demand(const Plain& plain);
  Status Make();
  Result<std::vector<std::string>> ListPage(std::size_t most, std::string* token);
  Status Remove(const std::vector<std::string>& names);
  tl::unexpected<Error> Explain(std::string_view what) const;
  std::string MarkName() const { return settings_.prefix + std::string(kMarkName); }

  const Settings& settings_;
  const Ticks patience_;
  std::unique_ptr<S3Session> session_;
};

}  // namespace mbench::s3
