// SPDX-License-Identifier: Apache-2.0
//
// The events of writes that ask to be watched:
//
//   statements:
//     order: {weight: 90, insert: orders, document: {...}, watch: true}
//     pay:
//       {weight: 10, update: orders, ..., watch: {pipeline: [...], fullDocument: updateLookup}}
//
// Each such write carries a number in the field `mbench` of its document, by which its event is
// known again (drivers/common/event_ledger.h). Statements that say the same of the same collection
// share a stream.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/common/error_table.h"
#include "drivers/common/event_ledger.h"
#include "drivers/mongodb/bson_template.h"
#include "drivers/mongodb/client.h"
#include "drivers/observer.h"
#include "drivers/watcher.h"

namespace mbench::mongodb {

// One change stream, its ledger, and what came of it.
struct Feed {
  std::string database, collection;
  std::string watch;  // what the statements said, as ReadWatch returned it
  std::unique_ptr<EventLedger> ledger;
  // Of its watcher; to be read when that is gone.
  std::uint32_t opened = 0;  // 1, and once more after each line that was lost
  std::string last_fault;    // the last thing that kept it from being read; "": nothing did
};

// `watch: true`, or a map: the options of the stream as JSON; "": not watched. Fails with kUsage.
Result<std::string> ReadWatch(const Json& said);

// The number in an event of a write; 0: it has none.
std::uint64_t EventNumber(const bson_t& event);

// What the ledger came to, for people: facts, and what makes a run invalid.
void AddFindings(const Feed& feed, SystemRemarks* remarks);

// Reads one stream. When its line is lost it goes on behind the last event that it has seen.
class ChangeWatcher final : public Watcher {
 public:
  // The stream stands when this returns. `uri` and `feed` outlive it.
  static Result<std::unique_ptr<ChangeWatcher>> Start(const mongoc_uri_t* uri, Feed* feed);

  // May be late by the time it takes to find a server.
  void Poll(Ticks until, std::vector<Sighting>* seen) override;
  std::uint64_t Missing() const override { return feed_->ledger->Missing(); }
  void GiveUp(bool interrupted) override { feed_->ledger->GiveUp(!interrupted); }
  std::string DescribeError(std::uint16_t error) const override { return errors_.Name(error); }
  std::string DescribeLabel(std::uint16_t) const override { return "event"; }

 private:
  using StreamPtr = std::unique_ptr<mongoc_change_stream_t, Deleter<mongoc_change_stream_destroy>>;

  ChangeWatcher(const mongoc_uri_t* uri, Feed* feed);
  bool Open();
  void Read(Ticks until);
  void KeepFault();
  void Tell(std::vector<Sighting>* seen);

  Feed* const feed_;
  ClientPtr client_;
  CollectionPtr collection_;
  StreamPtr stream_;  // null: it has to be opened again
  BsonPtr token_;     // where to go on then
  std::vector<EventLedger::Sighting> untold_;
  ErrorTable errors_;
};

}  // namespace mbench::mongodb
