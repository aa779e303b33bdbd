// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/page_driver.h"

#include <iterator>

namespace mbench {
namespace {

constexpr Ticks kPatience = 1 * kSecond;
// A page of a report shows no more; a Prometheus endpoint may have ten thousand.
constexpr std::size_t kMostFigures = 200;

}  // namespace

Result<DriverFacts> PageDriver::Open() {
  Result<HttpPage> page = HttpPage::Make(url_, options_);
  if (!page) return Failed(page);
  page_ = *std::move(page);
  const Result<std::string> text = page_->Get(std::max(timeout(), kPatience));
  if (!text) return Failed(text);
  const Result<PageFigures> figures = ReadPage(*text);
  if (!figures) return Failed(figures);
  const std::size_t count = figures->now.size() + figures->counted.size();
  left_out_ = count > kMostFigures ? count - kMostFigures : 0;
  return DriverFacts{.system = SystemIn(*text, page_->Server()), .scans = false, .verbs = false};
}

Result<std::unique_ptr<Session>> PageDriver::NewSession(const SessionPlan& plan) {
  (void)plan;
  return BadConfig("driver {} is only observed: there is nothing to send to it", name_);
}

SystemFigures PageDriver::Observe() {
  const Result<std::string> text = page_->Get(kPatience);
  if (!text) return {};
  Result<PageFigures> figures = ReadPage(*text);
  if (!figures) return {};
  rates_.Add(std::move(figures->counted), &figures->now);
  while (figures->now.size() > kMostFigures) figures->now.erase(std::prev(figures->now.end()));
  return std::move(figures->now);
}

SystemRemarks PageDriver::Examine(const std::vector<std::vector<std::string>>& samples) {
  (void)samples;
  SystemRemarks remarks;
  if (left_out_ > 0) {
    remarks.warnings.push_back(fmt::format(
        "it has more figures than {}, and the last of them by name are left out", kMostFigures));
  }
  return remarks;
}

}  // namespace mbench
