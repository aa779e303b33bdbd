// SPDX-License-Identifier: Apache-2.0
#include "workloads/op_mix.h"

namespace mbench {

std::vector<OpChoice> OpChoices(const MixPlan& plan) {
  std::vector<OpChoice> choices;
  const auto next = [&] { return static_cast<std::uint16_t>(choices.size()); };
  for (std::size_t i = 0; i < kVerbs; ++i) {
    if (plan.weights[i] <= 0) continue;
    choices.push_back(
        {.op_index = next(), .verb = static_cast<Verb>(i), .weight = plan.weights[i]});
  }
  for (std::size_t i = 0; i < plan.statements.size(); ++i) {
    choices.push_back({.op_index = next(),
                       .is_statement = true,
                       .statement = static_cast<std::uint16_t>(i),
                       .weight = plan.statements[i].weight});
  }
  return choices;
}

OpMix::OpMix(const MixPlan& plan) : choices_(OpChoices(plan)) {
  double sum = 0;
  std::vector<double> weights;
  for (const OpChoice& choice : choices_) {
    weights.push_back(choice.weight);
    sum += choice.weight;
  }
  // A plan that only loads has no mix.
  if (sum > 0) table_ = AliasTable(weights);
}

}  // namespace mbench
