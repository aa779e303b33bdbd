// SPDX-License-Identifier: Apache-2.0
//
// JUnit XML, which CI systems show beside the tests.
//
// There is no schema that all readers share; this is the part that Jenkins, GitLab and GitHub's
// reporters agree on (testsuites, testsuite, testcase, failure, error, skipped, system-out).
#pragma once

#include <string>
#include <vector>

namespace mbench {

struct JunitCase {
  std::string name;
  std::string result;  // "failure", "error", "skipped"; "": passed
  std::string type;
  std::string message;
  std::string detail;
};

// One suite, "mbench.TITLE". `timestamp`: UTC, "2026-01-31T12:34:56".
std::string RenderJunitSuite(const std::string& title, const std::vector<JunitCase>& cases,
                             const std::string& timestamp);

}  // namespace mbench
