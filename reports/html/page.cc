// SPDX-License-Identifier: Apache-2.0
#include "reports/html/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reports/html/html_text.h"
#include "reports/html/page_assets.h"
#include "reports/html/svg_chart.h"

namespace mbench {
namespace {

// Nothing is fetched, whatever stands in the page. A live page asks the server it came from.
constexpr const char* kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; connect-src ";

const char* ClassOf(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "good";
    case Tone::kBad:
      return "bad";
    case Tone::kUnsure:
      return "unsure";
    case Tone::kPlain:
      break;
  }
  return "plain";
}

// So that the tone is not in the colour alone.
const char* SignOf(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "\xe2\x9c\x93";  // check mark
    case Tone::kBad:
      return "\xe2\x9c\x95";  // cross
    case Tone::kUnsure:
      return "?";
    case Tone::kPlain:
      break;
  }
  return "\xe2\x80\xa2";  // bullet
}

std::string ToneClass(Tone tone) {
  return tone == Tone::kPlain ? std::string() : std::string(" ") + ClassOf(tone);
}

class Page {
 public:
  Page(const PageModel& page, const PageOptions& options) : page_(page), options_(options) {}

  std::string Render() {
    Head();
    Masthead();
    Put("<main id=\"content\"{}>\n", page_.greyed ? " class=\"greyed\"" : "");
    Verdict();
    Tiles();
    for (std::size_t i = 0; i < page_.sections.size(); ++i) Section(page_.sections[i]);
    out_ += "</main>\n";
    Foot();
    return std::move(out_);
  }

