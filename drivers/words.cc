// SPDX-License-Identifier: Apache-2.0
#include "drivers/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "harness/base/text.h"
#include "harness/base/text_template.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

bool GoesWith(const WordSpec& word, const WordSpec* head) {
  if (word.of.empty() || head == nullptr) return true;
  return std::ranges::count(Split(word.of, '|'), head->name) > 0;
}

// The names of those that may stand there.
std::vector<std::string_view> NamesOf(std::span<const WordSpec> words, WordPlaces where,
                                      const WordSpec* head) {
  std::vector<std::string_view> names;
  for (const WordSpec& word : words) {
    if ((word.where & where) == 0 || !GoesWith(word, head)) continue;
    if (word.is_head && head != nullptr && head->name != word.name) continue;
    if (std::ranges::count(names, word.name) == 0) names.push_back(word.name);
  }
  return names;
}

std::vector<std::string_view> HeadsOf(std::span<const WordSpec> words, WordPlaces where) {
  std::vector<std::string_view> names;
  for (const WordSpec& word : words)
    if (word.is_head && (word.where & where) != 0) names.push_back(word.name);
  return names;
}

// ---- one value ----

std::string_view Kinds(WordType type) {
  switch (type) {
    case WordType::kList:
      return "L";
    case WordType::kMap:
      return "M";
    case WordType::kTextOrList:
      return "SL";
    case WordType::kTextOrMap:
    case WordType::kFlagOrMap:
      return "SM";
    case WordType::kAny:
      return "SLM";
    default:
      return "S";
  }
}

bool FitsKind(WordType type, const ValueNode& node) {
  const char kind = node.IsScalar() ? 'S' : node.IsList() ? 'L' : 'M';
  return Kinds(type).find(kind) != std::string_view::npos;
}

std::string Spelling(std::string_view text) {
  std::string spelling(text);
  std::ranges::replace(spelling, '_', ' ');
  return spelling;
}

Result<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  return BadConfig("not a whole number: {}; expected something like 20", Quote(text));
}

Status CheckRange(const WordSpec& word, const Result<std::int64_t>& value, std::string_view text) {
  if (!value) return Failed(value);
  if (*value >= word.min && *value <= word.max) return {};
  return BadConfig("{} is out of range for {}; expected {}", Quote(text), word.name, word.range);
}

Status CheckChoice(const WordSpec& word, std::string_view text) {
  const std::vector<std::string_view> choices = Split(word.choices, '|');
  const auto same = [&](std::string_view choice) { return Spelling(choice) == Spelling(text); };
  if (std::ranges::any_of(choices, same)) return {};
  return BadConfig("unknown value {} of {}{}", Quote(text), word.name, Suggest(text, choices));
}

Status CheckScalar(const WordSpec& word, std::string_view text) {
  switch (word.type) {
    case WordType::kInteger:
      return CheckRange(word, ParseInteger(text), text);
    case WordType::kCount:
      return CheckRange(word, ParseCount(text), text);
    case WordType::kDuration:
      return CheckRange(word, ParseDuration(text), text);
    case WordType::kFlag:
    case WordType::kFlagOrMap:
      if (text == "true" || text == "false") return {};
      return BadConfig("{} is {}; expected {}", word.name, Quote(text), Describe(word));
    case WordType::kChoice:
      return CheckChoice(word, text);
    default:
      return {};
  }
}

void CheckMap(std::span<const WordSpec> words, const ValueNode& map, Complaints* complaints);

// ---- words that are not known, or missing ----

bool IsMisspelt(std::span<const ValueNode> said, std::span<const std::string_view> known,
                std::string_view meant) {
  return std::ranges::any_of(said, [&](const ValueNode& word) {
    return std::ranges::count(known, word.key) == 0 && ClosestMatch(word.key, known) == meant;
  });
}

void ReportMissing(const WordSpec& word, const Place& place, std::string_view where,
                   Complaints* complaints) {
  complaints->Add(place, fmt::format("'{}' is missing in {}; expected something like {}: {}",
                                     word.name, where, word.name, word.example));
}

void CheckMap(std::span<const WordSpec> words, const ValueNode& map, Complaints* complaints) {
  std::vector<std::string_view> names;
  for (const WordSpec& word : words) names.push_back(word.name);
  std::set<std::string_view> seen;
  for (const ValueNode& child : map.children) {
    const auto word = std::ranges::find(words, child.key, &WordSpec::name);
    if (word == words.end()) {
      complaints->Add(child.key_place, fmt::format("unknown key {} in {}{}", Quote(child.key),
                                                   map.key, Suggest(child.key, names)));
    } else if (!seen.insert(child.key).second) {
      complaints->Add(child.key_place, fmt::format("duplicate key '{}' in {}", child.key, map.key));
    } else {
      CheckValue(*word, child, complaints);
    }
  }
  for (const WordSpec& word : words) {
    if (word.required && map.Child(word.name) == nullptr &&
        !IsMisspelt(map.children, names, word.name))
      ReportMissing(word, map.Head(), map.key, complaints);
  }
}

