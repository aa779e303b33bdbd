// SPDX-License-Identifier: Apache-2.0
#include "drivers/nats/jetstream.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/base/text.h"

namespace mbench::nats {
namespace {

using Json = nlohmann::json;

// Codes of its errors (server/errors.json of nats-server).
constexpr int kStreamNotFound = 10059, kConsumerNotFound = 10014;
constexpr int kOverloaded = 503;
constexpr Ticks kGrace = kSecond;  // in which a request that has run out of time is told so
constexpr std::int64_t kDuplicatesNs = 120'000'000'000;
// More than a server's own fallback of 1,000, so that acknowledgements on their way hold up nobody.
constexpr int kMostUnacked = 10'000;
// A consumer that nobody has listened to for so long is gone by itself, should we be killed.
constexpr std::int64_t kConsumerLivesNs = 600'000'000'000;

std::uint64_t NumberOf(std::string_view text, std::uint64_t fallback) {
  std::uint64_t number = fallback;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : fallback;
}

std::int64_t IntegerIn(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string TextIn(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

// "wrong last sequence: 12" has a value behind its class.
std::string ClassOf(const Json& error) {
  const std::string text = TextIn(error, "description");
  return text.empty() ? "an error of JetStream without a name" : ErrorClass(text);
}

}  // namespace

// ---- messages ----

// Most acknowledgements are {"stream":"ORDERS","seq":7}: they are not worth a tree.
PublishAck ReadPublishAck(std::string_view text) {
  const auto says = [text](std::string_view part) { return text.find(part) != text.npos; };
  if (text.starts_with("{\"stream\":") && text.ends_with('}') && says("\"seq\":") &&
      !says("\"error\"") && !says("\"duplicate\""))
    return {};
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return {.error = "an answer that is none of JetStream"};
  if (const auto error = json.find("error"); error != json.end() && error->is_object())
    return {.error = ClassOf(*error), .rejected = IntegerIn(*error, "code") == kOverloaded};
  if (!json.contains("seq")) return {.error = "an answer that is none of JetStream"};
  const auto duplicate = json.find("duplicate");
  return {.duplicate =
              duplicate != json.end() && duplicate->is_boolean() && duplicate->get<bool>()};
}

// $JS.ACK.stream.consumer.delivered.sequence.of_consumer.time.pending, or with the domain and the
// account before the stream, and then maybe with more behind.
std::optional<Delivery> ReadDelivery(std::string_view subject) {
  if (!subject.starts_with("$JS.ACK.")) return std::nullopt;
  std::array<std::string_view, 12> tokens;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin <= subject.size() && count < tokens.size(); ++count) {
    const std::size_t end = std::min(subject.find('.', begin), subject.size());
    tokens[count] = subject.substr(begin, end - begin);
    begin = end + 1;
  }
  const std::size_t stream = count >= 11 ? 4 : 2;
  if (count < stream + 7) return std::nullopt;
  return Delivery{.delivered = NumberOf(tokens[stream + 2], 1),
                  .pending = NumberOf(tokens[stream + 6], 0)};
}

// ---- what is asked around a run ----

struct JetStream::Reply {
  Json json;
  int code = 0;       // of an error; 0: there is none
  std::string error;  // as it was said
};

Result<JetStream::Reply> JetStream::Ask(const std::string& subject, const std::string& request) {
  const std::string full = "$JS.API." + subject;
  Result<std::string> said =
      session_->Ask({.kind = OpKind::kStatement, .key = full, .value = request}, timeout_ + kGrace);
  if (!said)
    return Unreachable("JetStream: {}{}", said.error().message,
                       said.error().message.find("no stream takes") != std::string::npos
                           ? "; start nats-server with -js"
                           : "");
  Reply reply{.json = Json::parse(*said, nullptr, false)};
  if (!reply.json.is_object())
    return BadConfig("JetStream answered something else to {}", Quote(subject));
  if (const auto error = reply.json.find("error");
      error != reply.json.end() && error->is_object()) {
    reply.code = static_cast<int>(IntegerIn(*error, "err_code"));
    if (reply.code == 0) reply.code = static_cast<int>(IntegerIn(*error, "code"));
    reply.error = TextIn(*error, "description");
  }
  return reply;
}

Result<std::string> JetStream::Describe(const std::string& stream) {
  const Result<Reply> found = Ask("STREAM.INFO." + stream);
  if (!found) return Failed(found);
  const auto config = found->json.find("config");
  if (found->code != 0 || config == found->json.end() || !config->is_object())
    return BadConfig("stream {}: {}", Quote(stream), found->error);
  return fmt::format("{} storage, {} replicas, retention {}{}", TextIn(*config, "storage"),
                     IntegerIn(*config, "num_replicas"), TextIn(*config, "retention"),
                     TextIn(*config, "description") == kMark ? ", made by mbench" : "");
}

Status JetStream::NeedStream(const Stream& stream, std::span<const std::string> subjects) {
  Result<Reply> found = Ask("STREAM.INFO." + stream.name);
  if (!found) return Failed(found);
  if (found->code == 0) return AddSubjects(stream, subjects, &*found);
  if (found->code != kStreamNotFound)
    return BadConfig("stream {}: {}", Quote(stream.name), found->error);
  const std::int64_t age_ns = stream.max_age;
  const Json wanted = {{"name", stream.name},
                       {"description", kMark},
                       {"subjects", subjects},
                       {"retention", "limits"},
                       {"discard", "old"},
                       {"max_consumers", -1},
                       {"max_msgs", -1},
                       {"max_bytes", -1},
                       {"max_age", age_ns},
                       {"duplicate_window", std::min(age_ns, kDuplicatesNs)},
                       {"storage", stream.storage},
                       {"num_replicas", stream.replicas}};
  const Result<Reply> made = Ask("STREAM.CREATE." + stream.name, wanted.dump());
  if (!made) return Failed(made);
  if (made->code == 0) return {};
  return BadConfig("cannot make the stream {} for {}: {}", Quote(stream.name), Join(subjects, ", "),
                   made->error);
}

Status JetStream::AddSubjects(const Stream& stream, std::span<const std::string> subjects,
                              Reply* found) {
  Json& config = found->json["config"];
  if (!config.is_object()) return BadConfig("stream {} says nothing of itself", Quote(stream.name));
  std::vector<std::string> has;
  if (const auto listed = config.find("subjects"); listed != config.end() && listed->is_array())
    for (const Json& one : *listed)
      if (one.is_string()) has.push_back(one.get<std::string>());
  std::vector<std::string> lacks;
  for (const std::string& subject : subjects) {
    if (std::ranges::none_of(has, [&](const auto& one) { return Covers(one, subject); }))
      lacks.push_back(subject);
  }
  if (lacks.empty()) return {};
  if (TextIn(config, "description") != kMark)
    return BadConfig(
        "stream {} does not take {}, and is left as it is because we did not make it; add the "
        "subjects to it, or name another stream",
        Quote(stream.name), Join(lacks, ", "));
  has.insert(has.end(), lacks.begin(), lacks.end());
  config["subjects"] = has;
  const Result<Reply> changed = Ask("STREAM.UPDATE." + stream.name, config.dump());
  if (!changed) return Failed(changed);
  if (changed->code == 0) return {};
  return BadConfig("cannot add {} to the stream {}: {}", Join(lacks, ", "), Quote(stream.name),
                   changed->error);
}

Result<std::uint64_t> JetStream::MakeConsumer(const ConsumerSpec& spec) {
  const Result<Reply> found = Ask(fmt::format("CONSUMER.INFO.{}.{}", spec.stream, spec.name));
  if (!found) return Failed(found);
  if (found->code == 0) {
    const auto config = found->json.find("config");
    if (config == found->json.end() || !config->is_object() ||
        TextIn(*config, "description") != kMark)
      return BadConfig(
          "stream {} has a consumer {} that we did not make, and others may be behind it; give the "
          "group another name",
          Quote(spec.stream), Quote(spec.name));
    if (Status gone = DeleteConsumer(spec.stream, spec.name); !gone) return Failed(gone);
  } else if (found->code == kStreamNotFound) {
    return BadConfig("there is no stream {}, and nothing to read; name one that is there",
                     Quote(spec.stream));
  } else if (found->code != kConsumerNotFound) {
    return BadConfig("consumer {} of stream {}: {}", Quote(spec.name), Quote(spec.stream),
                     found->error);
  }
  Json config = {{"durable_name", spec.name},
                 {"description", kMark},
                 {"deliver_policy", spec.from_beginning ? "all" : "new"},
                 {"replay_policy", "instant"},
                 {"ack_policy", "explicit"},
                 {"ack_wait", spec.ack_wait},
                 {"max_ack_pending", kMostUnacked},
                 {"inactive_threshold", kConsumerLivesNs}};
  if (!spec.filter.empty()) config["filter_subject"] = spec.filter;
  if (!spec.deliver.empty()) {
    config["deliver_subject"] = spec.deliver;
    config["deliver_group"] = spec.name;
  } else {
    config["max_waiting"] = kMostUnacked;
  }
  const Json wanted = {{"stream_name", spec.stream}, {"config", config}};
  const Result<Reply> made =
      Ask(fmt::format("CONSUMER.DURABLE.CREATE.{}.{}", spec.stream, spec.name), wanted.dump());
  if (!made) return Failed(made);
  if (made->code == 0)
    return static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, IntegerIn(made->json, "num_pending")));
  return BadConfig("cannot make the consumer {} of {} in stream {}: {}", Quote(spec.name),
                   spec.filter.empty() ? ">" : spec.filter, Quote(spec.stream), made->error);
}

Status JetStream::DeleteConsumer(const std::string& stream, const std::string& name) {
  const Result<Reply> gone = Ask(fmt::format("CONSUMER.DELETE.{}.{}", stream, name));
  if (!gone) return Failed(gone);
  if (gone->code == 0 || gone->code == kConsumerNotFound) return {};
  return BadConfig("cannot delete the consumer {} of stream {}: {}", Quote(name), Quote(stream),
                   gone->error);
}

Result<ConsumerState> JetStream::LookAt(const std::string& stream, const std::string& name) {
  const Result<Reply> found = Ask(fmt::format("CONSUMER.INFO.{}.{}", stream, name));
  if (!found) return Failed(found);
  if (found->code != 0)
    return BadConfig("consumer {} of stream {}: {}", Quote(name), Quote(stream), found->error);
  return ConsumerState{.pending = IntegerIn(found->json, "num_pending"),
                       .unacked = IntegerIn(found->json, "num_ack_pending")};
}

}  // namespace mbench::nats
