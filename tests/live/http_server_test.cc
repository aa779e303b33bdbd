// SPDX-License-Identifier: Apache-2.0
#include "harness/live/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <future>
#include <memory>

#include "harness/live/prometheus_endpoint.h"
#include "tests/live/watched.h"

namespace mbench {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ParseListenAddress, ReadsWhatPeopleWrite) {
  EXPECT_EQ(ParseListenAddress("--serve", "8080")->Text(), "127.0.0.1:8080");
  EXPECT_EQ(ParseListenAddress("--serve", "127.0.0.1:0")->Text(), "127.0.0.1:0");
  EXPECT_EQ(ParseListenAddress("--serve", "[::1]:80")->Text(), "[::1]:80");
  EXPECT_TRUE(ParseListenAddress("--serve", "127.8.0.1:80")->IsLoopback());
  EXPECT_TRUE(ParseListenAddress("--serve", "localhost:80")->IsLoopback());
  EXPECT_FALSE(ParseListenAddress("--serve", "0.0.0.0:80")->IsLoopback());
  EXPECT_FALSE(ParseListenAddress("--serve", "[::]:80")->IsLoopback());
  for (const char* bad : {"", "w.yaml", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:-1", "a.b:80",
                          "127.0.0.1:8o", "127.0.0.1:"})
    EXPECT_FALSE(ParseListenAddress("--serve", bad)) << bad;
}

TEST(NamesLoopback, IsFalseForNamesThatOthersMayPointAtUs) {
  for (const char* good : {"127.0.0.1:80", "127.0.0.1", "localhost:1", "[::1]:80", "[::1]"})
    EXPECT_TRUE(NamesLoopback(good)) << good;
  for (const char* bad : {"", "evil.example", "evil.example:80", "127.0.0.1.evil.example", "::"})
    EXPECT_FALSE(NamesLoopback(bad)) << bad;
}

std::unique_ptr<HttpServer> Serve(HttpSite site) {
  auto server = HttpServer::Listen("--serve", {.host = "127.0.0.1", .port = 0}, std::move(site));
  EXPECT_TRUE(server) << server.error().message;
  return std::move(*server);
}

HttpSite HelloSite(std::string token = {}) {
  HttpSite site;
  site.pages["/"] = [] { return HttpReply{.body = "hello"}; };
  site.token = std::move(token);
  return site;
}

TEST(HttpServer, RefusesAPortThatIsInUse) {
  const auto first = Serve(HelloSite());
  const auto second = HttpServer::Listen("--serve", first->Address(), HelloSite());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(second.error().message,
              HasSubstr("--serve: cannot listen on " + first->Address().Text() +
                        ": Address already in use"));
}

TEST(HttpServer, OnlyReads) {
  const auto server = Serve(HelloSite());
  httplib::Client client("127.0.0.1", server->Address().port);
  EXPECT_EQ(client.Get("/")->body, "hello");
  EXPECT_EQ(client.Get("/other")->status, 404);
  EXPECT_EQ(client.Post("/")->status, 405);
  EXPECT_EQ(client.Delete("/")->status, 405);
  EXPECT_EQ(client.Get("/", {{"Host", "evil.example"}})->status, 403);
}

TEST(HttpServer, WantsTheTokenWhenThereIsOne) {
  const auto server = Serve(HelloSite("hunter2"));
  httplib::Client client("127.0.0.1", server->Address().port);
  for (const char* path : {"/", "/?token=", "/?token=hunter", "/?token=hunter22"}) {
    EXPECT_EQ(client.Get(path)->status, 401) << path;
    EXPECT_THAT(client.Get(path)->body, Not(HasSubstr("hunter2")));
  }
  EXPECT_EQ(client.Get("/?token=hunter2")->status, 200);
  EXPECT_EQ(client.Get("/", {{"Authorization", "Bearer hunter2"}})->status, 200);
}

// Three pieces, then the end.
TEST(HttpServer, StreamsPieceByPiece) {
  HttpSite site;
  site.streams["/events"] = [] {
    return [left = std::make_shared<int>(3)]() -> std::string {
      return (*left)-- > 0 ? "data: x\n\n" : "";
    };
  };
  const auto server = Serve(std::move(site));
  httplib::Client client("127.0.0.1", server->Address().port);
  const auto reply = client.Get("/events", {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(reply->body, "data: x\n\ndata: x\n\ndata: x\n\n");
  EXPECT_EQ(reply->get_header_value("Content-Type"), "text/event-stream");
}

std::string Scrape(const PrometheusEndpoint& endpoint) {
  httplib::Client client("127.0.0.1", endpoint.Address().port);
  return client.Get("/metrics")->body;
}

TEST(PrometheusEndpoint, ShowsTheRunAsItGoes) {
  const auto endpoint = PrometheusEndpoint::Open("127.0.0.1:0");
  ASSERT_TRUE(endpoint);
  WatchedStory story(OpenPlan(), {"run 1 of 2, A", "A"});
  (*endpoint)->OnRun(story.run());
  (*endpoint)->OnLoad(500, 1000);
  EXPECT_THAT(Scrape(**endpoint), HasSubstr("mbench_loaded_records{run=\"shop\",side=\"A\"} 500"));
  story.Start(endpoint->get());
  story.Second(endpoint->get(), -kSecond);
  EXPECT_THAT(Scrape(**endpoint), HasSubstr("phase=\"warmup\"} 1"));
  story.Second(endpoint->get(), kSecond);
  story.Second(endpoint->get(), 2 * kSecond);
  const std::string text = Scrape(**endpoint);
  EXPECT_THAT(text, HasSubstr("phase=\"measure\"} 1"));
  EXPECT_THAT(text, HasSubstr("outcome=\"ok\"} 1800"));
  (*endpoint)->OnEnd();
  EXPECT_THAT(Scrape(**endpoint), HasSubstr("phase=\"ended\"} 1"));
}

// Who scrapes regularly is waited for once more, but not one who has seen all.
TEST(PrometheusEndpoint, DoesNotWaitForAScraperThatHasSeenAll) {
  auto endpoint = PrometheusEndpoint::Open("127.0.0.1:0");
  ASSERT_TRUE(endpoint);
  const int port = (*endpoint)->Address().port;
  WatchedStory story(OpenPlan());
  story.Start(endpoint->get());
  Scrape(**endpoint);
  story.Second(endpoint->get(), kSecond);
  (*endpoint)->OnEnd();
  Scrape(**endpoint);  // has seen all
  endpoint->reset();
  httplib::Client late("127.0.0.1", port);
  EXPECT_FALSE(late.Get("/metrics"));
}

}  // namespace
}  // namespace mbench
