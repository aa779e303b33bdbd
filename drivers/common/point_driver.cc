// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/point_driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

// Beside the time-out of an op: for all connections to be made.
constexpr Ticks kPointConnectPatience = 5 * kSecond;
constexpr Ticks kPointLookPatience = kSecond;  // it is asked each second
constexpr Ticks kPointCountPatience = 10 * kMinute;

// Such as points of batches that failed: they may stand where lost ones were.
std::string MoreText(std::uint64_t more) {
  return more == 0 ? ""
                   : fmt::format(" at least, and {} more are there than were acknowledged",
                                 WithCommas(more));
}

}  // namespace

Result<DriverFacts> PointDriver::Open() {
  const Result<HttpPlace> place = ReadPlace();
  if (!place) return Failed(place);
  address_ = place->Address();
  if (place->IsTls()) {
    auto tls = TlsContext::Make(options_, {"http/1.1"});
    if (!tls) return Failed(tls);
    tls_ = std::move(*tls);
  }
  auto endpoint = Endpoint::Tcp(place->url.host, place->url.port);
  if (!endpoint) return Explain(endpoint.error());
  endpoint_ = *std::move(endpoint);
  return Meet();
}

Status PointDriver::Prepare(StatementSet statements) {
  auto made = MakeEach<PointRequest>(statements, [this](const StatementSpec& spec, SessionPhase) {
    return ReadOne(spec, [this](const StatementSpec& one, Complaints* complaints) {
      return ReadRequest(one, complaints);
    });
  });
  if (!made) return Failed(made);
  for (const SessionPhase phase : kSessionPhases)
    requests_[phase] = std::make_shared<PointRequests>(std::move((*made)[phase]));
  return logs_writes_ ? LookAtWrites(statements[SessionPhase::kRun]) : Status();
}

Result<std::unique_ptr<Session>> PointDriver::NewSession(const SessionPlan& plan) {
  WriteTally* const tally = plan.phase == SessionPhase::kRun ? &tally_ : nullptr;
  auto session = MakeSession(plan, requests_[plan.phase], tally);
  if (const Status up = session->Start(kPointConnectPatience + plan.timeout); !up)
    return Explain(up.error());
  return session;
}

// Each measurement has one statement that writes it, or nobody could tell what of it is whose.
Status PointDriver::LookAtWrites(const std::vector<StatementSpec>& statements) {
  std::set<std::string> tables;
  for (std::size_t i = 0; i < Run().size(); ++i) {
    const PointRequest& request = Run()[i];
    if (request.kind != PointRequest::Kind::kWrite) continue;
    const std::string title = TitleOf(statements[i], false);
    if (!request.shape.time)
      return BadConfig("{}: writes are verified by their times, and it has no time", title);
    if (!tables.insert(request.policy + "." + request.shape.table).second) {
      return BadConfig("{}: a second statement writes {}, so nobody could tell what is whose",
                       title, Quote(request.shape.table));
    }
  }
  tally_.Look(Run().size());
  return {};
}

Result<std::vector<CheckResult>> PointDriver::Verify() {
  std::vector<CheckResult> results;
  for (std::size_t i = 0; logs_writes_ && i < Run().size(); ++i) {
    const WriteTally::Written& written = tally_.Of(i);
    if (written.points == 0) continue;
    const std::uint64_t points = written.points + (KeepsRepeats() ? written.repeats.load() : 0);
    const Result<std::uint64_t> there = Count(
        {.written = Run()[i], .first = written.first, .last = written.last, .expected = points});
    if (!there) return Failed(there);
    const std::uint64_t lost = points - std::min(points, *there);
    results.push_back(
        {.what = fmt::format("acknowledged points of {}", Run()[i].shape.table),
         .target = "none lost",
         .measured = fmt::format("{} of {} lost{}", lost == 0 ? "none" : WithCommas(lost),
                                 WithCommas(points), MoreText(*there - (points - lost))),
         .ok = lost == 0 && *there == points});
  }
  return results;
}

std::unique_ptr<PointSession> PointDriver::MakeSession(
    const SessionPlan& plan, std::shared_ptr<const PointRequests> requests,
    WriteTally* tally) const {
  const auto pipeline = static_cast<std::uint32_t>(options_.Count("pipeline"));
  auto session =
      std::make_unique<PointSession>(plan, pipeline, tls_, &replies_, std::move(requests), tally);
  session->AddSystem(endpoint_);
  return session;
}

Result<std::string> PointDriver::Ask(PointRequest request, std::string* version, Ticks patience,
                                     Ticks to_connect) const {
  if (patience == 0) patience = timeout();
  if (to_connect == 0) to_connect = kPointConnectPatience + timeout();
  auto requests = std::make_shared<PointRequests>();
  requests->push_back(std::move(request));
  const auto session =
      MakeSession({.timeout = patience, .want_values = true}, std::move(requests), nullptr);
  if (Status up = session->Start(to_connect); !up) return Failed(up);
  Result<std::string> answer = session->Ask({.kind = OpKind::kStatement}, patience);
  if (version != nullptr) *version = session->Version();
  return answer;
}

bool PointDriver::Writes() const {
  for (const SessionPhase phase : kSessionPhases)
    for (const PointRequest& request : *requests_[phase])
      if (request.kind == PointRequest::Kind::kWrite) return true;
  return false;
}

Result<std::string> PointDriver::Glance(PointRequest request) const {
  return Ask(std::move(request), nullptr, kPointLookPatience, kPointLookPatience);
}

Ticks PointDriver::CountPatience() const { return std::max(kPointCountPatience, timeout()); }

Status PointDriver::Refused(const Error& error, const std::string& what) const {
  if (error.message.starts_with("no answer")) return Explain(error);
  return BadConfig("{}: {}: {}", address_, what, error.message);
}

tl::unexpected<Error> PointDriver::Explain(const Error& error) const {
  return tl::unexpected<Error>(Error{error.kind, fmt::format("{}: {}", address_, error.message)});
}

}  // namespace mbench
