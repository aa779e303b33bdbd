// SPDX-License-Identifier: Apache-2.0
//
// {profile: spike, base: 2k/s, peak: 20k/s, at: 30s, for: 10s, over: 90s}
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/data_files.h"
#include "harness/config/level_reader.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"
#include "harness/config/text_file.h"

namespace mbench {
namespace {

constexpr Range<Ticks> kTimes = {0, limits::kLength, "0s to 366d"};
constexpr Range<Ticks> kLengths = {kMillisecond, limits::kLength, "1ms to 366d"};

// The keys of each profile, in the order of enum Profile.
constexpr std::array<std::string_view, kCountOf<Profile>> kKeysOf = {
    "at over",  "from to over",       "base peak at for over",
    "at over",  "from to steps over", "low high period over",
    "file over"};
constexpr std::string_view kAllKeys = "at over from to base peak for steps low high period file";

bool HasWord(std::string_view words, std::string_view word) {
  const std::vector<std::string_view> all = Split(words, ' ');
  return std::ranges::find(all, word) != all.end();
}

void RefuseForeignKeys(MapReader* map, Profile profile) {
  const std::string_view own = kKeysOf[static_cast<std::size_t>(profile)];
  for (const std::string_view key : Split(kAllKeys, ' ')) {
    if (HasWord(own, key)) continue;
    map->Refuse(key, fmt::format("'{}' does not go with profile {}, which has: {}", key,
                                 Name(profile), fmt::join(Split(own, ' '), ", ")));
  }
}

// Without a profile nothing can be said about the other keys.
void PassStageKeys(MapReader* map) {
  for (const std::string_view key : Split(kAllKeys, ' ')) map->Find(key);
}

void ReadSpike(MapReader* map, LevelReader* levels, StagePlan* stage) {
  levels->Read(map, "base", &stage->from);
  levels->Read(map, "peak", &stage->to);
  map->Need("at", "at: 30s");
  map->Need("for", "for: 10s");
  const bool has_at = map->Duration("at", kTimes, &stage->spike_at);
  const bool has_for = map->Duration("for", kLengths, &stage->spike_for);
  if (has_at && has_for && stage->over > 0 && stage->spike_at + stage->spike_for > stage->over) {
    map->Complain(
        "at",
        fmt::format(
            "the spike ends at {}, after the stage's end at {}; move it, or make 'over' longer",
            FormatDuration(stage->spike_at + stage->spike_for), FormatDuration(stage->over)));
  }
}

void ReadStep(MapReader* map, LevelReader* levels, StagePlan* stage) {
  levels->Read(map, "from", &stage->from);
  levels->Read(map, "to", &stage->to);
  map->Need("steps", "steps: 5");
  map->Count("steps", {2, limits::kSteps, "2 to 10k"}, &stage->steps);
}

void ReadSine(MapReader* map, LevelReader* levels, StagePlan* stage) {
  const std::size_t mistakes_before = map->mistakes()->Count();
  levels->Read(map, "low", &stage->from);
  levels->Read(map, "high", &stage->to);
  map->Need("period", "period: 60s");
  map->Duration("period", kLengths, &stage->period);
  if (map->Has("low") && map->Has("high") && map->mistakes()->Count() == mistakes_before &&
      stage->from >= stage->to) {
    map->Complain("low", "'low' must be below 'high'");
  }
}

void ReadReplay(MapReader* map, const ReadState& state, StagePlan* stage) {
  std::string path;
  map->Need("file", "file: rates.txt");
  if (!map->Text("file", &path)) return;
  auto points = ReadReplayFile(PathBeside(state.plan->file, path));
  if (!points) return map->Complain("file", points.error().message);
  stage->points = *std::move(points);
  if (stage->over == 0) stage->over = stage->points.back().at;
  if (stage->over == 0)
    map->Complain("file", "a file of one line has no length; give 'over', such as over: 60s");
}

void ReadLevels(MapReader* map, const ReadState& state, LevelReader* levels, StagePlan* stage) {
  switch (stage->profile) {
    case Profile::kSteady:
    case Profile::kSoak:
      return levels->Read(map, "at", &stage->from);
    case Profile::kRamp:
      levels->Read(map, "from", &stage->from);
      return levels->Read(map, "to", &stage->to);
    case Profile::kSpike:
      return ReadSpike(map, levels, stage);
    case Profile::kStep:
      return ReadStep(map, levels, stage);
    case Profile::kSine:
      return ReadSine(map, levels, stage);
    case Profile::kReplay:
      return ReadReplay(map, state, stage);
  }
}

}  // namespace

void ReadStage(MapReader* map, const ReadState& state, LevelReader* levels, StagePlan* stage) {
  map->Need("profile", "profile: steady, ramp, spike, soak, step, sine or replay");
  if (!map->Choice("profile", &stage->profile)) return PassStageKeys(map);
  RefuseForeignKeys(map, stage->profile);
  // A number of ops may take the place of a length (read_load.cc).
  const bool may_lack_length =
      stage->profile == Profile::kReplay || (stage->profile == Profile::kSteady && map->Has("ops"));
  if (!may_lack_length) map->Need("over", "over: 60s");
  map->Duration("over", kLengths, &stage->over);
  ReadLevels(map, state, levels, stage);
}

}  // namespace mbench
