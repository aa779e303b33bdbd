// SPDX-License-Identifier: Apache-2.0
//
// CSV as RFC 4180 has it, with any separator.
#include <algorithm>
#include <set>
#include <vector>

#include "harness/base/text.h"
#include "harness/config/row_text.h"

namespace mbench {
namespace {

struct Field {
  std::string text;
  std::size_t at = 0;  // where it begins in the file
  std::size_t width = 0;
};

class CsvReader {
 public:
  CsvReader(RowText* file, char separator)
      : file_(file), text_(file->text()), separator_(separator) {}

  // The next record; false: there are no more, or it makes no sense to go on.
  bool Next(std::vector<Field>* fields) {
    fields->clear();
    if (at_ >= text_.size() || failed_) return false;
    begin_ = at_;
    do {
      fields->push_back(Quoted() ? TakeQuoted() : TakePlain());
    } while (TakeSeparator());
    TakeLineEnd();
    return !failed_;
  }
  std::size_t Begin() const { return begin_; }  // of that record

 private:
  bool Quoted() const { return at_ < text_.size() && text_[at_] == '"'; }
  bool AtLineEnd() const {
    return at_ >= text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
  }
  bool TakeSeparator() {
    if (failed_ || at_ >= text_.size() || text_[at_] != separator_) return false;
    ++at_;
    return true;
  }
  void TakeLineEnd() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
  }

  Field TakePlain() {
    const std::size_t begin = at_;
    while (!AtLineEnd() && text_[at_] != separator_) {
      if (text_[at_] == '"' && !complained_) {
        file_->Add(at_,
                   "a quote within a field without quotes; put the field in quotes, and write the "
                   "one within twice");
        complained_ = true;
      }
      ++at_;
    }
    complained_ = false;
    return {std::string(text_.substr(begin, at_ - begin)), begin, at_ - begin};
  }

  Field TakeQuoted() {
    Field field{.at = at_++};
    for (;; ++at_) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) {
        file_->Add(field.at, "the quote that opens this field is never closed");
        failed_ = true;
        return field;
      }
      field.text += text_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      field.text += '"';
    }
    field.width = at_ - field.at;
    if (!AtLineEnd() && text_[at_] != separator_) {
      file_->Add(at_, fmt::format("a field in quotes goes on after its closing quote; expected {} "
                                  "or the end of the line (a quote within is written twice)",
                                  Quote(std::string_view(&separator_, 1))));
      while (!AtLineEnd() && text_[at_] != separator_) ++at_;
    }
    return field;
  }

  RowText* file_;
  std::string_view text_;
  const char separator_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
  bool failed_ = false;
  bool complained_ = false;
};

// A line without anything is no row of a file with several columns.
bool IsBlank(const std::vector<Field>& fields, std::size_t columns) {
  return fields.size() == 1 && fields[0].text.empty() && fields[0].width == 0 && columns != 1;
}

std::vector<RowColumn> ReadHeader(const std::vector<Field>& fields, RowText* file) {
  std::vector<RowColumn> columns;
  std::set<std::string> names;
  for (const Field& field : fields) {
    const std::string name(Trim(field.text));
    if (name.empty()) file->Add(field.at, "a column without a name in the first line");
    if (!name.empty() && !names.insert(name).second) {
      file->Add(field.at, fmt::format("a second column {}", Quote(name)), field.width);
    }
    columns.push_back({.name = name});
  }
  return columns;
}

void CheckWidth(const std::vector<Field>& fields, const std::vector<RowColumn>& columns,
                std::size_t begin, RowText* file) {
  if (fields.size() < columns.size()) {
    file->Add(begin,
              fmt::format("the row has {} fields, and the first line names {}; {} is "
                          "missing",
                          fields.size(), columns.size(), Quote(columns[fields.size()].name)));
  } else {
    const Field& extra = fields[columns.size()];
    file->Add(extra.at,
              fmt::format("the row has {} fields, and the first line names {}; put a field with a "
                          "separator in it in quotes",
                          fields.size(), columns.size()),
              extra.width);
  }
}

void AddCell(const Field& field, const RowColumn& column, RowText* file, Rows* rows) {
  if (column.type == ValueType::kText) return rows->Add(field.text);
  const std::string_view text = Trim(field.text);
  if (text.empty()) return rows->AddMissing();
  if (std::string wrong = DescribeWrongValue(text, column.type); !wrong.empty()) {
    return file->Add(field.at, fmt::format("{} in column {}", wrong, Quote(column.name)),
                     field.width);
  }
  if (column.type != ValueType::kFlag) return rows->Add(text);
  rows->Add(text == "true" || text == "yes" || text == "1" ? "true" : "false");
}

}  // namespace

std::shared_ptr<Rows> ReadCsvRows(const RowFormat& format, RowText* file) {
  CsvReader reader(file, format.separator);
  std::vector<Field> fields;
  if (!reader.Next(&fields)) return nullptr;
  std::vector<RowColumn> columns = ReadHeader(fields, file);
  if (file->Count() > 0) return nullptr;
  for (const RowColumn& given : format.columns) {
    const auto found = std::ranges::find(columns, given.name, &RowColumn::name);
    if (found != columns.end()) found->type = given.type;
  }
  auto rows = std::make_shared<Rows>(columns);
  while (!file->Tired() && reader.Next(&fields)) {
    if (IsBlank(fields, columns.size())) continue;
    if (fields.size() != columns.size()) {
      CheckWidth(fields, columns, reader.Begin(), file);
      continue;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) AddCell(fields[i], columns[i], file, &*rows);
  }
  return rows;
}

}  // namespace mbench
