// SPDX-License-Identifier: Apache-2.0
//
// InfluxDB, and what takes its lines over HTTP.
#include <memory>
#include <string>
#include <utility>

#include "drivers/common/endpoint.h"
#include "drivers/driver.h"
#include "drivers/influxdb/influx_session.h"
#include "drivers/observer.h"
#include "harness/base/text.h"

namespace mbench {
namespace influx {
namespace {

// Beside the time-out of an op: for all connections to be made.
constexpr Ticks kConnectPatience = 5 * kSecond;

class InfluxDriver final : public Driver, public StatementPreparer, public SystemObserver {
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

  Status Prepare(StatementSet statements) override {
    auto made = MakeEach<Request>(statements, [this](const StatementSpec& spec, SessionPhase) {
      return ReadOne(spec, [this](const StatementSpec& one, Complaints* complaints) {
        return ReadStatement(one, settings_, complaints);
      });
    });
    if (!made) return Failed(made);
    for (const SessionPhase phase : kSessionPhases)
      requests_[phase] = std::make_shared<Requests>(std::move((*made)[phase]));
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    WriteCounts* const counts = plan.phase == SessionPhase::kRun ? &counts_ : nullptr;
    auto session = MakeSession(plan, requests_[plan.phase], counts);
    if (const Status up = session->Start(kConnectPatience + plan.timeout); !up)
      return Explain(up.error());
    return session;
  }

  // ---- SystemObserver ----

  SystemFigures Observe() override { return {}; }
  SystemRemarks Examine(const std::vector<std::vector<std::string>>&) override { return {}; }

  SystemRemarks ExamineAfter() override {
    SystemRemarks remarks;
    const std::uint64_t dropped = counts_.dropped, partial = counts_.partial;
    if (partial == 0) return remarks;
    remarks.facts["points dropped"] = fmt::format("{} in {} partial writes", dropped, partial);
    remarks.warnings.push_back(
        fmt::format("the server dropped {} points of {} batches and wrote the others of them; "
                    "these batches count as failed",
                    dropped, partial));
    return remarks;
  }

 private:
  std::unique_ptr<InfluxSession> MakeSession(const SessionPlan& plan,
                                             std::shared_ptr<const Requests> requests,
                                             WriteCounts* counts) const {
    const auto pipeline = static_cast<std::uint32_t>(options_.Count("pipeline"));
    auto session =
        std::make_unique<InfluxSession>(plan, pipeline, tls_, std::move(requests), counts);
    session->AddSystem(endpoint_);
    return session;
  }

  // One request by itself, on a connection of its own: the body of the reply.
  Result<std::string> Ask(Request request, std::string* version = nullptr) const {
    auto requests = std::make_shared<Requests>();
    requests->push_back(std::move(request));
    const auto session =
        MakeSession({.timeout = timeout(), .want_values = true}, std::move(requests), nullptr);
    if (Status up = session->Start(kConnectPatience + timeout()); !up) return Failed(up);
    Result<std::string> answer = session->Ask({.kind = OpKind::kStatement}, timeout());
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
  WriteCounts counts_;
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
                 .verifies_reads = false,
                 .check =
                     [](const StatementSpec& spec, Complaints* complaints) {
                       influx::ReadStatement(spec, {}, complaints);
                     }},
    .check_options = influx::CheckOptions,
    .urls = influx::kUrls,
};

}  // namespace mbench
