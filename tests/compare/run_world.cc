// SPDX-License-Identifier: Apache-2.0
#include "tests/compare/run_world.h"

#include <algorithm>
#include <cmath>

#include "harness/result/provenance.h"
#include "reports/compare/random.h"

namespace mbench {
namespace {

constexpr std::size_t kDay = 24 * 60;  // minutes
constexpr std::int64_t kMinute_ns = 60'000'000'000;
constexpr std::int64_t kBegin_ns = 1'767'225'600'000'000'000;  // 2026-01-01

double Draw(const RunWorld& world, std::size_t place, std::size_t of, bool is_b, Rng* rng) {
  const double normal = world.spread * DrawNormal(rng);
  switch (world.noise) {
    case Noise::kDrifting:
      return normal + 3 * world.spread * static_cast<double>(place) / static_cast<double>(of);
    case Noise::kNeighbour:
      return normal + (2 * place >= of ? std::log(1.3) : 0);
    case Noise::kBimodal:
      return 0.2 * normal + (rng->Unit() < 0.5 ? 2 * world.spread : 0);
    case Noise::kSkewed:
      return -world.spread * std::log(1 - rng->Unit());
    case Noise::kContaminated:
      return normal + (rng->Unit() < 0.1 ? std::log(1.4) : 0);
    case Noise::kUnequal:
      return is_b ? 4 * normal : normal;
    default:
      return normal;
  }
}

}  // namespace

RunSample DrawnRun(double log_change, std::size_t minute) {
  RunSample run;
  run.name = "drawn";
  run.started_at = FormatUtc(kBegin_ns + static_cast<std::int64_t>(minute) * kMinute_ns);
  run.length_s = 30;
  run.identity.plan_json = "{}";
  run.metrics = {{{MetricKind::kRate}, std::log(1000) - log_change, 1000},
                 {{MetricKind::kPercentile, 50}, std::log(1e6) + log_change, 1000},
                 {{MetricKind::kPercentile, 99}, std::log(5e6) + log_change, 1000}};
  return run;
}

Sides InTurns(const RunWorld& world, std::size_t runs_a, std::size_t runs_b, double change,
              Rng* rng) {
  const std::size_t runs = runs_a + runs_b;
  std::vector<double> together(runs);
  if (world.noise == Noise::kAutocorrelated)
    Autocorrelated(world.memory, world.spread, rng, &together);
  Sides sides;
  for (std::size_t i = 0; i < runs; ++i) {
    bool is_b = i % 4 == 1 || i % 4 == 2;
    if (sides.a.size() == runs_a) is_b = true;
    if (sides.b.size() == runs_b) is_b = false;
    const double luck =
        world.noise == Noise::kAutocorrelated ? together[i] : Draw(world, i, runs, is_b, rng);
    (is_b ? sides.b : sides.a).push_back(DrawnRun(luck + (is_b ? change : 0), i));
  }
  return sides;
}

Sides OneAfterTheOther(const RunWorld& world, std::size_t sessions, double between, Rng* rng) {
  Sides sides;
  for (std::size_t session = 0; session <= sessions; ++session) {
    const bool is_b = session == sessions;
    const double level = between * DrawNormal(rng);
    const std::size_t runs = is_b ? 8 : 10 / sessions;
    for (std::size_t i = 0; i < runs; ++i)
      (is_b ? sides.b : sides.a)
          .push_back(DrawnRun(level + Draw(world, i, runs, is_b, rng), session * kDay + i));
  }
  return sides;
}

Sides OneRunAfter(const RunWorld& world, std::size_t runs, double change, Rng* rng) {
  Sides sides;
  for (std::size_t i = 0; i < runs; ++i)
    sides.a.push_back(DrawnRun(Draw(world, i, runs, false, rng), i * kDay));
  sides.b.push_back(DrawnRun(change + Draw(world, 0, 1, true, rng), runs * kDay));
  return sides;
}

void Disturb(double change, RunSample* run) {
  for (MetricSample& sample : run->metrics)
    sample.value += sample.metric.kind == MetricKind::kRate ? -change : change;
}

void Autocorrelated(double memory, double spread, Rng* rng, std::vector<double>* values) {
  double state = DrawNormal(rng);
  for (double& value : *values) {
    value = spread * state;
    state = memory * state + std::sqrt(1 - memory * memory) * DrawNormal(rng);
  }
}

}  // namespace mbench
