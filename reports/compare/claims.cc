// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/claims.h"

namespace mbench {

ClaimChances ChancesOf(const Effect& effect, double sign, double limit) {
  Effect harm = effect;
  harm.difference *= sign;
  ClaimChances chances;
  chances.changed = harm.P(0);
  chances.worse = harm.PAbove(limit);
  chances.better = harm.PBelow(-limit);
  chances.not_worse = harm.PBelow(limit);
  chances.not_better = harm.PAbove(-limit);
  return chances;
}

ClaimVerdict VerdictOf(const Claims& claims, double harm) {
  if (claims.worse) return {Verdict::kWorse, "worse than the margin, beyond chance"};
  if (claims.better) return {Verdict::kBetter, "better than the margin, beyond chance"};
  if (claims.not_worse && claims.not_better)
    return {Verdict::kSame, "the change is smaller than the margin, beyond chance"};
  if (claims.not_worse)
    return {Verdict::kNotWorse, claims.changed && harm < 0
                                    ? "better, but not by more than the margin for certain"
                                    : "not worse than the margin, beyond chance; it may be better"};
  if (claims.changed && harm > 0)
    return {Verdict::kChanged, "worse beyond chance; whether by more than the margin is open"};
  return {Verdict::kInconclusive, "it may be no change, and it may be worse than the margin"};
}

}  // namespace mbench
