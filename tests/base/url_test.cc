// SPDX-License-Identifier: Apache-2.0
#include "harness/base/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace mbench {
namespace {

using ::testing::HasSubstr;

TEST(Url, ItsPathIsThereAsItIsMeantAndAsItIsWritten) {
  const Result<Url> url = ParseUrl("http://me@h:80/api/a%2Fb/50%25?x=1");
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->path, "/api/a/b/50%");
  EXPECT_EQ(url->raw_path, "/api/a%2Fb/50%25");
  EXPECT_EQ(url->query, "x=1");
  EXPECT_EQ(ParseUrl("http://h")->raw_path, "");
  EXPECT_FALSE(ParseUrl("http://h/50%")) << "no two hex digits behind it";
}

TEST(Url, ParametersThatNobodyKnowsAreNamedWithoutTheirValues) {
  constexpr std::array<std::string_view, 2> kKnown = {"user", "database"};
  EXPECT_EQ(WrongParameter("", kKnown), "");
  EXPECT_EQ(WrongParameter("user=a&database=b", kKnown), "");
  EXPECT_EQ(WrongParameter("user=a&usr=secret", kKnown),
            "there is no parameter 'usr' of a URL here; did you mean 'user'?");
  EXPECT_EQ(WrongParameter("timeout=3", {}),
            "there is no parameter 'timeout' of a URL here; it takes none");
  EXPECT_EQ(WrongParameter("user=a&user=b", kKnown), "the parameter 'user' is there twice");
  EXPECT_THAT(WrongParameter("secret", kKnown), HasSubstr("write name=value"));
}

}  // namespace
}  // namespace mbench
