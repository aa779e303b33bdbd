// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace mbench {

// An option that may be given several times, each time with one value: what follows is no further
// value, though it may be the file (`mbench run --set load.over=10s FILE`).
inline void AddRepeatable(CLI::App* app, const char* name, std::vector<std::string>* values,
                          const char* type, const char* help) {
  app->add_option(name, *values, help)
      ->type_name(type)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

}  // namespace mbench