// ---- a statement ----

class WordChecker {
 public:
  WordChecker(std::string_view driver, std::span<const WordSpec> words,
              const StatementSpec& statement, bool is_step, Complaints* complaints)
      : driver_(driver),
        words_(words),
        statement_(statement),
        where_(WordPlaceOf(statement, is_step)),
        title_(TitleOf(statement, is_step)),
        head_(FindHead(words, statement, is_step)),
        complaints_(complaints) {}

  void Check() {
    const std::vector<std::string_view> heads = HeadsOf(words_, where_);
    if (where_ != kInTransaction && heads.empty()) return RefusePlace();
    if (where_ == kInTransaction && HeadsOf(words_, kInStep).empty()) return RefusePlace();
    known_ = NamesOf(words_, where_, head_);
    for (const ValueNode& said : statement_.body.children) CheckSaid(said);
    if (head_ == nullptr && where_ != kInTransaction && !refused_) RequireHead(heads);
    for (const WordSpec& word : words_) RequireWord(word);
  }

 private:
  // No statement of that kind can be right.
  void RefusePlace() {
    const std::string_view what =
        where_ == kInTransaction ? "no transactions; write the steps as statements"
        : where_ == kInLoad      ? "no load_statement; it loads its own records only"
        : where_ == kInCheck     ? "no checks"
        : where_ == kInSetUp     ? "no before_load and after_load"
                                 : "no statements";
    complaints_->Add(statement_.place, fmt::format("{}: driver {} has {}", title_, driver_, what));
  }

  void CheckSaid(const ValueNode& said) {
    const WordSpec* const word = FindWord(words_, said.key, where_, head_);
    if (word == nullptr) return RefuseWord(said);
    if (word->is_head && head_ != nullptr && word->name != head_->name) {
      return complaints_->Add(said.key_place,
                              fmt::format("{} has both {} and {}; expected one of them", title_,
                                          head_->name, word->name));
    }
    CheckValue(*word, said, complaints_);
  }

  void RefuseWord(const ValueNode& said) {
    WordPlaces elsewhere = 0;
    std::string heads;
    for (const WordSpec& word : words_) {
      if (word.name != said.key) continue;
      elsewhere |= word.where;
      if ((word.where & where_) != 0)
        heads +=
            (heads.empty() ? "" : ", ") + fmt::format("{}", fmt::join(Split(word.of, '|'), ", "));
    }
    refused_ = true;
    if (elsewhere == 0) {
      complaints_->Add(said.key_place, WhyUnknown(said.key));
    } else if (!heads.empty() && head_ != nullptr) {
      complaints_->Add(said.key_place, fmt::format("'{}' does not go with {}; it goes with {}",
                                                   said.key, head_->name, heads));
    } else {
      complaints_->Add(said.key_place,
                       fmt::format("'{}' does not go with {}; it goes with {}", said.key,
                                   DescribePlaces(where_), DescribePlaces(elsewhere)));
    }
  }

  std::string WhyUnknown(std::string_view word) const {
    if (word == "label")
      return fmt::format("driver {} has no label: its replies say nothing to split by", driver_);
    if (word == "reads" || word == "writes")
      return fmt::format(
          "driver {} does not take versions from its replies, so that '{}' says nothing here",
          driver_, word);
    // Words that the file has for every driver are known here too.
    std::vector<std::string_view> all = known_;
    all.insert(all.end(), {"weight", "transaction", "name"});
    const std::vector<std::string_view> heads = HeadsOf(words_, where_);
    const bool is_near = !ClosestMatch(word, all).empty();
    const auto& expected = is_near ? all : head_ == nullptr && !heads.empty() ? heads : known_;
    return fmt::format("unknown key {} in {}{}", Quote(word), title_,
                       expected.empty() ? "" : Suggest(word, expected));
  }

  void RequireHead(const std::vector<std::string_view>& heads) {
    if (heads.size() > 1) {
      return complaints_->Add(
          statement_.place, fmt::format("{} says nothing that {} knows; expected one of {}", title_,
                                        driver_, fmt::join(heads, ", ")));
    }
    const WordSpec* const head = FindWord(words_, heads[0], where_, nullptr);
    complaints_->Add(statement_.place,
                     fmt::format("{} says nothing that {} knows; expected something like {}: {}",
                                 title_, driver_, head->name, head->example));
  }

  void RequireWord(const WordSpec& word) {
    if (!word.required || head_ == nullptr || word.is_head) return;
    if ((word.where & where_) == 0 || !GoesWith(word, head_)) return;
    if (statement_.Find(word.name) != nullptr) return;
    if (!IsMisspelt(statement_.body.children, known_, word.name))
      ReportMissing(word, statement_.place, title_, complaints_);
  }

  const std::string_view driver_;
  const std::span<const WordSpec> words_;
  const StatementSpec& statement_;
  const WordPlaces where_;
  const std::string title_;
  const WordSpec* const head_;
  Complaints* const complaints_;
  std::vector<std::string_view> known_;
  bool refused_ = false;  // a word, which may be the one that is missing
};

}  // namespace

