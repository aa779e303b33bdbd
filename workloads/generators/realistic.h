// SPDX-License-Identifier: Apache-2.0
//
// Values that look like those of real documents: people, amounts, dates, places, ids.
//
// Each writes into `storage`, which grows once and is used again, and says which part of it the
// value is. All are pure functions of the random numbers and, where it is asked for, of the place
// in a sequence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/rng.h"
#include "harness/plan/run_plan.h"
#include "workloads/alias_table.h"

namespace mbench {

// "Anna Keller" and "anna.keller42@example.com". Thread: any; immutable.
class People {
 public:
  // `weighted`: usual names are more frequent than others.
  explicit People(bool weighted);
  std::string_view WriteName(Rng& rng, std::string* storage) const;
  std::string_view WriteEmail(std::string_view domain, Rng& rng, std::string* storage) const;

 private:
  AliasTable first_, last_;
};

// "19.99": kAmount. What falls out of the limits is drawn again, and is a limit itself if that does
// not help.
std::string_view WriteAmount(const GeneratorPlan& plan, Rng& rng, std::string* storage);

// "2026-01-31", or "2026-01-31T12:00:00.250Z" with any time of that day. `day`: from 0001-01-01.
std::string_view WriteDay(std::uint64_t day, bool with_time, Rng& rng, std::string* storage);

// "[13.404954,52.520008]": kPoint. A box is filled evenly by area.
std::string_view WritePoint(const GeneratorPlan& plan, Rng& rng, std::string* storage);

// 24 hex digits as the drivers of MongoDB make them: seconds, random, a counter. `place` in a
// sequence gives the seconds (a thousand each, from 2024 on) and the counter, so that ids ascend.
std::string_view WriteObjectId(std::uint64_t place, Rng& rng, std::string* storage);
// All of it random.
std::string_view WriteRandomObjectId(Rng& rng, std::string* storage);

}  // namespace mbench
