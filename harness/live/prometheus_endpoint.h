// SPDX-License-Identifier: Apache-2.0
//
// --prometheus [ADDRESS]: what was measured so far, at /metrics, for a scraper that comes by.
//
// It is there from before the load phase until the command ends. When the last run is over, a
// scraper that came at least twice gets time for one more look, or the last counts would be lost to
// it: twice what it let pass between two looks, 20 s at most.
#pragma once

#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/live/http_server.h"
#include "harness/live/run_watcher.h"
#include "reports/model/metrics_model.h"

namespace mbench {

class PrometheusEndpoint : public RunWatcher {
 public:
  // Fails with kUsage. The address goes to stderr.
  static Result<std::unique_ptr<PrometheusEndpoint>> Open(const std::string& address);
  ~PrometheusEndpoint() override;

  void OnRun(const WatchedRun& run) override;
  void OnLoad(std::uint64_t done, std::uint64_t records) override;
  void OnStart() override;
  void OnInterval(const Interval& interval) override;
  void OnEnd() override;

  const ListenAddress& Address() const { return server_->Address(); }

 private:
  struct Shown;  // what scrapes see
  explicit PrometheusEndpoint(std::shared_ptr<Shown> shown);
  void Show(RunPhase phase, const Interval* last);

  std::shared_ptr<Shown> shown_;
  std::unique_ptr<HttpServer> server_;
  WatchedRun run_;
  MetricsMoment moment_;
};

}  // namespace mbench
