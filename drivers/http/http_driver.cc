// SPDX-License-Identifier: Apache-2.0
//
// Services that speak HTTP/1.1 or HTTP/2, over TLS or not.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "drivers/common/endpoint.h"
#include "drivers/common/tls.h"
#include "drivers/driver.h"
#include "drivers/http/h2_session.h"
#include "drivers/http/http1_session.h"
#include "drivers/http/http_checks.h"
#include "drivers/http/http_request.h"
#include "drivers/verifier.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr auto kOptions = WithTlsOptions(std::array<OptionSpec, 10>{{
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "",
     .help = "http://host:port or https://..., with a path that stands before every target",
     .choices = "http|https",
     .required = true},
    {.name = "protocol",
     .type = OptionType::kChoice,
     .fallback = "http1",
     .help = "h2: over TLS by ALPN, in plain text because you know that the server speaks it",
     .choices = "http1|h2"},
    {.name = "connection",
     .type = OptionType::kChoice,
     .fallback = "keep-alive",
     .help = "close: a new connection for each request (http1), which is a part of its time",
     .choices = "keep-alive|close"},
    {.name = "socket",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "path of a socket of this host to connect to; the url says what is asked for there"},
    {.name = "probe",
     .type = OptionType::kText,
     .fallback = "",
     .help = "what is asked before the run, where any answer will do: \"GET /health\", or none; "
             "empty: HEAD of the path of the url"},
    PipelineOption("http1: requests in flight on one connection at most"),
    {.name = "streams",
     .type = OptionType::kCount,
     .fallback = "16",
     .help = "h2: requests in flight on one connection at most",
     .min = 1,
     .max = 10'000,
     .range = "1 to 10k"},
    {.name = "basic",
     .type = OptionType::kText,
     .fallback = "",
     .help = "user:password for basic authentication, as ${VAR}",
     .secret = true},
    {.name = "bearer",
     .type = OptionType::kText,
     .fallback = "",
     .help = "token for bearer authentication, as ${VAR}",
     .secret = true},
    {.name = "user_agent",
     .type = OptionType::kText,
     .fallback = "mbench",
     .help = "what the header User-Agent says; empty: there is none"},
}});

// The path of a URL on a command line is what is asked for, and not what stands before it.
constexpr auto kUrls = std::to_array<UrlForm>({
    {.scheme = "http", .request_word = "http", .login_option = "basic"},
    {.scheme = "https", .request_word = "http", .login_option = "basic"},
});

// Beside the time-out of an op: for all connections to be made.
constexpr Ticks kConnectPatience = 5 * kSecond;
constexpr std::string_view kNoProbe = "none";
constexpr std::string_view kUnnamed = "HTTP server";

// A statement whose answer may be any, and names the server.
HttpStatement ReadProbe(const std::string& request, const HttpCommon& common,
                        Complaints* complaints) {
  const auto say = [](std::string key, std::string text) {
    return ValueNode{.kind = ValueNode::Kind::kScalar, .text = std::move(text), .key = key};
  };
  StatementSpec spec{.name = "probe"};
  spec.body.children = {say("http", request), say("label", "header:server")};
  HttpStatement statement = ReadHttpStatement(spec, common, complaints);
  statement.ok_status.set();
  return statement;
}

// "": nothing.
std::string WrongProbe(const std::string& probe) {
  if (probe.empty() || probe == kNoProbe) return "";
  ComplaintList complaints;
  ReadProbe(probe, {}, &complaints);
  return complaints.Messages().empty() ? "" : complaints.Messages()[0];
}

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const auto wrong = [&mistakes](std::string_view option, std::string message) {
    mistakes.push_back({option, std::move(message)});
  };
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return {{"url", url.error().message}};
  if (url->has_user) {
    wrong("url",
          "user and password do not belong there; give basic: \"${VAR}\" with user:password in "
          "that variable");
  }
  if (!url->query.empty()) wrong("url", "a query belongs into the statements: http: \"GET /?a=b\"");
  if (options.Text("protocol") == "h2" && options.Count("pipeline") != 1)
    wrong("pipeline", "it is for http1; with h2 give streams");
  if (options.Text("connection") == "close" && options.Text("protocol") == "h2")
    wrong("connection", "close is for http1; with h2 requests share a connection");
  if (options.Text("connection") == "close" && options.Count("pipeline") != 1)
    wrong("pipeline", "a connection that is closed after each request has no pipeline");
  if (const std::string probe = WrongProbe(options.Text("probe")); !probe.empty())
    wrong("probe", probe);
  if (!options.Text("basic").empty() && !options.Text("bearer").empty())
    wrong("bearer", "give either basic or bearer");
  return mistakes;
}

