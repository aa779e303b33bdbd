// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mbench::mysql {
namespace {

// Numbers below 2000, and from 3000 on, come from the server: see "MariaDB Error Code Reference".
constexpr std::array<std::pair<unsigned, std::string_view>, 46> kNames = {{
    {1021, "disk full"},
    {1036, "table is read only"},
    {1037, "out of memory"},
    {1040, "too many connections"},
    {1041, "out of memory"},
    {1044, "access to the database denied"},
    {1045, "access denied"},
    {1048, "column cannot be null"},
    {1049, "no such database"},
    {1053, "server is shutting down"},
    {1054, "no such column"},
    {1062, "duplicate key"},
    {1064, "syntax error"},
    {1114, "table is full"},
    {1129, "host is blocked"},
    {1130, "host not allowed"},
    {1142, "command denied"},
    {1146, "no such table"},
    {1153, "packet too large"},
    {1180, "error in commit"},
    {1203, "too many connections of this user"},
    {1205, "lock wait timed out"},
    {1206, "too many locks"},
    {1210, "wrong number of parameters"},
    {1213, "deadlock"},
    {1226, "limit of this user reached"},
    {1243, "prepared statement not known"},
    {1264, "value out of range"},
    {1290, "server is read only"},
    {1292, "wrong value"},
    {1317, "query interrupted"},
    {1366, "wrong value"},
    {1406, "value too long"},
    {1451, "row is referenced"},
    {1452, "referenced row is missing"},
    {1461, "too many prepared statements"},
    {1615, "prepared statement is stale"},
    {1637, "too many transactions"},
    {1927, "connection killed"},
    {1969, "statement timed out"},
    {2002, "cannot connect"},
    {2003, "cannot connect"},
    {2006, "connection lost"},
    {2013, "connection lost"},
    {2026, "TLS failed"},
    {2027, "not a reply of MySQL"},
}};

}  // namespace

std::string ErrorName(unsigned number, std::string_view sqlstate) {
  const auto found = std::ranges::find(kNames, number, [](const auto& pair) { return pair.first; });
  if (found != kNames.end()) return fmt::format("{} {}", number, found->second);
  return fmt::format("{} (SQLSTATE {})", number, sqlstate);
}

// 2000 to 2062 and 5000 on: the client library.
bool LosesLine(unsigned number) {
  return (number >= 2000 && number < 3000) || (number >= 5000 && number < 6000);
}

bool IsStale(unsigned number) {
  constexpr unsigned kUnknownStatement = 1243, kNeedsToBePreparedAgain = 1615;
  return number == kUnknownStatement || number == kNeedsToBePreparedAgain;
}

Outcome OutcomeOf(unsigned number) {
  constexpr std::array<unsigned, 4> kOverload = {1040, 1203, 1226, 1637};
  return std::ranges::find(kOverload, number) == kOverload.end() ? Outcome::kFailed
                                                                 : Outcome::kRejected;
}

}  // namespace mbench::mysql
