// SPDX-License-Identifier: Apache-2.0
#include "harness/live/otlp_push.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "harness/result/json_text.h"
#include "tests/live/watched.h"

namespace mbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(ParseOtlpUrl, AddsThePathThatReceiversListenAt) {
  EXPECT_EQ(ParseOtlpUrl("http://127.0.0.1:4318")->path, "/v1/metrics");
  EXPECT_EQ(ParseOtlpUrl("http://127.0.0.1:4318/")->path, "/v1/metrics");
  const auto target = ParseOtlpUrl("https://otel.example/collect/v1/metrics");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->origin, "https://otel.example");
  EXPECT_EQ(target->path, "/collect/v1/metrics");
}

TEST(ParseOtlpUrl, RefusesSecretsWithoutShowingThem) {
  for (const char* url : {"http://user:hunter2@h:1", "http://h:1/v1/metrics?key=hunter2",
                          "ftp://hunter2/", "http:///hunter2", "hunter2"}) {
    const auto target = ParseOtlpUrl(url);
    ASSERT_FALSE(target) << url;
    if (std::string_view(url) != "http:///hunter2") {
      EXPECT_THAT(target.error().message, testing::Not(HasSubstr("hunter2")));
    }
  }
}

TEST(ParseOtlpList, IsReadAsOpenTelemetryWritesIt) {
  const auto values = ParseOtlpList("X", " Authorization=Bearer%20a%3Db , ,x=1%2");
  ASSERT_TRUE(values);
  EXPECT_THAT(*values, ElementsAre(Pair("Authorization", "Bearer a=b"), Pair("x", "1%2")));
  EXPECT_TRUE(ParseOtlpList("X", "")->empty());
}

TEST(ParseOtlpList, ComplainsWithoutShowingAValue) {
  for (const char* text : {"a=b,hunter2", "=hunter2", "a=hunter2%0d%0aevil:%201"}) {
    const auto values = ParseOtlpList("X", text);
    ASSERT_FALSE(values) << text;
    EXPECT_THAT(values.error().message, testing::Not(HasSubstr("hunter2")));
  }
}

