// SPDX-License-Identifier: Apache-2.0
//
// JSON lines: an object in each line.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/base/text.h"
#include "harness/config/row_text.h"

namespace mbench {
namespace {

using Json = nlohmann::ordered_json;

// Deeper than rows are, and shallow enough for code that walks a value by calling itself.
constexpr int kDeepest = 64;

// Members of members are columns too: address.city. Lists stay JSON text.
template <class Take>
void ForEachMember(const Json& object, const std::string& prefix, Take take) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_object()) {
      ForEachMember(value, prefix + name + ".", take);
    } else {
      take(prefix + name, value);
    }
  }
}

ValueType TypeOf(const Json& value) {
  if (value.is_boolean()) return ValueType::kFlag;
  if (value.is_number_unsigned() && value > Json(INT64_MAX)) return ValueType::kDouble;
  if (value.is_number_integer()) return ValueType::kInteger;
  return value.is_number() ? ValueType::kDouble : ValueType::kText;
}

// The type of a column that has values of both: whole numbers and others are numbers; any other two
// types make it text.
ValueType Both(ValueType a, ValueType b) {
  const auto number = [](ValueType type) {
    return type == ValueType::kInteger || type == ValueType::kDouble;
  };
  if (a == b) return a;
  return number(a) && number(b) ? ValueType::kDouble : ValueType::kText;
}

std::string TextOf(const Json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class JsonLines {
 public:
  JsonLines(const RowFormat& format, RowText* file) : format_(format), file_(file) {}

  // Twice through the file: first what columns there are, then their cells.
  std::shared_ptr<Rows> Read() {
    ForEachObject([this](const Json& object, std::size_t) { NoteColumns(object); });
    if (file_->Count() > 0) return nullptr;
    std::vector<RowColumn> columns;
    for (const Column& column : columns_) {
      const auto given = std::ranges::find(format_.columns, column.name, &RowColumn::name);
      const ValueType found = column.type.value_or(ValueType::kText);
      columns.push_back({column.name, given == format_.columns.end() ? found : given->type});
    }
    auto rows = std::make_shared<Rows>(std::move(columns));
    ForEachObject([&](const Json& object, std::size_t at) { AddRow(object, at, &*rows); });
    return rows;
  }

 private:
  struct Column {
    std::string name;
    std::optional<ValueType> type;  // of all that were seen so far; null has none
  };

  template <class Take>
  void ForEachObject(Take take) {
    const std::string_view text = file_->text();
    for (std::size_t at = 0; at < text.size() && !file_->Tired();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view line = Trim(text.substr(at, end - at));
      if (!line.empty()) {
        const Json object = Parse(line, at);
        if (object.is_object()) take(object, at);
      }
      at = end + 1;
    }
  }

  // A wrong line is reported in the first pass over the file; there is no second one then.
  Json Parse(std::string_view line, std::size_t at) {
    int depth = 0;
    const auto note_depth = [&depth](int of_this, Json::parse_event_t, Json&) {
      depth = std::max(depth, of_this);
      return depth <= kDeepest;
    };
    try {
      Json parsed = Json::parse(line, note_depth);
      if (depth <= kDeepest && parsed.is_object()) return parsed;
      file_->Add(at,
                 depth > kDeepest
                     ? fmt::format("values within values, more than {} deep", kDeepest)
                     : R"(a line has to be an object, such as {"id": 1, "city": "Rome"})",
                 line.size());
    } catch (const Json::parse_error& error) {
      file_->Add(at + std::min(line.size(), std::max<std::size_t>(error.byte, 1)) - 1,
                 "this is not JSON; expected a whole object in each line");
    } catch (const Json::out_of_range& error) {
      AddHugeNumber(line, at, error.what());
    }
    return nullptr;
  }

  // The library says which number, and not where: "... number overflow parsing '1e400'".
  void AddHugeNumber(std::string_view line, std::size_t at, std::string_view said) {
    const std::size_t quote = said.find('\'');
    const std::string_view number =
        said.substr(quote + 1, said.find_last_of('\'') - std::min(quote + 1, said.size()));
    const std::size_t found = line.find(number);
    const bool known = quote != std::string_view::npos && found != std::string_view::npos;
    file_->Add(known ? at + found : at,
               "this number is too large to be one; as text it stands in quotes",
               known ? number.size() : line.size());
  }

  void NoteColumns(const Json& object) {
    ForEachMember(object, "", [this](const std::string& name, const Json& value) {
      auto found = std::ranges::find(columns_, name, &Column::name);
      if (found == columns_.end()) found = columns_.insert(found, {name, std::nullopt});
      if (value.is_null()) return;
      found->type = found->type ? Both(*found->type, TypeOf(value)) : TypeOf(value);
    });
  }

  void AddRow(const Json& object, std::size_t at, Rows* rows) {
    std::vector<const Json*> cells(rows->Columns().size(), nullptr);
    ForEachMember(object, "", [&](const std::string& name, const Json& value) {
      cells[rows->Find(name)] = value.is_null() ? nullptr : &value;
    });
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i] == nullptr) {
        rows->AddMissing();
        continue;
      }
      const std::string text = TextOf(*cells[i]);
      const RowColumn& column = rows->Columns()[i];
      const std::string wrong = DescribeWrongValue(text, column.type);
      if (!wrong.empty()) file_->Add(at, fmt::format("{} in {}", wrong, Quote(column.name)));
      rows->Add(text);
    }
  }

  const RowFormat& format_;
  RowText* file_;
  std::vector<Column> columns_;
};

}  // namespace

std::shared_ptr<Rows> ReadJsonRows(const RowFormat& format, RowText* file) {
  return JsonLines(format, file).Read();
}

}  // namespace mbench
