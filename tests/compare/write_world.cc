// SPDX-License-Identifier: Apache-2.0
//
// write_world WORLD RUNS_A RUNS_B CHANGE SPREAD COUNT ROOT: result folders of COUNT comparisons
// whose truth is known, for scripts/audit-verdicts: ROOT/<i>/a/* and ROOT/<i>/b/*, runs of twelve
// seconds of one op. What a run comes to is drawn as in run_world.h, B takes 1 + CHANGE times as
// long; the numbers are the same whenever this is run.
//
// WORLD: normal, ar, drift, neighbour, bimodal, skewed, contaminated, unequal, odd (one run of each
// side takes half as long again), or sessions-N: a baseline of ten runs in N sessions, and eight
// runs of another one; SPREAD is then that of sessions, and that of runs is 2 %.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "harness/result/judge.h"
#include "harness/result/result_writer.h"
#include "tests/compare/run_world.h"

namespace mbench {
namespace {

constexpr int kSeconds = 12;
constexpr std::uint64_t kWorldSeed = 20260131;

struct Wanted {
  std::string world;
  std::size_t runs_a = 0;
  std::size_t runs_b = 0;
  double change = 0;
  double spread = 0;
};

const std::map<std::string, Noise>& Noises() {
  static const std::map<std::string, Noise> noises = {
      {"normal", Noise::kNormal},   {"ar", Noise::kAutocorrelated},
      {"drift", Noise::kDrifting},  {"neighbour", Noise::kNeighbour},
      {"bimodal", Noise::kBimodal}, {"skewed", Noise::kSkewed},
      {"unequal", Noise::kUnequal}, {"contaminated", Noise::kContaminated},
      {"odd", Noise::kNormal}};
  return noises;
}

std::optional<Sides> DrawSides(const Wanted& wanted, Rng* rng) {
  if (wanted.world.starts_with("sessions-")) {
    const int sessions = std::atoi(wanted.world.c_str() + 9);
    if (sessions < 1 || sessions > 10) return std::nullopt;
    Sides sides =
        OneAfterTheOther({.spread = 0.02}, static_cast<std::size_t>(sessions), wanted.spread, rng);
    for (RunSample& run : sides.b) Disturb(std::log1p(wanted.change), &run);
    return sides;
  }
  const auto noise = Noises().find(wanted.world);
  if (noise == Noises().end()) return std::nullopt;
  Sides sides = InTurns({.noise = noise->second, .spread = wanted.spread, .memory = 0.9},
                        wanted.runs_a, wanted.runs_b, std::log1p(wanted.change), rng);
  if (wanted.world != "odd") return sides;
  Disturb(std::log(1.5), &sides.a[rng->Below(sides.a.size())]);
  Disturb(std::log(1.5), &sides.b[rng->Below(sides.b.size())]);
  return sides;
}

RunResult HeadOf(const RunSample& run) {
  RunResult head;
  head.name = "drawn";
  head.op_names = {"read"};
  head.total.ops.resize(1);
  head.planned_length = head.measured_length = kSeconds * kSecond;
  head.provenance.plan_json = R"({"load":{"clients":8}})";
  head.provenance.driver = head.provenance.system = "drawn";
  head.provenance.started_at = run.started_at;
  return head;
}

// 500 latencies of a log-normal distribution, at levels that are evenly far apart.
void FillSecond(int second, double level, Interval* interval) {
  interval->begin = second * kSecond;
  interval->end = interval->begin + kSecond;
  interval->ops.resize(1);
  const auto ops = static_cast<int>(std::lround(500 * std::exp(-level)));
  for (int i = 0; i < ops; ++i) {
    const double u = (i + 0.5) / ops;
    const double normal = 0.5513 * std::log(u / (1 - u));  // logistic: as good here
    const auto latency = static_cast<Ticks>(1e6 * std::exp(level + 0.5 * normal));
    interval->ops[0].response[0].Record(latency);
    interval->ops[0].service.Record(latency);
  }
  interval->offered = static_cast<std::uint64_t>(ops);
}

Status WriteRun(const RunSample& run, const std::string& root) {
  RunResult result = HeadOf(run);
  const double level = run.metrics[1].value - std::log(1e6);
  Result<std::unique_ptr<ResultWriter>> writer = ResultWriter::Create(root, result);
  if (!writer) return Failed(writer);
  for (int second = 0; second < kSeconds; ++second) {
    Interval interval;
    FillSecond(second, level, &interval);
    AddInterval(interval, &result);
    if (Status stored = (*writer)->Append(interval); !stored) return stored;
  }
  result.account.ended[0] = result.account.offered = result.total.offered;
  return (*writer)->Finish(result);
}

int WriteComparisons(const Wanted& wanted, int count, const std::string& root) {
  Rng rng(Mix64(kWorldSeed, wanted.runs_a * 100 + wanted.runs_b));
  for (int i = 0; i < count; ++i) {
    const std::optional<Sides> sides = DrawSides(wanted, &rng);
    if (!sides) {
      fmt::print(stderr, "write_world: there is no world '{}'\n", wanted.world);
      return 2;
    }
    for (const auto* side : {&sides->a, &sides->b}) {
      const std::string place = fmt::format("{}/{}/{}", root, i, side == &sides->a ? "a" : "b");
      for (const RunSample& run : *side) {
        if (const Status written = WriteRun(run, place); !written) {
          fmt::print(stderr, "write_world: {}\n", written.error().message);
          return 1;
        }
      }
    }
  }
  return 0;
}

}  // namespace
}  // namespace mbench

int main(int argc, char** argv) {
  if (argc != 8) {
    fmt::print(stderr, "usage: write_world WORLD RUNS_A RUNS_B CHANGE SPREAD COUNT ROOT\n");
    return 2;
  }
  const mbench::Wanted wanted{argv[1], std::strtoul(argv[2], nullptr, 10),
                              std::strtoul(argv[3], nullptr, 10), std::strtod(argv[4], nullptr),
                              std::strtod(argv[5], nullptr)};
  return mbench::WriteComparisons(wanted, std::atoi(argv[6]), argv[7]);
}
