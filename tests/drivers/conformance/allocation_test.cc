// SPDX-License-Identifier: Apache-2.0
//
// noop and memory allocate nothing between warm-up and drain, so that what is measured with them is
// never the allocator. Counted by an operator new of this program.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/drivers/testing.h"

namespace {
std::atomic<std::uint64_t> allocations{0};
}  // namespace

// Not inlined: the compiler would see malloc and free behind new and delete and complain that they
// do not match.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace mbench::testing {
namespace {

void RunOps(Session& session, Completions& done, std::span<const Op> ops, int times) {
  for (int i = 0; i < times; ++i) {
    std::size_t taken = 0;
    while (taken < ops.size()) {
      done.Clear();
      taken += session.Submit(ops.subspan(taken), done);
      session.Poll(0, done);
    }
  }
}

class Allocation : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(, Allocation, ::testing::Values("noop", "memory"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_P(Allocation, NothingIsAllocatedBetweenWarmUpAndDrain) {
  const auto driver = MakeDriver(GetParam());
  ASSERT_TRUE(driver->Open());
  const auto session = driver->NewSession({.want_values = true, .fields = 3}).value();
  const std::string key(100, 'k');
  const std::string record = MakeRecord("one|" + std::string(200, 'v') + "|three");
  const std::string field(200, 'f');
  const std::vector<Op> ops = {
      {.kind = OpKind::kInsert, .key = key, .value = record},
      {.kind = OpKind::kUpdate, .key = key, .value = record},
      {.kind = OpKind::kUpdate, .field = 1, .key = key, .value = field},
      {.kind = OpKind::kRead, .key = key},
      {.kind = OpKind::kRead, .field = 1, .key = key},
      {.kind = OpKind::kRead, .key = "missing"},
      {.kind = OpKind::kScan, .scan_limit = 10, .key = key},
  };
  Completions done(16);
  RunOps(*session, done, ops, 3);
  const std::uint64_t before = allocations.load();
  RunOps(*session, done, ops, 1000);
  EXPECT_EQ(allocations.load() - before, 0u);
}

TEST(AllocationCounter, Counts) {
  const std::uint64_t before = allocations.load();
  // Called by its name: the compiler may leave out a new-expression that it can see through.
  operator delete(operator new(10));
  EXPECT_EQ(allocations.load() - before, 1u);
}

}  // namespace
}  // namespace mbench::testing
