// SPDX-License-Identifier: Apache-2.0
#include "harness/live/csv_file.h"

#include "reports/csv/interval_csv.h"

namespace mbench {

Result<std::unique_ptr<CsvFile>> CsvFile::Open(const std::string& path) {
  auto csv = std::make_unique<CsvFile>();
  if (Status open = csv->file_.Replace(path); !open) return Failed(open);
  return csv;
}

void CsvFile::OnStart() {
  if (!has_header_) Append(IntervalCsvHeader());
  has_header_ = true;
}

void CsvFile::OnInterval(const Interval& interval) {
  const std::string rows = IntervalCsvRows(*run_.result, interval);
  if (!rows.empty()) Append(rows);
}

void CsvFile::Append(const std::string& text) {
  if (written_) written_ = file_.Append(text);
}

std::vector<std::string> CsvFile::Complaints() {
  if (written_) return {};
  return {written_.error().message + "; the rows end there, and the run itself is not affected"};
}

}  // namespace mbench
