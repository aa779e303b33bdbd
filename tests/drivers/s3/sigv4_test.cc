// SPDX-License-Identifier: Apache-2.0
//
// AWS's own examples: the signatures that stand in its documents ("Signature Calculations for the
// Authorization Header", "Authenticating Requests: Using Query Parameters") and in its suite of
// tests for version 4.
#include "drivers/s3/sigv4.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace mbench::s3 {
namespace {

std::string CanonicalOf(std::string_view method, std::string_view path, std::string_view query,
                        const std::vector<SignedHeader>& headers, std::string_view hash) {
  std::string canonical;
  AppendCanonical(method, path, query, headers, hash, &canonical);
  return canonical;
}

// ---- the suite ----

struct Suite {
  Signer signer{
      {.access_key = "AKIDEXAMPLE", .secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
      "us-east-1",
      "service"};
  Suite() { signer.SetTime(1440938160); }  // 2015-08-30 12:36:00

  std::string Sign(std::string_view method, std::string_view path,
                   const Parameters& parameters = {}, std::vector<SignedHeader> more = {}) {
    std::vector<SignedHeader> headers = std::move(more);
    headers.insert(headers.begin(), {"host", "example.amazonaws.com"});
    headers.push_back({"x-amz-date", "20150830T123600Z"});
    std::ranges::sort(headers, {}, &SignedHeader::name);
    std::string coded;
    AppendPath(path, &coded);
    return std::string(
        signer.Sign(CanonicalOf(method, coded, CanonicalQuery(parameters), headers, kEmptyHash)));
  }
};

TEST(SigV4Suite, GetVanilla) {
  Suite suite;
  EXPECT_EQ(suite.signer.Time(), "20150830T123600Z");
  EXPECT_EQ(suite.signer.Credential(), "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request");
  EXPECT_EQ(suite.Sign("GET", "/"),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(SigV4Suite, PostVanilla) {
  EXPECT_EQ(Suite().Sign("POST", "/"),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
}

TEST(SigV4Suite, ParametersAreSorted) {
  EXPECT_EQ(Suite().Sign("GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}}),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
}

TEST(SigV4Suite, UnreservedCharactersStay) {
  EXPECT_EQ(
      Suite().Sign("GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
      "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f");
}

TEST(SigV4Suite, PathsInUtf8AndWithBlanks) {
  EXPECT_EQ(Suite().Sign("GET", "/\u1234"),
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
  EXPECT_EQ(Suite().Sign("GET", "/example space/"),
            "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741");
}

TEST(SigV4Suite, ParametersInUtf8) {
  EXPECT_EQ(Suite().Sign("GET", "/", {{"\u1234", "bar"}}),
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04");
}

TEST(SigV4Suite, HeadersAreSignedToo) {
  EXPECT_EQ(Suite().Sign("POST", "/", {}, {{"my-header1", "value1"}}),
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c");
}

// ---- examples of the documents of S3 ----

struct Documents {
  static constexpr std::string_view kHost = "examplebucket.s3.amazonaws.com";
  Signer signer{{.access_key = "AKIAIOSFODNN7EXAMPLE",
                 .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
                "us-east-1"};
  Documents() { signer.SetTime(1369353600); }  // 2013-05-24 00:00:00

  std::string Get(std::string_view path, std::string_view query,
                  std::vector<SignedHeader> more = {}) {
    std::vector<SignedHeader> headers = {{"host", kHost}};
    headers.insert(headers.end(), more.begin(), more.end());
    headers.push_back({"x-amz-content-sha256", kEmptyHash});
    headers.push_back({"x-amz-date", "20130524T000000Z"});
    return std::string(signer.Sign(CanonicalOf("GET", path, query, headers, kEmptyHash)));
  }
};

TEST(SigV4Documents, ARangeOfAnObject) {
  EXPECT_EQ(Documents().Get("/test.txt", "", {{"range", "bytes=0-9"}}),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(SigV4Documents, AnObjectWithADollarInItsNameIsPut) {
  Documents documents;
  const std::string hash = Sha256Hex("Welcome to Amazon S3.");
  EXPECT_EQ(hash, "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
  std::string path;
  AppendPath("/test$file.text", &path);
  const std::vector<SignedHeader> headers = {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                                             {"host", Documents::kHost},
                                             {"x-amz-content-sha256", hash},
                                             {"x-amz-date", "20130524T000000Z"},
                                             {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  EXPECT_EQ(documents.signer.Sign(CanonicalOf("PUT", path, "", headers, hash)),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(SigV4Documents, AParameterWithoutAValue) {
  EXPECT_EQ(Documents().Get("/", CanonicalQuery({{"lifecycle", ""}})),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(SigV4Documents, AListOfObjects) {
  EXPECT_EQ(Documents().Get("/", CanonicalQuery({{"prefix", "J"}, {"max-keys", "2"}})),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(SigV4Documents, APresignedUrl) {
  Documents documents;
  const std::string query =
      CanonicalQuery({{"X-Amz-Algorithm", std::string(kAlgorithm)},
                      {"X-Amz-Credential", std::string(documents.signer.Credential())},
                      {"X-Amz-Date", std::string(documents.signer.Time())},
                      {"X-Amz-Expires", "86400"},
                      {"X-Amz-SignedHeaders", "host"}});
  const std::vector<SignedHeader> headers = {{"host", Documents::kHost}};
  EXPECT_EQ(
      documents.signer.Sign(CanonicalOf("GET", "/test.txt", query, headers, kUnsignedPayload)),
      "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

// ---- what is special ----

TEST(SigV4, KeysAreEncodedOnceAndWhole) {
  std::string path;
  AppendPath("/a=b:c d+e%2F\xff/~", &path);
  EXPECT_EQ(path, "/a%3Db%3Ac%20d%2Be%252F%FF/~");
  EXPECT_EQ(CanonicalQuery({{"prefix", "a/b"}}), "prefix=a%2Fb");
}

// By their encoded names: ":" is %3A there and so stands before "a", "b" before "ba".
TEST(SigV4, ParametersAreSortedAsTheyAreEncoded) {
  EXPECT_EQ(CanonicalQuery({{"ba", "1"}, {"b", "2"}, {"b", "1"}, {":", ""}, {"B", "x y"}}),
            "%3A=&B=x%20y&b=1&b=2&ba=1");
}

TEST(SigV4, BlanksAroundAndWithinValuesOfHeadersAreSignedAsOne) {
  const std::string canonical = CanonicalOf("GET", "/", "", {{"a", "  b \t c  "}}, kEmptyHash);
  EXPECT_NE(canonical.find("a:b c\n"), std::string::npos);
}

TEST(SigV4, AnotherDayHasAnotherKeyAndScope) {
  Documents documents;
  const std::string first = documents.Get("/test.txt", "");
  documents.signer.SetTime(1369353600 + 24 * 3600);
  EXPECT_EQ(documents.signer.Scope(), "20130525/us-east-1/s3/aws4_request");
  EXPECT_NE(documents.Get("/test.txt", ""), first);
}

// RFC 4231, test cases 2 and 6.
TEST(SigV4, HmacIsThatOfItsRfc) {
  std::string hex;
  AppendHex(HmacKey("Jefe").Of("what do ya want for nothing?"), &hex);
  EXPECT_EQ(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  hex.clear();
  AppendHex(HmacKey(std::string(131, '\xaa'))
                .Of("Test Using Larger Than Block-Size Key - Hash Key First"),
            &hex);
  EXPECT_EQ(hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace mbench::s3
