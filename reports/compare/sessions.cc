// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/sessions.h"

#include <algorithm>
#include <optional>

#include "harness/result/provenance.h"

namespace mbench {
namespace {

bool SayWhen(const RunPointers& runs) {
  return std::ranges::none_of(runs, [](const RunSample* run) { return run->started_at.empty(); });
}

// Every two runs that follow each other, from the first on, are one of each side.
bool AreRounds(const RunPointers& a, const RunPointers& b) {
  if (a.size() != b.size()) return false;
  struct Start {
    const std::string* at;
    bool is_b;
  };
  std::vector<Start> starts;
  for (const RunSample* run : a) starts.push_back({&run->started_at, false});
  for (const RunSample* run : b) starts.push_back({&run->started_at, true});
  std::ranges::stable_sort(starts, {}, [](const Start& start) { return *start.at; });
  for (std::size_t i = 0; i + 1 < starts.size(); i += 2)
    if (starts[i].is_b == starts[i + 1].is_b) return false;
  return true;
}

// Seconds; not known where the text is no time.
std::optional<double> Seconds(const std::string& text) {
  const std::optional<std::int64_t> ns = ParseUtc(text);
  if (!ns) return std::nullopt;
  return static_cast<double>(*ns) / 1e9;
}

bool BeginsSession(const RunSample& before, const RunSample& run) {
  if (before.host != run.host) return true;
  const std::optional<double> from = Seconds(before.started_at);
  const std::optional<double> to = Seconds(run.started_at);
  return from && to && *to - *from - before.length_s > kSessionBreak_s;
}

}  // namespace

void SortByTime(RunPointers* runs) {
  if (SayWhen(*runs)) std::ranges::stable_sort(*runs, {}, &RunSample::started_at);
}

std::vector<std::size_t> SessionsOf(const RunPointers& runs) {
  std::vector<std::size_t> sessions;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool is_new = i > 0 && BeginsSession(*runs[i - 1], *runs[i]);
    sessions.push_back(i == 0 ? 0 : sessions.back() + (is_new ? 1 : 0));
  }
  return sessions;
}

Design DesignOf(const RunPointers& a, const RunPointers& b) {
  Design design;
  if (a.empty() || b.empty() || !SayWhen(a) || !SayWhen(b)) return design;
  design.apart =
      a.back()->started_at < b.front()->started_at || b.back()->started_at < a.front()->started_at;
  if (!design.apart) {
    design.rounds = AreRounds(a, b);
    return design;
  }
  design.session_a = SessionsOf(a);
  design.session_b = SessionsOf(b);
  design.sessions_a = design.session_a.back() + 1;
  design.sessions_b = design.session_b.back() + 1;
  return design;
}

}  // namespace mbench
