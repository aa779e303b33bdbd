// SPDX-License-Identifier: Apache-2.0
//
// InfluxDB, and what takes its lines over HTTP.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "drivers/common/point_driver.h"
#include "drivers/influxdb/influx_reply.h"
#include "drivers/influxdb/influx_statement.h"
#include "drivers/influxdb/observe.h"

namespace mbench {
namespace influx {
namespace {

class InfluxDriver final : public PointDriver {
 public:
  explicit InfluxDriver(const OptionValues& options) : PointDriver(options, &kReplies) {}

  SystemFigures Observe() override {
    const Result<std::string> body = Glance(GetRequest(settings_.place, "/debug/vars"));
    return body ? observation_.Read(*body, settings_.database) : SystemFigures();
  }

  SystemRemarks ExamineAfter() override {
    SystemRemarks remarks;
    const std::uint64_t dropped = tally().Dropped(), partial = tally().Partial();
    if (partial == 0) return remarks;
    remarks.facts["points dropped"] = fmt::format("{} in {} partial writes", dropped, partial);
    remarks.warnings.push_back(
        fmt::format("the server dropped {} points of {} batches and wrote the others of them; "
                    "these batches count as failed",
                    dropped, partial));
    return remarks;
  }

 private:
  Result<HttpPlace> ReadPlace() override {
    Result<Settings> settings = ReadSettings(options());
    if (!settings) return Failed(settings);
    settings_ = *std::move(settings);
    return settings_.place;
  }

  Result<DriverFacts> Meet() override {
    std::string version;
    if (const auto pong = Ask(GetRequest(settings_.place, "/ping"), &version); !pong)
      return Explain(pong.error());
    if (Status there = FindDatabase(); !there) return Failed(there);
    return DriverFacts{.system = version.empty() ? "InfluxDB's protocol" : "InfluxDB " + version,
                       .verbs = false};
  }

  PointRequest ReadRequest(const StatementSpec& spec, Complaints* complaints) const override {
    return ReadStatement(spec, settings_, complaints);
  }

  // The first time was cut to its unit when it was written.
  Result<std::uint64_t> Count(const Counted& counted) const override {
    const PointRequest& written = counted.written;
    const std::string policy = written.policy.empty() ? "" : QuotedName(written.policy) + ".";
    const std::string text = fmt::format(
        "SELECT count({}) FROM {}{} WHERE time >= {} AND time <= {}",
        QuotedName(written.shape.fields[0].name), policy, QuotedName(written.shape.table),
        counted.first - counted.first % LengthOf(written.unit), counted.last);
    const Result<std::string> answer = Ask(Query(text, true, settings_), nullptr, CountPatience());
    if (!answer) return Explain(answer.error());
    return ReadCount(*answer);
  }

  // A point takes the place of the one with its series and its time.
  bool KeepsRepeats() const override { return false; }

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
    return BadConfig("{} has no database {}; make it, or give create: true",
                     settings_.place.Address(), quoted);
  }

  Settings settings_;
  Observation observation_;
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
