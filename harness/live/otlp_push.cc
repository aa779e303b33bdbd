// SPDX-License-Identifier: Apache-2.0
#include "harness/live/otlp_push.h"

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "harness/base/environment.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/result/provenance.h"
#include "reports/otlp/otlp_json.h"

namespace mbench {
namespace {

constexpr std::size_t kMostWaiting = 4;
constexpr int kSendTimeoutS = 2;  // to connect, to write, to read
constexpr std::size_t kMostOfReply = 64 * 1024;
constexpr Ticks kShortestEvery = kSecond;

// {"partialSuccess": {"rejectedDataPoints": "12"}}: a receiver that says 200 may still have left
// some out. In JSON of Protocol Buffers a number of 64 bits is text. "": none.
std::string RejectedPoints(const std::string& body) {
  const nlohmann::json reply = nlohmann::json::parse(body, nullptr, false);
  const nlohmann::json::json_pointer place("/partialSuccess/rejectedDataPoints");
  if (!reply.is_object() || !reply.contains(place)) return "";
  const nlohmann::json& rejected = reply[place];
  if (rejected.is_number_integer())
    return rejected.get<std::int64_t>() > 0 ? rejected.dump() : std::string();
  if (!rejected.is_string()) return "";
  const std::string& text = rejected.get_ref<const std::string&>();
  const bool is_count = !text.empty() && text.size() <= 20 &&
                        text.find_first_not_of("0123456789") == std::string::npos &&
                        text.find_first_not_of('0') != std::string::npos;
  return is_count ? text : std::string();
}

}  // namespace

// ---- what is asked for ----

Result<NamedValues> ParseOtlpList(std::string_view variable, std::string_view text) {
  NamedValues values;
  for (const std::string_view item : Split(text, ',')) {
    if (Trim(item).empty()) continue;
    const std::size_t equals = item.find('=');
    const std::string_view key = Trim(item.substr(0, equals));
    if (equals == std::string_view::npos || key.empty())
      return BadConfig("{}: item {} is not KEY=VALUE; its value is not shown here", variable,
                       values.size() + 1);
    const std::string_view written = Trim(item.substr(equals + 1));
    std::string value = PercentDecode(written).value_or(std::string(written));
    if ((std::string(key) + value).find_first_of("\r\n") != std::string::npos)
      return BadConfig("{}: the value of {} has a line break", variable, Quote(key));
    values.emplace_back(std::string(key), std::move(value));
  }
  return values;
}

Result<OtlpTarget> ParseOtlpUrl(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos ||
      (url.substr(0, scheme) != "http" && url.substr(0, scheme) != "https"))
    return BadConfig("--otlp: expected a URL such as http://127.0.0.1:4318");
  const std::size_t path = url.find_first_of("/?#", scheme + 3);
  const std::string_view authority = url.substr(scheme + 3, path - scheme - 3);
  if (authority.find('@') != std::string_view::npos ||
      url.find_first_of("?#") != std::string_view::npos)
    return BadConfig(
        "--otlp: the URL has a password or a query, and the command line is stored; secrets go "
        "into OTEL_EXPORTER_OTLP_HEADERS");
  if (authority.empty()) return BadConfig("--otlp {}: there is no host in it", Quote(url));
  OtlpTarget target;
  target.origin = std::string(url.substr(0, scheme + 3)) + std::string(authority);
  target.path = path == std::string_view::npos ? "/" : std::string(url.substr(path));
  if (target.path == "/") target.path = "/v1/metrics";
  return target;
}

// ---- the thread that sends ----

class OtlpPush::Sender {
 public:
  struct Export {
    std::vector<Metric> metrics;
    OtlpContext context;
  };

  explicit Sender(OtlpTarget target) : target_(std::move(target)), client_(target_.origin) {
    client_.set_connection_timeout(kSendTimeoutS);
    client_.set_read_timeout(kSendTimeoutS);
    client_.set_write_timeout(kSendTimeoutS);
    client_.set_keep_alive(true);
  }

  void Add(Export item) {
    const std::lock_guard lock(mutex_);
    ++made_;
    if (waiting_.size() == kMostWaiting) {
      waiting_.pop_front();
      ++failures_["did not fit into the queue"];
    }
    waiting_.push_back(std::move(item));
    changed_.notify_all();
  }

