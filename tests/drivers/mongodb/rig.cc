// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/mongodb/rig.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "tests/body_of.h"

namespace mbench::testing {
namespace {

std::string DatabaseOfTest() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string name = fmt::format("t_{}_{}", getpid(), test->name()).substr(0, 50);
  std::ranges::replace(name, '/', '_');
  return name;
}

}  // namespace

MongoRig::MongoRig(const std::string& uri, Options options)
    : uri_(uri), password_(options["password"]), database_(DatabaseOfTest()) {
  options.emplace("uri", uri);
  options.emplace("database", database_);
  driver_ = MakeDriver("mongodb", options);
}

MongoRig::~MongoRig() {
  driver_.reset();
  if (facts_.system != "") Ask(R"({"dropDatabase": 1})");
}

std::string MongoRig::Open() {
  const auto facts = driver_->Open();
  if (facts) {
    facts_ = *facts;
    return "";
  }
  kind = facts.error().kind;
  return facts.error().message;
}

std::string MongoRig::Prepare(std::vector<StatementSpec> statements) {
  records_ = statements.empty();
  return testing::Prepare(*driver_, std::move(statements));
}

std::string MongoRig::Prepare(StatementSet statements) {
  return testing::Prepare(*driver_, std::move(statements));
}

std::unique_ptr<Session> MongoRig::NewSession(const SessionPlan& plan, std::string* why) {
  SessionPlan own = plan;
  own.records = records_ || plan.phase == SessionPhase::kLoad;
  auto session = driver_->NewSession(own);
  if (session) return *std::move(session);
  if (why == nullptr) ADD_FAILURE() << session.error().message;
  if (why != nullptr) *why = session.error().message;
  return nullptr;
}

std::unique_ptr<Session> MongoRig::Start(std::vector<StatementSpec> statements,
                                         const SessionPlan& plan) {
  EXPECT_EQ(Open(), "");
  EXPECT_EQ(Prepare(std::move(statements)), "");
  return NewSession(plan);
}

std::string MongoRig::AskIn(const std::string& database, const std::string& command) const {
  const auto uri = mongodb::ParseUri(uri_, password_);
  if (!uri) return uri.error().message;
  mongodb::Admin admin(uri->get());
  const auto reply = admin.Ask(database, command);
  if (!reply) return reply.error().message;
  char* const json = bson_as_relaxed_extended_json(reply->get(), nullptr);
  std::string text = json;
  bson_free(json);
  return text;
}

std::int64_t MongoRig::Count(const std::string& collection) const {
  const std::string reply = Ask(fmt::format(R"({{"count": "{}"}})", collection));
  const std::size_t at = reply.find("\"n\" : ");
  return at == std::string::npos ? -1 : std::stoll(reply.substr(at + 6));
}

std::string MongoRig::Primary() const {
  const std::string hello = AskIn("admin", R"({"isMaster": 1})");
  const std::size_t at = hello.find("\"primary\" : \"") + 13;
  return hello.substr(at, hello.find('"', at) - at);
}

int ProcessOf(const Server& server, const std::string& address) {
  const std::string ports = server.Fact("PORTS");
  const std::string port = address.substr(address.find(':') + 1);
  const auto end = ports.begin() + static_cast<std::ptrdiff_t>(ports.find(port));
  return 1 + static_cast<int>(std::count(ports.begin(), end, ','));
}

StatementSpec Statement(std::map<std::string, std::string> body,
                        std::vector<std::string> arguments) {
  return {.name = "it", .body = BodyOf(body), .arguments = std::move(arguments)};
}

Op StatementOp(std::uint16_t statement, std::span<const std::string_view> arguments) {
  return {.kind = OpKind::kStatement, .statement = statement, .arguments = arguments};
}

std::string Told(const Session& session, const Answer& answer) {
  const std::string outcome(Name(answer.outcome));
  return answer.error == 0 ? outcome
                           : fmt::format("{}: {}", outcome, session.DescribeError(answer.error));
}

}  // namespace mbench::testing
