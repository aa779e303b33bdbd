// SPDX-License-Identifier: Apache-2.0
//
// The reader of YCSB property files: any text is a plan or a message.
#include <string>

#include "harness/base/check.h"
#include "harness/config/ycsb_reader.h"
#include "tests/config/fake_drivers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mbench::YcsbInput input;
  input.texts = {{"fuzz", std::string(reinterpret_cast<const char*>(data), size)}};
  input.properties = {{"store.path", "x"}};
  input.driver = "store";
  const mbench::Result<mbench::RunPlan> plan = mbench::ReadYcsb(input, mbench::FakeContext());
  if (!plan) {
    MB_CHECK(plan.error().message.ends_with("; nothing was run"), "{}", plan.error().message);
    return 0;
  }
  MB_CHECK(plan->data.records > 0, "no records");
  MB_CHECK(plan->load.stages.size() == 1 && plan->load.stages[0].over > 0 &&
               plan->load.stages[0].from > 0,
           "no load");
  return 0;
}
