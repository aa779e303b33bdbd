// SPDX-License-Identifier: Apache-2.0
//
// What may be claimed of one metric, each claim with an error rate of its own:
//
//   changed     the change is not 0
//   worse       it is worse than the margin        (better: better than the margin); one-sided, so
//               now and then it is known before "changed", and then says that too
//   not worse   it is not worse than the margin: non-inferiority by a one-sided bound; with
//               "not better" as well it is the same, by two one-sided tests (Schuirmann 1987)
//
// `changed`, `worse` and `better` are corrected over the primary metrics (Holm): one wrong claim
// among all of them is what must be rare. "Not worse" of a comparison says it of every metric at
// once, and needs no correction (Berger, Multiparameter hypothesis testing and acceptance sampling,
// 1982).
#pragma once

#include <string>

#include "reports/compare/effect.h"
#include "reports/compare/verdict.h"

namespace mbench {

// One-sided p of each claim, turned so that more is worse. `limit`: the margin, on the scale of the
// effect. `sign`: -1 where higher is better.
struct ClaimChances {
  double changed = 1;
  double worse = 1;
  double better = 1;
  double not_worse = 1;
  double not_better = 1;
};
ClaimChances ChancesOf(const Effect& effect, double sign, double limit);

struct ClaimVerdict {
  Verdict verdict = Verdict::kInconclusive;
  std::string rule;
};
// `harm`: the estimate, turned so that more is worse.
ClaimVerdict VerdictOf(const Claims& claims, double harm);

}  // namespace mbench
