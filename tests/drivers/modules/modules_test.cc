// SPDX-License-Identifier: Apache-2.0
//
// Modules from a folder of MBENCH_MODULES that are not fit for this program: each is listed, and
// refused with its name and the reason.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>

#include "drivers/module.h"
#include "drivers/registry.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

// Before the first look of the registry.
const bool kGiven = [] {
  WriteFile(MBENCH_TEST_MODULES "/libmbench_driver_text.so", "no library at all\n");
  return setenv("MBENCH_MODULES", "/no/such/folder::" MBENCH_TEST_MODULES, 1) == 0;
}();

std::string Refusal(std::string_view name) {
  EXPECT_THAT(DriverNames(), Contains(name));
  EXPECT_EQ(FindDriver(name), nullptr);
  return WhyMissing(name);
}

TEST(Modules, OfAnotherContractAreRefusedWithBothNumbers) {
  EXPECT_THAT(Refusal("later"),
              AllOf(HasSubstr("libmbench_driver_later.so is refused"),
                    HasSubstr("version 999 of the contract"),
                    HasSubstr(fmt::format("this program has version {};", kContractVersion))));
}

TEST(Modules, OfTheSameContractWithTypesOfOtherSizesAreRefused) {
  EXPECT_THAT(Refusal("reshaped"), AllOf(HasSubstr("libmbench_driver_reshaped.so is refused"),
                                         HasSubstr("made with other headers")));
}

TEST(Modules, WithoutTheSymbolAreNoDrivers) {
  EXPECT_THAT(Refusal("silent"), HasSubstr("libmbench_driver_silent.so is refused: it has no "
                                           "mbench_driver_module"));
}

TEST(Modules, UnderAnotherNameAreRefusedWithTheRightOne) {
  EXPECT_THAT(Refusal("renamed"), HasSubstr("it holds the driver 'abacus', so it has to be called "
                                            "libmbench_driver_abacus.so"));
  EXPECT_EQ(FindDriver("abacus"), nullptr);
}

TEST(Modules, ThatWantWhatTheProgramLacksAreRefusedWithItsName) {
  EXPECT_THAT(Refusal("unresolved"), AllOf(HasSubstr("it cannot be loaded"),
                                           HasSubstr("mbench_function_of_another_program")));
}

TEST(Modules, ThatAreNoLibrariesAreRefusedWithTheirPath) {
  EXPECT_THAT(Refusal("text"), AllOf(HasSubstr("it cannot be loaded"),
                                     HasSubstr(MBENCH_TEST_MODULES "/libmbench_driver_text.so")));
}

TEST(Modules, ThoseOfTheProgramAreThereAsWell) {
  EXPECT_TRUE(kGiven);
  EXPECT_NE(FindDriver("noop"), nullptr);
  EXPECT_EQ(std::ranges::count(DriverNames(), "noop"), 1);
}

}  // namespace
}  // namespace mbench::testing
