// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/options.h"

#include <string>
#include <string_view>

#include "drivers/postgres/server.h"

namespace mbench::postgres {
namespace {

// A simple query is a batch of its own, and answers with texts.
void CheckSimple(const OptionValues& options, std::vector<OptionMistake>* mistakes) {
  if (options.Text("prepare") != "simple") return;
  if (options.Text("sync") == "batch")
    mistakes->push_back({"sync", "batch does not go with prepare: simple; write sync: op"});
  if (options.Flag("binary"))
    mistakes->push_back({"binary", "it does not go with prepare: simple, which has texts only"});
  if (options.Text("columns") == "bytea")
    mistakes->push_back({"columns", "bytea does not go with prepare: simple; write unnamed"});
}

}  // namespace

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const std::string& url = options.Text("url");
  const std::string& primary = options.Text("hosts.primary");
  if (url.empty() == primary.empty()) {
    mistakes.push_back({"url",
                        "it or hosts.primary is needed, and not both; write url: "
                        "postgres://user@host:5432/database"});
  }
  for (const std::string_view name : {"url", "hosts.primary"}) {
    if (options.Text(name).empty()) continue;
    if (const Status right = CheckUrl(options.Text(name)); !right)
      mistakes.push_back({name, right.error().message});
  }
  CheckSimple(options, &mistakes);
  return mistakes;
}

}  // namespace mbench::postgres
