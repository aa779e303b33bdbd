// SPDX-License-Identifier: Apache-2.0
#include "harness/config/mistakes.h"

#include <algorithm>
#include <span>

#include "harness/base/secrets.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

// More mistakes than this come from one cause, such as a file of another kind; listing them all
// would hide it.
constexpr std::size_t kMostShown = 50;
constexpr std::size_t kWidestLine = 120;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// What is shown of a long line: a window around the place, cut between characters.
struct Window {
  std::size_t begin;
  std::size_t end;
};
Window WindowAround(std::string_view line, std::size_t column) {
  std::size_t begin = column > kWidestLine - 20 ? column - kWidestLine / 2 : 0;
  std::size_t end = std::min(line.size(), begin + kWidestLine);
  while (begin > 0 && IsContinuation(line[begin])) --begin;
  while (end < line.size() && IsContinuation(line[end])) ++end;
  return {begin, end};
}

// Every character one column wide and none that moves the cursor; the same count goes above the
// caret.
std::string Printable(std::string_view text) {
  std::string printable;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = std::max<std::size_t>(Utf8Length(text.substr(i)), 1);
    const std::string_view character = text.substr(i, length);
    printable += character == "\t" ? " " : IsControl(character) ? "?" : std::string(character);
    i += length;
  }
  return printable;
}

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !IsContinuation(c); }));
}

// Secrets are taken out before and behind the caret apart, so that it stays under its word.
std::string DrawLine(std::string_view line, const Place& place,
                     std::span<const std::string> secrets) {
  const std::size_t column = std::min<std::size_t>(place.column - 1, line.size());
  const Window window = WindowAround(line, column);
  const std::size_t word_end = std::min<std::size_t>(column + place.width, window.end);
  const auto shown = [&](std::size_t begin, std::size_t end) {
    return Printable(Redact(line.substr(begin, end - begin), secrets));
  };
  const std::string before = shown(window.begin, column);
  const std::string word = shown(column, word_end);
  const std::string rest = shown(word_end, window.end);
  const std::size_t width = std::max<std::size_t>(1, CountCharacters(word));
  return fmt::format("{:5} | {}{}{}\n      | {:{}}^{:~<{}}\n", place.line, before, word, rest, "",
                     CountCharacters(before), "", width - 1);
}

}  // namespace

std::uint32_t Mistakes::AddFile(std::string name, std::string text) {
  std::vector<std::size_t> begins = {0};
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
    begins.push_back(at + 1);
  }
  sources_.push_back({std::move(name), std::move(text), std::move(begins)});
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

std::uint32_t Mistakes::AddMadeText(std::string text, std::vector<std::string> origins) {
  const std::uint32_t source = AddFile("command line", std::move(text));
  sources_.back().origins = std::move(origins);
  return source;
}

std::uint32_t Mistakes::AddArgument(std::string head) { return AddFile(std::move(head), ""); }

void Mistakes::Add(const Place& place, std::string message) {
  ++count_;
  Mistake mistake{place, std::move(message)};
  // A YAML alias (*name) makes readers meet the same value again; its mistake is told once.
  if (std::ranges::find(mistakes_, mistake) == mistakes_.end())
    mistakes_.push_back(std::move(mistake));
}

std::string_view Mistakes::Line(const Place& place) const {
  const Source& source = sources_[place.source];
  if (place.line == 0 || place.line > source.line_begins.size()) return "";
  const std::string_view rest =
      std::string_view(source.text).substr(source.line_begins[place.line - 1]);
  const std::string_view line = rest.substr(0, rest.find('\n'));
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

std::string Mistakes::Render(const Mistake& mistake) const {
  const Place& place = mistake.place;
  const Source& source = sources_[place.source];
  if (place.line > 0 && place.line <= source.origins.size())
    return fmt::format("{}: error: {}\n", source.origins[place.line - 1], mistake.message);
  if (place.line == 0 || source.text.empty()) {
    return fmt::format("{}: error: {}\n", source.name, mistake.message);
  }
  return fmt::format("{}:{}:{}: error: {}\n{}", source.name, place.line, place.column,
                     mistake.message, DrawLine(Line(place), place, secrets_));
}

Error Mistakes::ToError() const {
  std::vector<Mistake> sorted = mistakes_;
  std::ranges::stable_sort(sorted, std::less(), &Mistake::place);
  std::string text;
  for (std::size_t i = 0; i < std::min(sorted.size(), kMostShown); ++i) text += Render(sorted[i]);
  if (sorted.size() > kMostShown) {
    text += fmt::format("... and {} more\n", sorted.size() - kMostShown);
  }
  const std::size_t count = sorted.size();
  text += fmt::format("{} error{}; nothing was run", count, count == 1 ? "" : "s");
  return {ErrorKind::kUsage, Redact(text, secrets_)};
}

}  // namespace mbench
