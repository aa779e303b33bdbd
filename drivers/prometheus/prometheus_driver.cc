// SPDX-License-Identifier: Apache-2.0
//
// Anything that speaks the text format of Prometheus, observed:
//
//   # TYPE http_requests_total counter
//   http_requests_total{code="200",method="get"} 1027
//   process_resident_memory_bytes 4.5e+07
#include <regex.h>

#include <array>
#include <map>
#include <optional>

#include "drivers/common/metrics_text.h"
#include "drivers/common/page_driver.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr auto kPrometheusOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "http://127.0.0.1:9090/metrics",
     .help = "its metrics",
     .choices = "http|https"},
    {.name = "take",
     .fallback = ".*",
     .help = "which of them, by their names: an extended regular expression (POSIX) that is "
             "somewhere in the name"},
}));

// A regular expression of POSIX.
class NamePattern {
 public:
  explicit NamePattern(const std::string& text)
      : is_right_(regcomp(&compiled_, text.c_str(), REG_EXTENDED | REG_NOSUB) == 0) {}
  ~NamePattern() {
    if (is_right_) regfree(&compiled_);
  }
  NamePattern(const NamePattern&) = delete;
  NamePattern& operator=(const NamePattern&) = delete;

  bool IsRight() const { return is_right_; }
  // REQUIRES: it is right.
  bool IsIn(std::string_view name) const {
    return regexec(&compiled_, std::string(name).c_str(), 0, nullptr, 0) == 0;
  }

 private:
  regex_t compiled_{};
  bool is_right_;
};

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  if (NamePattern(options.Text("take")).IsRight()) return {};
  return {{"take", fmt::format("{} is no regular expression", Quote(options.Text("take")))}};
}

// `code="200",method="get"` -> "code=200 method=get "
std::string LabelsText(std::string_view labels) {
  std::string text;
  bool quoted = false;
  for (const char c : labels) {
    if (c == '"') {
      quoted = !quoted;
    } else {
      text += c == ',' && !quoted ? ' ' : c;
    }
  }
  const std::string_view trimmed = Trim(text);
  return trimmed.empty() ? "" : std::string(trimmed) + " ";
}

class PrometheusDriver final : public PageDriver {
 public:
  explicit PrometheusDriver(const OptionValues& options)
      : PageDriver("prometheus", options, options.Text("url")), take_(options.Text("take")) {}

 private:
  // Of histograms and summaries their sums and counts, which grow; what buckets hold is left out.
  Result<PageFigures> ReadPage(std::string_view page) override {
    PageFigures figures;
    std::map<std::string_view, std::string_view> types;
    bool any = false;
    for (std::string_view line : Split(page, '\n')) {
      line = Trim(line);
      if (line.starts_with("# TYPE ")) {
        const std::vector<std::string_view> words = Split(line, ' ');
        if (words.size() == 4) types[words[2]] = words[3];
      }
      if (line.empty() || line.starts_with('#')) continue;
      const std::optional<MetricLine> metric = ReadMetric(line);
      any |= metric.has_value();
      if (metric && IsTaken(metric->name)) Add(*metric, types, &figures);
    }
    if (!any) return BadConfig("the page is not in the text format of Prometheus");
    return figures;
  }

  bool IsTaken(std::string_view name) const {
    return !name.ends_with("_bucket") && take_.IsIn(name);
  }

  static void Add(const MetricLine& metric,
                  const std::map<std::string_view, std::string_view>& types, PageFigures* figures) {
    const auto type = types.find(metric.name);
    if (type != types.end() && type->second == "summary") return;  // a quantile since ever
    // Of a histogram the lines are called otherwise than the whole: ..._sum, ..._count.
    const bool is_part =
        type == types.end() && (metric.name.ends_with("_sum") || metric.name.ends_with("_count"));
    const bool counts = (type != types.end() && type->second == "counter") || is_part;
    std::string name = LabelsText(metric.labels) + std::string(metric.name);
    if (counts) name += "_per_s";
    (counts ? figures->counted : figures->now)[std::move(name)] = metric.value;
  }

  std::string SystemIn(std::string_view, const std::string& server) override {
    return server.empty() ? "metrics of Prometheus" : server;
  }

  const NamePattern take_;
};

}  // namespace

extern const DriverInfo kPrometheusDriver;
constinit const DriverInfo kPrometheusDriver = {
    .name = "prometheus",
    .about = "anything with metrics in the text format of Prometheus, observed",
    .options = kPrometheusOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<PrometheusDriver>(options);
    },
    .language = {.verbs = false, .observes = true, .verifies_reads = false},
    .check_options = CheckOptions,
};

}  // namespace mbench
