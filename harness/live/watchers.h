// SPDX-License-Identifier: Apache-2.0
//
// All that watch the runs of a command, made from its flags and told as one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/live/run_watcher.h"

namespace mbench {

// As they are given; empty: not wanted.
struct WatchFlags {
  std::string progress = "auto";
  std::string csv = {};         // path
  std::string prometheus = {};  // address to listen on
  std::string otlp = {};        // URL
  std::string otlp_every = "5s";
  std::string serve = {};  // address to listen on

  // Whether any of them watches a run, besides the terminal.
  bool Any() const {
    return !csv.empty() || !prometheus.empty() || !otlp.empty() || !serve.empty();
  }
};

// Thread: main.
class Watchers : public RunWatcher {
 public:
  // Opens files and ports, so that what cannot be had is found out before anything is run. Fails
  // with kUsage.
  static Result<std::unique_ptr<Watchers>> Open(const WatchFlags& flags);

  explicit Watchers(std::vector<std::unique_ptr<RunWatcher>> all) : all_(std::move(all)) {}
  // Says on stderr what they complain of.
  ~Watchers() override;

  void OnRun(const WatchedRun& run) override;
  void OnLoad(std::uint64_t done, std::uint64_t records) override;
  void OnStart() override;
  void OnInterval(const Interval& interval) override;
  void OnEnd() override;
  std::vector<std::string> Complaints() override;

 private:
  std::vector<std::unique_ptr<RunWatcher>> all_;
};

}  // namespace mbench
