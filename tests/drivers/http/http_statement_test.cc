// SPDX-License-Identifier: Apache-2.0
//
// Statements of workload files: what they say to the server, byte for byte, and what is refused.
#include "drivers/http/http_statement.h"

#include <gmock/gmock.h>

#include "drivers/http/http_request.h"
#include "tests/body_of.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;
using Body = std::map<std::string, std::string>;

const HttpCommon kCommon = {.authority = "shop:8080", .base_path = "/api", .user_agent = "mbench"};

StatementSpec Spec(Body body, std::vector<std::string> arguments = {}) {
  return {.name = "get", .body = BodyOf(body), .arguments = std::move(arguments)};
}

Result<HttpStatement> Read(const StatementSpec& spec, const HttpCommon& common = kCommon) {
  ComplaintList complaints;
  HttpStatement statement = ReadHttpStatement(spec, common, &complaints);
  if (Status right = complaints.ToStatus("it"); !right) return Failed(right);
  return statement;
}

std::string Request(const StatementSpec& spec, std::vector<std::string_view> values = {},
                    const HttpCommon& common = kCommon) {
  const Result<HttpStatement> statement = Read(spec, common);
  if (!statement) return statement.error().message;
  std::string request;
  HttpRequest(*statement).AppendTo(values, &request);
  return request;
}

std::string Mistake(const StatementSpec& spec) {
  const Result<HttpStatement> statement = Read(spec);
  if (statement) return "none";
  EXPECT_EQ(statement.error().kind, ErrorKind::kUsage);
  return statement.error().message;
}

TEST(HttpStatement, IsSentWithHostAndUserAgentBehindTheBasePath) {
  EXPECT_EQ(Request(Spec({{"http", "GET /products/7?a=b"}})),
            "GET /api/products/7?a=b HTTP/1.1\r\nHost: shop:8080\r\nuser-agent: mbench\r\n\r\n");
}

TEST(HttpStatement, ValuesGoWhereTheirPlaceholdersStand) {
  const StatementSpec spec = Spec({{"http", "PUT /products/{key}?n={n}"},
                                   {"headers", R"({"X-Key": "<{key}>"})"},
                                   {"body", R"({"id": "{key}", "n": {n}})"}},
                                  {"n", "key"});
  EXPECT_EQ(Request(spec, {"12", "user7"}),
            "PUT /api/products/user7?n=12 HTTP/1.1\r\nHost: shop:8080\r\nX-Key: <user7>\r\n"
            "user-agent: mbench\r\nContent-Length: 24\r\n\r\n"
            R"({"id": "user7", "n": 12})");
}

TEST(HttpStatement, AConstantBodyIsMeasuredToo) {
  EXPECT_THAT(Request(Spec({{"http", "POST /a"}, {"body", "hello"}})),
              ::testing::EndsWith("\r\nContent-Length: 5\r\n\r\nhello"));
  EXPECT_THAT(Request(Spec({{"http", "POST /a"}})),
              ::testing::EndsWith("\r\nContent-Length: 0\r\n\r\n"));
}

TEST(HttpStatement, NoValueCanEndTheRequestLine) {
  const StatementSpec spec = Spec({{"http", "GET /{key}"}}, {"key"});
  const std::string request = Request(spec, {"a b\r\nX: 1\r\n\r\nGET /\x80#?/&%41"});
  EXPECT_THAT(request,
              ::testing::StartsWith(
                  "GET /api/a%20b%0D%0AX:%201%0D%0A%0D%0AGET%20/%80%23?/&%41 HTTP/1.1\r\n"));
}

