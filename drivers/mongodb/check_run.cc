// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/check_run.h"

#include <fmt/format.h>

#include "drivers/mongodb/checks.h"
#include "drivers/mongodb/direct_session.h"
#include "harness/base/text.h"

namespace mbench::mongodb {
namespace {

std::string WhyNotDirect(const Request& request) {
  constexpr std::string_view kNo = "client: direct knows no {}; use client: libmongoc";
  const Action& action = request.steps[0];
  const std::string_view what = request.is_transaction               ? "transactions"
                                : action.kind == Action::Kind::kBulk ? "bulks"
                                : !action.acknowledged ? "writes that nobody acknowledges"
                                : !action.watch.empty()
                                    ? "change streams, so that watch cannot be done"
                                    : "";
  return what.empty() ? "" : fmt::format(kNo, what);
}

}  // namespace

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  const auto uri = ParseUri(options.Text("uri"), options.Text("password"));
  if (!uri) return {{"uri", uri.error().message}};
  if (options.Text("client") != "direct") return {};
  const std::string why = WhyNotDirect(uri->get());
  if (why.empty()) return {};
  return {{"client", why}};
}

void CheckStatement(const StatementSpec& spec, Complaints* complaints) {
  if (spec.use == StatementUse::kCheck) {
    ReadCheck(spec, complaints);
  } else {
    ReadRequest(spec, "database", false, complaints);
  }
}

void CheckRun(const OptionValues& options, const RunWants& wants, Complaints* complaints) {
  const auto uri = ParseUri(options.Text("uri"), options.Text("password"));
  if (!uri) return;  // that was told
  const UriConcerns concerns = UriConcerns::Of(uri->get());
  const bool direct = options.Text("client") == "direct";
  if (wants.verify_writes != nullptr) {
    if (const std::string why = WhyNotVerified(concerns, direct); !why.empty())
      complaints->Add(wants.verify_writes->place, why);
  }
  for (const StatementSpec* spec : wants.statements) {
    ComplaintList wrong;
    Request request = ReadRequest(*spec, "database", wants.verify_writes != nullptr, &wrong);
    const std::string why = Settle(concerns, direct, &request);
    if (wrong.Count() == 0 && !why.empty())
      complaints->Add(spec->place, fmt::format("statement {}: {}", Quote(spec->name), why));
  }
}

std::string Settle(const UriConcerns& uri, bool direct, Request* request) {
  for (Action& step : request->steps) AddConcerns(uri, direct, request->is_transaction, &step);
  if (direct) {
    if (std::string why = WhyNotDirect(*request); !why.empty()) return why;
  }
  if (request->is_transaction && !uri.acknowledged)
    return "a transaction has to be acknowledged; take w=0 out of the uri";
  for (const Action& step : request->steps) {
    if (step.acknowledged || (!step.tracing.logged && step.watch.empty())) continue;
    return fmt::format("{} needs writes that are acknowledged; take {}",
                       step.watch.empty() ? "verify" : "watch",
                       step.own_acknowledged ? "w: 0 out of writeConcern" : "w=0 out of the uri");
  }
  return "";
}

std::string WhyNotVerified(const UriConcerns& uri, bool direct) {
  if (direct) return "verify: writes are not known to client: direct; use client: libmongoc";
  if (!uri.acknowledged) return "verify: writes have to be acknowledged; take w=0 out of the uri";
  return "";
}

}  // namespace mbench::mongodb
