// SPDX-License-Identifier: Apache-2.0
#include "harness/live/watchers.h"

#include <cstdio>

#include "harness/base/console.h"
#include "harness/base/environment.h"
#include "harness/base/turns.h"
#include "harness/live/csv_file.h"
#include "harness/live/otlp_push.h"
#include "harness/live/page_server.h"
#include "harness/live/progress.h"
#include "harness/live/prometheus_endpoint.h"
#include "reports/text/columns.h"

namespace mbench {
Result<std::unique_ptr<Watchers>> Watchers::Open(const WatchFlags& flags) {
  std::vector<std::unique_ptr<RunWatcher>> all;
  const Result<ProgressStyle> style = ParseProgress(flags.progress);
  if (!style) return Failed(style);
  all.push_back(std::make_unique<Progress>(*style));
  const auto add = [&all](auto opened) -> Status {
    if (!opened) return Failed(opened);
    all.push_back(std::move(*opened));
    return {};
  };
  if (!flags.csv.empty())
    if (Status added = add(CsvFile::Open(flags.csv)); !added) return Failed(added);
  if (!flags.prometheus.empty())
    if (Status added = add(PrometheusEndpoint::Open(flags.prometheus)); !added)
      return Failed(added);
  if (!flags.otlp.empty())
    if (Status added = add(OtlpPush::Open(flags.otlp, flags.otlp_every)); !added)
      return Failed(added);
  if (!flags.serve.empty())
    if (Status added = add(
            PageServer::Open(flags.serve, ProcessEnvironment(kServeTokenVariable).value_or("")));
        !added)
      return Failed(added);
  return std::make_unique<Watchers>(std::move(all));
}

Watchers::~Watchers() {
  for (const std::string& complaint : Complaints())
    WriteToStderr(fmt::format("mbench: {}", Printable(complaint)));
}

void Watchers::OnRun(const WatchedRun& run) {
  for (const auto& watcher : all_) watcher->OnRun(run);
}

void Watchers::OnLoad(std::uint64_t done, std::uint64_t records) {
  for (const auto& watcher : all_) watcher->OnLoad(done, records);
}

void Watchers::OnStart() {
  for (const auto& watcher : all_) watcher->OnStart();
}

void Watchers::OnInterval(const Interval& interval) {
  for (const auto& watcher : all_) {
    watcher->OnInterval(interval);
    LetOthersRun();
  }
}

void Watchers::OnEnd() {
  for (const auto& watcher : all_) watcher->OnEnd();
}

std::vector<std::string> Watchers::Complaints() {
  std::vector<std::string> complaints;
  for (const auto& watcher : all_)
    for (std::string& complaint : watcher->Complaints()) complaints.push_back(std::move(complaint));
  return complaints;
}

}  // namespace mbench