TEST(HttpStatement, ALineBreakInAValueForAHeaderIsNotSent) {
  const Result<HttpStatement> statement =
      Read(Spec({{"http", "GET /"}, {"headers", R"({"x": "{key}"})"}}, {"key"}));
  ASSERT_TRUE(statement);
  HttpPrograms programs;
  programs.emplace_back(*statement);
  Op op{.kind = OpKind::kStatement};
  for (const std::string_view bad :
       std::vector<std::string_view>{"a\rb", "a\nb", std::string_view("a\0b", 3)}) {
    op.arguments = {&bad, 1};
    EXPECT_EQ(WhyNotHttp(programs, op), "line break in a value for a header");
  }
  const std::string_view good = "a: b, c\t";
  op.arguments = {&good, 1};
  EXPECT_EQ(WhyNotHttp(programs, op), "");
}

TEST(HttpStatement, ItsOwnHeadersReplaceThoseOfTheDriver) {
  HttpCommon common = kCommon;
  common.authorization = "Bearer abc";
  const std::string request =
      Request(Spec({{"http", "GET /"},
                    {"headers", R"({"Host": "other", "User-Agent": "x", "AUTHORIZATION": "y"})"}}),
              {}, common);
  EXPECT_EQ(request,
            "GET /api/ HTTP/1.1\r\nHost: other\r\nUser-Agent: x\r\nAUTHORIZATION: y\r\n\r\n");
}

TEST(HttpStatement, ATokenWithBracesIsNoTemplate) {
  HttpCommon common = kCommon;
  common.authorization = "Bearer {key}";
  EXPECT_THAT(Request(Spec({{"http", "GET /"}}), {}, common),
              HasSubstr("authorization: Bearer {key}\r\n"));
}

TEST(HttpStatement, MethodsHaveAnyName) {
  for (const std::string method : {"PROPFIND", "M-SEARCH", "purge", "Lock", "REPORT"}) {
    EXPECT_THAT(Request(Spec({{"http", method + " /a"}})),
                ::testing::StartsWith(method + " /api/a HTTP/1.1\r\n"));
  }
  for (const std::string method : {"get", "Delete", "CONNECT", "a/b", ""})
    EXPECT_THAT(Mistake(Spec({{"http", method + " /a"}})), HasSubstr("no method")) << method;
}

TEST(HttpStatement, AConnectionForEachRequestIsSaidToTheServer) {
  HttpCommon common = kCommon;
  common.closes = true;
  EXPECT_THAT(Request(Spec({{"http", "GET /"}}), {}, common),
              HasSubstr("\r\nconnection: close\r\n"));
  EXPECT_THAT(Mistake(Spec({{"http", "GET /"}, {"headers", R"({"Connection": "close"})"}})),
              HasSubstr("give it connection: close"));
}

TEST(HttpStatement, AsksTheWholeServerWithAStar) {
  EXPECT_THAT(Request(Spec({{"http", "OPTIONS *"}})),
              ::testing::StartsWith("OPTIONS * HTTP/1.1\r\n"));
}

TEST(HttpStatement, ExpectsWhatIsWritten) {
  const auto ok = [](const std::string& expect, std::size_t status) {
    Body body = {{"http", "GET /"}};
    if (!expect.empty()) body["expect"] = expect;
    return Read(Spec(body)).value().ok_status[status];
  };
  EXPECT_TRUE(ok("", 200) && ok("", 302) && !ok("", 404) && !ok("", 500));
  EXPECT_TRUE(ok(R"({"status": 404})", 404) && !ok(R"({"status": 404})", 200));
  EXPECT_TRUE(ok(R"({"status": "201"})", 201));
  EXPECT_TRUE(ok(R"({"status": [200, "4xx"]})", 418) && ok(R"({"status": [200, "4xx"]})", 200));
}

struct MistakeCase {
  StatementSpec spec;
  const char* message;
};

