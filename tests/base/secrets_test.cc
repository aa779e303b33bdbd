// SPDX-License-Identifier: Apache-2.0
#include "harness/base/secrets.h"

#include <gtest/gtest.h>

namespace mbench {
namespace {

std::string Redacted(std::string_view text, std::vector<std::string> secrets) {
  return Redact(text, secrets);
}

TEST(Redact, ReplacesEverySecretWhereverItStands) {
  EXPECT_EQ(Redacted("user=a password=hunter22 again hunter22!", {"hunter22"}),
            "user=a password=*** again ***!");
  EXPECT_EQ(Redacted("xhunter22y", {"hunter22"}), "x***y");
  EXPECT_EQ(Redacted("nothing here", {"hunter22", ""}), "nothing here");
}

TEST(Redact, LeavesNoTailOfALongerSecretBehind) {
  EXPECT_EQ(Redacted("password1 pass", {"pass", "password1"}), "*** ***");
}

TEST(Redact, FindsASecretAsItStandsInAUri) {
  EXPECT_EQ(Redacted("db://u:p%40ss%2Fword@host", {"p@ss/word"}), "db://u:***@host");
}

TEST(Redact, TakesShortSecretsOnlyAsWholeWords) {
  EXPECT_EQ(Redacted("ab cab abc (ab)", {"ab"}), "*** cab abc (***)");
}

TEST(LooksSecret, GoesByTheName) {
  for (const char* name :
       {"PGPASSWORD", "api_key", "AUTH_TOKEN", "db.pwd", "AWS_CREDENTIALS", "client-secret",
        "cookie", "Proxy-Authorization", "x-auth", "AWS_ACCESS_KEY_ID", "sslPassword", "apiKey"}) {
    EXPECT_TRUE(LooksSecret(name)) << name;
  }
  for (const char* name :
       {"PATH", "HOST", "MBENCH_DATA", "user", "keys.theta", "keys", "key", "key_prefix",
        "keylength", "authSource", "author", "tlsCertificateKeyFile", ""})
    EXPECT_FALSE(LooksSecret(name)) << name;
}

TEST(SecretInQuery, IsTheValueOfANameThatLooksSecret) {
  EXPECT_EQ(SecretInQuery("GET /x?page=2&api_key=abc HTTP"), "abc");
  EXPECT_EQ(SecretInQuery("db://h/d?authSource=admin;password=p%40s#x"), "p%40s");
  EXPECT_EQ(SecretInQuery("GET /x?token="), "");
  EXPECT_EQ(SecretInQuery("GET /token=1"), "");
  EXPECT_EQ(SecretInQuery("?"), "");
}

TEST(PasswordInUri, IsFoundBetweenColonAndAt) {
  EXPECT_EQ(PasswordInUri("db://anna:secret@host:5/x"), "secret");
  EXPECT_EQ(PasswordInUri("db://anna:se:cr@et@host"), "se:cr@et");
  EXPECT_EQ(PasswordInUri("db://host:5432/a@b:c@d"), "");
  EXPECT_EQ(PasswordInUri("db://anna@host:5"), "");
  EXPECT_EQ(PasswordInUri("anna:secret@host"), "");
  EXPECT_EQ(PasswordInUri(""), "");
}

}  // namespace
}  // namespace mbench
