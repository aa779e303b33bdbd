// SPDX-License-Identifier: Apache-2.0
#include "harness/base/options.h"

#include <algorithm>

#include "harness/base/check.h"
#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/base/url.h"

namespace mbench {
namespace {

tl::unexpected<Error> UnknownOption(std::span<const OptionSpec> specs, std::string_view name) {
  std::vector<std::string_view> names;
  for (const OptionSpec& spec : specs) names.push_back(spec.name);
  const std::string_view closest = ClosestMatch(name, names);
  if (!closest.empty())
    return BadConfig("unknown option {}; did you mean '{}'?", Quote(name), closest);
  return BadConfig("unknown option {}; expected one of: {}", Quote(name), fmt::join(names, ", "));
}

Result<std::int64_t> ParseInteger(OptionType type, std::string_view text) {
  switch (type) {
    case OptionType::kCount:
      return ParseCount(text);
    case OptionType::kBytes:
      return ParseBytes(text);
    case OptionType::kDuration:
      return ParseDuration(text);
    case OptionType::kFlag:
      if (text != "true" && text != "false") {
        return BadConfig("not a flag: {}; expected true or false", Quote(text));
      }
      return text == "true" ? 1 : 0;
    default:
      return 0;
  }
}

// "http://host" of "http|https".
std::string UrlExample(const OptionSpec& spec) {
  std::string text;
  for (const std::string_view scheme : Split(spec.choices, '|')) {
    text += text.empty() ? "" : ", ";
    text += scheme == "unix" ? "unix:/path/of/socket" : fmt::format("{}://host", scheme);
  }
  return text;
}

// Messages never repeat the text, which may carry a password.
Status CheckUrl(const OptionSpec& spec, std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon);
  const bool has_scheme = colon != std::string_view::npos &&
                          (scheme == "unix" || text.substr(colon).starts_with("://"));
  const std::vector<std::string_view> schemes = Split(spec.choices, '|');
  if (!has_scheme)
    return BadConfig("{} has no scheme; expected something like {}", spec.name, UrlExample(spec));
  if (std::ranges::find(schemes, scheme) == schemes.end()) {
    return BadConfig("{} has the scheme {}; expected something like {}", spec.name, Quote(scheme),
                     UrlExample(spec));
  }
  if (spec.type == OptionType::kUri) return {};
  if (const Result<Url> url = ParseUrl(text); !url) return Failed(url);
  return {};
}

Status CheckText(const OptionSpec& spec, std::string_view text) {
  if (spec.type == OptionType::kPath && text.empty()) {
    return BadConfig("the path is empty; expected something like data/store");
  }
  if (text.find('\0') != std::string_view::npos)
    return BadConfig("{} has a zero byte in it", Quote(text));
  if (spec.type == OptionType::kUrl || spec.type == OptionType::kUri) return CheckUrl(spec, text);
  if (spec.type != OptionType::kChoice) return {};
  const std::vector<std::string_view> choices = Split(spec.choices, '|');
  if (std::ranges::find(choices, text) != choices.end()) return {};
  const std::string_view closest = ClosestMatch(text, choices);
  return BadConfig("unknown choice {}; expected one of: {}{}", Quote(text),
                   fmt::join(choices, ", "),
                   closest.empty() ? "" : fmt::format(" (did you mean '{}'?)", closest));
}

// "rdkafka." of rdkafka.*
std::string_view PrefixOf(std::string_view open) { return open.substr(0, open.size() - 1); }

}  // namespace

const OptionSpec* FindOption(std::span<const OptionSpec> specs, std::string_view name) {
  const auto found = std::ranges::find_if(specs, [name](const OptionSpec& spec) {
    if (!spec.IsOpen()) return spec.name == name;
    const std::string_view prefix = PrefixOf(spec.name);
    return name.starts_with(prefix) && name.size() > prefix.size() && name != spec.name;
  });
  return found == specs.end() ? nullptr : &*found;
}

bool IsSecret(const OptionSpec& spec, std::string_view name) {
  return spec.secret || (spec.IsOpen() && LooksSecret(name));
}

