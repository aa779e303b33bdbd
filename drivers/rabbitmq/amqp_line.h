// SPDX-License-Identifier: Apache-2.0
//
// One connection to RabbitMQ, with one channel.
//
//     AMQP 0-9-1 ->  <- start   start-ok ->  <- tune   tune-ok, open ->  <- open-ok
//     channel.open ->  <- channel.open-ok, and then
//
//     who sends      confirm.select ->  <- select-ok
//     who receives   basic.qos ->  <- qos-ok   basic.consume ->  <- consume-ok
//     who asks       nothing
//
//     a message      publish, head, bodies ->  <- ack        ok
//                                              <- nack       rejected
//                                              <- return, and then ack: it went to no queue
//
// The server counts messages of a channel; a confirm says which, or up to which. So a late one is
// told from that which is waited for, and a message that runs out of time does not end its
// connection. An error ends the channel and with it, for us, the connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "drivers/common/byte_line.h"
#include "drivers/rabbitmq/amqp_session.h"

namespace mbench::amqp {

class AmqpLine final : public ByteLine {
 public:
  AmqpLine(AmqpSession* session, std::size_t group, std::uint32_t number)
      : ByteLine(session, group), owner_(session), number_(number) {}

  // For the end of the session: sends what ends the connection. False: there is nobody to tell.
  bool End() {
    Unblock();
    return SayGoodbye();
  }
  // Whether the server has done so too, or is gone; reads what there is.
  bool IsAnswered();
  int Fd() { return transport().Fd(); }

 private:
  // What has begun, and is not whole.
  enum class Content : std::uint8_t { kNone, kDelivered, kReturned };

  void OnOpen() override;
  std::size_t OnBytes(std::string_view in, bool at_end) override;
  void Send(Call* call) override;
  void Flush() override { Write(); }
  bool Abandon(Call* call) override;
  void Disconnect() override;

  void Take(const Frame& frame);
  void TakeMethod(const Frame& frame);
  void TakeConnectionMethod(Method method, std::string_view arguments);
  void Greet(Method method, std::string_view arguments);
  void TakeStart(std::string_view arguments);
  void TakeTune(std::string_view arguments);
  void TakeClose(std::string_view arguments, Method reply, std::uint16_t channel);
  void TakeAnswer(const Frame& frame);
  void TakeConfirm(std::string_view arguments, bool taken, std::size_t bytes);
  void TakeDeliver(std::string_view arguments);
  void TakeReturn(std::string_view arguments);
  void TakeHead(std::string_view payload);
  void TakeBody(std::string_view payload);
  void FinishContent();
  void Answered(Call* call, bool taken);
  void Up();
  void AckSeen();
  void Unblock();
  bool SayGoodbye();
  Call* Find(std::uint32_t tag) const;
  void Fail(const std::string& why);
  void Malformed() { owner_->Lost(this, opened_ ? "malformed answer" : "this is not AMQP"); }

  AmqpSession* const owner_;
  const std::uint32_t number_;
  Method expected_ = Method::kStart;  // until it is up
  bool opened_ = false;               // the connection, as AMQP has it
  bool up_ = false;
  bool closed_ = false;  // both sides said so, or the server did
  std::size_t frame_ = kLargestFrame;
  std::uint32_t last_tag_ = 0;  // of messages sent; the lower half, which is enough to tell them
  Ticks blocked_since_ = 0;     // 0: it is not
  Ticks now_ = 0;               // when what is being read has come
  std::string goodbye_;         // the last bytes that came after it was said

  Content content_ = Content::kNone;
  std::uint64_t missing_ = 0;  // bytes of its body
  std::uint64_t body_ = 0;     // all of them
  std::string routing_key_;    // of one that was delivered
  std::string stamp_, message_id_, why_;
  bool redelivered_ = false;
  std::uint64_t delivery_tag_ = 0;  // of what is coming
  std::uint64_t seen_tag_ = 0;      // of what was seen last
  std::uint32_t unacknowledged_ = 0;
};

}  // namespace mbench::amqp
