// SPDX-License-Identifier: Apache-2.0
#include "reports/junit/junit_suite.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"

namespace mbench {
namespace {

// For text and for attributes. XML 1.0 has no way to write most control characters, and none for
// bytes that are not UTF-8: they become "?".
std::string Escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(character.size());
    if (character == "&")
      out += "&amp;";
    else if (character == "<")
      out += "&lt;";
    else if (character == ">")
      out += "&gt;";
    else if (character == "\"")
      out += "&quot;";
    else if (character == "\n")
      out += "&#10;";
    else if (length == 0 || IsControl(character) || character == "\xef\xbf\xbe" ||
             character == "\xef\xbf\xbf")  // U+FFFE, U+FFFF: no characters of XML
      out += '?';
    else
      out += character;
  }
  return out;
}

std::string CaseText(const JunitCase& test, const std::string& suite) {
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\">\n",
                                 Escaped(suite), Escaped(test.name));
  if (!test.result.empty())
    text += fmt::format("      <{0} message=\"{1}\" type=\"{2}\">{3}</{0}>\n", test.result,
                        Escaped(test.message), Escaped(test.type), Escaped(test.detail));
  else
    text += fmt::format("      <system-out>{}</system-out>\n", Escaped(test.detail));
  return text + "    </testcase>\n";
}

}  // namespace

std::string RenderJunitSuite(const std::string& title, const std::vector<JunitCase>& cases,
                             const std::string& timestamp) {
  const auto count = [&](std::string_view result) {
    return std::ranges::count(cases, result, &JunitCase::result);
  };
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\"",
                  cases.size(), count("failure"), count("error"), count("skipped"));
  const std::string suite = "mbench." + title;
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  text += fmt::format("<testsuites {}>\n  <testsuite name=\"{}\" timestamp=\"{}\" {}>\n", counts,
                      Escaped(suite), Escaped(timestamp), counts);
  for (const JunitCase& test : cases) text += CaseText(test, suite);
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace mbench