class HttpDriver : public Driver, public StatementPreparer, public DataVerifier {
 public:
  explicit HttpDriver(const OptionValues& options) : options_(options) {
    for (const SessionPhase phase : kSessionPhases)
      programs_[phase] = std::make_shared<HttpPrograms>();
  }

  Result<DriverFacts> Open() override {
    for (const auto step : {&HttpDriver::ReadUrl, &HttpDriver::ReadCommon, &HttpDriver::MakeTls}) {
      if (const Status status = (this->*step)(); !status) return Failed(status);
    }
    const std::string& socket = options_.Text("socket");
    auto endpoint = socket.empty() ? Endpoint::Tcp(url_.host, url_.port) : Endpoint::Unix(socket);
    if (!endpoint) return Explain(endpoint.error());
    endpoint_ = *std::move(endpoint);
    const Result<std::string> system = AskWhoIsThere();
    if (!system) return Explain(system.error());
    return DriverFacts{.system = *system, .verbs = false};
  }

  StatementPreparer* Preparer() override { return this; }
  DataVerifier* Verifier() override { return this; }

  Result<std::vector<CheckResult>> Verify() override {
    std::vector<CheckResult> results;
    for (const HttpCheck& check : checks_) {
      Result<CheckResult> result = RunCheck(check);
      if (!result) return Failed(result);
      results.push_back(*std::move(result));
    }
    return results;
  }

  Status Prepare(StatementSet statements) override {
    auto made = MakeEach<HttpProgram>(
        statements, [this](const StatementSpec& spec, SessionPhase) -> Result<HttpProgram> {
          auto statement = ReadOne(spec, [this](const StatementSpec& one, Complaints* complaints) {
            return ReadHttpStatement(one, common_, complaints);
          });
          if (!statement) return Failed(statement);
          return HttpProgram(*std::move(statement));
        });
    if (!made) return Failed(made);
    for (const SessionPhase phase : kSessionPhases)
      programs_[phase] = std::make_shared<HttpPrograms>(std::move((*made)[phase]));
    for (const StatementSpec& spec : statements.checks) {
      Result<HttpCheck> check =
          ReadOne(spec, [this](const StatementSpec& one, Complaints* complaints) {
            return ReadHttpCheck(one, common_, complaints);
          });
      if (!check) return Failed(check);
      checks_.push_back(*std::move(check));
    }
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    std::unique_ptr<LineSession> session = MakeSession(plan, programs_[plan.phase]);
    const Status started = session->Start(kConnectPatience + plan.timeout);
    if (!started) return Explain(started.error());
    return session;
  }

 private:
  Status ReadUrl() {
    if (Status right = ToStatus(CheckOptions(options_)); !right) return right;
    url_ = *ParseUrl(options_.Text("url"));
    if (url_.port == 0) url_.port = IsTls() ? 443 : 80;
    return {};
  }

  Status ReadCommon() {
    const std::string host =
        url_.host.find(':') == std::string::npos ? url_.host : "[" + url_.host + "]";
    const bool usual_port = url_.port == (IsTls() ? 443 : 80);
    common_.authority = usual_port ? host : fmt::format("{}:{}", host, url_.port);
    AppendTarget(url_.raw_path, &common_.base_path);  // no braces: they would be placeholders
    while (common_.base_path.ends_with('/')) common_.base_path.pop_back();
    common_.closes = Closes();
    common_.user_agent = options_.Text("user_agent");
    if (BreaksHeader(common_.authority + common_.base_path + common_.user_agent)) {
      return BadConfig("options 'url' and 'user_agent' cannot have line breaks");
    }
    return ReadAuthorization();
  }

  // Messages never repeat what is secret.
  Status ReadAuthorization() {
    const std::string& basic = options_.Text("basic");
    const std::string& bearer = options_.Text("bearer");
    if (!basic.empty() && basic.find(':') == std::string::npos) {
      return BadConfig("option 'basic' has no colon; expected user:password");
    }
    if (BreaksHeader(bearer)) return BadConfig("option 'bearer' has a line break in it");
    if (!basic.empty()) common_.authorization = BasicAuthorization(basic);
    if (!bearer.empty()) common_.authorization = "Bearer " + bearer;
    return {};
  }

  Status MakeTls() {
    if (!IsTls()) return {};
    auto tls = TlsContext::Make(options_, {IsH2() ? "h2" : "http/1.1"});
    if (!tls) return Failed(tls);
    tls_ = std::move(*tls);
    return {};
  }

