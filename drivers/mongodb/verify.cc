// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "drivers/mongodb/number_writes.h"
#include "harness/base/text.h"
#include "harness/base/text_hash.h"
#include "harness/base/units.h"

namespace mbench::mongodb {
namespace {

constexpr Ticks kPatience = 30 * kMinute;  // of one question, which may read all documents

using Place = std::pair<std::string, std::string>;  // database and collection

// Numbers of writes: first <= n < end.
struct NumberRange {
  std::uint64_t first = 0, end = 0;
};

// Where there are writes that are logged. Whether verbs write is not known here; to look costs
// little.
std::set<Place> LoggedPlaces(const Setup& setup) {
  std::set<Place> places = {{setup.database, setup.collection}};
  for (const Request& request : setup.requests[SessionPhase::kRun])
    for (const Action& step : request.steps)
      if (step.tracing.logged) places.insert({step.database, step.collection});
  return places;
}

// Those that the documents have. Reads all of the collection, where the primary is.
Result<std::vector<std::uint64_t>> NumbersIn(const mongoc_uri_t* uri, const Place& place,
                                             std::span<const NumberRange> ranges) {
  const ClientPtr client = NewClient(uri, kMinute, kPatience);
  if (!client) return BadConfig("MongoDB at {}: libmongoc takes no such uri", HostsOf(uri));
  const CollectionPtr documents(
      mongoc_client_get_collection(client.get(), place.first.c_str(), place.second.c_str()));
  const std::string field(kNumberField);
  const BsonPtr options(BCON_NEW("projection", "{", "_id", BCON_INT32(0), field.c_str(),
                                 BCON_INT32(1), "}", "batchSize", BCON_INT32(100'000)));
  mongoc_read_prefs_t* const primary = mongoc_read_prefs_new(MONGOC_READ_PRIMARY);
  std::vector<std::uint64_t> numbers;
  bson_error_t error;
  bool failed = false;
  for (const NumberRange& range : ranges) {
    const BsonPtr filter(BCON_NEW(field.c_str(), "{", "$gte",
                                  BCON_INT64(static_cast<std::int64_t>(range.first)), "$lt",
                                  BCON_INT64(static_cast<std::int64_t>(range.end)), "}"));
    const CursorPtr cursor(
        mongoc_collection_find_with_opts(documents.get(), filter.get(), options.get(), primary));
    const bson_t* document = nullptr;
    bson_iter_t at;
    while (mongoc_cursor_next(cursor.get(), &document)) {
      if (bson_iter_init_find(&at, document, field.c_str()))
        numbers.push_back(static_cast<std::uint64_t>(bson_iter_as_int64(&at)));
    }
    failed = failed || mongoc_cursor_error(cursor.get(), &error);
  }
  mongoc_read_prefs_destroy(primary);
  if (failed) return Unreachable("MongoDB at {}: {}", HostsOf(uri), error.message);
  return numbers;
}

std::string AsJson(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The first of the documents of a reply that has `field`; its `name`, "" without one.
std::optional<std::string> FindWith(const bson_t& reply, const char* field) {
  std::optional<std::string> name;
  ReadBatch(reply, [&](const bson_iter_t& document) {
    bson_iter_t at = document, found;
    if (name || !bson_iter_recurse(&document, &at)) return;
    if (!bson_iter_find_descendant(&at, field, &found)) return;
    if (BSON_ITER_HOLDS_BOOL(&found) && !bson_iter_bool(&found)) return;
    name = bson_iter_recurse(&document, &at) && bson_iter_find(&at, "name") &&
                   BSON_ITER_HOLDS_UTF8(&at)
               ? bson_iter_utf8(&at, nullptr)
               : "";
  });
  return name;
}

// Why the server takes documents out of a collection; "": it does not, or there is none.
std::string WhyRemoved(Admin* admin, const Place& place) {
  const auto collections = admin->Ask(
      place.first,
      fmt::format(R"({{"listCollections": 1, "filter": {{"name": {}}}}})", AsJson(place.second)));
  if (!collections) return "";
  if (FindWith(**collections, "options.capped")) return "it is capped";
  if (FindWith(**collections, "options.expireAfterSeconds")) return "its documents expire";
  const auto indexes =
      admin->Ask(place.first, fmt::format(R"({{"listIndexes": {}}})", AsJson(place.second)));
  if (!indexes) return "";
  const auto index = FindWith(**indexes, "expireAfterSeconds");
  return index ? fmt::format("its documents expire (index {})", *index) : "";
}

// In the place of the row about writes, where none was looked for.
void DescribeLeftOut(const std::vector<std::pair<std::string, std::string>>& left_out,
                     std::vector<CheckResult>* rows) {
  for (const auto& [collection, why] : left_out) {
    rows->push_back({.what = fmt::format("writes to {}", collection),
                     .target = "told",
                     .measured = fmt::format("not looked for: {}", why),
                     .ok = true});
  }
}

std::vector<CheckResult> Describe(const LedgerFindings& findings, const WriteLog& log) {
  LedgerFindings::OfOp all;
  if (!findings.ops.empty()) all = findings.ops[0];  // the log knows of no others
  std::vector<CheckResult> rows;
  rows.push_back(
      {.what = "acknowledged writes",
       .target = "none lost",
       .measured = fmt::format("{} of {} lost", all.lost == 0 ? "none" : WithCommas(all.lost),
                               WithCommas(all.acknowledged)),
       .ok = all.lost == 0});
  if (all.in_doubt > 0) {
    const std::uint64_t there = all.in_doubt_there;
    rows.push_back(
        {.what = "writes without acknowledgement",
         .target = "told",
         .measured = fmt::format("{}, {} of them seen in a document", WithCommas(all.in_doubt),
                                 there == 0 ? "none" : WithCommas(there)),
         .ok = true});
  }
  if (log.NotKept() > 0) {
    rows.push_back({.what = "writes that were not looked for",
                    .target = "none",
                    .measured = fmt::format("{}: not in the ledger, {}", WithCommas(log.NotKept()),
                                            log.WhyNotKept()),
                    .ok = false});
  }
  return rows;
}

}  // namespace

Status Verification::SetChecks(const std::vector<StatementSpec>& checks) {
  for (StatementSpec check : checks) {
    check.use = StatementUse::kCheck;
    Result<Check> made = ReadOne(check, ReadCheck);
    if (!made) return Failed(made);
    checks_.push_back(*std::move(made));
  }
  return {};
}

void Verification::LogWrites(Setup* setup) {
  log_.emplace(NewRun());
  setup->log = &*log_;
  setup->records = {.logged = true,
                    .collection = HashText(setup->collection, HashText(setup->database))};
}

Status Verification::CheckRequests(const Setup& setup) const {
  if (!Writes()) return {};
  const std::set<Place> logged = LoggedPlaces(setup);
  for (const Request& request : setup.requests[SessionPhase::kRun]) {
    for (const Action& step : request.steps) {
      if (!step.untraced || !step.untraced->hides) continue;
      if (!logged.contains({step.database, step.collection})) continue;
      return BadConfig(
          "statement {}: {}, so nobody could tell what it takes away from what was lost; take "
          "writes out of verify, or name the _id",
          Quote(request.name), step.untraced->why);
    }
  }
  return {};
}

Result<std::vector<std::uint64_t>> Verification::FindNumbers(const mongoc_uri_t* uri,
                                                             const Setup& setup,
                                                             const std::list<Feed>& feeds) const {
  std::vector<NumberRange> ranges = {{log_->First(), log_->End()}};
  for (const Feed& feed : feeds) {
    const std::uint64_t first = feed.ledger->First();
    ranges.push_back({first, first + (std::uint64_t{1} << kNumberBits)});
  }
  std::vector<std::uint64_t> all;
  for (const Place& place : LoggedPlaces(setup)) {
    const auto found = NumbersIn(uri, place, ranges);
    if (!found) return Failed(found);
    all.insert(all.end(), found->begin(), found->end());
  }
  return all;
}

Result<std::vector<CheckResult>> Verification::Run(const mongoc_uri_t* uri, const Setup& setup,
                                                   const std::list<Feed>& feeds) {
  std::vector<CheckResult> rows;
  Admin admin(uri, kMinute, kPatience);
  for (const Check& check : checks_) {
    Result<CheckResult> row = RunCheck(check, setup.database, &admin);
    if (!row) return Failed(row);
    rows.push_back(*std::move(row));
  }
  if (!Writes()) return rows;
  Result<std::vector<std::uint64_t>> numbers = FindNumbers(uri, setup, feeds);
  if (!numbers) return Failed(numbers);
  const Result<LedgerFindings> findings = log_->Compare(*std::move(numbers));
  if (!findings) return Failed(findings);
  const bool any = !findings->ops.empty() && findings->ops[0].acknowledged > 0;
  if (any || left_out_.empty())
    std::ranges::move(Describe(*findings, *log_), std::back_inserter(rows));
  DescribeLeftOut(left_out_, &rows);
  return rows;
}

void Verification::LeaveOut(Admin* admin, Setup* setup) {
  if (!Writes()) return;
  for (const Place& place : LoggedPlaces(*setup)) {
    const std::string why = WhyRemoved(admin, place);
    if (why.empty()) continue;
    bool any = place == Place(setup->database, setup->collection) && setup->records.logged;
    if (any) setup->records.logged = false;
    for (Request& request : setup->requests[SessionPhase::kRun]) {
      for (Action& step : request.steps) {
        if (!step.tracing.logged || Place(step.database, step.collection) != place) continue;
        step.tracing.logged = false;
        any = true;
      }
    }
    if (any) left_out_.emplace_back(place.second, why);
  }
}

}  // namespace mbench::mongodb
