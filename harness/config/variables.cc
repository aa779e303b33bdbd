// SPDX-License-Identifier: Apache-2.0
#include "harness/config/variables.h"

#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/config/text_file.h"

namespace mbench {
namespace {

bool IsName(std::string_view name) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  if (name.empty() || kLetters.find(name.front()) == std::string_view::npos) return false;
  return name.find_first_not_of(std::string(kLetters) + "0123456789") == std::string_view::npos;
}

// "NAME" or "NAME:-default".
struct Variable {
  std::string name;
  std::optional<std::string_view> fallback;
};
Variable SplitVariable(std::string_view inside) {
  const std::size_t dash = inside.find(":-");
  if (dash == std::string_view::npos) return {std::string(inside), std::nullopt};
  return {std::string(inside.substr(0, dash)), inside.substr(dash + 2)};
}

void AppendVariable(std::string_view inside, const Environment& environment, Expansion* expansion) {
  const Variable variable = SplitVariable(inside);
  if (!IsName(variable.name)) {
    expansion->mistake =
        fmt::format("{} is no name of a variable; expected ${{NAME}} or ${{NAME:-default}}",
                    Quote(variable.name));
    return;
  }
  const std::optional<std::string> value = environment(variable.name);
  if (variable.fallback && (!value || value->empty())) {
    expansion->text += *variable.fallback;
  } else if (!value) {
    expansion->mistake = fmt::format(
        "the environment has no {0}; set it, or write ${{{0}:-default}}", variable.name);
  } else if (!DescribeBinary(*value).empty()) {
    expansion->mistake = fmt::format("the value of {} is no text in UTF-8", variable.name);
  } else {
    expansion->text += *value;
    expansion->values.push_back(*value);
    if (LooksSecret(variable.name) && !value->empty()) expansion->secrets.push_back(*value);
  }
}

}  // namespace

Expansion ExpandVariables(std::string_view written, const Environment& environment) {
  Expansion expansion;
  while (expansion.mistake.empty()) {
    const std::size_t dollar = written.find("${");
    expansion.text += written.substr(0, dollar);
    if (dollar == std::string_view::npos) return expansion;
    if (dollar > 0 && written[dollar - 1] == '$') {
      expansion.text += "{";
      written.remove_prefix(dollar + 2);
      continue;
    }
    const std::size_t close = written.find('}', dollar);
    if (close == std::string_view::npos) {
      expansion.mistake = "no '}' after '${'; expected ${NAME} or ${NAME:-default}";
      return expansion;
    }
    AppendVariable(written.substr(dollar + 2, close - dollar - 2), environment, &expansion);
    written.remove_prefix(close + 1);
  }
  return expansion;
}

bool IsPlainValue(std::string_view value) {
  constexpr std::size_t kShortest = 4;
  if (value.size() < kShortest) return true;
  const std::size_t unit = value.find_first_not_of("0123456789.,_");
  if (unit == 0) return false;
  const std::string_view rest = unit == std::string_view::npos ? "" : value.substr(unit);
  return rest.size() <= 3 && rest.find_first_of("0123456789") == std::string_view::npos;
}

void ExpandTree(const Environment& environment, ValueNode* node, RunPlan* plan,
                Mistakes* mistakes) {
  for (ValueNode& child : node->children) ExpandTree(environment, &child, plan, mistakes);
  if (node->kind != ValueNode::Kind::kScalar) return;
  const Expansion expansion = ExpandVariables(node->written, environment);
  if (!expansion.mistake.empty()) mistakes->Add(node->place, expansion.mistake);
  node->text = expansion.text;
  node->failed = !expansion.mistake.empty();
  for (const std::string& secret : expansion.secrets) {
    plan->secrets.push_back(secret);
    mistakes->Hide(secret);
  }
  for (const std::string& value : expansion.values)
    if (!IsPlainValue(value)) plan->unstored.push_back(value);
}

bool IsBareVariable(std::string_view written) {
  return written.starts_with("${") && written.ends_with('}') &&
         IsName(written.substr(2, written.size() - 3));
}

}  // namespace mbench
