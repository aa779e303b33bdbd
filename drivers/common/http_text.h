// SPDX-License-Identifier: Apache-2.0
//
// Texts as requests over HTTP carry them.
#pragma once

#include <string>
#include <string_view>

namespace mbench {

// Whether the text cannot stand in the value of a header: it would begin one of its own.
bool BreaksHeader(std::string_view text);

std::string Base64Of(std::string_view bytes);
// Of the header Authorization (RFC 7617). `user_and_password`: with a colon between them.
std::string BasicAuthorization(std::string_view user_and_password);

// Appends a value of a query or of a form: %XX for all but letters, digits and - . _ ~.
void AppendFormValue(std::string_view text, std::string* out);

}  // namespace mbench
