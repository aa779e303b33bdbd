// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/h2_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "harness/base/check.h"

namespace mbench {
namespace {

// What waits for room in the socket before no more is made.
constexpr std::size_t kMostUnsent = 256 * 1024;
// No server has to wait for us to read: bodies are taken as they come.
constexpr std::int32_t kWindow = 1 << 30;
constexpr std::size_t kFrameHead = 9;  // bytes in front of what a frame carries
constexpr std::string_view kMalformed = "malformed HTTP/2 from the server";
constexpr std::string_view kNotH2 = "the server does not speak HTTP/2";
constexpr std::string_view kGoingAway = "the server ended the connection (GOAWAY)";

std::string_view View(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

ssize_t ReadRequestBody(nghttp2_session*, std::int32_t, std::uint8_t* into, std::size_t size,
                        std::uint32_t* flags, nghttp2_data_source* source, void*) {
  auto* stream = static_cast<H2Stream*>(source->ptr);
  const std::size_t count = std::min(size, stream->request.size() - stream->sent);
  std::memcpy(into, stream->request.data() + stream->sent, count);
  stream->sent += count;
  if (stream->sent == stream->request.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(count);
}

}  // namespace

// ---- what nghttp2 tells ----

struct H2Callbacks {
  static H2Line* Of(void* user) { return static_cast<H2Line*>(user); }

  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                      std::size_t name_bytes, const std::uint8_t* value, std::size_t value_bytes,
                      std::uint8_t, void* user) {
    H2Stream* stream = Of(user)->Find(frame->hd.stream_id);
    if (stream != nullptr) {
      Of(user)->OnHeader(stream, View(name, name_bytes), View(value, value_bytes));
    }
    return 0;
  }

  static int OnData(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                    std::size_t size, void* user) {
    H2Stream* stream = Of(user)->Find(id);
    if (stream != nullptr) Of(user)->OnData(stream, View(data, size));
    return 0;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Of(user)->OnFrame(*frame);
    return 0;
  }

  // All frames of a reply, also those that go on with its headers.
  static int OnBeginFrame(nghttp2_session*, const nghttp2_frame_hd* frame, void* user) {
    H2Stream* stream = frame->stream_id == 0 ? nullptr : Of(user)->Find(frame->stream_id);
    if (stream != nullptr && stream->call != nullptr)
      stream->call->AddReceived(kFrameHead + frame->length);
    return 0;
  }

  static int OnFrameSent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    H2Stream* stream = frame->hd.stream_id == 0 ? nullptr : Of(user)->Find(frame->hd.stream_id);
    if (stream != nullptr && stream->call != nullptr)
      stream->call->AddSent(kFrameHead + frame->hd.length);
    return 0;
  }

  static int OnFrameNotSent(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
    H2Stream* stream = Of(user)->Find(frame->hd.stream_id);
    if (stream != nullptr && frame->hd.type == NGHTTP2_HEADERS) stream->not_sent = true;
    return 0;
  }

  static int OnClose(nghttp2_session*, std::int32_t id, std::uint32_t error, void* user) {
    H2Stream* stream = Of(user)->Find(id);
    if (stream != nullptr) Of(user)->OnClose(stream, error);
    return 0;
  }
};

void RegisterH2Line(nghttp2_session_callbacks* callbacks) {
  nghttp2_session_callbacks_set_on_header_callback(callbacks, H2Callbacks::OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, H2Callbacks::OnData);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, H2Callbacks::OnFrame);
  nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, H2Callbacks::OnBeginFrame);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, H2Callbacks::OnFrameSent);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, H2Callbacks::OnFrameNotSent);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, H2Callbacks::OnClose);
}

// ---- connecting ----

