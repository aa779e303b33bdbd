// SPDX-License-Identifier: Apache-2.0
//
// Comparison with a file of tests/reports/golden. With MBENCH_UPDATE=1 in the environment the file
// is written instead; look at the difference before it is committed.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace mbench {

inline void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = std::string(MBENCH_GOLDEN_FOLDER) + "/" + name;
  if (std::getenv("MBENCH_UPDATE") != nullptr) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, golden) << path << " says something else; MBENCH_UPDATE=1 writes it anew";
}

}  // namespace mbench
