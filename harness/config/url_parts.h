// SPDX-License-Identifier: Apache-2.0
//
// A URL of a command line in its parts, and what is secret in the words of a command line.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace mbench {

// scheme://login@host/path?query, all as written. A fragment is dropped: it is for whoever shows
// the page.
struct UrlParts {
  std::string scheme;
  std::string login;  // user, or user:password
  std::string host;   // with its port; several with commas between them
  std::string path;   // with its leading /; "" when there is none
  std::string query;  // without ?
};

// Whether a word that may be a file is meant as a URL.
bool LooksLikeUrl(std::string_view word);
// REQUIRES: LooksLikeUrl(url).
UrlParts SplitUrl(std::string_view url);

// What was written on a command line and must not be stored: each gets the name of a variable,
// which stands in its place and has it as its value for this run alone.
class CommandLineSecrets {
 public:
  // "${NAME}", or ${NAME_2} and so on when that is taken.
  std::string Keep(const std::string& name, const std::string& value);

  // The URL without what is secret in it: the password, and values of its query that look so.
  std::string KeepThoseOfUrl(std::string_view url);
  // The value of a header; as it is when its name does not look secret, or it names a variable.
  std::string KeepThatOfHeader(std::string_view name, const std::string& value);

  // `text` with *** for each of them.
  std::string Hide(std::string_view text) const;
  const std::map<std::string, std::string>& Variables() const { return variables_; }

 private:
  std::map<std::string, std::string> variables_;
};

}  // namespace mbench
