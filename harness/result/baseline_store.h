// SPDX-License-Identifier: Apache-2.0
//
// Named sets of results, in a folder that can be committed or cached:
//
//   <root>/<name>/baseline.json      which results, of which workload, saved when
//   <root>/<name>/<result>/          run.json and latency.hlog, copied byte by byte
//
// A baseline is there whole or not at all: it is made beside its place and takes it in one step.
// Whether its runs may be one (valid, whole, of the same thing) is for the caller to judge, who
// sees more than bytes.
//
// Thread: any; two processes that save the same name at once: one of them fails.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace mbench {

inline constexpr std::string_view kBaselinesFolder = "baselines";

struct Baseline {
  std::string name;
  std::string workload;
  std::string system;             // with its version
  std::string saved_at;           // UTC
  std::string folder;             // <root>/<name>
  std::vector<std::string> runs;  // result folders below it, in the order they were given
};

// Letters, digits and "-_.", not beginning with a dot, 100 at most: a name is a folder, never a
// path. Fails with kUsage.
Status CheckBaselineName(std::string_view name);

// Copies the results at `runs` (folders, or their run.json); `head` has the rest. A name that is
// taken is refused with kUsage unless `replace`. Returns what is stored.
Result<Baseline> SaveBaseline(const std::string& root, Baseline head,
                              std::span<const std::string> runs, bool replace);

// Fails with kUsage when there is none of that name, with the nearest; with kInvalid on damage,
// naming file and place.
Result<Baseline> ReadBaseline(const std::string& root, const std::string& name);

// By name. No folder: none. A damaged one is an error that names it.
Result<std::vector<Baseline>> ListBaselines(const std::string& root);

// Only ever removes a folder with a baseline.json in it.
Status RemoveBaseline(const std::string& root, const std::string& name);

}  // namespace mbench
