// SPDX-License-Identifier: Apache-2.0
#include "reports/csv/interval_csv.h"

#include "reports/csv/csv_tables.h"

namespace mbench {

std::string IntervalCsvHeader() { return CsvHeader(SecondsTable()); }

std::string IntervalCsvRows(const RunResult& run, const Interval& interval) {
  std::string rows;
  VisitSecondRows(run, interval,
                  [&rows](const TableRow& row) { rows += CsvRow(SecondsTable(), row); });
  return rows;
}

}  // namespace mbench