TEST(HttpStatement, SaysWhatIsWrongAndWhatWouldBeRight) {
  const std::vector<MistakeCase> cases = {
      {Spec({}),
       "statement 'get' says nothing that http knows; expected something like http: \"GET /pro"},
      {Spec({{"htp", "GET /"}}), "unknown key 'htp' in statement 'get'; did you mean 'http'?"},
      {Spec({{"http", "GET /"}, {"sql", "SELECT"}}),
       "unknown key 'sql' in statement 'get'; expected one of: http"},
      {Spec({{"http", "/products"}}), "'/products' begins with no method"},
      {Spec({{"http", "get /products"}}), "begins with no method"},
      {Spec({{"http", "CONNECT /"}}), "begins with no method"},
      {Spec({{"http", "GET products"}}), "the target 'products' does not begin with /"},
      {Spec({{"http", "GET /a HTTP/1.1"}}), "the target '/a HTTP/1.1' has a blank in it"},
      {Spec({{"http", "GET /{kye}"}}, {"key"}), "'kye'"},
      {Spec({{"http", "GET /"}, {"headers", "x"}}), "headers must be a map"},
      {Spec({{"http", "GET /"}, {"headers", R"({"a b": "c"})"}}), "'a b' is no name of a header"},
      {Spec({{"http", "GET /"}, {"headers", R"({"a": ["c"]})"}}), "the header 'a' is no text"},
      {Spec({{"http", "GET /"}, {"headers", R"({"a": "b\r\nc: d"})"}}), "has a line break in it"},
      {Spec({{"http", "GET /"}, {"headers", R"({"Content-Length": "3"})"}}),
       "the header 'Content-Length' is the driver's own business"},
      {Spec({{"http", "GET /"}, {"expect", "200"}}), "expect must be a map"},
      {Spec({{"http", "GET /"}, {"expect", R"({"stat": 1})"}}), "unknown key 'stat' in expect"},
      {Spec({{"http", "GET /"}, {"expect", R"({"status": 20})"}}), "'20' is no status"},
      {Spec({{"http", "GET /"}, {"expect", R"({"status": "2x0"})"}}), "'2x0' is no status"},
      {Spec({{"http", "GET /"}, {"expect", R"({"header": "x"})"}}), "header must be a map"},
  };
  for (const MistakeCase& one : cases) EXPECT_THAT(Mistake(one.spec), HasSubstr(one.message));
}

TEST(HttpStatement, KnowsLabelsAndRefusesOthers) {
  for (const char* label : {"", "status", "header:X-Cache", "json:", "json:/a/0/b~1c"}) {
    StatementSpec spec = Spec({{"http", "GET /"}});
    Say(&spec, "label", label);
    EXPECT_EQ(Mistake(spec), "none") << label;
  }
  for (const char* label : {"stat", "header:", "header:a b", "json:a", "json:/a~2"}) {
    StatementSpec spec = Spec({{"http", "GET /"}});
    Say(&spec, "label", label);
    EXPECT_THAT(Mistake(spec), HasSubstr("is not known; expected status")) << label;
  }
}

TEST(HttpStatement, KnowsVersionsAndRefusesOthers) {
  const auto reads = [](const std::string& version) {
    return Spec({{"http", "GET /"}, {"reads", R"({"key": "1", "version": ")" + version + R"("})"}});
  };
  for (const char* version : {"header:ETag", "json:", "json:/a/0"})
    EXPECT_EQ(Mistake(reads(version)), "none") << version;
  for (const char* version : {"status", "header:", "price", "json:a"})
    EXPECT_THAT(Mistake(reads(version)), HasSubstr("expected json:/pointer or header:NAME"))
        << version;
  EXPECT_THAT(Mistake(Spec({{"http", "GET /"}, {"reads", R"({"key": "1"})"}})),
              HasSubstr("'version' is missing in reads"));
  EXPECT_THAT(Mistake(Spec({{"http", "GET /"}, {"writes", R"({"key": "1"})"}})),
              HasSubstr("'version' is missing in writes"));
}

TEST(HttpStatement, HasNoTransactions) {
  StatementSpec spec = Spec({});
  spec.steps.push_back(Spec({{"http", "GET /"}}));
  EXPECT_THAT(Mistake(spec), HasSubstr("driver http has no transactions"));
}

}  // namespace
}  // namespace mbench
