// SPDX-License-Identifier: Apache-2.0
//
// Replies of HTTP/1: any bytes are a reply, half of one or a mistake, and the same whichever way
// they are cut. The first byte says where, and what is asked; the rest is what the server sends.
#include <cstdint>
#include <string>
#include <vector>

#include "drivers/http/http1_session.h"
#include "harness/base/check.h"
#include "tests/body_of.h"

namespace {

using mbench::Reply;

mbench::HttpPrograms Programs() {
  mbench::HttpPrograms programs;
  const std::vector<mbench::StatementSpec> specs = {
      {.name = "plain", .body = mbench::BodyOf({{"http", "GET /"}, {"label", "status"}})},
      {.name = "head", .body = mbench::BodyOf({{"http", "HEAD /"}, {"label", "header:x"}})},
      {.name = "looks",
       .body = mbench::BodyOf({{"http", "GET /"},
                               {"expect", R"({"body": "a", "header": {"x": "y"}})"},
                               {"label", "json:/a"}})}};
  for (const mbench::StatementSpec& spec : specs) {
    mbench::ComplaintList complaints;
    programs.emplace_back(mbench::ReadHttpStatement(spec, {.authority = "a"}, &complaints));
    MB_CHECK(complaints.Count() == 0, "{}", complaints.Messages()[0]);
  }
  return programs;
}

// As StreamLine does it. Says what came of the first reply, and how many bytes it had.
std::string ReadInParts(const mbench::HttpPrograms& programs, std::uint16_t statement,
                        std::string_view in, std::size_t cut) {
  mbench::ErrorTable errors, labels;
  mbench::Http1Protocol protocol(&programs, &errors, &labels, false);
  mbench::Call call{.op = {.kind = mbench::OpKind::kStatement, .statement = statement}};
  std::size_t used = 0;
  for (const std::size_t have : {cut, in.size()}) {
    const bool at_end = have == in.size();
    while (used < have || at_end) {
      const Reply reply = protocol.ReadReply(in.substr(used, have - used), at_end, &call);
      MB_CHECK(used + reply.consumed <= have, "{} of {} bytes", used + reply.consumed, have);
      used += reply.consumed;
      if (reply.kind == Reply::Kind::kMalformed) return errors.Name(reply.answer.error);
      if (reply.kind == Reply::Kind::kDone) {
        return fmt::format("done {} {} {} {} {}", used, reply.closes, Name(reply.answer.outcome),
                           errors.Name(reply.answer.error), labels.Name(reply.answer.label));
      }
      if (reply.consumed == 0) break;
    }
  }
  return "incomplete";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const mbench::HttpPrograms programs = Programs();
  if (size < 1) return 0;
  const std::string in(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto statement = static_cast<std::uint16_t>(data[0] % programs.size());
  const std::size_t cut = in.empty() ? 0 : data[0] % in.size();
  const std::string whole = ReadInParts(programs, statement, in, in.size());
  const std::string parts = ReadInParts(programs, statement, in, cut);
  MB_CHECK(whole == parts, "cut at {}: {}; whole: {}", cut, parts, whole);
  return 0;
}
