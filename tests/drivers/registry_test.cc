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
    EXPECT_NE(built, !WhyMissing(name).empty()) << name << ": " << WhyMissing(name);
  }
}

TEST(Registry, EveryNameIsOneThatIsFoundOrSaysWhyNot) {
  for (const std::string_view name : DriverNames())
    EXPECT_NE(FindDriver(name) == nullptr, WhyMissing(name).empty()) << name;
}

TEST(Registry, AnUnknownNameIsNotFound) {
  EXPECT_EQ(FindDriver("abacus"), nullptr);
  EXPECT_EQ(WhyMissing("abacus"), "");
}

}  // namespace
}  // namespace mbench
