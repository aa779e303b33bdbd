// SPDX-License-Identifier: Apache-2.0
//
// generators:
//   user: {rows: users.csv, column: name, choose: sequential}
//   id: {rows: users.csv, column: id, type: int}
//   receiver: {rows: users.csv, column: id, draw: receiver}
//
// Columns of files that feed statements. In one op all generators of a file have the same row, so
// that a name and an id belong together; `draw` names a row of its own. Each file is read once, and
// only the columns that are asked for are kept; all workers share them.
#include "harness/config/read_feeders.h"

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/config/row_files.h"
#include "harness/config/text_file.h"

namespace mbench {
namespace {

// Lines of JSON, by what the file is called.
bool IsJsonLines(std::string_view path) {
  return path.ends_with(".jsonl") || path.ends_with(".ndjson");
}

// What one of several generators says for all of them. False: another has said something else.
template <class T>
bool Agree(const std::optional<T>& said, std::optional<T>* all) {
  if (said && *all && *said != **all) return false;
  if (said) *all = said;
  return true;
}

// The generators that take columns of one file.
class FeederFile {
 public:
  explicit FeederFile(const ReadState& state) : state_(state) {}
  void Add(const Feeder& feeder) { feeders_.push_back(&feeder); }

  void Read() {
    format_.path = PathBeside(state_.plan->file, feeders_[0]->path);
    format_.json = IsJsonLines(format_.path);
    format_.largest = kLargestFeederFile;
    const std::size_t mistakes_before = state_.mistakes->Count();
    for (const Feeder* feeder : feeders_) Collect(*feeder);
    if (state_.mistakes->Count() != mistakes_before) return;
    format_.separator = separator_.value_or(',');
    const auto all = ReadRowFile(format_, feeders_[0]->rows_place, state_.mistakes);
    if (all == nullptr) return;
    std::vector<std::size_t> kept;
    for (const Feeder* feeder : feeders_) Find(*feeder, *all, &kept);
    if (state_.mistakes->Count() != mistakes_before) return;
    const auto rows = std::make_shared<const Rows>(all->Only(kept));
    for (const Feeder* feeder : feeders_) Fill(*feeder, rows);
  }

 private:
  void Complain(const Place& place, std::string message) {
    state_.mistakes->Add(place, std::move(message));
  }

  void Collect(const Feeder& feeder) {
    if (!Agree(feeder.separator, &separator_))
      Complain(feeder.place, "another generator of this file says another separator");
    if (format_.json && feeder.separator)
      Complain(feeder.place, "'separator' does not go with a file of JSON lines");
    if (!Agree(feeder.choose, &choose_[feeder.draw]))
      Complain(feeder.place,
               "another generator draws the same row of this file in another way; say choose and "
               "theta in one of them, or give this one a row of its own, such as draw: other");
    if (!feeder.type) return;
    const auto given = std::ranges::find(format_.columns, feeder.column, &RowColumn::name);
    if (given == format_.columns.end()) {
      format_.columns.push_back({feeder.column, *feeder.type});
    } else if (given->type != *feeder.type) {
      Complain(feeder.place, "another generator of this column says another type");
    }
  }

  void Find(const Feeder& feeder, const Rows& rows, std::vector<std::size_t>* kept) {
    const std::size_t column = rows.Find(feeder.column);
    if (column < rows.Columns().size()) {
      if (std::ranges::find(*kept, column) == kept->end()) kept->push_back(column);
      return;
    }
    std::vector<std::string_view> names;
    for (const RowColumn& known : rows.Columns()) names.push_back(known.name);
    Complain(feeder.column_place, fmt::format("the rows have no column {}{}", Quote(feeder.column),
                                              Suggest(feeder.column, names)));
  }

  void Fill(const Feeder& feeder, const std::shared_ptr<const Rows>& rows) {
    GeneratorPlan& generator = state_.plan->mix.generators[feeder.generator];
    const auto [choose, theta] =
        choose_[feeder.draw].value_or(std::pair(generator.choose, generator.theta));
    generator.choose = choose;
    generator.theta = theta;
    generator.from = 0;
    generator.to = rows->Count() - 1;
    generator.rows = rows;
    generator.column = rows->Find(feeder.column);
    generator.rows_file = feeder.path;
    generator.draw = feeder.path + "\n" + feeder.draw;
  }

  const ReadState& state_;
  std::vector<const Feeder*> feeders_;
  RowFormat format_;
  std::optional<char> separator_;
  std::map<std::string, std::optional<std::pair<KeyChoice, double>>> choose_;  // by draw
};

}  // namespace

void ReadFeeder(MapReader* map, GeneratorPlan* generator, std::vector<Feeder>* feeders) {
  generator->kind = GeneratorKind::kRow;
  Feeder feeder{.place = map->Node().Head()};
  map->Need("column", "column: name");
  const bool named = map->Text("rows", &feeder.path) && map->Text("column", &feeder.column);
  if (map->Has("separator")) {
    char separator = ',';
    ReadSeparator(map, &separator);
    feeder.separator = separator;
  }
  if (ValueType type{}; map->Choice("type", kColumnTypes, &type)) feeder.type = type;
  if (map->Choice("choose", kNumberChoices, &generator->choose)) {
    ReadTheta(map, generator);
    feeder.choose = {generator->choose, generator->theta};
  } else {
    map->Refuse("theta", "'theta' does not go without choose: zipfian");
  }
  map->Text("draw", &feeder.draw);
  if (!named) return;
  feeder.rows_place = map->Node().Child("rows")->place;
  feeder.column_place = map->Node().Child("column")->place;
  feeders->push_back(std::move(feeder));
}

void ReadFeederFiles(const std::vector<Feeder>& feeders, const ReadState& state) {
  std::map<std::string, FeederFile> files;
  for (const Feeder& feeder : feeders)
    files.try_emplace(feeder.path, state).first->second.Add(feeder);
  for (auto& [path, file] : files) file.Read();
}

}  // namespace mbench
