// SPDX-License-Identifier: Apache-2.0
//
// Replies of HTTP/1.0 and 1.1 (RFC 9112): pure functions of the bytes that have come.
//
// The head is read in one pass over its lines. Only what says where the reply ends is looked at,
// and the headers that somebody asked for; the others are stepped over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mbench {

struct HttpHead {
  static constexpr std::int64_t kNoLength = -1;
  std::size_t size = 0;  // bytes, with the empty line at its end
  int status = 0;        // 100..999
  bool closes = false;   // the server ends the connection after this reply
  bool chunked = false;
  bool coded = false;  // has a transfer-encoding: its length is not content_length
  std::int64_t content_length = kNoLength;
};

enum class HttpRead : std::uint8_t {
  kWhole,
  kIncomplete,
  kNotHttp,
  kBadHeader,
  kHeadTooLong,
  kBadChunk,
};

// A head longer than this is refused.
inline constexpr std::size_t kMostHeadBytes = 64 * 1024;
// Headers that a driver may look at in one reply.
inline constexpr std::size_t kMostWantedHeaders = 18;
// A body that a driver looks at and that is longer fails, and ends its connection.
inline constexpr std::size_t kMostWantedBody = 16 * 1024 * 1024;

// Reads the head at the front of `in`. `wanted`: names of headers in lower case; `values` gets
// their values, trimmed, as views into `in`, those that are not there as views of nullptr.
// REQUIRES: as many values as names wanted.
HttpRead ReadHead(std::string_view in, std::span<const std::string> wanted,
                  std::span<std::string_view> values, HttpHead* head);

// Where in its body a reply was left.
struct HttpBody {
  enum class Part : std::uint8_t {
    kDone,
    kLength,     // `left` more bytes
    kChunkSize,  // at the line with the size of a chunk
    kChunkData,  // `left` more bytes of a chunk
    kChunkEnd,   // at the line end behind a chunk
    kTrailer,    // at the lines behind the last chunk
    kUntilEnd,   // until the connection ends
  };
  Part part = Part::kDone;
  std::uint64_t left = 0;
  std::uint32_t bytes = 0;  // had so far, UINT32_MAX at most
};

// How the body behind `head` is framed. `bodyless`: the request was a HEAD.
HttpBody BodyAfter(const HttpHead& head, bool bodyless);

// Reads on and counts in `consumed` the bytes it needs no more. kWhole: the body has ended.
// `at_end`: nothing more will come. `text`, if not null, gets the body without its framing.
HttpRead ReadBody(std::string_view in, bool at_end, HttpBody* body, std::size_t* consumed,
                  std::string* text);

// Whether two names are the same but for upper and lower case. REQUIRES: `lower` is lower case.
bool IsNamed(std::string_view name, std::string_view lower);
std::string LowerCase(std::string_view text);  // of ASCII

}  // namespace mbench
