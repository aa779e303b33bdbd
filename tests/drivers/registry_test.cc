// SPDX-License-Identifier: Apache-2.0
#include "drivers/registry.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mbench {
namespace {

TEST(Registry, ThoseWithoutALibraryAreAlwaysBuilt) {
  for (const char* name : {"noop", "memory", "sim", "memcached"})
    EXPECT_NE(FindDriver(name), nullptr) << name;
}

TEST(Registry, ADriverIsEitherBuiltOrMissing) {
  for (const char* name : {"noop", "memory", "rocksdb", "sqlite", "sim", "memcached", "mysql"}) {
    const bool built = FindDriver(name) != nullptr;
    const bool missing =
        std::ranges::any_of(MissingDrivers(), [&](const auto& m) { return m.name == name; });
    EXPECT_NE(built, missing) << name;
  }
}

TEST(Registry, AMissingDriverSaysHowToGetIt) {
  for (const MissingDriver& missing : MissingDrivers())
    EXPECT_FALSE(missing.how.empty()) << missing.name;
}

TEST(Registry, AnUnknownNameIsNotFound) { EXPECT_EQ(FindDriver("abacus"), nullptr); }

}  // namespace
}  // namespace mbench
