// SPDX-License-Identifier: Apache-2.0
//
// What drivers of systems have in common that take points as lines over HTTP and answer queries
// about them (influxdb, victoriametrics): connections, statements, and the question what became of
// acknowledged points. Such a driver says how a statement is asked, what a reply means, and how
// points are counted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "drivers/common/endpoint.h"
#include "drivers/common/point_session.h"
#include "drivers/driver.h"
#include "drivers/observer.h"
#include "drivers/verifier.h"

namespace mbench {

class PointDriver : public Driver,
                    public StatementPreparer,
                    public SystemObserver,
                    public DataVerifier {
 public:
  Result<DriverFacts> Open() final;
  Status Prepare(StatementSet statements) final;
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) final;

  StatementPreparer* Preparer() final { return this; }
  SystemObserver* Observer() final { return this; }
  DataVerifier* Verifier() final { return this; }

  SystemRemarks Examine(const std::vector<std::vector<std::string>>&) override { return {}; }

  bool FollowsWrites() const final { return true; }
  Status LogWrites() final {
    logs_writes_ = true;
    return {};
  }
  Result<std::vector<CheckResult>> Verify() final;

 protected:
  // What is counted of the points of a measurement, and between which times (ns since 1970).
  struct Counted {
    const PointRequest& written;
    std::int64_t first, last;
    std::uint64_t expected;  // as many ought to be there
  };

  // `replies` outlives it.
  PointDriver(const OptionValues& options, const PointReplies* replies)
      : options_(options), replies_(*replies) {
    for (const SessionPhase phase : kSessionPhases)
      requests_[phase] = std::make_shared<PointRequests>();
  }

  // One request by itself, on a connection of its own: the body of the reply.
  Result<std::string> Ask(PointRequest request, std::string* version = nullptr, Ticks patience = 0,
                          Ticks to_connect = 0) const;
  // A look each second: what does not come at once is left out.
  Result<std::string> Glance(PointRequest request) const;
  // What the server says of `what` was no lack of an answer.
  Status Refused(const Error& error, const std::string& what) const;
  tl::unexpected<Error> Explain(const Error& error) const;

  const OptionValues& options() const { return options_; }
  const PointRequests& Run() const { return *requests_[SessionPhase::kRun]; }
  bool Writes() const;  // whether any statement does
  const WriteTally& tally() const { return tally_; }
  Ticks CountPatience() const;

 private:
  // Fails with kUsage. Called first.
  virtual Result<HttpPlace> ReadPlace() = 0;
  // Fails where the system cannot be used.
  virtual Result<DriverFacts> Meet() = 0;
  virtual PointRequest ReadRequest(const StatementSpec& spec, Complaints* complaints) const = 0;
  // How many points are there, as far as the system can be made to say so.
  virtual Result<std::uint64_t> Count(const Counted& counted) const = 0;
  // Whether a point that is sent twice is there twice.
  virtual bool KeepsRepeats() const = 0;

  Status LookAtWrites(const std::vector<StatementSpec>& statements);
  std::unique_ptr<PointSession> MakeSession(const SessionPlan& plan,
                                            std::shared_ptr<const PointRequests> requests,
                                            WriteTally* tally) const;

  const OptionValues options_;
  const PointReplies& replies_;
  std::string address_;
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<Endpoint> endpoint_;
  ByPhase<std::shared_ptr<const PointRequests>> requests_;
  WriteTally tally_;
  bool logs_writes_ = false;
};

}  // namespace mbench
