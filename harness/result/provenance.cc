// SPDX-License-Identifier: Apache-2.0
#include "harness/result/provenance.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "harness/base/text.h"

namespace mbench {
namespace {

// The value of the first line "key<separator>value" of a file; "" when there is none.
std::string ValueInFile(const char* path, std::string_view key, char separator) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t at = line.find(separator);
    if (at == std::string::npos || Trim(std::string_view(line).substr(0, at)) != key) continue;
    std::string_view value = Trim(std::string_view(line).substr(at + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
  return {};
}

// Not the cores of the machine: a container or taskset may leave this process fewer.
std::uint32_t UsableCores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return static_cast<std::uint32_t>(CPU_COUNT(&set));
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? static_cast<std::uint32_t>(online) : 0;
}

std::uint64_t MemoryBytes() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long size = sysconf(_SC_PAGE_SIZE);
  return pages > 0 && size > 0
             ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size)
             : 0;
}

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

int ToInt(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

// What is being built: GitHub's name for it, GitLab's, and one for everybody else.
std::string CommitOfEnvironment() {
  for (const char* const name : {"MBENCH_COMMIT", "GITHUB_SHA", "CI_COMMIT_SHA"}) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

}  // namespace

Provenance HostProvenance() {
  Provenance provenance;
  provenance.mbench_version = MBENCH_VERSION;
  utsname names{};
  if (uname(&names) == 0) {
    provenance.host = names.nodename;
    provenance.kernel = fmt::format("{} {} {}", names.sysname, names.release, names.machine);
  }
  provenance.os = ValueInFile("/etc/os-release", "PRETTY_NAME", '=');
  provenance.cpu = ValueInFile("/proc/cpuinfo", "model name", ':');
  provenance.cores = UsableCores();
  provenance.memory_bytes = MemoryBytes();
  provenance.clock = Clock::Name();
  provenance.commit = CommitOfEnvironment();
  return provenance;
}

std::string FormatUtc(std::int64_t unix_ns) {
  std::int64_t seconds = unix_ns / kSecond;
  std::int64_t rest_ns = unix_ns % kSecond;
  if (rest_ns < 0) {  // before 1970
    rest_ns += kSecond;
    --seconds;
  }
  const time_t time = seconds;
  tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     rest_ns / kMillisecond);
}

std::int64_t UtcNow() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

std::optional<std::int64_t> ParseUtc(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00.000Z";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] == '0' ? !AllDigits(text.substr(i, 1)) : text[i] != kShape[i])
      return std::nullopt;
  tm parts{};
  parts.tm_year = ToInt(text.substr(0, 4)) - 1900;
  parts.tm_mon = ToInt(text.substr(5, 2)) - 1;
  parts.tm_mday = ToInt(text.substr(8, 2));
  parts.tm_hour = ToInt(text.substr(11, 2));
  parts.tm_min = ToInt(text.substr(14, 2));
  parts.tm_sec = ToInt(text.substr(17, 2));
  // 1678 to 2261: what fits into nanoseconds.
  if (parts.tm_year < 1678 - 1900 || parts.tm_year > 2261 - 1900) return std::nullopt;
  return timegm(&parts) * kSecond + ToInt(text.substr(20, 3)) * kMillisecond;
}

}  // namespace mbench
