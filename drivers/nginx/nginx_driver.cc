// SPDX-License-Identifier: Apache-2.0
//
// nginx, observed by its stub_status:
//
//   Active connections: 291
//   server accepts handled requests
//    16630948 16630948 31070465
//   Reading: 6 Writing: 179 Waiting: 106
#include <array>
#include <cstdio>

#include "drivers/common/page_driver.h"

namespace mbench {
namespace {

constexpr auto kNginxOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "status",
     .type = OptionType::kUrl,
     .fallback = "http://127.0.0.1/nginx_status",
     .help = "the page of stub_status",
     .choices = "http|https"},
}));

class NginxDriver final : public PageDriver {
 public:
  explicit NginxDriver(const OptionValues& options)
      : PageDriver("nginx", options, options.Text("status")) {}

 private:
  Result<PageFigures> ReadPage(std::string_view page) override {
    const std::string text(page);
    double active = 0, accepted = 0, handled = 0, requests = 0, reading = 0, writing = 0,
           waiting = 0;
    const int read =
        std::sscanf(text.c_str(),
                    "Active connections: %lf server accepts handled requests %lf %lf "
                    "%lf Reading: %lf Writing: %lf Waiting: %lf",
                    &active, &accepted, &handled, &requests, &reading, &writing, &waiting);
    if (read != 7) return BadConfig("the page is not that of nginx's stub_status");
    return PageFigures{.now = {{"connections_active", active},
                               {"connections_reading", reading},
                               {"connections_writing", writing},
                               {"connections_waiting", waiting}},
                       .counted = {{"accepted_per_s", accepted},
                                   {"dropped_per_s", accepted - handled},
                                   {"requests_per_s", requests}}};
  }

  std::string SystemIn(std::string_view, const std::string& server) override {
    return server.empty() ? "nginx" : server;
  }
};

}  // namespace

extern const DriverInfo kNginxDriver;
constinit const DriverInfo kNginxDriver = {
    .name = "nginx",
    .about = "nginx, observed by its stub_status; the http driver sends requests to it",
    .options = kNginxOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<NginxDriver>(options);
    },
    .language = {.verbs = false, .observes = true, .verifies_reads = false},
};

}  // namespace mbench
