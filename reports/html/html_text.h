// SPDX-License-Identifier: Apache-2.0
//
// Text of strangers inside of a page: names of workloads, ops and labels, messages of servers,
// whole files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mbench {

// For element content and for attributes in double quotes. Control characters (but for line ends
// and tabs), bytes that are no UTF-8 and characters that turn the direction of writing become
// U+FFFD.
std::string EscapeHtml(std::string_view text);

// A path as a link relative to the page: whatever is in it, it is a path, and no other site or
// script.
std::string EscapeUrlPath(std::string_view path);

// JSON text for inside of a <script> element: no `<`, `>`, `&` and no line separators stay as they
// are, so that neither </script nor <!-- can end it. The text remains the same JSON.
std::string EscapeScript(std::string_view json);

// Little-endian 32-bit floats in base64: what new Float32Array takes in a browser.
std::string Float32Base64(std::span<const double> values);

std::string Base64(std::string_view bytes);

}  // namespace mbench
