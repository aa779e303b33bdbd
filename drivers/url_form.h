// SPDX-License-Identifier: Apache-2.0
//
// URLs that stand for a workload on the command line, as in `mbench run redis://127.0.0.1`: what a
// driver's scheme is called, and where the parts of such a URL go in a workload file.
//
// A driver with an option of type kUrl or kUri has the schemes of that option and needs to say
// nothing. Others, and those that put parts of the URL elsewhere, list UrlForms (DriverInfo::urls):
//
//   kafka://h:9092/orders    {.scheme = "kafka", .option = "brokers", .before_host = "",
//                             .statement = "produce: <path>, value: \"{value}\""}
#pragma once

#include <optional>
#include <string_view>

namespace mbench {

struct UrlForm {
  std::string_view scheme;
  std::string_view option = "url";  // gets the URL, without what goes elsewhere
  // What the option has before the host; not said: what the URL has, "scheme://".
  std::optional<std::string_view> before_host = {};
  // Gets the path without the / in front of it, as a bucket, a database or a topic; "": the path
  // stays in the URL.
  std::string_view path_option = {};
  // The head of a statement that takes a method, and path and query of the URL: "http".
  std::string_view request_word = {};
  // Gets "user:password", as a secret; "": both stay in the URL.
  std::string_view login_option = {};
  // What is done when the command line does not say: a statement as in a workload file, without
  // braces, in which <path> is that of the URL. "": reads and updates, of drivers with records.
  std::string_view statement = {};
};

}  // namespace mbench
