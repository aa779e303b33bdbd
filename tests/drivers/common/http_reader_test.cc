// SPDX-License-Identifier: Apache-2.0
//
// Replies of HTTP/1 as bytes: heads, and bodies in all framings, in one piece and in many.
#include "drivers/common/http_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

namespace mbench {
namespace {

// A reply as a session reads it, byte by byte or as it likes.
struct Seen {
  HttpRead result = HttpRead::kIncomplete;
  HttpHead head;
  std::string body;
  std::uint32_t bytes = 0;
  std::size_t consumed = 0;
  bool operator==(const Seen& other) const {
    return result == other.result && head.status == other.head.status &&
           head.closes == other.head.closes && body == other.body && bytes == other.bytes &&
           consumed == other.consumed;
  }
};

void PrintTo(const Seen& seen, std::ostream* out) {
  *out << fmt::format("result {} status {} closes {} body '{}' bytes {} consumed {}",
                      static_cast<int>(seen.result), seen.head.status, seen.head.closes, seen.body,
                      seen.bytes, seen.consumed);
}

// Reads `reply`, of which first `cut` bytes come and then the rest.
Seen Read(std::string_view reply, std::size_t cut, bool bodyless = false) {
  Seen seen;
  std::size_t have = cut;
  seen.result = ReadHead(reply.substr(0, have), {}, {}, &seen.head);
  if (seen.result == HttpRead::kIncomplete) {
    have = reply.size();
    seen.result = ReadHead(reply, {}, {}, &seen.head);
  }
  if (seen.result != HttpRead::kWhole) return seen;
  HttpBody body = BodyAfter(seen.head, bodyless);
  seen.consumed = seen.head.size;
  seen.result =
      ReadBody(reply.substr(0, have), have == reply.size(), &body, &seen.consumed, &seen.body);
  if (seen.result == HttpRead::kIncomplete && have < reply.size()) {
    seen.result = ReadBody(reply, true, &body, &seen.consumed, &seen.body);
  }
  seen.bytes = body.bytes;
  return seen;
}

Seen ReadAtOnce(std::string_view reply, bool bodyless = false) {
  return Read(reply, reply.size(), bodyless);
}

constexpr std::string_view kWithLength =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 5\r\nConnection: "
    "keep-alive\r\n\r\nhello";
constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;a=b\r\nhello\r\n1\r\n,\r\n006\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n";
constexpr std::string_view kUntilEnd = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello";

TEST(HttpReader, ReadsABodyOfAKnownLength) {
  const Seen seen = ReadAtOnce(kWithLength);
  EXPECT_EQ(seen.result, HttpRead::kWhole);
  EXPECT_EQ(seen.head.status, 200);
  EXPECT_EQ(seen.body, "hello");
  EXPECT_EQ(seen.bytes, 5u);
  EXPECT_FALSE(seen.head.closes);
  EXPECT_EQ(seen.consumed, kWithLength.size());
}

TEST(HttpReader, ReadsAChunkedBodyWithExtensionsAndTrailers) {
  const Seen seen = ReadAtOnce(kChunked);
  EXPECT_EQ(seen.result, HttpRead::kWhole);
  EXPECT_EQ(seen.body, "hello, world");
  EXPECT_EQ(seen.bytes, 12u);
  EXPECT_EQ(seen.consumed, kChunked.size());
}

TEST(HttpReader, ReadsABodyThatEndsWithTheConnection) {
  const Seen seen = ReadAtOnce(kUntilEnd);
  EXPECT_EQ(seen.result, HttpRead::kWhole);
  EXPECT_EQ(seen.body, "hello");
  EXPECT_TRUE(seen.head.closes);
}

TEST(HttpReader, AReplyCutAnywhereIsTheSameReply) {
  for (const std::string_view reply : {kWithLength, kChunked, kUntilEnd}) {
    const Seen whole = ReadAtOnce(reply);
    for (std::size_t cut = 0; cut < reply.size(); ++cut) {
      EXPECT_EQ(Read(reply, cut), whole) << "cut at " << cut << " of " << reply;
    }
  }
}

TEST(HttpReader, EveryFrontOfAReplyIsIncompleteAndNotAMistake) {
  for (const std::string_view reply : {kWithLength, kChunked}) {
    for (std::size_t size = 0; size < reply.size(); ++size) {
      Seen seen;
      const std::string_view front = reply.substr(0, size);
      seen.result = ReadHead(front, {}, {}, &seen.head);
      if (seen.result == HttpRead::kWhole) {
        HttpBody body = BodyAfter(seen.head, false);
        seen.consumed = seen.head.size;
        seen.result = ReadBody(front, false, &body, &seen.consumed, nullptr);
      }
      EXPECT_EQ(seen.result, HttpRead::kIncomplete) << front;
    }
  }
}

TEST(HttpReader, StopsAtTheEndOfTheFirstOfTwoReplies) {
  const std::string two = std::string(kChunked) + std::string(kWithLength);
  EXPECT_EQ(ReadAtOnce(two).consumed, kChunked.size());
}

TEST(HttpReader, SomeRepliesHaveNoBodyWhateverTheirHeadersSay) {
  for (const char* status : {"204 No Content", "304 Not Modified", "100 Continue"}) {
    const auto reply = fmt::format("HTTP/1.1 {}\r\nContent-Length: 5\r\n\r\n", status);
    EXPECT_EQ(ReadAtOnce(reply).result, HttpRead::kWhole) << status;
    EXPECT_EQ(ReadAtOnce(reply).consumed, reply.size()) << status;
  }
  const Seen head = ReadAtOnce("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true);
  EXPECT_EQ(head.result, HttpRead::kWhole) << "the reply to a HEAD";
}

struct HeadCase {
  std::string_view lines;
  bool closes;
};

TEST(HttpReader, KnowsWhenTheServerClosesTheConnection) {
  for (const HeadCase& one : std::vector<HeadCase>{
           {"HTTP/1.1 200 OK\r\n", false},
           {"HTTP/1.1 200 OK\r\nConnection: close\r\n", true},
           {"HTTP/1.1 200 OK\r\ncOnNeCtIoN:   CLOSE  \r\n", true},
           {"HTTP/1.1 200 OK\r\nConnection: upgrade, close\r\n", true},
           {"HTTP/1.1 200 OK\r\nX-Connection: close\r\n", false},
           {"HTTP/1.1 200 OK\r\nConnection: closed\r\n", false},
           {"HTTP/1.0 200 OK\r\n", true},
           {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n", false},
           {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n", false},
       }) {
    HttpHead head;
    ASSERT_EQ(ReadHead(std::string(one.lines) + "\r\n", {}, {}, &head), HttpRead::kWhole);
    EXPECT_EQ(head.closes, one.closes) << one.lines;
  }
}

TEST(HttpReader, AnUnknownTransferCodingEndsWithTheConnection) {
  HttpHead head;
  const std::string_view in =
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: gzip\r\n\r\n";
  ASSERT_EQ(ReadHead(in, {}, {}, &head), HttpRead::kWhole);
  EXPECT_EQ(BodyAfter(head, false).part, HttpBody::Part::kUntilEnd);
  const std::string_view chunked =
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n";
  ASSERT_EQ(ReadHead(chunked, {}, {}, &head), HttpRead::kWhole);
  EXPECT_EQ(BodyAfter(head, false).part, HttpBody::Part::kChunkSize);
}

TEST(HttpReader, LinesMayEndWithoutCarriageReturns) {
  const Seen seen = ReadAtOnce("HTTP/1.1 404 Not Found\nContent-Length: 2\n\nno");
  EXPECT_EQ(seen.result, HttpRead::kWhole);
  EXPECT_EQ(seen.head.status, 404);
  EXPECT_EQ(seen.body, "no");
}

TEST(HttpReader, HandsOutTheHeadersThatAreWanted) {
  const std::vector<std::string> wanted = {"x-cache", "x-none", "server"};
  std::vector<std::string_view> values(3);
  HttpHead head;
  const std::string_view in =
      "HTTP/1.1 200 OK\r\nServer:nginx\r\nX-Cachet: no\r\nX-CACHE: \t HIT \r\n\r\n";
  ASSERT_EQ(ReadHead(in, wanted, values, &head), HttpRead::kWhole);
  EXPECT_EQ(values[0], "HIT");
  EXPECT_EQ(values[1].data(), nullptr);
  EXPECT_EQ(values[2], "nginx");
}

struct BadCase {
  std::string_view reply;
  HttpRead result;
};

TEST(HttpReader, NamesWhatIsNotAReply) {
  for (const BadCase& one : std::vector<BadCase>{
           {"SSH-2.0-OpenSSH\r\n", HttpRead::kNotHttp},
           {"HTTQ", HttpRead::kNotHttp},
           {"HTTP/2 200\r\n\r\n", HttpRead::kNotHttp},
           {"HTTP/1.1 20 OK\r\n\r\n", HttpRead::kNotHttp},
           {"HTTP/1.1 099 OK\r\n\r\n", HttpRead::kNotHttp},
           {"HTTP/1.1 2000 OK\r\n\r\n", HttpRead::kNotHttp},
           {"HTTP/1.1 -20 OK\r\n\r\n", HttpRead::kNotHttp},
           {"HTTP/1.1\r\n\r\n", HttpRead::kNotHttp},
           {"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", HttpRead::kBadHeader},
           {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", HttpRead::kBadHeader},
           {"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", HttpRead::kBadHeader},
           {"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n", HttpRead::kBadHeader},
           {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            HttpRead::kBadHeader},
           {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            HttpRead::kBadHeader},
           {"HTTP/1.1 200 OK\r\nX: a\r\n folded\r\n\r\n", HttpRead::kBadHeader},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", HttpRead::kBadChunk},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", HttpRead::kBadChunk},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", HttpRead::kBadChunk},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
            HttpRead::kBadChunk},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
            HttpRead::kBadChunk},
       }) {
    EXPECT_EQ(ReadAtOnce(one.reply).result, one.result) << one.reply;
  }
}

TEST(HttpReader, RefusesAHeadOfMoreThan64KiB) {
  const std::string one_line = "HTTP/1.1 200 OK\r\nX: " + std::string(kMostHeadBytes, 'a');
  EXPECT_EQ(ReadAtOnce(one_line).result, HttpRead::kHeadTooLong);
  std::string lines = "HTTP/1.1 200 OK\r\n";
  while (lines.size() <= kMostHeadBytes) lines += "X: a\r\n";
  EXPECT_EQ(ReadAtOnce(lines).result, HttpRead::kHeadTooLong);
}

TEST(HttpReader, RefusesALineOfAChunkThatNeverEnds) {
  const std::string reply =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(5000, 'a');
  EXPECT_EQ(ReadAtOnce(reply).result, HttpRead::kBadChunk);
}

}  // namespace
}  // namespace mbench
