// SPDX-License-Identifier: Apache-2.0
//
// --otlp URL: what was measured so far, POSTed to an OpenTelemetry receiver every few seconds and
// once more at the end.
//
// A thread of its own sends; what waits for it is a short queue whose oldest item goes when it is
// full. Every message holds all since the start of the run, so none that is lost is missed later. A
// receiver that is slow, refuses or is gone is told of in the end and disturbs nothing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/result.h"
#include "harness/live/run_watcher.h"
#include "reports/model/metrics_model.h"

namespace mbench {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

struct OtlpTarget {
  std::string origin;         // "http://127.0.0.1:4318"
  std::string path;           // "/v1/metrics"
  NamedValues headers = {};   // secrets; in no message
  NamedValues resource = {};  // attributes besides our own
  Ticks every = 5 * kSecond;
  Ticks patience = 3 * kSecond;  // with the last message of a run
};

// OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES: "key=value,key=value", where a value may
// be percent-encoded. Fails without showing a value.
Result<NamedValues> ParseOtlpList(std::string_view variable, std::string_view text);

// http://HOST[:PORT][/PATH] or https://; without a path it is /v1/metrics. A URL with a password or
// a query is refused: the command line is stored in the result.
Result<OtlpTarget> ParseOtlpUrl(std::string_view url);

class OtlpPush : public RunWatcher {
 public:
  // Headers, service name and attributes come from the environment, as OpenTelemetry names them.
  // Fails with kUsage.
  static Result<std::unique_ptr<OtlpPush>> Open(const std::string& url, const std::string& every);
  explicit OtlpPush(OtlpTarget target);
  ~OtlpPush() override;

  void OnRun(const WatchedRun& run) override;
  void OnStart() override;
  void OnInterval(const Interval& interval) override;
  void OnEnd() override;
  std::vector<std::string> Complaints() override;

 private:
  class Sender;
  void Enqueue(RunPhase phase, const Interval* last);

  OtlpTarget target_;
  std::shared_ptr<Sender> sender_;
  WatchedRun run_;
  Ticks next_ = 0;
  std::int64_t start_ns_ = 0;  // Unix time of the run's first op; 0: it has not begun
};

}  // namespace mbench
