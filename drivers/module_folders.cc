// SPDX-License-Identifier: Apache-2.0
#include "drivers/module_folders.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>

#include "harness/base/text.h"

namespace mbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBegin = "libmbench_driver_";
constexpr std::string_view kEnd = ".so";

// The run path of the program (CMakeLists.txt), and the folders of the system behind it, as the
// loader has them.
std::vector<std::string> RunPath() {
  void* const program = dlopen(nullptr, RTLD_LAZY);
  Dl_serinfo size;
  if (dlinfo(program, RTLD_DI_SERINFOSIZE, &size) != 0) return {};
  const auto bytes =
      std::make_unique<std::max_align_t[]>(size.dls_size / sizeof(std::max_align_t) + 1);
  auto* const paths = reinterpret_cast<Dl_serinfo*>(bytes.get());
  std::vector<std::string> folders;
  if (dlinfo(program, RTLD_DI_SERINFOSIZE, paths) != 0) return {};
  if (dlinfo(program, RTLD_DI_SERINFO, paths) != 0) return {};
  for (unsigned i = 0; i < paths->dls_cnt; ++i)
    folders.emplace_back(paths->dls_serpath[i].dls_name);
  return folders;
}

std::vector<std::string> Folders() {
  std::vector<std::string> folders;
  if (const char* const given = std::getenv("MBENCH_MODULES")) {
    for (const std::string_view folder : Split(given, ':'))
      if (!folder.empty()) folders.emplace_back(folder);
  }
  for (std::string& folder : RunPath()) folders.push_back(std::move(folder));
  return folders;
}

}  // namespace

std::string ModuleFile(std::string_view name) { return fmt::format("{}{}{}", kBegin, name, kEnd); }

std::string FindModule(std::string_view name) { return FindBesideModules(ModuleFile(name)); }

std::string FindBesideModules(const std::string& file) {
  std::error_code ignored;
  for (const std::string& folder : Folders()) {
    const fs::path path = fs::path(folder) / file;
    if (fs::exists(path, ignored)) return path.string();
  }
  return file;
}

std::vector<std::string> FindModules() {
  std::set<std::string> names;
  std::error_code error;
  for (const std::string& folder : Folders()) {
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      const std::string file = at->path().filename().string();
      if (file.size() > kBegin.size() + kEnd.size() && file.starts_with(kBegin) &&
          file.ends_with(kEnd))
        names.insert(file.substr(kBegin.size(), file.size() - kBegin.size() - kEnd.size()));
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace mbench