// A receiver that does as it is told.
class Receiver {
 public:
  explicit Receiver(int status, std::string reply = "the reply is hunter2") {
    server_.Post("/v1/metrics", [this, status, reply](const httplib::Request& request,
                                                      httplib::Response& response) {
      std::unique_lock lock(mutex_);
      bodies_.push_back(request.body);
      authorization_ = request.get_header_value("Authorization");
      arrived_.notify_all();
      if (status == 0) arrived_.wait(lock, [this] { return leave_; });
      response.status = status == 0 ? 200 : status;
      response.set_content(reply, "text/plain");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    server_.WaitUntilReady();
  }
  ~Receiver() {
    Leave();
    server_.stop();
    thread_.join();
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void Leave() {
    const std::lock_guard lock(mutex_);
    leave_ = true;
    arrived_.notify_all();
  }
  void WaitFor(std::size_t bodies) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return bodies_.size() >= bodies; });
  }
  OtlpTarget Target() const {
    return {.origin = "http://127.0.0.1:" + std::to_string(port_),
            .path = "/v1/metrics",
            .headers = {{"Authorization", "Bearer hunter2"}},
            .resource = {{"service.name", "bench"}, {"team", "storage"}},
            .every = 1,
            .patience = 20 * kSecond};
  }
  std::vector<std::string> Bodies() {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  std::string Authorization() {
    const std::lock_guard lock(mutex_);
    return authorization_;
  }

 private:
  struct Server : httplib::Server {
    void WaitUntilReady() {
      while (!is_running()) std::this_thread::yield();
    }
  };
  Server server_;
  std::thread thread_;
  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::string> bodies_;
  std::string authorization_;
  bool leave_ = false;
};

std::int64_t SumOf(const std::string& body, const std::string& name) {
  std::int64_t sum = 0;
  const Json request = Json::parse(body);
  for (const Json& metric : request["resourceMetrics"][0]["scopeMetrics"][0]["metrics"])
    if (metric["name"] == name)
      for (const Json& point : metric["sum"]["dataPoints"])
        sum += std::stoll(point["asInt"].get<std::string>());
  return sum;
}

TEST(OtlpPush, SendsAllSinceTheStartEveryTime) {
  Receiver receiver(200);
  WatchedStory story(OpenPlan());
  OtlpPush push(receiver.Target());
  story.Start(&push);
  story.Second(&push, kSecond);
  receiver.WaitFor(1);
  story.Second(&push, 2 * kSecond);
  receiver.WaitFor(2);
  push.OnEnd();
  EXPECT_THAT(push.Complaints(), IsEmpty());
  const std::vector<std::string> bodies = receiver.Bodies();
  ASSERT_EQ(bodies.size(), 3);
  EXPECT_EQ(SumOf(bodies[0], "mbench.operations"), 1'001);
  EXPECT_EQ(SumOf(bodies[2], "mbench.operations"), 2'002);
  EXPECT_EQ(receiver.Authorization(), "Bearer hunter2");
  const Json resource = Json::parse(bodies[2])["resourceMetrics"][0]["resource"];
  EXPECT_THAT(resource.dump(), HasSubstr(R"("service.name","value":{"stringValue":"bench"})"));
  EXPECT_THAT(resource.dump(), HasSubstr(R"("team","value":{"stringValue":"storage"})"));
}

TEST(OtlpPush, TellsInTheEndOfAReceiverThatRefused) {
  Receiver receiver(500);
  WatchedStory story(OpenPlan());
  OtlpPush push(receiver.Target());
  story.Start(&push);
  story.Second(&push, kSecond);
  receiver.WaitFor(1);
  push.OnEnd();
  const std::vector<std::string> complaints = push.Complaints();
  ASSERT_EQ(complaints.size(), 1);
  EXPECT_THAT(complaints[0], HasSubstr("2 of 2 exports failed: 2 answered with 500; the last one, "
                                       "which holds all, did not arrive"));
  EXPECT_THAT(complaints[0], testing::Not(HasSubstr("hunter2")));
}

TEST(OtlpPush, TellsInTheEndOfPointsThatWereRejectedInA200) {
  for (const char* rejected : {"12", "\"12\""}) {
    Receiver receiver(200, fmt::format(R"({{"partialSuccess": {{"rejectedDataPoints": {}, )"
                                       R"("errorMessage": "hunter2"}}}})",
                                       rejected));
    WatchedStory story(OpenPlan());
    OtlpPush push(receiver.Target());
    story.Start(&push);
    push.OnEnd();
    const std::vector<std::string> complaints = push.Complaints();
    ASSERT_EQ(complaints.size(), 1U);
    EXPECT_THAT(complaints[0],
                HasSubstr("1 of 1 exports failed: 1 were taken without 12 of the data points"));
    EXPECT_THAT(complaints[0], testing::Not(HasSubstr("hunter2")));
  }
}

TEST(OtlpPush, APartialSuccessThatRejectsNothingIsOne) {
  Receiver receiver(200, R"({"partialSuccess": {"rejectedDataPoints": "0"}})");
  WatchedStory story(OpenPlan());
  OtlpPush push(receiver.Target());
  story.Start(&push);
  push.OnEnd();
  EXPECT_THAT(push.Complaints(), IsEmpty());
}

TEST(OtlpPush, TellsInTheEndThatNobodyIsThere) {
  OtlpTarget target = Receiver(200).Target();  // was there
  WatchedStory story(OpenPlan());
  OtlpPush push(target);
  story.Start(&push);
  push.OnEnd();
  ASSERT_EQ(push.Complaints().size(), 1);
  EXPECT_THAT(push.Complaints()[0], HasSubstr("1 of 1 exports failed: 1 got no answer ("));
}

TEST(OtlpPush, WaitsForNobodyAndKeepsAFewMessagesOnly) {
  Receiver receiver(0);
  WatchedStory story(OpenPlan());
  OtlpTarget target = receiver.Target();
  target.patience = 1;
  OtlpPush push(target);
  story.Start(&push);
  for (int second = 1; second <= 100; ++second) {
    story.Second(&push, second * kSecond);
    if (second == 1) receiver.WaitFor(1);
  }
  push.OnEnd();
  const std::vector<std::string> complaints = push.Complaints();
  ASSERT_EQ(complaints.size(), 1);
  // One is under way, four wait.
  EXPECT_THAT(complaints[0], HasSubstr("101 of 101 exports failed"));
  EXPECT_THAT(complaints[0], HasSubstr("96 did not fit into the queue"));
  EXPECT_THAT(complaints[0], HasSubstr("5 did not go out by the end"));
  receiver.Leave();
}

}  // namespace
}  // namespace mbench
