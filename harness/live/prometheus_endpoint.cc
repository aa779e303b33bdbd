// SPDX-License-Identifier: Apache-2.0
#include "harness/live/prometheus_endpoint.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <utility>
#include <vector>

#include "harness/base/console.h"
#include "reports/prometheus/exposition.h"

namespace mbench {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr SteadyClock::duration kLongestWait = std::chrono::seconds(20);
constexpr SteadyClock::duration kSlack = std::chrono::milliseconds(500);

}  // namespace

struct PrometheusEndpoint::Shown {
  std::mutex mutex;
  std::condition_variable scraped;
  std::vector<Metric> metrics;
  int version = 0;       // of metrics
  int seen_version = 0;  // by the last scrape
  int scrapes = 0;
  SteadyClock::time_point last_scrape;
  SteadyClock::duration between{};  // the last two scrapes

  HttpReply Scrape(const std::shared_ptr<Shown>& self) {
    std::vector<Metric> now;
    int shown = 0;
    {
      const std::lock_guard lock(mutex);
      now = metrics;
      shown = version;
      between = SteadyClock::now() - last_scrape;
      last_scrape = SteadyClock::now();
      ++scrapes;
    }
    return {.type = kPrometheusContentType, .body = RenderPrometheus(now), .sent = [self, shown] {
              const std::lock_guard lock(self->mutex);
              self->seen_version = shown;
              self->scraped.notify_all();
            }};
  }

  void WaitForLastScrape() {
    std::unique_lock lock(mutex);
    if (scrapes < 2) return;  // nobody comes regularly
    scraped.wait_until(lock, last_scrape + std::min(between * 2 + kSlack, kLongestWait),
                       [this] { return seen_version == version; });
  }
};

PrometheusEndpoint::PrometheusEndpoint(std::shared_ptr<Shown> shown) : shown_(std::move(shown)) {}

Result<std::unique_ptr<PrometheusEndpoint>> PrometheusEndpoint::Open(const std::string& address) {
  const Result<ListenAddress> endpoint = ParseListenAddress("--prometheus", address);
  if (!endpoint) return Failed(endpoint);
  auto shown = std::make_shared<Shown>();
  HttpSite site;
  site.pages["/metrics"] = [shown] { return shown->Scrape(shown); };
  Result<std::unique_ptr<HttpServer>> server =
      HttpServer::Listen("--prometheus", *endpoint, std::move(site));
  if (!server) return Failed(server);
  std::unique_ptr<PrometheusEndpoint> opened(new PrometheusEndpoint(std::move(shown)));
  opened->server_ = std::move(*server);
  WriteToStderr(fmt::format("metrics   http://{}/metrics", opened->Address().Text()));
  return opened;
}

PrometheusEndpoint::~PrometheusEndpoint() { shown_->WaitForLastScrape(); }

void PrometheusEndpoint::OnRun(const WatchedRun& run) {
  run_ = run;
  moment_ = {.side = run.label.side};
  Show(RunPhase::kLoad, nullptr);
}

void PrometheusEndpoint::OnLoad(std::uint64_t done, std::uint64_t /*records*/) {
  moment_.loaded_records = done;
  Show(RunPhase::kLoad, nullptr);
}

void PrometheusEndpoint::OnStart() {
  Show(run_.result->warmup_length > 0 ? RunPhase::kWarmup : RunPhase::kMeasure, nullptr);
}

void PrometheusEndpoint::OnInterval(const Interval& interval) {
  Show(PhaseOf(interval, *run_.result), &interval);
}

void PrometheusEndpoint::OnEnd() { Show(RunPhase::kEnded, nullptr); }

void PrometheusEndpoint::Show(RunPhase phase, const Interval* last) {
  moment_.phase = phase;
  moment_.last = last;
  std::vector<Metric> metrics = MakeMetrics(*run_.result, moment_);
  const std::lock_guard lock(shown_->mutex);
  shown_->metrics = std::move(metrics);
  ++shown_->version;
}

}  // namespace mbench
