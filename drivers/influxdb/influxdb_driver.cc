// SPDX-License-Identifier: Apache-2.0
//
// InfluxDB, and what takes its lines over HTTP.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "drivers/common/endpoint.h"
#include "drivers/driver.h"
#include "drivers/influxdb/influx_reply.h"
#include "drivers/influxdb/influx_session.h"
#include "drivers/influxdb/observe.h"
#include "drivers/observer.h"
#include "drivers/verifier.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace influx {
namespace {

// Beside the time-out of an op: for all connections to be made.
constexpr Ticks kConnectPatience = 5 * kSecond;

// To count what a run has written.
constexpr Ticks kLookPatience = kSecond;  // it is asked each second
constexpr Ticks kCountPatience = 10 * kMinute;

class InfluxDriver final : public Driver,
                           public StatementPreparer,
                           public SystemObserver,
                           public DataVerifier {
 public:
  explicit InfluxDriver(const OptionValues& options) : options_(options) {
    for (const SessionPhase phase : kSessionPhases) requests_[phase] = std::make_shared<Requests>();
  }

  Result<DriverFacts> Open() override {
    Result<Settings> settings = ReadSettings(options_);
    if (!settings) return Failed(settings);
    settings_ = *std::move(settings);
    if (settings_.IsTls()) {
      auto tls = TlsContext::Make(options_, {"http/1.1"});
      if (!tls) return Failed(tls);
      tls_ = std::move(*tls);
    }
    auto endpoint = Endpoint::Tcp(settings_.url.host, settings_.url.port);
    if (!endpoint) return Explain(endpoint.error());
    endpoint_ = *std::move(endpoint);
    std::string version;
    if (const auto pong = Ask(Get("/ping", settings_), &version); !pong)
      return Explain(pong.error());
    if (Status there = FindDatabase(); !there) return Failed(there);
    return DriverFacts{.system = version.empty() ? "InfluxDB's protocol" : "InfluxDB " + version,
                       .verbs = false};
  }

  StatementPreparer* Preparer() override { return this; }
  SystemObserver* Observer() override { return this; }
  DataVerifier* Verifier() override { return this; }

  Status Prepare(StatementSet statements) override {
    auto made = MakeEach<Request>(statements, [this](const StatementSpec& spec, SessionPhase) {
      return ReadOne(spec, [this](const StatementSpec& one, Complaints* complaints) {
        return ReadStatement(one, settings_, complaints);
      });
    });
    if (!made) return Failed(made);
    for (const SessionPhase phase : kSessionPhases)
      requests_[phase] = std::make_shared<Requests>(std::move((*made)[phase]));
    return logs_writes_ ? LookAtWrites(statements[SessionPhase::kRun]) : Status();
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    WriteTally* const tally = plan.phase == SessionPhase::kRun ? &tally_ : nullptr;
    auto session = MakeSession(plan, requests_[plan.phase], tally);
    if (const Status up = session->Start(kConnectPatience + plan.timeout); !up)
      return Explain(up.error());
    return session;
  }

  // ---- SystemObserver ----

  SystemFigures Observe() override {
    const Result<std::string> body =
        Ask(Get("/debug/vars", settings_), nullptr, kLookPatience, kLookPatience);
    return body ? observation_.Read(*body, settings_.database) : SystemFigures();
  }
  SystemRemarks Examine(const std::vector<std::vector<std::string>>&) override { return {}; }

  SystemRemarks ExamineAfter() override {
    SystemRemarks remarks;
    const std::uint64_t dropped = tally_.Dropped(), partial = tally_.Partial();
    if (partial == 0) return remarks;
    remarks.facts["points dropped"] = fmt::format("{} in {} partial writes", dropped, partial);
    remarks.warnings.push_back(
        fmt::format("the server dropped {} points of {} batches and wrote the others of them; "
                    "these batches count as failed",
                    dropped, partial));
    return remarks;
  }

  // ---- DataVerifier ----

  bool FollowsWrites() const override { return true; }

  Status LogWrites() override {
    logs_writes_ = true;
    return {};
  }

  Result<std::vector<CheckResult>> Verify() override {
    std::vector<CheckResult> results;
    const Requests& requests = *requests_[SessionPhase::kRun];
    for (std::size_t i = 0; logs_writes_ && i < requests.size(); ++i) {
      const WriteTally::Written& written = tally_.Of(i);
      if (written.points == 0) continue;
      const Result<std::uint64_t> there = CountBetween(requests[i], written.first, written.last);
      if (!there) return Failed(there);
      const std::uint64_t points = written.points, lost = points - std::min(points, *there);
      results.push_back(
          {.what = fmt::format("acknowledged points of {}", requests[i].shape.table),
           .target = "none lost",
           .measured = fmt::format("{} of {} lost{}", lost == 0 ? "none" : WithCommas(lost),
                                   WithCommas(points), MoreText(*there - (points - lost))),
           .ok = lost == 0 && *there == points});
    }
    return results;
  }

 private:
  // Each measurement has one statement that writes it, or nobody could tell what of it is whose.
  Status LookAtWrites(const std::vector<StatementSpec>& statements) {
    const Requests& requests = *requests_[SessionPhase::kRun];
    std::set<std::string> tables;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (requests[i].kind != Request::Kind::kWrite) continue;
      const std::string title = TitleOf(statements[i], false);
      if (!requests[i].shape.time)
        return BadConfig("{}: writes are verified by their times, and it has no time", title);
      if (!tables.insert(requests[i].policy + "." + requests[i].shape.table).second) {
        return BadConfig("{}: a second statement writes {}, so nobody could tell what is whose",
                         title, Quote(requests[i].shape.table));
      }
    }
    tally_.Look(requests.size());
    return {};
  }

