// SPDX-License-Identifier: Apache-2.0
//
// The result reader on anything: run.json, series.jsonl and latency.hlog in one input, parted by
// lines of
// "----". What it accepts is rendered, because a report must survive whatever the reader lets
// through.
#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

#include "harness/result/result_reader.h"
#include "reports/html/page.h"
#include "reports/json/run_json.h"
#include "reports/model/page_model.h"
#include "reports/text/run_table.h"

namespace {

constexpr std::string_view kBetween = "\n----\n";

// One folder per process, in memory where there is such a place.
std::string MakeFolder() {
  const std::string base = std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp";
  std::string name = base + "/mbench-fuzz-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) std::abort();
  return name;
}

struct Folder {
  Folder() : path(MakeFolder()) {}
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string path;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"/run.json", "/series.jsonl", "/latency.hlog"}) {
    const std::size_t end = rest.find(kBetween);
    std::ofstream(folder.path + name, std::ios::binary | std::ios::trunc) << rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + kBetween.size());
  }
  if (const auto result = mbench::ReadResult(folder.path)) {
    mbench::RenderRunTable(*result, {.color = true});
    mbench::RenderRunJson(*result);
  }
  if (auto run = mbench::ReadPageRun(folder.path)) {
    mbench::PageSource source;
    source.b.push_back(*std::move(run));
    mbench::RenderPage(mbench::MakePageModel(source));
  }
  (void)mbench::ForEachSecond(folder.path, [](const mbench::SeriesPoint&) {});
  return 0;
}