void H2Line::OnOpen() {
  if (transport().IsTls() && transport().NegotiatedProtocol() != "h2") {
    return owner_->Lost(this, kNotH2);
  }
  nghttp2_session* made = nullptr;
  const int error = nghttp2_session_client_new(&made, owner_->callbacks_.get(), this);
  MB_CHECK(error == 0, "{}", nghttp2_strerror(error));
  h2_.reset(made);
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(kWindow)}};
  nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(made, NGHTTP2_FLAG_NONE, 0, kWindow);
  SendAll();
}

void H2Line::Disconnect() {
  ByteLine::Disconnect();
  h2_.reset();
  greeted_ = going_away_ = broken_ = has_answered_ = false;
  received_at_ = 0;
  free_.clear();
  for (const auto& stream : streams_) free_.push_back(stream.get());
}

// ---- sending ----

void H2Stream::Reset(Call* of) {
  call = of;
  status = 0;
  ended = not_sent = too_long = false;
  bytes = 0;
  request.clear();
  sent = 0;
  reply.clear();
  came.clear();
}

H2Stream* H2Line::TakeStream(Call* call) {
  if (free_.empty()) {
    streams_.push_back(std::make_unique<H2Stream>());
    free_.push_back(streams_.back().get());
  }
  H2Stream* stream = free_.back();
  free_.pop_back();
  stream->Reset(call);
  return stream;
}

void H2Line::Send(Call* call) {
  const HttpStatement& statement = (*owner_->programs_)[call->op.statement].statement;
  H2Stream* stream = TakeStream(call);
  stream->headers.resize(std::max(stream->headers.size(), statement.wanted_headers.size()));
  stream->came.resize(statement.wanted_headers.size());
  if (statement.has_body) statement.body.AppendTo(call->op.arguments, &stream->request);
  const nghttp2_data_provider body{.source = {.ptr = stream}, .read_callback = ReadRequestBody};
  const auto headers = owner_->Render(call->op, stream->request.size());
  stream->id = nghttp2_submit_request(h2_.get(), nullptr, headers.data(), headers.size(),
                                      stream->request.empty() ? nullptr : &body, stream);
  call->state = reinterpret_cast<std::uintptr_t>(stream);
  if (stream->id < 0) broken_ = true;  // the numbers of streams are used up
}

void H2Line::Flush() {
  if (broken_) return owner_->Lost(this, "no more requests on this connection", true);
  SendAll();
  if (lost() || nghttp2_session_want_read(h2_.get()) != 0) return;
  // All is said: the server went away in good order, or the library found something wrong, and has
  // told the server what.
  if (going_away_ && calls().Empty()) {
    owner_->Lost(this, kGoingAway, has_answered_);
  } else {
    owner_->Lost(this, greeted_ ? kMalformed : kNotH2);
  }
}

void H2Line::SendAll() {
  for (bool more = true; more && !lost() && UnsentBytes() == 0;) {
    more = Collect(&owner_->out());
    Write();
  }
}

// Takes from the library what is to be sent. True: there is more than should wait for the socket.
bool H2Line::Collect(std::string* out) {
  while (UnsentBytes() + out->size() < kMostUnsent) {
    const std::uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(h2_.get(), &data);
    MB_CHECK(size >= 0, "{}", nghttp2_strerror(static_cast<int>(size)));  // no memory
    if (size == 0) return false;
    out->append(View(data, static_cast<std::size_t>(size)));
  }
  return true;
}

// The stream is reset, unless the line has been silent for all that time: then it may be dead.
bool H2Line::Abandon(Call* call) {
  auto* stream = reinterpret_cast<H2Stream*>(static_cast<std::uintptr_t>(call->state));
  if (stream == nullptr || stream->id < 0 || received_at_ < call->started) return false;
  stream->call = nullptr;
  return nghttp2_submit_rst_stream(h2_.get(), NGHTTP2_FLAG_NONE, stream->id, NGHTTP2_CANCEL) == 0;
}

// ---- receiving ----

// What has come may make the library say something, and what has left may make room for more.
void H2Line::OnReady(std::uint32_t events) {
  ByteLine::OnReady(events);
  if (h2_ != nullptr && !lost()) Flush();
}

