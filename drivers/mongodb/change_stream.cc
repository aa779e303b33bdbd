// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/change_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "drivers/mongodb/mongodb_errors.h"
#include "harness/base/text.h"

namespace mbench::mongodb {
namespace {

// How long the server waits for an event before it answers that there is none; an event ends the
// wait at once.
constexpr std::int64_t kAwaitMs = 100;
constexpr Ticks kServerPatience = 2 * kSecond;
constexpr Ticks kAnswerPatience = 10 * kSecond;
constexpr Ticks kPause = 50 * kMillisecond;  // before the next try to open it

BsonPtr BsonOf(std::string_view json) {
  bson_error_t error;
  return BsonPtr(bson_new_from_json(reinterpret_cast<const std::uint8_t*>(json.data()),
                                    static_cast<ssize_t>(json.size()), &error));
}

bool FindNumber(const bson_t& event, const char* path, std::uint64_t* number) {
  bson_iter_t at, found;
  if (!bson_iter_init(&at, &event) || !bson_iter_find_descendant(&at, path, &found)) return false;
  if (!BSON_ITER_HOLDS_INT64(&found)) return false;
  *number = static_cast<std::uint64_t>(bson_iter_int64(&found));
  return true;
}

void CountOpened(const mongoc_apm_command_succeeded_t* command) {
  const std::string_view name = mongoc_apm_command_succeeded_get_command_name(command);
  auto* const feed = static_cast<Feed*>(mongoc_apm_command_succeeded_get_context(command));
  if (name == "aggregate") ++feed->opened;
}

// libmongoc opens a stream again by itself; this is how it can be known.
void WatchOpening(mongoc_client_t* client, Feed* feed) {
  mongoc_apm_callbacks_t* const callbacks = mongoc_apm_callbacks_new();
  mongoc_apm_set_command_succeeded_cb(callbacks, CountOpened);
  mongoc_client_set_apm_callbacks(client, callbacks, feed);
  mongoc_apm_callbacks_destroy(callbacks);
}

}  // namespace

Result<std::string> ReadWatch(const Json& said) {
  if (said == Json(false)) return "";
  if (said == Json(true)) return "{}";
  if (HasPlaceholders(said)) return BadConfig("watch cannot come from a generator");
  const std::string text = said.dump();
  if (!BsonOf(text)) return BadConfig("watch is not right: {}", text);
  return text;
}

std::uint64_t EventNumber(const bson_t& event) {
  std::uint64_t number = 0;
  // With updateLookup the whole document of an update may be a later one, with a later number.
  if (FindNumber(event, "updateDescription.updatedFields.mbench", &number)) return number;
  bson_iter_t at;
  const bool update = bson_iter_init_find(&at, &event, "operationType") &&
                      BSON_ITER_HOLDS_UTF8(&at) &&
                      std::string_view(bson_iter_utf8(&at, nullptr)) == "update";
  return !update && FindNumber(event, "fullDocument.mbench", &number) ? number : 0;
}

void AddFindings(const Feed& feed, SystemRemarks* remarks) {
  const EventLedger::Counts counts = feed.ledger->Look();
  const std::string why =
      feed.last_fault.empty() ? "" : fmt::format("; its stream said: {}", feed.last_fault);
  std::string& fact = remarks->facts["events of " + feed.collection];
  fact += fmt::format(
      "{}{} writes acknowledged, {} seen as events ({} before their reply), {} lost, {} doubled, {} "
      "of writes that were not acknowledged; stream opened {}",
      fact.empty() ? "" : "; ", counts.acknowledged, counts.seen, counts.early, counts.lost,
      counts.doubled, counts.unacknowledged,
      feed.opened == 1 ? "once" : fmt::format("{} times", feed.opened));
  if (counts.lost > 0) {
    remarks->invalid.push_back(
        fmt::format("{} of {} acknowledged writes to {} were not seen as events by the end of the "
                    "run{}",
                    counts.lost, counts.acknowledged, feed.collection, why));
  }
  if (counts.doubled > 0) {
    remarks->invalid.push_back(
        fmt::format("{} events of {} came more than once", counts.doubled, feed.collection));
  }
  if (counts.untracked > 0) {
    remarks->invalid.push_back(
        fmt::format("{} events of {} were so many writes behind that they were not waited for{}",
                    counts.untracked, feed.collection, why));
  }
  if (counts.not_awaited > 0) {
    remarks->warnings.push_back(
        fmt::format("{} events of {} had not come when the run was interrupted", counts.not_awaited,
                    feed.collection));
  }
}

ChangeWatcher::ChangeWatcher(const mongoc_uri_t* uri, Feed* feed)
    : feed_(feed), client_(NewClient(uri, kServerPatience, kAnswerPatience)) {}

Result<std::unique_ptr<ChangeWatcher>> ChangeWatcher::Start(const mongoc_uri_t* uri, Feed* feed) {
  std::unique_ptr<ChangeWatcher> watcher(new ChangeWatcher(uri, feed));
  if (!watcher->client_) return BadConfig("MongoDB at {}: not a uri", HostsOf(uri));
  WatchOpening(watcher->client_.get(), feed);
  watcher->collection_.reset(mongoc_client_get_collection(
      watcher->client_.get(), feed->database.c_str(), feed->collection.c_str()));
  if (watcher->Open()) return watcher;
  return BadConfig("MongoDB at {}: cannot watch {}: {}", HostsOf(uri), Quote(feed->collection),
                   feed->last_fault);
}

// Behind the last event, when there was one.
bool ChangeWatcher::Open() {
  const BsonPtr options = BsonOf(feed_->watch);
  bson_t pipeline = BSON_INITIALIZER, rest = BSON_INITIALIZER;
  bson_iter_t at;
  if (bson_iter_init_find(&at, options.get(), "pipeline"))
    bson_append_iter(&pipeline, "pipeline", -1, &at);
  bson_copy_to_excluding_noinit(options.get(), &rest, "pipeline", nullptr);
  BSON_APPEND_INT64(&rest, "maxAwaitTimeMS", kAwaitMs);
  if (token_) BSON_APPEND_DOCUMENT(&rest, "resumeAfter", token_.get());
  stream_.reset(mongoc_collection_watch(collection_.get(), &pipeline, &rest));
  bson_destroy(&pipeline);
  bson_destroy(&rest);
  const bson_t* reply = nullptr;
  bson_error_t error;
  if (!mongoc_change_stream_error_document(stream_.get(), &error, &reply)) return true;
  KeepFault();
  return false;
}

void ChangeWatcher::KeepFault() {
  const bson_t* reply = nullptr;
  bson_error_t error{};
  mongoc_change_stream_error_document(stream_.get(), &error, &reply);
  feed_->last_fault = error.message;
  // Of what was seen, or of what the server had looked at when nothing was.
  const bson_t* const token = mongoc_change_stream_get_resume_token(stream_.get());
  if (token != nullptr && !bson_empty(token)) token_.reset(bson_copy(token));
  stream_.reset();
}

// All that is there, and what comes until a wait of the server is over.
void ChangeWatcher::Read(Ticks until) {
  const bson_t* event = nullptr;
  Ticks now = 0;
  while (mongoc_change_stream_next(stream_.get(), &event)) {
    now = Clock::Now();
    if (const std::uint64_t number = EventNumber(*event)) feed_->ledger->See(number, now);
    if (now >= until) return;
  }
  const bson_t* reply = nullptr;
  bson_error_t error;
  if (mongoc_change_stream_error_document(stream_.get(), &error, &reply)) KeepFault();
}

void ChangeWatcher::Poll(Ticks until, std::vector<Sighting>* seen) {
  if (stream_ == nullptr && !Open()) {
    Clock::SleepUntil(std::min(until, Clock::Now() + kPause));
  } else {
    Read(until);
  }
  feed_->ledger->TakeSightings(&untold_);
  Tell(seen);
}

void ChangeWatcher::Tell(std::vector<Sighting>* seen) {
  using Fate = EventLedger::Fate;
  for (const EventLedger::Sighting& event : untold_) {
    Sighting sighting{
        .statement = event.statement, .label = 1, .ended = event.from, .seen = event.seen};
    if (event.fate != Fate::kSeen) {
      sighting.outcome = Outcome::kFailed;
      sighting.error = errors_.Code(event.fate == Fate::kLost ? "event lost" : "event doubled");
    }
    seen->push_back(sighting);
  }
  untold_.clear();
}

}  // namespace mbench::mongodb
