// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/run_flags.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "harness/config/url_parts.h"

namespace mbench {
namespace {

struct AddressFlag {
  std::string_view name, usual, help;
};
constexpr AddressFlag kPrometheus = {"--prometheus", "127.0.0.1:9464",
                                     "Metrics for Prometheus, at /metrics"};
constexpr AddressFlag kServe = {"--serve", "127.0.0.1:0",
                                "The page of the run in a browser, while it goes"};

void AddAddress(const AddressFlag& flag, std::string* address, CLI::App* app) {
  app->add_option(std::string(flag.name), *address, fmt::format("{} ({})", flag.help, flag.usual))
      ->type_name("[ADDRESS:PORT]");
}

// A number stands behind its last colon. No file is called so; a URL may be.
bool LooksLikeAddress(std::string_view word) {
  if (LooksLikeUrl(word)) return false;
  const std::string_view port = word.substr(word.rfind(':') + 1);
  return !word.starts_with('-') && !port.empty() &&
         std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void AddWatchFlags(WatchFlags* watch, CLI::App* app) {
  app->add_option("--progress", watch->progress, "auto, plain or none")->capture_default_str();
  app->add_option("--csv", watch->csv, "A row per second and op, while the run goes")
      ->type_name("FILE");
  AddAddress(kPrometheus, &watch->prometheus, app);
  AddAddress(kServe, &watch->serve, app);
  app->add_option("--otlp", watch->otlp, "Metrics to an OpenTelemetry receiver (OTLP/HTTP, JSON)")
      ->type_name("URL");
  app->add_option("--otlp-every", watch->otlp_every, "Time between two of its messages")
      ->type_name("DURATION")
      ->capture_default_str();
}

void NameAddresses(std::vector<std::string>* words) {
  for (std::size_t i = 0; i < words->size(); ++i) {
    std::string& word = (*words)[i];
    for (const AddressFlag& flag : {kPrometheus, kServe}) {
      if (word != flag.name && word != fmt::format("{}=", flag.name)) continue;
      const bool has_value =
          word == flag.name && i + 1 < words->size() && LooksLikeAddress((*words)[i + 1]);
      if (!has_value) word = fmt::format("{}={}", flag.name, flag.usual);
      break;
    }
  }
}

void RunFlags::AddTo(CLI::App* app) {
  app->add_option("--results", results, "Folder that gets a folder per run")->capture_default_str();
  AddWatchFlags(&watch, app);
  app->add_flag("--json", json, "One JSON object on stdout instead of the table");
}

}  // namespace mbench