  // Until there is nothing left to send.
  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (waiting_.empty()) break;
      const Export item = std::move(waiting_.front());
      waiting_.pop_front();
      sending_ = true;
      lock.unlock();
      const std::string failure = Post(item);
      lock.lock();
      sending_ = false;
      last_arrived_ = failure.empty();
      if (!failure.empty()) ++failures_[failure];
      changed_.notify_all();
    }
    ended_ = true;
    changed_.notify_all();
  }

  // Whether all of it went out in time.
  bool WaitUntilSent() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::nanoseconds(target_.patience),
                             [this] { return waiting_.empty() && !sending_; });
  }

  // False: the thread is still in a request that cannot be cancelled.
  bool Close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    waiting_.clear();
    changed_.notify_all();
    return changed_.wait_for(lock, std::chrono::milliseconds(sending_ ? 0 : 1000),
                             [this] { return ended_; });
  }

  std::vector<std::string> Complaints() {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::uint64_t> failures = failures_;
    if (!waiting_.empty() || sending_)
      failures["did not go out by the end"] = waiting_.size() + sending_;
    if (failures.empty()) return {};
    std::uint64_t failed = 0;
    std::vector<std::string> reasons;
    for (const auto& [reason, count] : failures) {
      failed += count;
      reasons.push_back(fmt::format("{} {}", count, reason));
    }
    const bool whole = last_arrived_ && waiting_.empty() && !sending_;
    return {fmt::format("--otlp {}: {} of {} exports failed: {}; the last one, which holds all, {}",
                        target_.origin, failed, made_, Join(reasons, ", "),
                        whole ? "arrived" : "did not arrive")};
  }

 private:
  // What went wrong; "": nothing. No part of the reply is shown: it may repeat what was sent.
  std::string Post(const Export& item) {
    httplib::Request request;
    request.method = "POST";
    request.path = target_.path;
    request.headers.emplace("Content-Type", "application/json");
    for (const auto& [name, value] : target_.headers) request.headers.emplace(name, value);
    request.body = RenderOtlp(item.metrics, item.context);
    std::string body;
    request.content_receiver = [&body](const char* data, std::size_t size, std::uint64_t,
                                       std::uint64_t) {
      body.append(data, size);
      return body.size() <= kMostOfReply;
    };
    const httplib::Result reply = client_.send(request);
    if (!reply) return fmt::format("got no answer ({})", httplib::to_string(reply.error()));
    if (reply->status / 100 != 2) return fmt::format("answered with {}", reply->status);
    const std::string rejected = RejectedPoints(body);
    return rejected.empty() ? ""
                            : fmt::format("were taken without {} of the data points", rejected);
  }

  const OtlpTarget target_;
  httplib::Client client_;  // of the thread in Run only
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Export> waiting_;
  bool sending_ = false, closed_ = false, ended_ = false;
  bool last_arrived_ = false;
  std::uint64_t made_ = 0;
  std::map<std::string, std::uint64_t> failures_;
};

// ---- the watcher ----

Result<std::unique_ptr<OtlpPush>> OtlpPush::Open(const std::string& url, const std::string& every) {
  Result<OtlpTarget> target = ParseOtlpUrl(url);
  if (!target) return Failed(target);
  const Result<Ticks> period = ParseDuration(every);
  if (!period) return BadConfig("--otlp-every: {}", period.error().message);
  if (*period < kShortestEvery) return BadConfig("--otlp-every {}: a second at least", every);
  target->every = *period;
  constexpr const char* kHeaders = "OTEL_EXPORTER_OTLP_HEADERS";
  Result<NamedValues> headers = ParseOtlpList(kHeaders, ProcessEnvironment(kHeaders).value_or(""));
  if (!headers) return Failed(headers);
  target->headers = *std::move(headers);
  constexpr const char* kAttributes = "OTEL_RESOURCE_ATTRIBUTES";
  Result<NamedValues> attributes =
      ParseOtlpList(kAttributes, ProcessEnvironment(kAttributes).value_or(""));
  if (!attributes) return Failed(attributes);
  target->resource = *std::move(attributes);
  const std::string service = ProcessEnvironment("OTEL_SERVICE_NAME").value_or("");
  if (!service.empty()) target->resource.emplace_back("service.name", service);
  return std::make_unique<OtlpPush>(*std::move(target));
}

OtlpPush::OtlpPush(OtlpTarget target)
    : target_(std::move(target)), sender_(std::make_shared<Sender>(target_)) {
  std::thread([sender = sender_] { sender->Run(); }).detach();
}

// The thread shares the sender, so one that hangs in a connection goes on alone.
OtlpPush::~OtlpPush() { sender_->Close(); }

void OtlpPush::OnRun(const WatchedRun& run) {
  run_ = run;
  start_ns_ = 0;
}

void OtlpPush::OnStart() {
  start_ns_ = ParseUtc(run_.result->provenance.started_at).value_or(UtcNow());
  next_ = Clock::Now() + target_.every;
}

void OtlpPush::OnInterval(const Interval& interval) {
  if (Clock::Now() + kSecond / 2 < next_) return;
  next_ += target_.every;
  Enqueue(PhaseOf(interval, *run_.result), &interval);
}

void OtlpPush::OnEnd() {
  if (start_ns_ == 0) return;
  Enqueue(RunPhase::kEnded, nullptr);
  sender_->WaitUntilSent();
}

void OtlpPush::Enqueue(RunPhase phase, const Interval* last) {
  const Provenance& provenance = run_.result->provenance;
  Sender::Export item;
  item.metrics = MakeMetrics(*run_.result, {.phase = phase,
                                            .side = run_.label.side,
                                            .loaded_records = run_.result->load.records,
                                            .last = last});
  item.context = {.resource = {{"service.name", "mbench"},
                               {"service.version", provenance.mbench_version},
                               {"service.instance.id", LabelValue(run_.result->folder)},
                               {"host.name", LabelValue(provenance.host)}},
                  .version = provenance.mbench_version,
                  .start_ns = start_ns_,
                  .time_ns = UtcNow()};
  for (const auto& [key, value] : target_.resource) {
    std::erase_if(item.context.resource, [&key](const auto& own) { return own.first == key; });
    item.context.resource.emplace_back(LabelValue(key), LabelValue(value));
  }
  sender_->Add(std::move(item));
}

std::vector<std::string> OtlpPush::Complaints() { return sender_->Complaints(); }

}  // namespace mbench