void H2Line::OnEnd(std::string_view why) {
  if (going_away_) {  // what the library has not sent yet goes elsewhere
    Collect(&owner_->out());
    owner_->out().clear();
  }
  owner_->Lost(this, !greeted_ && why == kClosed ? kNotH2 : why, going_away_);
}

std::size_t H2Line::OnBytes(std::string_view in, bool at_end) {
  if (at_end) return 0;
  received_at_ = Clock::Now();
  const bool greeted_before = greeted_;
  const ssize_t taken = nghttp2_session_mem_recv(
      h2_.get(), reinterpret_cast<const std::uint8_t*>(in.data()), in.size());
  if (taken < 0) {
    owner_->Lost(this, greeted_ ? kMalformed : kNotH2);
  } else if (greeted_ && !greeted_before) {
    owner_->Connected(this);
  }
  return in.size();
}

void H2Line::OnFrame(const nghttp2_frame& frame) {
  if (frame.hd.type == NGHTTP2_SETTINGS) greeted_ = true;
  if (frame.hd.type == NGHTTP2_GOAWAY) {
    going_away_ = true;
    owner_->Retire(this);
  }
  const bool carries_reply = frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA;
  if (!carries_reply || (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return;
  if (H2Stream* stream = Find(frame.hd.stream_id); stream != nullptr) stream->ended = true;
}

void H2Line::OnHeader(H2Stream* stream, std::string_view name, std::string_view value) {
  if (name == ":status") {
    stream->status = 0;
    for (const char digit : value) stream->status = stream->status * 10 + (digit - '0');
    return;
  }
  if (stream->call == nullptr || stream->came.empty()) return;
  const HttpStatement& statement = (*owner_->programs_)[stream->call->op.statement].statement;
  for (std::size_t i = 0; i < stream->came.size(); ++i) {
    if (name == statement.wanted_headers[i]) stream->came[i] = stream->headers[i].assign(value);
  }
}

void H2Line::OnData(H2Stream* stream, std::string_view data) {
  const std::uint64_t bytes = std::uint64_t{stream->bytes} + data.size();
  stream->bytes = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(bytes, std::numeric_limits<std::uint32_t>::max()));
  if (stream->call == nullptr) return;
  const HttpStatement& statement = (*owner_->programs_)[stream->call->op.statement].statement;
  if (!statement.wants_body && !owner_->wants_bodies_) return;
  stream->too_long = bytes > HttpJudge::kMostBodyBytes;
  if (!stream->too_long) stream->reply += data;
}

void H2Line::OnClose(H2Stream* stream, std::uint32_t error) {
  Call* call = stream->call;
  if (call != nullptr) {
    const bool unseen = stream->not_sent || (going_away_ && error == NGHTTP2_REFUSED_STREAM);
    if (unseen && !stream->ended) {
      owner_->Redirect(call, group());
    } else if (stream->ended && stream->status >= 200 && stream->status < 1000) {
      Answered(*stream);
    } else {
      Answer answer =
          owner_->judge_.Fail(fmt::format("stream reset ({})", nghttp2_http2_strerror(error)));
      // The server says that it has not begun with it.
      if (error == NGHTTP2_REFUSED_STREAM) answer.outcome = Outcome::kRejected;
      owner_->Finish(call, answer, received_at_);
    }
  }
  free_.push_back(stream);
}

void H2Line::Answered(const H2Stream& stream) {
  has_answered_ = true;
  Call* call = stream.call;
  const HttpStatement& statement = (*owner_->programs_)[call->op.statement].statement;
  const Answer answer = stream.too_long ? owner_->judge_.Fail("body too long to look into")
                                        : owner_->judge_.Judge(statement, call->op, stream.status,
                                                               stream.came, stream.reply);
  owner_->Finish(call, answer, received_at_);
}

}  // namespace mbench
