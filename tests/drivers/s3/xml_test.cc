// SPDX-License-Identifier: Apache-2.0
#include "drivers/s3/xml.h"

#include <gtest/gtest.h>

namespace mbench::s3 {
namespace {

TEST(Xml, ElementsAreFoundByTheirWholeName) {
  const std::string_view xml = "<A xmlns=\"x\"><Keys>no</Keys><Key>1</Key><Key/><Key>2</Key></A>";
  EXPECT_EQ(ElementOf(xml, "Key"), "1");
  EXPECT_EQ(ElementOf(xml, "Nothing"), "");
  EXPECT_EQ(CountElements(xml, "Key"), 2u);
  EXPECT_EQ(CountElements(xml, "A"), 1u);
}

TEST(Xml, WhatIsCutEndsWithoutAnElement) {
  const std::string_view xml = "<Error><Code>SlowDown</Code></Error>";
  for (std::size_t size = 0; size < xml.size(); ++size) {
    const std::string_view code = ElementOf(xml.substr(0, size), "Code");
    EXPECT_TRUE(code.empty() || code == "SlowDown") << size;
    EXPECT_EQ(ElementOf(xml.substr(0, size), "Error"), "") << size;
  }
}

TEST(Xml, EntitiesStandForCharacters) {
  EXPECT_EQ(XmlText("a&amp;b&lt;c&gt;&quot;&apos;&#34;&#x22;"), "a&b<c>\"'\"\"");
  EXPECT_EQ(XmlText("&unknown; & &#xffff; &"), "&unknown; & &#xffff; &");
}

TEST(Xml, TextCannotEndItsElement) {
  std::string text;
  AppendXmlText("</Key><Key>&\x01", &text);
  EXPECT_EQ(text, "&#60;/Key&#62;&#60;Key&#62;&#38;&#1;");
}

}  // namespace
}  // namespace mbench::s3