  // A reply that is not as expected is an answer, too: a wrong one.
  Result<CheckResult> RunCheck(const HttpCheck& check) {
    auto programs = std::make_shared<HttpPrograms>();
    programs->emplace_back(check.request);
    const auto session = MakeSession({.timeout = timeout()}, std::move(programs));
    if (const Status started = session->Start(kConnectPatience + timeout()); !started)
      return Explain(started.error());
    Completions done(2);
    const Op op{.kind = OpKind::kStatement};
    const Ticks deadline = Clock::Now() + timeout() + kSecond;
    while (session->Submit({&op, 1}, done) == 0 && Clock::Now() < deadline)
      session->Poll(deadline, done);
    while (done.Empty() && Clock::Now() < deadline) session->Poll(deadline, done);
    if (done.Empty() || done.View().front().outcome == Outcome::kTimedOut)
      return Unreachable("check {}: no answer in time", Quote(check.value.name));
    const Completion& answer = done.View().front();
    if (answer.outcome == Outcome::kOk && answer.label != 0)
      return JudgeValue(check.value, session->DescribeLabel(answer.label));
    return CheckResult{.what = check.value.name,
                       .target = check.value.compared ? "" : check.value.expect.Text(),
                       .measured = answer.error == 0 ? std::string(Name(answer.outcome))
                                                     : session->DescribeError(answer.error)};
  }

  // By default HEAD of the base path: a question without consequences.
  Result<std::string> AskWhoIsThere() {
    const std::string& probe = options_.Text("probe");
    HttpCommon common = common_;
    std::string request = probe;
    if (probe.empty())
      request = "HEAD " + (common.base_path.empty() ? "/" : std::exchange(common.base_path, ""));
    auto programs = std::make_shared<HttpPrograms>();
    ComplaintList complaints;
    if (probe != kNoProbe) programs->emplace_back(ReadProbe(request, common, &complaints));
    const auto session = MakeSession({.timeout = timeout()}, std::move(programs));
    if (const Status started = session->Start(kConnectPatience + timeout()); !started)
      return Failed(started);
    if (probe == kNoProbe) return std::string(kUnnamed);
    const Result<std::string> answer = session->Ask({.kind = OpKind::kStatement}, timeout());
    if (!answer && !IsAnswered(answer.error().message))
      return Unreachable("{}{}", answer.error().message, Advice(answer.error().message, request));
    const std::string server = answer ? session->DescribeLabel(1) : "absent";
    return server == "absent" ? std::string(kUnnamed) : server;
  }

  // With HTTP/2 a server may refuse a request that it does not like, such as HEAD, and others not.
  static bool IsAnswered(std::string_view error) { return error.starts_with("stream reset"); }

  // For who has a server that is there and does not like the question.
  static std::string Advice(std::string_view error, const std::string& request) {
    if (!error.starts_with("no answer") && !error.starts_with("connection closed")) return "";
    return fmt::format(
        ", to {}; where the server has no answer to that, give probe: \"GET /path\", "
        "or none",
        request);
  }

  std::unique_ptr<LineSession> MakeSession(const SessionPlan& plan,
                                           std::shared_ptr<const HttpPrograms> programs) const {
    if (IsH2()) {
      const auto streams = static_cast<std::uint32_t>(options_.Count("streams"));
      return std::make_unique<H2Session>(plan, streams, endpoint_, tls_, std::move(programs));
    }
    const auto pipeline = static_cast<std::uint32_t>(options_.Count("pipeline"));
    auto session =
        std::make_unique<Http1Session>(plan, pipeline, tls_, std::move(programs), Closes());
    session->AddSystem(endpoint_);
    return session;
  }

  bool IsTls() const { return url_.scheme == "https"; }
  bool IsH2() const { return options_.Text("protocol") == "h2"; }
  bool Closes() const { return options_.Text("connection") == "close"; }
  tl::unexpected<Error> Explain(const Error& error) const {
    const std::string& socket = options_.Text("socket");
    return tl::unexpected<Error>(
        Error{error.kind, fmt::format("{}://{}{}: {}", url_.scheme, common_.authority,
                                      socket.empty() ? "" : " at " + socket, error.message)});
  }

  const OptionValues options_;
  Url url_;
  HttpCommon common_;
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<Endpoint> endpoint_;
  ByPhase<std::shared_ptr<const HttpPrograms>> programs_;
  std::vector<HttpCheck> checks_;
};

}  // namespace

extern const DriverInfo kHttpDriver;
constinit const DriverInfo kHttpDriver = {
    .name = "http",
    .about = "services that speak HTTP/1.1 or HTTP/2, with TLS or without",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<HttpDriver>(options);
    },
    .language = {.verbs = false,
                 .words = kHttpWords,
                 .verifies_reads = false,
                 .check =
                     [](const StatementSpec& spec, Complaints* complaints) {
                       if (spec.use == StatementUse::kCheck)
                         ReadHttpCheck(spec, {}, complaints);
                       else
                         ReadHttpStatement(spec, {}, complaints);
                     }},
    .check_options = CheckOptions,
    .urls = kUrls,
};

}  // namespace mbench
