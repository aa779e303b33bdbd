// SPDX-License-Identifier: Apache-2.0
//
// Options of the chosen driver, from a workload file or from properties: checked against the
// driver's table, each at its place, and kept such that no secret can be shown.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/config/mistakes.h"
#include "harness/config/workload_reader.h"

namespace mbench {

// Looks up a driver by name. nullopt for one that cannot be used; `mistake` says why.
std::optional<DriverOptions> FindDriverOptions(const ReadContext& context, std::string_view use,
                                               std::string* mistake);

class DriverOptionReader {
 public:
  // `chosen`: of `plan`, for which this is read.
  DriverOptionReader(const DriverOptions& driver, const ReadContext& context, Mistakes* mistakes,
                     RunPlan* plan, DriverPlan* chosen)
      : driver_(driver), context_(context), mistakes_(mistakes), plan_(plan), chosen_(chosen) {}

  bool Knows(std::string_view name) const { return Find(name) != nullptr; }

  // An option as written, and what it came to when ${VAR} was replaced. REQUIRES: Knows(name).
  void Take(std::string_view name, const std::string& written, const std::string& text,
            const Place& place);
  // It was given, but as no single value, which was reported.
  void TakeWrong(std::string_view name, const Place& place) { places_.emplace(name, place); }
  // As Take with ${VAR} not yet replaced; any name.
  void TakeWritten(std::string_view name, const std::string& written, const Place& place);

  // Fills `chosen`, and finds what is wrong with options together. `place`: of the driver, for
  // options that are missing; `before`, `after`: what stands around an option's name where it is
  // written. `misspelt`: another name is wrong, and likely that of the missing one.
  void Finish(const Place& place, std::string_view before, std::string_view after,
              bool misspelt = false);

 private:
  const OptionSpec* Find(std::string_view name) const;
  void CheckSecrecy(std::string_view name, bool secret, const std::string& written,
                    const std::string& text, const Place& place);
  void KeepSecret(std::string_view secret);
  void CheckTogether(const Place& place);

  const DriverOptions& driver_;
  const ReadContext& context_;
  Mistakes* const mistakes_;
  RunPlan* const plan_;
  DriverPlan* const chosen_;
  std::map<std::string, std::string> given_;
  std::map<std::string, Place, std::less<>> places_;  // of those that are given
};

// Each secret of a plan once.
void SortSecrets(RunPlan* plan);

}  // namespace mbench
