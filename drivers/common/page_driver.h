// SPDX-License-Identifier: Apache-2.0
//
// A system that is observed and not driven, by a page that it serves: such a driver says how its
// page is read and nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/common/figure_rates.h"
#include "drivers/common/http_page.h"
#include "drivers/driver.h"
#include "drivers/observer.h"

namespace mbench {

// What a page says: figures as they are, and what only grows.
struct PageFigures {
  SystemFigures now, counted;
};

class PageDriver : public Driver, public SystemObserver {
 public:
  Result<DriverFacts> Open() final;
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) final;
  SystemObserver* Observer() final { return this; }

  SystemFigures Observe() final;
  SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) final;
  SystemRemarks ExamineAfter() final { return {}; }

 protected:
  // `url`: of the page.
  PageDriver(std::string_view name, const OptionValues& options, std::string url)
      : name_(name), options_(options), url_(std::move(url)) {}

 private:
  // Fails with kUsage on what is no such page.
  virtual Result<PageFigures> ReadPage(std::string_view page) = 0;
  // "HAProxy 2.6.12"; `server`: the header of that name.
  virtual std::string SystemIn(std::string_view page, const std::string& server) = 0;

  const std::string name_;
  const OptionValues options_;
  const std::string url_;
  std::optional<HttpPage> page_;
  FigureRates rates_;
  std::size_t left_out_ = 0;
};

}  // namespace mbench
