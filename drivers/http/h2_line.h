// SPDX-License-Identifier: Apache-2.0
//
// One connection of an H2Session. nghttp2 keeps the state of the protocol and knows nothing of
// sockets: bytes that came are handed to it, and bytes to be sent are taken from it.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/byte_line.h"
#include "drivers/http/h2_session.h"

namespace mbench {

// What nghttp2 is to tell an H2Line of.
void RegisterH2Line(nghttp2_session_callbacks* callbacks);

// A request on its way, and what has come of its reply.
struct H2Stream {
  Call* call = nullptr;  // null: it ran out of time
  std::int32_t id = 0;
  int status = 0;
  bool ended = false;     // the whole reply is there
  bool not_sent = false;  // never left our hands
  bool too_long = false;  // its body, to look into
  std::uint32_t bytes = 0;
  std::string request;  // body
  std::size_t sent = 0;
  std::string reply;                   // body, when somebody looks at it
  std::vector<std::string> headers;    // as HttpStatement::wanted_headers
  std::vector<std::string_view> came;  // views of them; nullptr: it did not come

  void Reset(Call* of);
};

class H2Line final : public ByteLine {
 public:
  H2Line(H2Session* session, std::size_t group) : ByteLine(session, group), owner_(session) {}

 private:
  friend struct H2Callbacks;
  void OnReady(std::uint32_t events) override;
  void OnOpen() override;
  std::size_t OnBytes(std::string_view in, bool at_end) override;
  void OnEnd(std::string_view why) override;
  void Send(Call* call) override;
  void Flush() override;
  bool Abandon(Call* call) override;
  void Disconnect() override;

  void SendAll();
  bool Collect(std::string* out);

  H2Stream* TakeStream(Call* call);
  void OnHeader(H2Stream* stream, std::string_view name, std::string_view value);
  void OnData(H2Stream* stream, std::string_view data);
  void OnFrame(const nghttp2_frame& frame);
  void OnClose(H2Stream* stream, std::uint32_t error);
  void Answered(const H2Stream& stream);

  H2Stream* Find(std::int32_t id) {
    return static_cast<H2Stream*>(nghttp2_session_get_stream_user_data(h2_.get(), id));
  }

  H2Session* owner_;
  std::unique_ptr<nghttp2_session, void (*)(nghttp2_session*)> h2_{nullptr, nghttp2_session_del};
  bool greeted_ = false;     // the server has said hello, in HTTP/2
  bool going_away_ = false;  // the server takes no more requests on this connection
  bool broken_ = false;      // a request could not be made
  bool has_answered_ = false;
  Ticks received_at_ = 0;
  std::vector<std::unique_ptr<H2Stream>> streams_;
  std::vector<H2Stream*> free_;
};

}  // namespace mbench