  // Such as points of batches that failed: they may stand where lost ones were.
  static std::string MoreText(std::uint64_t more) {
    return more == 0 ? ""
                     : fmt::format(" at least, and {} more are there than were acknowledged",
                                   WithCommas(more));
  }

  // In ns.
  static std::int64_t UnitOf(TimeUnit unit) {
    std::int64_t length = 1;
    for (auto i = static_cast<int>(unit); i > 0; --i) length *= 1000;
    return length;
  }

  // The first time was cut to its unit when it was written.
  Result<std::uint64_t> CountBetween(const Request& request, std::int64_t first,
                                     std::int64_t last) const {
    const std::string policy = request.policy.empty() ? "" : QuotedName(request.policy) + ".";
    const std::string text =
        fmt::format("SELECT count({}) FROM {}{} WHERE time >= {} AND time <= {}",
                    QuotedName(request.shape.fields[0].name), policy,
                    QuotedName(request.shape.table), first - first % UnitOf(request.unit), last);
    const Result<std::string> answer =
        Ask(Query(text, true, settings_), nullptr, std::max(kCountPatience, timeout()));
    if (!answer) return Explain(answer.error());
    return ReadCount(*answer);
  }

  std::unique_ptr<InfluxSession> MakeSession(const SessionPlan& plan,
                                             std::shared_ptr<const Requests> requests,
                                             WriteTally* tally) const {
    const auto pipeline = static_cast<std::uint32_t>(options_.Count("pipeline"));
    auto session =
        std::make_unique<InfluxSession>(plan, pipeline, tls_, std::move(requests), tally);
    session->AddSystem(endpoint_);
    return session;
  }

  // One request by itself, on a connection of its own: the body of the reply.
  Result<std::string> Ask(Request request, std::string* version = nullptr, Ticks patience = 0,
                          Ticks to_connect = 0) const {
    if (patience == 0) patience = timeout();
    if (to_connect == 0) to_connect = kConnectPatience + timeout();
    auto requests = std::make_shared<Requests>();
    requests->push_back(std::move(request));
    const auto session =
        MakeSession({.timeout = patience, .want_values = true}, std::move(requests), nullptr);
    if (Status up = session->Start(to_connect); !up) return Failed(up);
    Result<std::string> answer = session->Ask({.kind = OpKind::kStatement}, patience);
    if (version != nullptr) *version = session->Version();
    return answer;
  }

  // Makes it when that was asked for. Buckets of version 2 are asked for by the first write.
  Status FindDatabase() const {
    if (settings_.v2) return {};
    const std::string quoted = QuotedName(settings_.database);
    if (settings_.create) {
      const auto made = Ask(Query("CREATE DATABASE " + quoted, false, settings_));
      if (made) return {};
      return Refused(made.error(), "cannot make the database " + quoted);
    }
    const auto found = Ask(Query("SHOW RETENTION POLICIES ON " + quoted, true, settings_));
    if (found) return {};
    const std::string& said = found.error().message;
    if (!said.starts_with("database not found"))
      return Refused(found.error(), "cannot use the database " + quoted);
    return BadConfig("{} has no database {}; make it, or give create: true", Address(), quoted);
  }

  // What the server says of it was no lack of an answer.
  Status Refused(const Error& error, const std::string& what) const {
    if (error.message.starts_with("no answer")) return Explain(error);
    return BadConfig("{}: {}: {}", Address(), what, error.message);
  }

  std::string Address() const {
    return fmt::format("{}://{}", settings_.url.scheme, settings_.authority);
  }
  tl::unexpected<Error> Explain(const Error& error) const {
    return tl::unexpected<Error>(
        Error{error.kind, fmt::format("{}: {}", Address(), error.message)});
  }

  const OptionValues options_;
  Settings settings_;
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<Endpoint> endpoint_;
  ByPhase<std::shared_ptr<const Requests>> requests_;
  WriteTally tally_;
  Observation observation_;
  bool logs_writes_ = false;
};

}  // namespace
}  // namespace influx

extern const DriverInfo kInfluxdbDriver;
constinit const DriverInfo kInfluxdbDriver = {
    .name = "influxdb",
    .about = "InfluxDB 1 and 2, and what takes its lines: writes by batch, queries in InfluxQL",
    .options = influx::kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<influx::InfluxDriver>(options);
    },
    .language = {.verbs = false,
                 .words = influx::kWords,
                 .verifies_writes = true,
                 .observes = true,
                 .verifies_reads = false,
                 .check =
                     [](const StatementSpec& spec, Complaints* complaints) {
                       influx::ReadStatement(spec, {}, complaints);
                     }},
    .check_options = influx::CheckOptions,
    .urls = influx::kUrls,
};

}  // namespace mbench
