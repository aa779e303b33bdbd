// SPDX-License-Identifier: Apache-2.0
//
// As much XML as replies and requests of S3 have: elements that are found by their names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mbench::s3 {

// What stands in the first element of that name, as it is written; "": there is none.
std::string_view ElementOf(std::string_view xml, std::string_view name);
// The same from `*at` on, which is moved behind it; nullptr as its data: there is no more.
std::string_view NextElement(std::string_view xml, std::string_view name, std::size_t* at);
std::size_t CountElements(std::string_view xml, std::string_view name);

// Text for an element, so that it ends neither the element nor the document.
void AppendXmlText(std::string_view text, std::string* out);

// &amp; &lt; &gt; &quot; &apos; and &#34; as what they stand for.
std::string XmlText(std::string_view text);

}  // namespace mbench::s3
