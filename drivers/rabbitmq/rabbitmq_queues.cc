// SPDX-License-Identifier: Apache-2.0
#include "drivers/rabbitmq/rabbitmq_queues.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace mbench::amqp {
namespace {

constexpr std::string_view kMark = "mbench.made.";

std::string MarkOf(const std::string& queue) { return std::string(kMark) + queue; }

// Errors of the server begin with their number.
bool Says(const Error& error, std::string_view code) { return error.message.starts_with(code); }
constexpr std::string_view kNotFound = "404 ", kRefused = "403 ", kOther = "406 ";

}  // namespace

std::string_view WrongQueueName(std::string_view name) {
  if (const std::string_view why = WrongName(name); !why.empty()) return why;
  if (name.size() > kLongestName - kMark.size()) return "name longer than 243 bytes";
  if (name.starts_with("amq.")) return "name begins with amq., which is for names of the server";
  return "";
}

std::string TypeIn(std::string_view refusal) {
  constexpr std::string_view kCurrent = "but current is ";
  const std::size_t at = refusal.find(kCurrent);
  if (refusal.find("arg 'x-queue-type'") == std::string_view::npos || at == std::string_view::npos)
    return "";
  const std::string_view current = refusal.substr(at + kCurrent.size());
  for (const std::string_view type : {"classic", "quorum", "stream"})
    if (current.find(type) != std::string_view::npos) return std::string(type);
  return current.starts_with("none") ? "classic" : "";
}

Result<std::string> Queues::Ask(const std::string& frame) {
  return session_->Ask({.kind = OpKind::kStatement, .value = frame}, timeout_);
}

Result<QueueState> Queues::Declare(const std::string& queue, const std::string& type,
                                   bool passive) {
  std::string frame;
  AppendQueueDeclare(queue, type, passive, &frame);
  const auto answer = Ask(frame);
  if (!answer) return Failed(answer);
  Method method{};
  std::string_view arguments;
  QueueState state;
  if (!ReadMethod(*answer, &method, &arguments) || method != Method::kQueueDeclareOk ||
      !ReadDeclareOk(arguments, &state))
    return Unreachable("malformed answer");
  return state;
}

std::optional<QueueState> Queues::Look(const std::string& queue) {
  const auto state = Declare(queue, "", true);
  return state ? std::optional(*state) : std::nullopt;
}

Result<QueueFacts> Queues::Find(const std::string& queue, const std::string& type) {
  QueueFacts facts;
  const auto there = Declare(queue, "", true);
  if (there) {
    facts.state = *there;
    if (Status learnt = LearnType(queue, type, &facts); !learnt) return Failed(learnt);
    facts.is_ours = HasExchange(MarkOf(queue));
    return facts;
  }
  if (!Says(there.error(), kNotFound))
    return Unreachable("the queue {} cannot be used: {}", Quote(queue), there.error().message);
  if (Status made = Make(queue, type, &facts); !made) return Failed(made);
  return facts;
}

Status Queues::Make(const std::string& queue, const std::string& type, QueueFacts* facts) {
  facts->type = type.empty() ? "classic" : type;
  const auto made = Declare(queue, facts->type, false);
  if (!made && Says(made.error(), kRefused))
    return BadConfig(
        "the queue {} is not there, and this user may not make it: {}; make it, or let the user "
        "configure it (rabbitmqctl set_permissions)",
        Quote(queue), made.error().message);
  if (!made)
    return BadConfig("the queue {} cannot be made as a {} one: {}", Quote(queue), facts->type,
                     made.error().message);
  facts->made_now = facts->is_ours = true;
  // Without its mark it is usable all the same, and a later run takes it for somebody else's.
  std::string frame;
  AppendExchangeDeclare(MarkOf(queue), "fanout", false, true, &frame);
  if (Ask(frame)) (void)Bind(queue, MarkOf(queue), "");
  return {};
}

// By a declaration that does not fit, which changes nothing.
Status Queues::LearnType(const std::string& queue, const std::string& type, QueueFacts* facts) {
  const std::string guess = type.empty() ? "classic" : type;
  const auto same = Declare(queue, guess, false);
  if (same) {
    facts->type = guess;
    return {};
  }
  const std::string& why = same.error().message;
  facts->type = TypeIn(why);
  if (type.empty() || facts->type == type) return {};
  if (Says(same.error(), kOther) && !facts->type.empty())
    return BadConfig("the queue {} is there and is a {} one, not {}; say type: {}, or name another",
                     Quote(queue), facts->type, type, facts->type);
  return BadConfig(
      "whether the queue {} is a {} one cannot be told: {}; leave out type to use it as it is",
      Quote(queue), type, why);
}

bool Queues::HasExchange(const std::string& exchange) {
  std::string frame;
  AppendExchangeDeclare(exchange, "fanout", true, false, &frame);
  return Ask(frame).has_value();
}

Status Queues::FindExchange(const std::string& exchange) {
  std::string frame;
  AppendExchangeDeclare(exchange, "topic", true, false, &frame);
  const auto there = Ask(frame);
  if (there) return {};
  if (!Says(there.error(), kNotFound))
    return Unreachable("the exchange {} cannot be used: {}", Quote(exchange),
                       there.error().message);
  frame.clear();
  AppendExchangeDeclare(exchange, "topic", false, false, &frame);
  const auto made = Ask(frame);
  if (made) return {};
  return BadConfig(
      "the exchange {} is not there, and cannot be made: {}; make it, or let the user configure it",
      Quote(exchange), made.error().message);
}

Status Queues::Bind(const std::string& queue, const std::string& exchange, const std::string& key) {
  std::string frame;
  AppendQueueBind(queue, exchange, key, &frame);
  const auto bound = Ask(frame);
  if (bound) return {};
  return BadConfig("the queue {} cannot be bound to the exchange {}: {}", Quote(queue),
                   Quote(exchange), bound.error().message);
}

}  // namespace mbench::amqp
