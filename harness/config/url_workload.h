// SPDX-License-Identifier: Apache-2.0
//
// URL and flags of a command line -> the workload file they stand for:
//
//   mbench run http://127.0.0.1:8080/products/1 -c 100 -d 30s
//
// A pure function. What it writes is read as any other file (workload_reader.h), so that all checks
// of a file are made; mistakes are told in the words of the command line, from which each line
// knows its own.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/url_form.h"
#include "harness/base/result.h"
#include "harness/config/workload_reader.h"

namespace mbench {

// As they were written; "": not given.
struct UrlFlags {
  std::string connections, duration, requests, rate, warmup;
  std::string workers, timeout;
  std::string method, body, content_type;
  std::vector<std::string> headers;  // "name: value"
  std::string mix, records;
  std::vector<std::string> sql, statements, generators, slo;
};

// Clients, or connections in the open model; and the times of a run that says neither time nor
// requests. Those of oha, and a second in which connections are made and caches are filled.
inline constexpr std::string_view kUrlConnections = "50";
inline constexpr std::string_view kUrlDuration = "10s";
inline constexpr std::string_view kUrlWarmup = "1s";

struct UrlWorkload {
  std::string yaml;
  std::vector<std::string> origins;            // of its lines
  std::map<std::string, std::string> secrets;  // variable -> value, for this run alone
};

// REQUIRES: LooksLikeUrl(url) (url_parts.h), with the scheme of `form`, which is one of `driver`.
Result<UrlWorkload> WriteUrlWorkload(std::string_view url, const UrlFlags& flags,
                                     const DriverOptions& driver, const UrlForm& form);

}  // namespace mbench
