// SPDX-License-Identifier: Apache-2.0
#include "harness/live/page_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <future>

#include "tests/live/watched.h"

namespace mbench {
namespace {

using testing::HasSubstr;
using testing::Not;

std::unique_ptr<PageServer> Serve() {
  auto server = PageServer::Open("127.0.0.1:0", "");
  EXPECT_TRUE(server) << server.error().message;
  return std::move(*server);
}

std::string PageOf(const PageServer& server) {
  httplib::Client client("127.0.0.1", server.Address().port);
  const auto reply = client.Get("/");
  return reply ? reply->body : "";
}

TEST(PageServer, IsForThisHostOnlyUnlessThereIsAToken) {
  const auto open = PageServer::Open("0.0.0.0:0", "");
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(open.error().message, HasSubstr("MBENCH_SERVE_TOKEN"));
  EXPECT_TRUE(PageServer::Open("0.0.0.0:0", "hunter2"));
}

TEST(PageServer, ShowsThatNothingIsMeasuredYet) {
  const auto server = Serve();
  WatchedStory story(OpenPlan());
  server->OnRun(story.run());
  EXPECT_THAT(PageOf(*server), HasSubstr("nothing has been measured yet"));
}

TEST(PageServer, ShowsWhatWasMeasuredSoFarAndInTheEndAllOfIt) {
  const auto server = Serve();
  WatchedStory story(OpenPlan());
  story.result().provenance.plan_json = "{}";
  story.Start(server.get());
  story.Second(server.get(), -kSecond);
  for (int second = 1; second <= 3; ++second) story.Second(server.get(), second * kSecond);
  const std::string running = PageOf(*server);
  EXPECT_THAT(running, HasSubstr("Running"));
  EXPECT_THAT(running, HasSubstr("3.00s of 2m00s measured"));
  EXPECT_THAT(running, HasSubstr("connect-src 'self'"));
  EXPECT_THAT(running, Not(HasSubstr("20260131T123456Z"))) << "its files are not whole yet";

  story.Second(server.get(), 4 * kSecond);
  story.result().measured_length = 4 * kSecond;
  story.result().account = AccountSoFar(story.result().total);
  server->OnEnd();
  const std::string ended = PageOf(*server);
  EXPECT_THAT(ended, HasSubstr("20260131T123456Z"));
  EXPECT_THAT(ended, Not(HasSubstr("2m00s measured, 1m5")));
}

// A second page within a hundred times what the first one took is the first one.
TEST(PageServer, MakesNoMorePagesThanItMay) {
  const auto server = Serve();
  WatchedStory story(OpenPlan());
  story.Start(server.get());
  story.Second(server.get(), kSecond);
  const std::string first = PageOf(*server);
  story.Second(server.get(), 2 * kSecond);
  EXPECT_EQ(PageOf(*server), first);
}

TEST(PageServer, TellsABrowserWhenThereIsMoreAndWhenItIsOver) {
  auto server = Serve();
  const int port = server->Address().port;
  WatchedStory story(OpenPlan());
  std::promise<void> first;
  auto events = std::async(std::launch::async, [&] {
    httplib::Client client("127.0.0.1", port);
    std::string all;
    client.Get("/events", [&](const char* data, std::size_t size) {
      if (all.empty()) first.set_value();
      all.append(data, size);
      if (all.find("event: end") != std::string::npos) httplib::Client("127.0.0.1", port).Get("/");
      return true;
    });
    return all;
  });
  first.get_future().wait();  // it is there
  story.Start(server.get());
  story.Second(server.get(), kSecond);
  server->OnEnd();
  server.reset();
  const std::string all = events.get();
  EXPECT_THAT(all, HasSubstr("event: more\n"));
  EXPECT_THAT(all, HasSubstr("event: end\n"));
}

}  // namespace
}  // namespace mbench
