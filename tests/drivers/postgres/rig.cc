// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/postgres/rig.h"

#include "drivers/registry.h"
#include "harness/base/check.h"
#include "tests/body_of.h"

namespace mbench::testing {
namespace {

std::string TableOfTest() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string name = fmt::format("t_{}", test->name()).substr(0, 60);
  return name;
}

}  // namespace

postgres::Admin Connect(const std::string& url) {
  const OptionValues options = OptionValues::Parse(FindDriver("postgres")->options, {}).value();
  auto admin = postgres::Admin::Connect(postgres::ReadServer(url, options).value());
  MB_CHECK(admin.has_value(), "{}", admin.error().message);
  return *std::move(admin);
}

PostgresRig::PostgresRig(const std::string& url, Options options)
    : url_(url), table_(TableOfTest()) {
  options.emplace("table", table_);
  options.emplace("url", url);
  driver_ = MakeDriver("postgres", options);
}

PostgresRig::~PostgresRig() {
  driver_.reset();
  Ask("DROP TABLE IF EXISTS \"" + table_ + "\"");
}

std::string PostgresRig::Open() {
  const auto facts = driver_->Open();
  if (!facts) return facts.error().message;
  facts_ = *facts;
  return "";
}

std::string PostgresRig::Prepare(std::vector<StatementSpec> statements) {
  records_ = statements.empty();
  return testing::Prepare(*driver_, std::move(statements));
}

std::unique_ptr<Session> PostgresRig::NewSession(const SessionPlan& plan, std::string* why) {
  SessionPlan own = plan;
  own.records = records_ || plan.phase == SessionPhase::kLoad;
  auto session = driver_->NewSession(own);
  if (session) return *std::move(session);
  if (why == nullptr) ADD_FAILURE() << session.error().message;
  if (why != nullptr) *why = session.error().message;
  return nullptr;
}

std::string PostgresRig::Ask(const std::string& sql) const {
  const auto answer = Connect(url_).Ask(sql);
  return answer ? *answer : answer.error().message;
}

StatementSpec Sql(std::string name, std::string text, std::vector<std::string> arguments) {
  return {.name = std::move(name),
          .body = BodyOf({{"sql", std::move(text)}}),
          .arguments = std::move(arguments)};
}

Op StatementOp(std::uint16_t statement, std::span<const std::string_view> arguments) {
  return {.kind = OpKind::kStatement, .statement = statement, .arguments = arguments};
}

}  // namespace mbench::testing
