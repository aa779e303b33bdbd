// SPDX-License-Identifier: Apache-2.0
//
// make_pages FOLDER: the pages that the browser test opens: ramp.html, comparison.html,
// hostile.html, day.html, nothing.html (a run without ops), errors.html, invalid.html (a comparison
// of runs of which some are), and find.html with pages of its probes. Prints "uplot" when that is
// built in.
#include <fmt/format.h>

#include <filesystem>

#include "harness/result/replacement.h"
#include "reports/html/page.h"
#include "reports/model/capacity_page.h"
#include "tests/reports/shown_pages.h"
#include "tests/reports/shown_runs.h"
#include "tests/reports/shown_search.h"

namespace mbench {
namespace {

PageModel PageOfNothing() {
  PageRunMaker maker;
  const RunResult result = HostileRun();
  maker.OnHead(result);
  return PageOf(maker.Finish(result));
}

PageModel PageOfSearch(const std::string& folder) {
  CapacitySource source{.version = "0.1.0", .search = ShownSearch(), .place = {}, .runs = {}};
  source.search.folder = folder;
  source.runs.emplace(4, PageRunOf(RampRun()));
  source.runs.emplace(1, PageRunOf(RampRun(7)));
  return MakeCapacityPage(source);
}

int Write(const std::string& folder) {
  bool written = true;
  const auto write = [&](const std::string& name, const PageModel& page) {
    const Status status = ReplaceFile(folder + "/" + name, RenderPage(page));
    if (!status) fmt::print(stderr, "{}\n", status.error().message);
    written = written && status.has_value();
  };
  write("ramp.html", PageOf(PageRunOf(RampRun())));
  write("comparison.html", ComparisonPage());
  write("hostile.html", PageOf(HostilePageRun()));
  write("day.html", PageOf(DayPageRun()));
  write("nothing.html", PageOfNothing());
  write("errors.html", PageOf(PageRunOf(ErrorRun())));
  write("invalid.html", InvalidComparisonPage());
  for (const StoredProbe& stored : ShownSearch().probes) {
    const std::string probe = "probes/" + stored.run;
    std::filesystem::create_directories(folder + "/" + probe);
    write(probe + "/report.html", PageOf(PageRunOf(RampRun())));
  }
  write("find.html", PageOfSearch(folder));
  if (PageHasUplot()) fmt::print("uplot\n");
  return written ? 0 : 1;
}

}  // namespace
}  // namespace mbench

int main(int argc, char** argv) {
  if (argc == 2) return mbench::Write(argv[1]);
  fmt::print(stderr, "usage: make_pages FOLDER\n");
  return 2;
}
