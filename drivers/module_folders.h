// SPDX-License-Identifier: Apache-2.0
//
// Where drivers that are shared libraries are: the folders of MBENCH_MODULES, with colons between
// them, then those that the program itself looks for its libraries in (lib/mbench beside the
// installed program, build/NAME/modules in a build).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mbench {

// "libmbench_driver_redis.so"
std::string ModuleFile(std::string_view name);

// The path of a module, in the first folder that has it; in none: its file alone, with which
// dlopen fails and says so.
std::string FindModule(std::string_view name);
// The same of any file that stands beside them.
std::string FindBesideModules(const std::string& file);

// Names of all modules that are there, each once, in alphabetical order.
std::vector<std::string> FindModules();

}  // namespace mbench
