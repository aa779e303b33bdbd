// SPDX-License-Identifier: Apache-2.0
//
// Loads by statement into a real MongoDB, and the indexes around them.
#include "tests/drivers/mongodb/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

// The values of one batch: ids from..to.
class Ids {
 public:
  Ids(int from, int to) {
    for (int i = from; i < to; ++i) texts_.push_back(std::to_string(i));
    views_.assign(texts_.begin(), texts_.end());
  }
  std::span<const std::string_view> views() const { return views_; }

 private:
  std::vector<std::string> texts_;
  std::vector<std::string_view> views_;
};

StatementSet LoadInto(const std::string& collection) {
  StatementSpec spec =
      Statement({{"insert", collection}, {"document", R"({"_id": "{id}"})"}}, {"id"});
  spec.batch = 500;
  StatementSet set;
  set[SessionPhase::kLoad] = {spec};
  return set;
}

std::unique_ptr<Session> StartLoad(MongoRig& rig) {
  EXPECT_EQ(rig.Open(), "");
  EXPECT_EQ(rig.Prepare(LoadInto("usertable")), "");
  return rig.NewSession({.timeout = 10 * kSecond, .phase = SessionPhase::kLoad});
}

TEST(MongodbLoad, LeavesOutAndCountsWhatIsThere) {
  for (const char* name : {"mongodb", "mongodb-4.0"}) {
    MBENCH_NEEDS(SharedServer, server, name);
    MongoRig rig(server.Url());
    const auto session = StartLoad(rig);
    ASSERT_TRUE(session);
    EXPECT_EQ(Ask(*session, 0, Ids(0, 500).views()), "ok");
    EXPECT_EQ(session->AlreadyThere(), 0u);
    EXPECT_EQ(Ask(*session, 0, Ids(400, 900).views()), "ok");
    EXPECT_EQ(session->AlreadyThere(), 100u);
    EXPECT_EQ(Ask(*session, 0, Ids(890, 891).views()), "ok") << "a batch of one";
    EXPECT_EQ(session->AlreadyThere(), 101u);
    EXPECT_EQ(rig.Count("usertable"), 900);
    EXPECT_TRUE(rig.driver().Store()->Clear()) << "they are ours";
  }
}

TEST(MongodbLoad, ADocumentThatTheServerRefusesIsNoDuplicate) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  rig.Ask(R"({"create": "usertable", "validator": {"_id": {"$ne": "3"}}})");
  ASSERT_EQ(rig.Prepare(LoadInto("usertable")), "");
  const auto session = rig.NewSession({.timeout = 10 * kSecond, .phase = SessionPhase::kLoad});
  ASSERT_TRUE(session);
  EXPECT_EQ(Ask(*session, 0, Ids(0, 2).views()), "ok");
  EXPECT_EQ(Ask(*session, 0, Ids(0, 5).views()), "failed: DocumentValidationFailure");
  EXPECT_EQ(rig.Count("usertable"), 4) << "the others are written";
}

TEST(MongodbLoad, WritesToTheCollectionThatHasTheMark) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  EXPECT_THAT(rig.Prepare(LoadInto("people")), HasSubstr("say collection: people in driver"));
}

TEST(MongodbLoad, TheDirectClientLoadsToo) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url(), {{"client", "direct"}});
  const auto session = StartLoad(rig);
  ASSERT_TRUE(session);
  EXPECT_EQ(Ask(*session, 0, Ids(0, 500).views()), "ok");
  EXPECT_EQ(rig.Count("usertable"), 500);
}

TEST(MongodbLoad, IndexesAreBuiltAndBadOnesNamed) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto session =
      rig.Start({Statement({{"index", "people"}, {"key", R"({"city": 1, "age": -1})"}}),
                 Statement({{"index", "people"}, {"key", R"({"city": "nonsense"})"}})});
  ASSERT_TRUE(session);
  EXPECT_EQ(Ask(*session, 0), "ok");
  EXPECT_EQ(Ask(*session, 0), "ok") << "it is there";
  EXPECT_EQ(Ask(*session, 1), "failed: CannotCreateIndex");
  EXPECT_THAT(rig.Ask(R"({"listIndexes": "people"})"), HasSubstr("city_1_age_-1"));
}

}  // namespace
}  // namespace mbench::testing