 private:
  template <class... Args>
  void Put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }
  static std::string Safe(std::string_view text) { return EscapeHtml(text); }

  void Head() {
    Put("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"generator\" content=\"mbench {}\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}{}\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<title>{}: {}</title>\n",
        Safe(page_.version), kPolicy, options_.live ? "'self'" : "'none'", Safe(page_.title),
        Safe(page_.verdict.word));
    out_ += "<style>\n";
    out_ += kUplotCss;
    out_ += kPageCss;
    out_ += "</style>\n</head>\n";
  }

  void Masthead() {
    out_ += "<body>\n<a class=\"skip\" href=\"#content\">To the content</a>\n<header>\n";
    Put("<div class=\"above\"><span>mbench</span><span class=\"controls\" hidden>");
    if (page_.has_baseline)
      out_ +=
          R"(<button type="button" id="baseline-toggle" aria-pressed="true">Baseline shown</button>)";
    out_ += R"(<button type="button" id="theme-toggle">Theme: as the system</button>)";
    Put("</span></div>\n<h1>{}</h1>\n", Safe(page_.title));
    if (!page_.about.empty()) Put("<p class=\"about\">{}</p>\n", Safe(page_.about));
    Put("<p class=\"subtitle\">{}</p>\n", Safe(page_.subtitle));
    out_ += "<nav aria-label=\"Sections\"><ul>";
    for (const PageSection& section : page_.sections)
      Put("<li><a href=\"#{}\">{}</a></li>", section.id, Safe(section.title));
    out_ += "</ul></nav>\n</header>\n";
  }

  void Verdict() {
    const PageVerdict& verdict = page_.verdict;
    Put("<section class=\"verdict {}\" aria-label=\"Verdict\">\n", ClassOf(verdict.tone));
    Put("<p class=\"word\"><span class=\"sign\" aria-hidden=\"true\">{}</span> {}</p>\n",
        SignOf(verdict.tone), Safe(verdict.word));
    Put("<div><p class=\"sentence\">{}</p>\n", Safe(verdict.sentence));
    if (!verdict.details.empty()) {
      out_ += "<ul>";
      for (const std::string& detail : verdict.details) Put("<li>{}</li>", Safe(detail));
      out_ += "</ul>\n";
    }
    out_ += "</div></section>\n";
  }

  void Tiles() {
    out_ += "<dl class=\"tiles\">\n";
    for (const PageTile& tile : page_.tiles) {
      Put("<div class=\"tile{}\"><dt>{}</dt><dd>{}", ToneClass(tile.tone), Safe(tile.name),
          Safe(tile.value));
      if (!tile.note.empty()) Put("<small class=\"baseline\">{}</small>", Safe(tile.note));
      out_ += "</dd></div>\n";
    }
    out_ += "</dl>\n";
  }

  void Section(const PageSection& section) {
    Put("<section id=\"{}\" class=\"part{}\" aria-labelledby=\"{}-title\">\n"
        "<h2><span id=\"{}-title\">{}</span>",
        section.id, section.wide ? " wide" : "", section.id, section.id, Safe(section.title));
    Anchor(section.id, section.title);
    out_ += "</h2>\n<div class=\"body\">\n";
    if (!section.folded.empty())
      Put("<details>\n<summary>{} <span>Show how it was found out</span></summary>\n<div class=\"body\">\n",
          Safe(section.folded));
    for (const PageBlock& block : section.blocks)
      std::visit([this](const auto& one) { Block(one); }, block);
    if (!section.folded.empty()) out_ += "</div>\n</details>\n";
    out_ += "</div>\n</section>\n";
  }

  // What can be sent to somebody as a link to this place.
  void Anchor(const std::string& id, const std::string& title) {
    Put(R"( <a class="anchor" href="#{}" aria-label="Link to {}">#</a>)", id, Safe(title));
  }

  void Block(const PageParagraph& paragraph) {
    Put("<p class=\"note{}\">{}</p>\n", ToneClass(paragraph.tone), Safe(paragraph.text));
  }

  void Block(const PageTable& table) {
    Put("<div class=\"table\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{}-caption\">\n"
        "<table id=\"{}\"{}>\n<caption id=\"{}-caption\">{}</caption>\n<thead><tr>",
        table.id, table.id, TableClass(table), table.id, Safe(table.caption));
    for (const PageColumn& column : table.columns)
      Put("<th scope=\"col\"{}>{}</th>", ColumnClass(column), Safe(column.name));
    out_ += "</tr></thead>\n<tbody>\n";
    for (const PageRow& row : table.rows) Row(table, row);
    out_ += "</tbody>\n</table></div></div>\n";
  }

  // What can be sorted: a list with numbers of one kind.
  static std::string TableClass(const PageTable& table) {
    std::string classes;
    const bool numbers = std::ranges::any_of(table.columns, &PageColumn::number);
    if (table.rows.size() > 1 && numbers && !table.unlike) classes += " sorts";
    if (table.greyed) classes += " greyed";
    return classes.empty() ? classes : fmt::format(" class=\"{}\"", classes.substr(1));
  }

  static std::string ColumnClass(const PageColumn& column, Tone tone = Tone::kPlain) {
    std::string classes;
    if (column.number) classes += " number";
    if (column.baseline) classes += " baseline";
    classes += ToneClass(tone);
    return classes.empty() ? std::string() : fmt::format(" class=\"{}\"", classes.substr(1));
  }

  void Row(const PageTable& table, const PageRow& row) {
    std::string classes;
    if (row.part) classes += " sub";
    if (row.total) classes += " total";
    if (row.greyed) classes += " greyed";
    out_ += classes.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", classes.substr(1));
    for (std::size_t i = 0; i < row.cells.size() && i < table.columns.size(); ++i) {
      const PageCell& cell = row.cells[i];
      const char* const element = i == 0 ? "th scope=\"row\"" : "td";
      Put("<{}{}>", element, ColumnClass(table.columns[i], cell.tone));
      if (!cell.spark.empty())
        out_ += RenderSpark(cell.spark, table.columns[i].name + " of " + row.cells[0].text);
      if (cell.link.empty())
        out_ += Safe(cell.text);
      else
        Put("<a href=\"{}\">{}</a>", EscapeUrlPath(cell.link), Safe(cell.text));
      if (!cell.small.empty()) Put("<small>{}</small>", Safe(cell.small));
      Put("</{}>", i == 0 ? "th" : "td");
    }
    out_ += "</tr>\n";
  }

  void FigureHead(const std::string& id, const std::string& title, const std::string& about) {
    Put("<figure id=\"{}\" class=\"chart\">\n<figcaption><h3>{}", id, Safe(title));
    Anchor(id, title);
    Put("</h3><p>{}</p></figcaption>\n", Safe(about));
  }

  void Block(const Chart& chart) {
    FigureHead(chart.id, chart.title, chart.about);
    out_ += "<ul class=\"legend\">";
    for (const ChartLine& line : chart.lines)
      LegendItem(RenderSwatch(line), line.name, line.baseline, line.hidden);
    for (const ChartArea& area : chart.areas)
      LegendItem(RenderSwatch(area), area.name, area.baseline);
    out_ += "<li class=\"at\"><output></output></li></ul>\n";
    Drawing(chart.title, RenderSvg(chart));
  }

  void LegendItem(const std::string& swatch, const std::string& name, bool baseline,
                  bool hidden = false) {
    Put("<li{}>{}<span>{}</span> <output></output></li>",
        hidden     ? " class=\"off\""
        : baseline ? " class=\"baseline\""
                   : "",
        swatch, Safe(name));
  }

  void Block(const PageHeat& heat) {
    FigureHead(heat.id, heat.title, heat.about);
    out_ += "<ul class=\"legend\"><li class=\"at\"><output></output></li></ul>\n";
    Drawing(heat.title, RenderSvg(heat.map, heat.title + ": ops per second by response time"));
  }

  void Drawing(const std::string& title, const std::string& svg) {
    Put("<div class=\"scroll drawing\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">\n",
        Safe(title));
    out_ += svg;
    out_ += "</div>\n</figure>\n";
  }

  void Block(const PageText& text) {
    Put("<div class=\"source\"><h3>{}</h3><pre id=\"{}\" tabindex=\"0\">{}</pre></div>\n",
        Safe(text.title), text.id, Safe(text.text));
  }

  void Block(const std::vector<PageFile>& files) {
    out_ += "<div class=\"files\"><h3>Files</h3><ul>";
    for (const PageFile& file : files) {
      out_ += "<li>";
      if (file.content.empty())
        Put("<strong>{}</strong> {}", Safe(file.name), Safe(file.note));
      else
        Put("<a download=\"{}\" href=\"data:{};base64,{}\">{}</a> {}", Safe(file.name),
            Safe(file.mime), Base64(file.content), Safe(file.name), Safe(file.note));
      out_ += "</li>";
    }
    out_ += "</ul></div>\n";
  }

  void Foot() {
    Put("<p id=\"said\" role=\"status\"></p>\n<footer><p>Made by mbench {} from stored results. Times of responses count from when an op "
        "was planned.</p></footer>\n",
        Safe(page_.version));
    out_ += "<script type=\"application/json\" id=\"data\">";
    out_ += EscapeScript(RenderPageData(page_));
    out_ += "</script>\n<script>\n";
    out_ += kUplotJs;
    out_ += "\n</script>\n<script>\n";
    out_ += kTablesJs;
    out_ += kPageJs;
    if (options_.live) out_ += kLiveJs;
    out_ += "</script>\n</body>\n</html>\n";
  }

  const PageModel& page_;
  const PageOptions& options_;
  std::string out_;
};

}  // namespace

std::string RenderPage(const PageModel& page, const PageOptions& options) {
  return Page(page, options).Render();
}

bool PageHasUplot() { return !kUplotJs.empty(); }

}  // namespace mbench
