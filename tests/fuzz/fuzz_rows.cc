// SPDX-License-Identifier: Apache-2.0
//
// The readers of rows: any text is a table or a message. The first byte says which reader: 'j' JSON
// lines, else CSV with that separator.
#include <string>

#include "harness/base/check.h"
#include "harness/config/row_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  mbench::RowFormat format;
  format.json = data[0] == 'j';
  format.separator = static_cast<char>(data[0]);
  mbench::Mistakes mistakes;
  mbench::RowText text("fuzz", std::string(reinterpret_cast<const char*>(data) + 1, size - 1),
                       &mistakes);
  const std::shared_ptr<mbench::Rows> rows =
      format.json ? mbench::ReadJsonRows(format, &text) : mbench::ReadCsvRows(format, &text);
  if (!mistakes.Empty()) {
    const std::string said = mistakes.ToError().message;
    MB_CHECK(said.ends_with("; nothing was run"), "{}", said);
    return 0;
  }
  if (rows == nullptr) return 0;
  for (std::size_t row = 0; row < rows->Count(); ++row)
    for (std::size_t column = 0; column < rows->Columns().size(); ++column)
      (void)rows->Cell(row, column);
  return 0;
}
