// SPDX-License-Identifier: Apache-2.0
//
// `verify` of a run: its checks, and every write that was acknowledged, looked for by the number it
// has left in its document (number_writes.h, write_log.h).
#pragma once

#include <list>
#include <optional>
#include <vector>

#include "drivers/check_result.h"
#include "drivers/mongodb/change_stream.h"
#include "drivers/mongodb/checks.h"
#include "drivers/mongodb/commands.h"
#include "drivers/mongodb/write_log.h"

namespace mbench::mongodb {

// Thread: one.
class Verification {
 public:
  // Before the requests of a run are made: those of `setup` are logged from now on. This object
  // outlives its sessions.
  void LogWrites(Setup* setup);
  Status SetChecks(const std::vector<StatementSpec>& checks);
  bool Writes() const { return log_.has_value(); }
  // Whether what is lost can be told from what requests take away. Fails with kUsage.
  Status CheckRequests(const Setup& setup) const;

  // Collections whose documents the server removes by itself: what is missing there may have been
  // removed, so writes to them are not looked for. When the data are there, and no session yet.
  void LeaveOut(Admin* admin, Setup* setup);

  // When all sessions and watchers are gone. `feeds`: whose writes have numbers of their own.
  Result<std::vector<CheckResult>> Run(const mongoc_uri_t* uri, const Setup& setup,
                                       const std::list<Feed>& feeds);

 private:
  Result<std::vector<std::uint64_t>> FindNumbers(const mongoc_uri_t* uri, const Setup& setup,
                                                 const std::list<Feed>& feeds) const;

  std::vector<Check> checks_;
  std::optional<WriteLog> log_;
  std::vector<std::pair<std::string, std::string>> left_out_;  // collection, and why
};

}  // namespace mbench::mongodb
