// SPDX-License-Identifier: Apache-2.0
//
// Replies of memcached: any bytes end in an answer, a wish for more, or a dropped line, and never
// take more than there is.
//
// The first byte says which op waits for them, the second how much of the rest comes at first.
#include <array>
#include <cstdint>
#include <string_view>

#include "drivers/memcached/memcached_protocol.h"
#include "harness/base/check.h"

namespace {

using mbench::Op;
using mbench::OpKind;
using mbench::Reply;

// Until the op has ended or nothing more can be told from `in`.
void Hear(mbench::memcached::Protocol* protocol, mbench::Call* call, std::string_view in,
          std::size_t first) {
  std::string said;
  for (std::size_t used = 0, come = first;;) {
    const Reply reply = protocol->ReadReply(in.substr(used, come - used), come == in.size(), call);
    MB_CHECK(reply.consumed <= come - used, "{} of {}", reply.consumed, come - used);
    used += reply.consumed;
    if (reply.kind == Reply::Kind::kGoOn) {
      MB_CHECK(reply.consumed > 0, "goes on without reading");
      protocol->AppendNextStep(call, &said);
    } else if (reply.kind != Reply::Kind::kIncomplete || come == in.size()) {
      return;
    } else {
      come = in.size();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static const std::array<Op, 7> kOps = {{
      {.kind = OpKind::kRead, .key = "a"},
      {.kind = OpKind::kRead, .field = 1, .key = "a"},
      {.kind = OpKind::kInsert, .key = "a", .value = "12345"},
      {.kind = OpKind::kUpdate, .field = 1, .key = "a", .value = "12345"},
      {.kind = OpKind::kDelete, .key = "a"},
      {.kind = OpKind::kStatement, .statement = mbench::memcached::kStats},
      {.kind = OpKind::kStatement, .statement = mbench::memcached::kVersion},
  }};
  const std::string_view in(reinterpret_cast<const char*>(data) + 2, size - 2);
  mbench::ErrorTable errors;
  mbench::memcached::Protocol protocol(3, "", nullptr, &errors);
  std::size_t consumed = 0;
  (void)protocol.ReadHello(in, &consumed);
  MB_CHECK(consumed <= in.size(), "{}", consumed);
  mbench::Call call;
  call.op = kOps[data[0] % kOps.size()];
  std::string said;
  protocol.AppendRequest(&call, &said);
  Hear(&protocol, &call, in, in.size() * data[1] / 256);
  return 0;
}