std::string Describe(const WordSpec& word) {
  switch (word.type) {
    case WordType::kText:
      return "a text";
    case WordType::kTemplate:
      return "a text, which may have {placeholders}";
    case WordType::kInteger:
      return "a whole number";
    case WordType::kCount:
      return "a count";
    case WordType::kDuration:
      return "a duration";
    case WordType::kFlag:
      return "true or false";
    case WordType::kChoice:
      return fmt::format("one of {}", fmt::join(Split(word.choices, '|'), ", "));
    case WordType::kList:
      return "a list";
    case WordType::kMap:
      return "a map";
    case WordType::kTextOrList:
      return "a text or a list";
    case WordType::kTextOrMap:
      return "a text or a map";
    case WordType::kFlagOrMap:
      return "true, false or a map";
    case WordType::kAny:
      return "anything";
  }
  return "";
}

std::string DescribePlaces(WordPlaces where) {
  constexpr auto kNames = std::to_array<std::pair<WordPlaces, std::string_view>>(
      {{kInStatement, "a statement"},
       {kInTransaction, "a transaction"},
       {kInStep, "a step"},
       {kInLoad, "load_statement"},
       {kInSetUp, "before_load and after_load"},
       {kInCheck, "checks"}});
  std::string text;
  for (const auto& [bit, name] : kNames)
    if ((where & bit) != 0) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

WordPlaces WordPlaceOf(const StatementSpec& statement, bool is_step) {
  if (is_step) return kInStep;
  switch (statement.use) {
    case StatementUse::kLoad:
      return kInLoad;
    case StatementUse::kSetUp:
      return kInSetUp;
    case StatementUse::kCheck:
      return kInCheck;
    case StatementUse::kRun:
      break;
  }
  return statement.steps.empty() ? kInStatement : kInTransaction;
}

std::string TitleOf(const StatementSpec& statement, bool is_step) {
  if (is_step) return fmt::format("step {}", Quote(statement.name));
  if (statement.use == StatementUse::kRun)
    return fmt::format("statement {}", Quote(statement.name));
  return statement.use == StatementUse::kLoad ? statement.name : Quote(statement.name);
}

const WordSpec* FindHead(std::span<const WordSpec> words, const StatementSpec& statement,
                         bool is_step) {
  const WordPlaces where = WordPlaceOf(statement, is_step);
  const WordSpec* head = nullptr;
  for (const ValueNode& said : statement.body.children) {
    for (const WordSpec& word : words) {
      if (!word.is_head || word.name != said.key || (word.where & where) == 0) continue;
      if (word.of.empty()) return &word;
      if (head == nullptr) head = &word;
    }
  }
  return head;
}

const WordSpec* FindWord(std::span<const WordSpec> words, std::string_view name, WordPlaces where,
                         const WordSpec* head) {
  const auto found = std::ranges::find_if(words, [&](const WordSpec& word) {
    return word.name == name && (word.where & where) != 0 && GoesWith(word, head);
  });
  return found == words.end() ? nullptr : &*found;
}

void CheckValue(const WordSpec& word, const ValueNode& node, Complaints* complaints) {
  if (node.failed) return;  // that was reported
  if (node.kind == ValueNode::Kind::kNull) {
    if (word.type != WordType::kAny)
      complaints->Add(node.Head(),
                      fmt::format("'{}' has no value; write one, or leave the key out", word.name));
    return;
  }
  if (!FitsKind(word.type, node)) {
    const std::string example =
        word.example.empty() ? "" : fmt::format(", such as {}", word.example);
    return complaints->Add(node.place, fmt::format("{} must be {}{}; this is {}", word.name,
                                                   Describe(word), example, Describe(node.kind)));
  }
  if (node.IsMap() && !word.words.empty()) return CheckMap(word.words, node, complaints);
  if (!node.IsScalar()) return;
  const bool drawn = word.type != WordType::kText && word.type != WordType::kTemplate &&
                     !TextTemplate::Names(node.text).empty();
  if (drawn && word.generated) return;
  if (const Status right = CheckScalar(word, node.text); !right) {
    complaints->Add(node.place, drawn ? fmt::format("{} cannot come from a generator", word.name)
                                      : right.error().message);
  }
}

void CheckWords(std::string_view driver, std::span<const WordSpec> words,
                const StatementSpec& statement, bool is_step, Complaints* complaints) {
  WordChecker(driver, words, statement, is_step, complaints).Check();
}

void CheckStatement(std::string_view driver, const DriverLanguage& language,
                    const StatementSpec& statement, Complaints* complaints) {
  if (language.check != nullptr) return language.check(statement, complaints);
  CheckWords(driver, language.words, statement, false, complaints);
  if (HeadsOf(language.words, kInStep).empty()) return;  // that was told
  for (const StatementSpec& step : statement.steps)
    CheckWords(driver, language.words, step, true, complaints);
}

}  // namespace mbench
