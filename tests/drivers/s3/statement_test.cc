// SPDX-License-Identifier: Apache-2.0
#include "drivers/s3/statement.h"

#include <gmock/gmock.h>

#include "tests/body_of.h"

namespace mbench::s3 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Complaints(const std::map<std::string, std::string>& words,
                                    std::vector<std::string> arguments = {}) {
  ComplaintList complaints;
  ReadStatement({.name = "it", .body = BodyOf(words), .arguments = std::move(arguments)},
                &complaints);
  return complaints.Messages();
}

Statement Read(const std::map<std::string, std::string>& words,
               std::vector<std::string> arguments = {}) {
  ComplaintList complaints;
  Statement made = ReadStatement(
      {.name = "it", .body = BodyOf(words), .arguments = std::move(arguments)}, &complaints);
  EXPECT_THAT(complaints.Messages(), ElementsAre());
  return made;
}

TEST(S3Size, OfARangeIsThatOfItsKeyAndCoversIt) {
  const Size size = Read({{"put", "a"}, {"size", "1KiB..64MiB"}}).size;
  std::uint64_t least = UINT64_MAX, most = 0;
  int below_256k = 0;
  for (std::uint64_t hash = 0; hash < 4000; ++hash) {
    const std::uint64_t bytes = *size.Of({}, hash);
    EXPECT_EQ(bytes, *size.Of({}, hash));
    least = std::min(least, bytes);
    most = std::max(most, bytes);
    below_256k += bytes < 256 * 1024 ? 1 : 0;
  }
  EXPECT_GE(least, 1024u);
  EXPECT_LE(most, 64u << 20);
  EXPECT_LT(least, 1100u);
  EXPECT_GT(most, 60u << 20);
  EXPECT_NEAR(below_256k, 2000, 150) << "256 KiB is the middle by the logarithm";
}

TEST(S3Size, MayBeDrawn) {
  const Statement put = Read({{"put", "a"}, {"size", "{s}"}}, {"s"});
  const std::string_view good = "64KiB", bad = "lots";
  EXPECT_EQ(put.size.Of({&good, 1}, 0), 65536u);
  EXPECT_EQ(put.size.Of({&bad, 1}, 0), std::nullopt);
}

TEST(S3Statement, SaysWhatIsWrong) {
  EXPECT_THAT(Complaints({{"put", "a"}}), ElementsAre(HasSubstr("either a size or a body")));
  EXPECT_THAT(Complaints({{"put", "a"}, {"size", "1"}, {"body", "x"}}),
              ElementsAre(HasSubstr("either a size or a body")));
  EXPECT_THAT(Complaints({{"put", "a"}, {"size", "6GiB"}}), ElementsAre(HasSubstr("multipart")));
  EXPECT_THAT(Complaints({{"put", "a"}, {"size", "9..3"}}), ElementsAre(HasSubstr("is no size")));
  EXPECT_THAT(Complaints({{"multipart", "a"}, {"size", "1GiB"}, {"part", "1MiB"}}),
              ElementsAre(HasSubstr("5MiB to 5GiB")));
  EXPECT_THAT(Complaints({{"multipart", "a"}, {"size", "1TiB"}, {"part", "8MiB"}}),
              ElementsAre(HasSubstr("more than 10,000 parts")));
  EXPECT_THAT(Complaints({{"get", "a"}, {"headers", R"({"Host": "x"})"}}),
              ElementsAre(HasSubstr("the driver's own business")));
  EXPECT_THAT(Complaints({{"get", "a"}, {"bytes", "0"}}), ElementsAre(HasSubstr("no bytes")));
  EXPECT_THAT(Complaints({{"copy", "a"}}), ElementsAre(HasSubstr("'from' is missing")));
}

}  // namespace
}  // namespace mbench::s3
