// SPDX-License-Identifier: Apache-2.0
//
// What the fuzzer of the result reader starts from, and what it once broke on, goes through it
// every time.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mbench {
namespace {

TEST(FuzzCorpus, OfTheResultReaderBreaksNothing) {
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(MBENCH_RESULT_CORPUS)) {
    SCOPED_TRACE(entry.path());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), 0);
    ++inputs;
  }
  EXPECT_GE(inputs, 2);
}

}  // namespace
}  // namespace mbench