std::string_view Describe(OptionType type) {
  switch (type) {
    case OptionType::kText:
      return "text";
    case OptionType::kPath:
      return "path";
    case OptionType::kUrl:
    case OptionType::kUri:
      return "URL";
    case OptionType::kCount:
      return "count such as 100k";
    case OptionType::kBytes:
      return "size such as 64MiB";
    case OptionType::kDuration:
      return "duration such as 250us";
    case OptionType::kFraction:
      return "fraction such as 0.25 or 25%";
    case OptionType::kFlag:
      return "true or false";
    case OptionType::kChoice:
      return "choice";
  }
  return "";
}

Result<OptionValues> OptionValues::Parse(std::span<const OptionSpec> specs,
                                         const std::map<std::string, std::string>& given) {
  for (const auto& [name, text] : given) {
    if (FindOption(specs, name) == nullptr) return UnknownOption(specs, name);
  }
  OptionValues values;
  for (const OptionSpec& spec : specs) {
    if (spec.IsOpen()) {
      values.TakeOpen(spec, specs, given);
      continue;
    }
    const auto found = given.find(std::string(spec.name));
    if (found == given.end() && spec.required) {
      return BadConfig("option '{}' is missing ({}): {}", spec.name, Describe(spec.type),
                       spec.help);
    }
    Value value{.type = spec.type,
                .text = found == given.end() ? std::string(spec.fallback) : found->second};
    // An empty fallback means "not given": the driver sees 0, 0.0, false or "".
    if (found != given.end() || !value.text.empty()) {
      if (const Status status = Check(spec, value.text); !status) {
        return BadConfig("option '{}': {}", spec.name, status.error().message);
      }
      value.integer = ParseInteger(spec.type, value.text).value();
      if (spec.type == OptionType::kFraction) value.real = ParseFraction(value.text).value();
    }
    values.values_.emplace(spec.name, std::move(value));
  }
  return values;
}

// Each by its name, and all of them together as the value of the open one.
void OptionValues::TakeOpen(const OptionSpec& open, std::span<const OptionSpec> specs,
                            const std::map<std::string, std::string>& given) {
  std::string all;
  for (const auto& [name, text] : given) {
    if (FindOption(specs, name) != &open) continue;
    values_.emplace(name, Value{.type = open.type, .text = text});
    all += fmt::format("{}={};", name, text);
  }
  values_.emplace(open.name, Value{.type = open.type, .text = std::move(all)});
}

std::vector<std::pair<std::string_view, std::string_view>> OptionValues::Below(
    std::string_view open) const {
  std::vector<std::pair<std::string_view, std::string_view>> below;
  for (const auto& [name, value] : values_)
    if (name != open && name.starts_with(PrefixOf(open))) below.emplace_back(name, value.text);
  return below;
}

Status OptionValues::Check(const OptionSpec& spec, std::string_view text) {
  if (spec.type == OptionType::kFraction) {
    const Result<double> fraction = ParseFraction(text);
    if (!fraction) return Failed(fraction);
    return {};
  }
  const Result<std::int64_t> integer = ParseInteger(spec.type, text);
  if (!integer) return Failed(integer);
  if (!spec.range.empty() && (*integer < spec.min || *integer > spec.max)) {
    return BadConfig("{} is out of range for {}; expected {}", Quote(text), spec.name, spec.range);
  }
  return CheckText(spec, text);
}

const OptionValues::Value& OptionValues::Get(std::string_view name) const {
  const auto found = values_.find(name);
  MB_CHECK(found != values_.end(), "no option '{}'", name);
  return found->second;
}

const std::string& OptionValues::Text(std::string_view name) const { return Get(name).text; }
std::int64_t OptionValues::Count(std::string_view name) const { return Get(name).integer; }
Ticks OptionValues::Duration(std::string_view name) const { return Get(name).integer; }
double OptionValues::Fraction(std::string_view name) const { return Get(name).real; }
bool OptionValues::Flag(std::string_view name) const { return Get(name).integer != 0; }

}  // namespace mbench
