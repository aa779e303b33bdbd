// SPDX-License-Identifier: Apache-2.0
#include "drivers/rabbitmq/amqp_session.h"

#include <poll.h>

#include <algorithm>

#include "drivers/rabbitmq/amqp_line.h"

namespace mbench::amqp {
namespace {

constexpr Ticks kGoodbye = kSecond / 2;

}  // namespace

void Alarms::Begin(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  ++account_.now;
  ++account_.times;
  account_.reason = reason;
}

void Alarms::End(Ticks since) {
  const std::lock_guard lock(mutex_);
  --account_.now;
  account_.longest = std::max(account_.longest, Clock::Now() - since);
}

Alarms::Account Alarms::Look() const {
  const std::lock_guard lock(mutex_);
  return account_;
}

AmqpSession::AmqpSession(const SessionPlan& plan, std::uint32_t depth,
                         std::shared_ptr<TlsContext> tls, Setup* setup, Role role,
                         const Subscription* subscription)
    : ByteSession(plan, depth, std::move(tls)),
      setup_(setup),
      role_(role),
      subscription_(subscription),
      messages_(setup->messages[plan.phase]),
      unix_offset_ns_(UnixNs() - Clock::Now()) {}

// A connection that is closed without a word is an error in the log of the server.
AmqpSession::~AmqpSession() {
  std::vector<AmqpLine*> waiting;
  for (AmqpLine* const line : lines_)
    if (line->End()) waiting.push_back(line);
  const Ticks deadline = Clock::Now() + kGoodbye;
  while (!waiting.empty()) {
    std::erase_if(waiting, [](AmqpLine* line) { return line->IsAnswered(); });
    std::vector<pollfd> sockets;
    for (AmqpLine* const line : waiting)
      sockets.push_back({.fd = line->Fd(), .events = POLLIN, .revents = 0});
    const Ticks left = deadline - Clock::Now();
    if (left <= 0 || sockets.empty()) return;
    ::poll(sockets.data(), sockets.size(), static_cast<int>(left / kMillisecond) + 1);
  }
}

std::unique_ptr<Line> AmqpSession::NewLine(std::size_t group) {
  auto line = std::make_unique<AmqpLine>(this, group, setup_->lines++);
  lines_.push_back(line.get());
  return line;
}

// What only the values of an op can make wrong.
std::uint16_t AmqpSession::Refuse(const Op& op) {
  if (role_ != Role::kSend) return 0;
  const Message& message = messages_[op.statement];
  if (message.key.SizeWith(op.arguments) > kLongestName)
    return errors().Code("routing key longer than 255 bytes");
  if (message.value.SizeWith(op.arguments) > kLargestMessage)
    return errors().Code("message larger than 512 MiB");
  return 0;
}

}  // namespace mbench::amqp
