// SPDX-License-Identifier: Apache-2.0
#include "drivers/s3/contents.h"

#include <gtest/gtest.h>

#include <string>

namespace mbench::s3 {
namespace {

std::string Bytes(std::string_view name, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  Contents(name).Write(offset, bytes.data(), size);
  return bytes;
}

TEST(Contents, AnyRangeIsAPartOfTheWhole) {
  const std::string whole = Bytes("a", 0, 3 * Contents::kBlock + 77);
  for (const std::size_t offset : {0u, 1u, 7u, 8u, 4090u, 4095u, 4096u, 4097u, 8191u, 12000u})
    for (const std::size_t size : {0u, 1u, 3u, 8u, 9u, 17u, 300u})
      EXPECT_EQ(Bytes("a", offset, size), whole.substr(offset, size)) << offset << "+" << size;
}

TEST(Contents, DifferByNameAndByBlock) {
  EXPECT_NE(Bytes("a", 0, 64), Bytes("b", 0, 64));
  EXPECT_NE(Bytes("a", 0, 64), Bytes("a", Contents::kBlock, 64));
  EXPECT_EQ(Bytes("a", 5'000'000'000, 64), Bytes("a", 5'000'000'000, 64));
}

TEST(Contents, EveryByteThatIsWrongIsSeen) {
  const Contents contents("a");
  for (const std::size_t wrong : {0u, 1u, 4095u, 4096u, 4999u}) {
    std::string bytes = Bytes("a", 100, 5000);
    EXPECT_TRUE(contents.Match(100, bytes));
    bytes[wrong] = static_cast<char>(bytes[wrong] ^ 1);
    EXPECT_FALSE(contents.Match(100, bytes)) << wrong;
  }
  EXPECT_FALSE(contents.Match(101, Bytes("a", 100, 50))) << "shifted by one";
}

}  // namespace
}  // namespace mbench::s3
