// SPDX-License-Identifier: Apache-2.0
//
// The flags of commands that run something.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/live/watchers.h"

namespace CLI {
class App;
}

namespace mbench {

// Said of options that AddWatchFlags adds.
inline constexpr std::string_view kNothingToWatch =
    "--csv, --prometheus, --otlp and --serve follow a run while it goes; what is stored has been run "
    "already";
void AddWatchFlags(WatchFlags* watch, CLI::App* app);

// --serve and --prometheus may stand without an address: then they get their usual one, and the
// word behind them stays what it is (`mbench run --serve FILE`).
void NameAddresses(std::vector<std::string>* words);

struct RunFlags {
  std::string results = "results";
  WatchFlags watch;
  bool json = false;

  void AddTo(CLI::App* app);
};

}  // namespace mbench
