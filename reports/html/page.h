// SPDX-License-Identifier: Apache-2.0
//
// A page as one HTML file that needs nothing else: no network, no other file.
//
// Everything is there without JavaScript: tables, and charts as SVG, which is also what prints.
// page.js draws the charts anew with uPlot, where that was to be had when mbench was built, so that
// they follow the mouse and the keyboard.
#pragma once

#include <string>

#include "reports/model/page_model.h"

namespace mbench {

struct PageOptions {
  // Of a run that goes on, shown by a server of ours: the page asks it for more (live.js).
  bool live = false;
};

std::string RenderPage(const PageModel& page, const PageOptions& options = {});

// What the charts of page.js are made of, as one JSON object. A page that is open can be given
// another one: mbench.show(data).
std::string RenderPageData(const PageModel& page);

// Whether uPlot was built in.
bool PageHasUplot();

}  // namespace mbench
