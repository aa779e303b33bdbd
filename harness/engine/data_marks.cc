// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/data_marks.h"

#include <charconv>
#include <string_view>

namespace mbench {
namespace {

// What stands in front of the mark of data that an earlier run has added to or taken from.
constexpr std::string_view kChanged = "changed ";

std::string ProgressMark(std::uint64_t at, std::string_view mark) {
  return fmt::format("{} at {} of {}", kUnfinishedDataset, at, mark);
}

// Where a load of this data set was ended; 0: it has to begin anew.
std::uint64_t ResumeAt(std::string_view found, std::string_view mark) {
  const std::string head = fmt::format("{} at ", kUnfinishedDataset);
  if (!found.starts_with(head) || !found.ends_with(fmt::format(" of {}", mark))) return 0;
  found.remove_prefix(head.size());
  std::uint64_t at = 0;
  std::from_chars(found.data(), found.data() + found.size(), at);
  return found.starts_with(fmt::format("{} of ", at)) ? at : 0;
}

}  // namespace

DataMarks::DataMarks(const RunPlan& plan, MarkedStore* store)
    : plan_(plan), store_(store), mark_(DatasetMark(plan.data, plan.engine.seed)) {}

bool DataMarks::SpeaksOfRecords() const {
  if (plan_.data.load_statement) return true;
  if (store_ == nullptr) return false;
  return HasVerbs(plan_.mix) || plan_.mix.statements.empty() ||
         plan_.data.load == LoadData::kAlways;
}

Result<std::optional<std::uint64_t>> DataMarks::MakeRoom() const {
  if (!SpeaksOfRecords() || store_ == nullptr) return 0;
  const Result<StoredData> found = store_->Look();
  if (!found) return Failed(found);
  if (plan_.data.load == LoadData::kAuto && found->dataset == mark_) return std::nullopt;
  if (Status may = CheckMayLoad(*found); !may) return Failed(may);
  if (found->empty) return 0;
  const bool resumes = plan_.data.load_statement && plan_.data.load == LoadData::kAuto;
  const std::uint64_t at = resumes ? ResumeAt(found->dataset, mark_) : 0;
  if (at > 0) return at;
  if (Status cleared = store_->Clear(); !cleared) return Failed(cleared);
  return 0;
}

Status DataMarks::CheckMayLoad(const StoredData& found) const {
  if (found.empty) return {};
  if (found.dataset.empty()) {
    return BadConfig(
        "{} holds records that mbench did not put there; choose an empty place, or set "
        "data.load to never to use them as they are",
        plan_.driver.use);
  }
  if (plan_.data.load == LoadData::kAlways || IsOurs(found.dataset)) return {};
  return BadConfig(
      "{} holds another data set ({}) than this workload's ({}); choose another place, or set "
      "data.load to always to replace it",
      plan_.driver.use, found.dataset, mark_);
}

// Data of this plan, though maybe not all of them, or not only them: may be loaded anew without
// asking.
bool DataMarks::IsOurs(std::string_view found) const {
  if (found.starts_with(kUnfinishedDataset)) return true;
  if (found.starts_with(kChanged)) found.remove_prefix(kChanged.size());
  return found == mark_;
}

// That a load cannot be resumed is no reason to end it.
void DataMarks::LeaveProgress(std::uint64_t at) const {
  if (store_ != nullptr) (void)store_->SetDataset(ProgressMark(at, mark_));
}

Status DataMarks::LeaveWhole() const {
  if (!SpeaksOfRecords() || store_ == nullptr) return {};
  return store_->SetDataset(mark_);
}

Status DataMarks::LeaveChanging() const {
  if (store_ == nullptr || plan_.data.load == LoadData::kSkip) return {};
  if (!SpeaksOfRecords()) return LeaveTouched();
  const auto weight = [this](Verb verb) {
    return plan_.mix.weights[static_cast<std::size_t>(verb)];
  };
  const bool changes =
      weight(Verb::kInsert) > 0 || weight(Verb::kDelete) > 0 || !plan_.mix.statements.empty();
  return changes ? store_->SetDataset(std::string(kChanged) + mark_) : Status();
}

// Statements alone: what was loaded earlier, if anything was, may be changed by them.
Status DataMarks::LeaveTouched() const {
  const Result<StoredData> found = store_->Look();
  if (!found) return Failed(found);
  const std::string& mark = found->dataset;
  const bool whole = !mark.empty() && !mark.starts_with(kUnfinishedDataset);
  if (!whole || mark.starts_with(kChanged)) return {};
  return store_->SetDataset(std::string(kChanged) + mark);
}

}  // namespace mbench
