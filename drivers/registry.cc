// SPDX-License-Identifier: Apache-2.0
//
// registry_list.inc is written by CMake, a line for each driver:
//   MBENCH_BUILT(kNoopDriver)
//   MBENCH_MODULE("rocksdb")
//   MBENCH_MISSING("kafka", "needs librdkafka-dev; install it and build again")
#include "drivers/registry.h"

#include <dlfcn.h>

#include <algorithm>
#include <deque>
#include <mutex>

#include "drivers/module.h"
#include "drivers/module_folders.h"
#include "harness/base/text.h"

#ifdef __SANITIZE_ADDRESS__
// The leak checker of GCC 12 may take the thread-local block of a loaded library for one of an old
// C library, and crash on it when the program ends (google/sanitizers issue 1322).
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "intercept_tls_get_addr=0"; }
#endif

namespace mbench {

#define MBENCH_BUILT(info) extern const DriverInfo info;
#define MBENCH_MODULE(name)
#define MBENCH_MISSING(name, how)
#include "registry_list.inc"
#undef MBENCH_BUILT
#undef MBENCH_MODULE
#undef MBENCH_MISSING

namespace {

// A path of a socket does not say who listens there.
constexpr std::string_view kSocketScheme = "unix";

struct Entry {
  std::string_view name;
  const DriverInfo* info = nullptr;
  std::string missing = {};
  std::once_flag loaded = {};  // of a module
  bool is_module = false;

  explicit Entry(const DriverInfo& built) : name(built.name), info(&built) {}
  explicit Entry(std::string_view module) : name(module), is_module(true) {}
  Entry(std::string_view absent, std::string how) : name(absent), missing(std::move(how)) {}
};

std::string WhyNotOurs(const DriverModule* module, std::string_view name) {
  if (module == nullptr) {
    return fmt::format("it has no {}, which MBENCH_DRIVER_MODULE of drivers/module.h makes",
                       kModuleSymbol);
  }
  if (module->contract != kContractVersion) {
    return fmt::format(
        "it was made for version {} of the contract with drivers, and this program has version {}; "
        "build it with the headers of this program",
        module->contract, kContractVersion);
  }
  if (module->layout != ContractLayout()) {
    return fmt::format(
        "it was made with other headers, though these call themselves version {} of the contract "
        "too; build it with the headers of this program",
        kContractVersion);
  }
  if (module->info->name == name) return "";
  return fmt::format("it holds the driver {}, so it has to be called {}", Quote(module->info->name),
                     ModuleFile(module->info->name));
}

void Load(Entry* entry) {
  const std::string file = FindModule(entry->name);
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    entry->missing = fmt::format("it cannot be loaded: {}", dlerror());
    return;
  }
  const auto* const module = static_cast<const DriverModule*>(dlsym(library, kModuleSymbol));
  const std::string why_not = WhyNotOurs(module, entry->name);
  if (why_not.empty()) {
    entry->info = module->info;
  } else {
    entry->missing = fmt::format("{} is refused: {}", file, why_not);
  }
}

// Those that were built with the program, then those that were found from elsewhere, which may also
// take the place of one that was left out.
void Fill(std::deque<Entry>* entries) {
#define MBENCH_BUILT(info) entries->emplace_back(info);
#define MBENCH_MODULE(name) entries->emplace_back(std::string_view(name));
#define MBENCH_MISSING(name, how) entries->emplace_back(name, how);
#include "registry_list.inc"
#undef MBENCH_BUILT
#undef MBENCH_MODULE
#undef MBENCH_MISSING
  static const std::vector<std::string> found = FindModules();
  for (const std::string& name : found) {
    const auto known = std::ranges::find(*entries, name, &Entry::name);
    if (known == entries->end()) {
      entries->emplace_back(std::string_view(name));
    } else if (!known->missing.empty()) {
      known->missing.clear();
      known->is_module = true;
    }
  }
}

std::deque<Entry>& Entries() {
  static std::deque<Entry> entries;
  static std::once_flag filled;
  std::call_once(filled, Fill, &entries);
  return entries;
}

const Entry* Find(std::string_view name) {
  const auto found = std::ranges::find(Entries(), name, &Entry::name);
  if (found == Entries().end()) return nullptr;
  if (found->is_module) std::call_once(found->loaded, Load, &*found);
  return &*found;
}

}  // namespace

std::vector<std::string_view> DriverNames() {
  std::vector<std::string_view> names;
  for (const Entry& entry : Entries()) names.push_back(entry.name);
  return names;
}

const DriverInfo* FindDriver(std::string_view name) {
  const Entry* const entry = Find(name);
  return entry == nullptr ? nullptr : entry->info;
}

std::vector<const DriverInfo*> AllDrivers() {
  std::vector<const DriverInfo*> all;
  for (const std::string_view name : DriverNames())
    if (const DriverInfo* const info = FindDriver(name)) all.push_back(info);
  return all;
}

std::string_view DriverExample(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kExamples[] = {
#include "registry_examples.inc"
  };
  const auto found =
      std::ranges::find(kExamples, name, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(kExamples) ? std::string_view() : found->second;
}

std::vector<UrlForm> UrlFormsOf(const DriverInfo& driver) {
  std::vector<UrlForm> forms(driver.urls.begin(), driver.urls.end());
  if (!forms.empty()) return forms;
  for (const OptionSpec& option : driver.options) {
    if (option.type != OptionType::kUrl && option.type != OptionType::kUri) continue;
    for (const std::string_view scheme : Split(option.choices, '|'))
      if (scheme != kSocketScheme) forms.push_back({.scheme = scheme, .option = option.name});
    break;
  }
  return forms;
}

UrlDriver FindUrlDriver(std::string_view scheme) {
  // Most schemes are called as their driver, so that no module is loaded for nothing.
  std::vector<std::string_view> names = {scheme};
  for (const bool modules : {false, true})
    for (const Entry& entry : Entries())
      if (entry.is_module == modules) names.push_back(entry.name);
  for (const std::string_view name : names) {
    const DriverInfo* const driver = FindDriver(name);
    if (driver == nullptr) continue;
    for (const UrlForm& form : UrlFormsOf(*driver))
      if (form.scheme == scheme) return {driver, form};
  }
  return {};
}

std::string WhyMissing(std::string_view name) {
  const Entry* const entry = Find(name);
  return entry == nullptr ? "" : entry->missing;
}

}  // namespace mbench
