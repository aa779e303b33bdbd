// SPDX-License-Identifier: Apache-2.0
//
// What a MongoDB says of itself: figures once a second, and before the run how it is set up and how
// it would do each statement.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "drivers/common/figure_rates.h"
#include "drivers/driver.h"
#include "drivers/mongodb/change_stream.h"
#include "drivers/mongodb/client.h"
#include "drivers/mongodb/commands.h"

namespace mbench::mongodb {

// Thread: one.
class Observer {
 public:
  // With a connection of its own. `uri` and `feeds` outlive it.
  Observer(const mongoc_uri_t* uri, const std::list<Feed>* feeds);

  // Rates are since the call before, so the first call has none.
  SystemFigures Look();

 private:
  void AddReplicationLag(SystemFigures* figures);
  void AddStatus(SystemFigures* figures, SystemFigures* counted);
  void AddFeeds(SystemFigures* figures, SystemFigures* counted) const;

  Admin admin_;
  const std::list<Feed>* const feeds_;
  bool is_local_ = false;     // the server runs on this host
  bool has_replicas_ = true;  // until it says otherwise
  FigureRates rates_;
};

// `samples`: arguments of each request.
SystemRemarks ExamineSystem(Admin* admin, const Setup& setup,
                            const std::vector<std::vector<std::string>>& samples);
// dbStats, and collStats of the collections that are used: before the run, and after it.
void AddSizes(Admin* admin, const Setup& setup, SystemRemarks* remarks);

// Of an answer to `explain` with executionStats.
struct Plan {
  std::vector<std::string> stages;  // the innermost first
  std::int64_t keys_examined = 0;
  std::int64_t documents_examined = 0;
  std::int64_t returned = 0;

  bool Has(std::string_view stage) const;
  std::string Text() const;
};
Plan ReadPlan(const bson_t& explained);

}  // namespace mbench::mongodb
