// SPDX-License-Identifier: Apache-2.0
//
// A page about one run, or about runs B beside a baseline A, before it is HTML: sections in their
// order, each made of sentences, tables and charts. All that is said is said here; a renderer only
// sets it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reports/model/chart.h"
#include "reports/model/comparison_model.h"
#include "reports/model/page_run.h"
#include "reports/model/run_model.h"

namespace mbench {

enum class Tone { kPlain, kGood, kBad, kUnsure };

struct PageVerdict {
  Tone tone = Tone::kPlain;
  std::string word;      // "Pass", "Broken SLO", "Worse"
  std::string sentence;  // with the effect and its interval
  std::vector<std::string> details;
};

struct PageTile {
  std::string name;
  std::string value;
  std::string note;  // "baseline 1.05ms, x0.98"
  Tone tone = Tone::kPlain;
};

struct PageCell {
  std::string text;
  std::string small;  // below it: an interval
  Tone tone = Tone::kPlain;
  std::vector<double> spark;  // instead of a text
  std::string link = {};      // a path relative to the page's folder
};

struct PageColumn {
  std::string name;
  bool number = false;
  bool baseline = false;
};

struct PageRow {
  std::vector<PageCell> cells;  // the first one names the row
  bool part = false;            // of the row above that is none
  bool total = false;           // of all others: stays at the foot
  bool greyed = false;          // figures from which nothing may be concluded
};

struct PageTable {
  std::string id, caption;
  std::vector<PageColumn> columns;
  std::vector<PageRow> rows;
  bool greyed = false;  // as of a row
  bool unlike = false;  // numbers of a column are of different things: there is no order of them
};

struct PageHeat {
  std::string id, title, about;
  HeatMap map;
};

// To be taken from the page as a file.
struct PageFile {
  std::string name;  // "run.json"
  std::string mime;
  std::string content;  // "": not in the page, `note` says why
  std::string note;
};

struct PageText {  // as written, in a box
  std::string id, title, text;
};

struct PageParagraph {
  std::string text;
  Tone tone = Tone::kPlain;
};

using PageBlock =
    std::variant<PageParagraph, PageTable, Chart, PageHeat, PageText, std::vector<PageFile>>;

struct PageSection {
  std::string id, title;
  std::vector<PageBlock> blocks;
  bool wide = false;  // needs the whole width
  // Not empty: all is well, and this says so; the blocks are shown when somebody asks for them.
  std::string folded = {};
};

// False: there is nothing to show, and the section stays as it is.
inline bool AddChart(PageSection* section, Chart chart) {
  if (chart.Empty()) return false;
  section->blocks.emplace_back(std::move(chart));
  return true;
}

struct PageModel {
  std::string title;     // "ramp"
  std::string about;     // of the workload
  std::string subtitle;  // "RocksDB 7.8.3, closed model, 1m00s measured, ..."
  std::string version;   // of the program that made the page
  bool has_baseline = false;
  std::string baseline;  // what it is called
  PageVerdict verdict;
  bool greyed = false;  // no verdict may be drawn from its figures: they are shown as such
  std::vector<PageTile> tiles;
  std::vector<PageSection> sections;
};

struct PageSource {
  std::string version;
  std::vector<PageRun> a;  // the baseline; empty: the page is about the only run in `b`
  std::vector<PageRun> b;  // at least one
  std::optional<ComparisonModel> comparison;  // when there is a baseline
};

// Files of the results are read when they are small enough to be embedded.
PageModel MakePageModel(const PageSource& source);

}  // namespace mbench
