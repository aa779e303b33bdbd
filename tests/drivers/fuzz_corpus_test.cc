// SPDX-License-Identifier: Apache-2.0
//
// What a fuzzer of replies starts from, and what it once broke on, goes through it every time.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>

#include "tests/drivers/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mbench::testing {
namespace {

TEST(FuzzCorpus, OfRepliesBreaksNothing) {
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(MBENCH_FUZZ_CORPUS)) {
    SCOPED_TRACE(entry.path());
    const std::string text = ReadFile(entry.path());
    const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
    EXPECT_EQ(LLVMFuzzerTestOneInput(data, text.size()), 0);
    ++inputs;
  }
  EXPECT_GE(inputs, 4);
}

}  // namespace
}  // namespace mbench::testing
