// SPDX-License-Identifier: Apache-2.0
#include "harness/doctor/root_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

}  // namespace

std::string RootFolder::PathOf(std::string_view file) const {
  return path_ + "/" + std::string(file);
}

std::optional<std::string> RootFolder::Text(std::string_view file) const {
  std::ifstream stream(PathOf(file), std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(kMostBytes, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad() || (stream.gcount() == 0 && !stream.eof())) return std::nullopt;
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return std::string(Trim(text));
}

std::optional<double> RootFolder::Number(std::string_view file) const {
  const std::optional<std::string> text = Text(file);
  if (!text) return std::nullopt;
  const Result<double> number =
      ParseNumber(std::string_view(*text).substr(0, text->find_first_of(" \t\n")));
  return number ? std::optional<double>(*number) : std::nullopt;
}

std::vector<std::string> RootFolder::Names(std::string_view folder) const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(PathOf(folder), error), end;
       !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

bool RootFolder::Has(std::string_view file) const {
  std::error_code error;
  return std::filesystem::exists(PathOf(file), error);
}

std::string_view LineText(std::string_view text, std::string_view name) {
  for (const std::string_view line : Split(text, '\n')) {
    if (!line.starts_with(name)) continue;
    const std::string_view rest = line.substr(name.size());
    if (!rest.empty() && (rest[0] == ':' || rest[0] == ' ' || rest[0] == '\t'))
      return Trim(rest.substr(1));
  }
  return {};
}

std::optional<double> LineNumber(std::string_view text, std::string_view name) {
  const std::string_view line = LineText(text, name);
  const Result<double> value = ParseNumber(line.substr(0, line.find_first_of(" \t")));
  if (!value) return std::nullopt;
  return *value * (line.ends_with("kB") ? 1024 : 1);
}

std::string ChosenOf(std::string_view text) {
  const std::size_t begin = text.find('[');
  const std::size_t end = text.find(']', begin);
  if (begin == std::string_view::npos || end == std::string_view::npos) return std::string(text);
  return std::string(text.substr(begin + 1, end - begin - 1));
}

}  // namespace mbench
