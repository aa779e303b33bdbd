// SPDX-License-Identifier: Apache-2.0
//
// make_pages FOLDER: the pages that the browser test opens: ramp.html, comparison.html,
// hostile.html, day.html and nothing.html (a run without ops). Prints "uplot" when that is built
// in.
#include <fmt/format.h>

#include "harness/result/replacement.h"
#include "reports/html/page.h"
#include "tests/reports/shown_pages.h"
#include "tests/reports/shown_runs.h"

namespace mbench {
namespace {

PageModel PageOfNothing() {
  PageRunMaker maker;
  const RunResult result = HostileRun();
  maker.OnHead(result);
  return PageOf(maker.Finish(result));
}

int Write(const std::string& folder) {
  bool written = true;
  const auto write = [&](const char* name, const PageModel& page) {
    const Status status = ReplaceFile(folder + "/" + name, RenderPage(page));
    if (!status) fmt::print(stderr, "{}\n", status.error().message);
    written = written && status.has_value();
  };
  write("ramp.html", PageOf(PageRunOf(RampRun())));
  write("comparison.html", ComparisonPage());
  write("hostile.html", PageOf(HostilePageRun()));
  write("day.html", PageOf(DayPageRun()));
  write("nothing.html", PageOfNothing());
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
