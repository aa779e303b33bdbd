// SPDX-License-Identifier: Apache-2.0
#include "harness/config/driver_options.h"

#include <algorithm>

#include "harness/base/environment.h"
#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/config/variables.h"

namespace mbench {

void ReadContext::SetDrivers(std::vector<DriverOptions> known) {
  drivers.clear();
  for (const DriverOptions& driver : known) drivers.push_back(driver.name);
  options_of = [known = std::move(known)](std::string_view name) {
    return *std::ranges::find(known, name, &DriverOptions::name);
  };
}

std::optional<DriverOptions> FindDriverOptions(const ReadContext& context, std::string_view use,
                                               std::string* mistake) {
  if (std::ranges::find(context.drivers, use) == context.drivers.end()) {
    *mistake = fmt::format("unknown driver {}{}", Quote(use), Suggest(use, context.drivers));
    return std::nullopt;
  }
  DriverOptions found = context.options_of(use);
  if (found.missing.empty()) return found;
  *mistake = fmt::format("driver '{}' is not here: {}", use, found.missing);
  return std::nullopt;
}

const OptionSpec* DriverOptionReader::Find(std::string_view name) const {
  return FindOption(driver_.options, name);
}

void DriverOptionReader::KeepSecret(std::string_view secret) {
  if (secret.empty()) return;
  plan_->secrets.emplace_back(secret);
  mistakes_->Hide(std::string(secret));
}

// A password that is written down would be kept with every result of the run.
void DriverOptionReader::CheckSecrecy(std::string_view name, bool secret,
                                      const std::string& written, const std::string& text,
                                      const Place& place) {
  if (secret && !IsBareVariable(written)) {
    mistakes_->Hide(written);
    mistakes_->Add(
        place,
        fmt::format("'{}' is secret and must come from the environment; write ${{NAME}}", name));
  }
  const std::string_view password = PasswordInUri(written);
  if (!secret && !password.empty() && !IsBareVariable(password)) {
    mistakes_->Hide(std::string(password));
    mistakes_->Add(
        place,
        "the password in this address must come from the environment; write user:${NAME}@host");
  }
  const std::string_view in_query = SecretInQuery(written);
  if (!secret && !in_query.empty() && in_query.find("${") == std::string_view::npos) {
    mistakes_->Hide(std::string(in_query));
    mistakes_->Add(
        place, "a secret in a query must come from the environment; write ${NAME} in its place");
  }
  if (secret) KeepSecret(text);
  KeepSecret(PasswordInUri(text));
  KeepSecret(SecretInQuery(text));
}

void DriverOptionReader::Take(std::string_view name, const std::string& written,
                              const std::string& text, const Place& place) {
  const OptionSpec& spec = *Find(name);
  const bool secret = IsSecret(spec, name);
  CheckSecrecy(name, secret, written, text, place);
  if (const Status status = OptionValues::Check(spec, text); !status) {
    mistakes_->Add(place, secret ? fmt::format("the value of '{}' is not right; expected {}", name,
                                               Describe(spec.type))
                                 : status.error().message);
  } else {
    given_.emplace(name, text);
  }
  places_.emplace(name, place);
  chosen_->shown.emplace(name, written);
}

void DriverOptionReader::TakeWritten(std::string_view name, const std::string& written,
                                     const Place& place) {
  if (!Knows(name)) {
    std::vector<std::string_view> names;
    for (const OptionSpec& spec : driver_.options) names.push_back(spec.name);
    return mistakes_->Add(place,
                          fmt::format("driver {} has no option {}{}", driver_.name, Quote(name),
                                      names.empty() ? "" : Suggest(name, names)));
  }
  const Expansion expansion =
      ExpandVariables(written, context_.environment ? context_.environment : ProcessEnvironment);
  for (const std::string& secret : expansion.secrets) KeepSecret(secret);
  for (const std::string& value : expansion.values)
    if (!IsPlainValue(value)) plan_->unstored.push_back(value);
  if (expansion.mistake.empty()) return Take(name, written, expansion.text, place);
  TakeWrong(name, place);
  mistakes_->Add(place, expansion.mistake);
}

void DriverOptionReader::Finish(const Place& place, std::string_view before, std::string_view after,
                                bool misspelt) {
  chosen_->use = driver_.name;
  bool missing = false;
  for (const OptionSpec& spec : driver_.options) {
    if (!spec.required || given_.contains(std::string(spec.name))) continue;
    missing = true;
    if (misspelt || places_.contains(spec.name)) continue;
    mistakes_->Add(
        place, fmt::format("driver {} needs the option '{}'; write {}{}{} ({}: {})", driver_.name,
                           spec.name, before, spec.name, after, Describe(spec.type), spec.help));
  }
  // What was given wrong reads as its fallback, to find out what is wrong with the others.
  if (!missing) CheckTogether(place);
}

void DriverOptionReader::CheckTogether(const Place& place) {
  Result<OptionValues> values = OptionValues::Parse(driver_.options, given_);
  if (!values) return mistakes_->Add(place, values.error().message);
  chosen_->options = *std::move(values);
  if (driver_.check == nullptr) return;
  for (const OptionMistake& mistake : driver_.check(chosen_->options)) {
    const auto at = places_.find(mistake.option);
    if (at != places_.end() && !given_.contains(std::string(mistake.option))) continue;
    mistakes_->Add(at == places_.end() ? place : at->second,
                   fmt::format("option '{}': {}", mistake.option, mistake.message));
  }
}

void SortSecrets(RunPlan* plan) {
  plan->unstored.insert(plan->unstored.end(), plan->secrets.begin(), plan->secrets.end());
  for (std::vector<std::string>* list : {&plan->secrets, &plan->unstored}) {
    std::ranges::sort(*list);
    // std::ranges::unique is beyond the clang of Debian 12, which builds the fuzz targets.
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
}

}  // namespace mbench
