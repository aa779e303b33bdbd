// SPDX-License-Identifier: Apache-2.0
//
// VictoriaMetrics: lines of InfluxDB by /write, queries in PromQL.
//
// It says 204 for lines that it cannot read, and for values that it does not keep; what it has left
// out since the run began is asked of its metrics when the run is over.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "drivers/common/point_driver.h"
#include "drivers/victoriametrics/server_page.h"
#include "drivers/victoriametrics/victoria_reply.h"
#include "drivers/victoriametrics/victoria_statement.h"
#include "harness/base/units.h"

namespace mbench {
namespace victoria {
namespace {

// Until its page of metrics is made anew, and between two looks at it.
constexpr Ticks kPagePatience = 3 * kSecond;
// For acknowledged points to be seen, where nobody may tell the server to make it so.
constexpr Ticks kSeenPatience = 10 * kSecond;
// In ms since 1970: a range that begins at 0 has no answer.
constexpr std::int64_t kEarliestAskedFor = 24 * 3600 * 1000;
constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr auto kBetweenLooks = std::chrono::milliseconds(100);

class VictoriaDriver final : public PointDriver {
 public:
  explicit VictoriaDriver(const OptionValues& options) : PointDriver(options, &kReplies) {}

  SystemFigures Observe() override {
    const Result<std::string> page = Glance(Metrics());
    return page ? observation_.Read(*page) : SystemFigures();
  }

  SystemRemarks ExamineAfter() override {
    SystemRemarks remarks;
    if (const std::string texts = TextFields(); !texts.empty())
      remarks.facts["texts stored as 0"] = texts;
    if (!hides_.empty() && hides_ != "0s" && std::ranges::any_of(Run(), AsksForRange)) {
      remarks.warnings.push_back(fmt::format(
          "in ranges of times the server shows nothing of the last {} (-search.latencyOffset), so "
          "that queries about what was just written had less to do",
          hides_));
    }
    if (!Writes()) return remarks;
    const Result<std::string> page = NewPage();
    const LeftOut now = page ? ReadLeftOut(*page) : LeftOut();
    if (now.empty() || at_begin_.empty()) {
      remarks.warnings.push_back(
          "the server did not show its metrics, so that nobody knows whether it left out lines "
          "for which it said 204");
      return remarks;
    }
    for (const auto& [what, count] : Since(at_begin_, now)) {
      const std::string text = WithCommas(static_cast<std::uint64_t>(count));
      remarks.facts["left out, " + what] = text;
      remarks.invalid.push_back(fmt::format(
          "the server said 204 and did not keep {} {}, of this run or of who else wrote to it "
          "meanwhile",
          text, what));
    }
    return remarks;
  }

 private:
  Result<HttpPlace> ReadPlace() override {
    Result<Settings> settings = ReadSettings(options());
    if (!settings) return Failed(settings);
    settings_ = *std::move(settings);
    return settings_.place;
  }

  // Its page may be closed to us; queries may not.
  Result<DriverFacts> Meet() override {
    if (const auto answer = Ask(Query("1", 1, settings_)); !answer) {
      if (Status refused = Refused(answer.error(), "cannot ask it"); !refused)
        return Failed(refused);
    }
    const Result<std::string> page = Ask(Metrics());
    if (page) at_begin_ = ReadLeftOut(*page);
    if (page) hides_ = FlagOf(*page, "search.latencyOffset");
    return DriverFacts{.system = page ? SystemOf(*page) : "VictoriaMetrics", .verbs = false};
  }

  PointRequest ReadRequest(const StatementSpec& spec, Complaints* complaints) const override {
    return ReadStatement(spec, settings_, complaints);
  }

  // What was written is seen a second later, or when the server is told to make it so. What it has
  // found for a selector it remembers for a while: each look has another one, by a label that
  // nothing has.
  Result<std::uint64_t> Count(const Counted& counted) const override {
    const Result<std::string> flushed =
        Ask(GetRequest(settings_.place, "/internal/force_flush"), nullptr, CountPatience());
    const std::int64_t length = LengthOf(counted.written.unit);
    const std::int64_t last = std::min(counted.last / kNsPerMs, LatestKept());
    const std::int64_t first =
        std::max((counted.first - counted.first % length) / kNsPerMs, kEarliestAskedFor);
    if (last < first) return 0;
    const Ticks deadline = Clock::Now() + kSeenPatience;
    for (;;) {
      const std::string text = fmt::format(
          "sum(count_over_time({}[{}ms]))",
          SelectorOf(counted.written.shape, 0, fmt::format("mbench_look_{}", ++looks_), settings_),
          last - first + 1);
      const auto answer = Ask(Query(text, last, settings_), nullptr, CountPatience());
      if (!answer) return Explain(answer.error());
      const std::uint64_t there = ReadCount(*answer);
      if (there >= counted.expected || flushed || Clock::Now() >= deadline) return there;
      std::this_thread::sleep_for(kBetweenLooks);
    }
  }

  // In ms since 1970: what lies further ahead is not kept, and cannot be asked for.
  static std::int64_t LatestKept() {
    using std::chrono::days, std::chrono::milliseconds;
    const auto latest = std::chrono::system_clock::now().time_since_epoch() + days(2);
    return std::chrono::duration_cast<milliseconds>(latest).count();
  }

  bool KeepsRepeats() const override { return true; }

  PointRequest Metrics() const { return GetRequest(settings_.place, "/metrics"); }

  // "quality of sensors"; "": there are none.
  std::string TextFields() const {
    std::string texts;
    for (const PointRequest& request : Run()) {
      for (const PointColumn& field : request.shape.fields) {
        if (field.type != ValueType::kText) continue;
        texts +=
            fmt::format("{}{} of {}", texts.empty() ? "" : ", ", field.name, request.shape.table);
      }
    }
    return texts;
  }

  // The server makes the page once a second and serves it until the next one: one that differs from
  // what it serves now has all that was written before.
  Result<std::string> NewPage() const {
    const Ticks deadline = Clock::Now() + kPagePatience;
    Result<std::string> page = Ask(Metrics());
    while (page && !ReadLeftOut(*page).empty() && Clock::Now() < deadline) {
      std::this_thread::sleep_for(kBetweenLooks);
      Result<std::string> next = Ask(Metrics());
      if (!next || *next != *page) return next;
    }
    return page;
  }

  Settings settings_;
  LeftOut at_begin_;
  std::string hides_;  // "30s": so much of what is new
  mutable std::uint64_t looks_ = static_cast<std::uint64_t>(Clock::Now());
  Observation observation_;
};

}  // namespace
}  // namespace victoria

extern const DriverInfo kVictoriametricsDriver;
constinit const DriverInfo kVictoriametricsDriver = {
    .name = "victoriametrics",
    .about = "VictoriaMetrics: writes by batch as lines of InfluxDB, queries in PromQL",
    .options = victoria::kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<victoria::VictoriaDriver>(options);
    },
    .language = {.verbs = false,
                 .words = victoria::kWords,
                 .verifies_writes = true,
                 .observes = true,
                 .verifies_reads = false,
                 .check =
                     [](const StatementSpec& spec, Complaints* complaints) {
                       victoria::ReadStatement(spec, {}, complaints);
                     }},
    .check_options = victoria::CheckOptions,
    .urls = victoria::kUrls,
};

}  // namespace mbench
