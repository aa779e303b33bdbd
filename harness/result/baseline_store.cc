// SPDX-License-Identifier: Apache-2.0
#include "harness/result/baseline_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/result/append_file.h"
#include "harness/result/json_text.h"
#include "harness/result/replacement.h"

namespace mbench {
namespace {

namespace fs = std::filesystem;

constexpr int kBaselineSchema = 1;
constexpr std::size_t kMaxNameLength = 100;
constexpr std::size_t kCopyBytes = 256 * 1024;
constexpr std::array<const char*, 2> kFiles = {"run.json", "latency.hlog"};

std::string IndexPath(const std::string& folder) { return folder + "/baseline.json"; }

// What a folder may be called that was made by somebody else: a baseline may come from a cache.
bool IsFolderName(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name.front() != '.' &&
         name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

// Removed with everything in it, unless it was moved away.
class TemporaryFolder {
 public:
  TemporaryFolder(const std::string& root, const std::string& name)
      : path_(fmt::format("{}/.{}-{}", root, name, getpid())) {}
  ~TemporaryFolder() { Remove(); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& Path() const { return path_; }
  void Remove() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

 private:
  std::string path_;
};

Status MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return BadConfig("cannot make the folder '{}': {}", path, error.message());
  return {};
}

Status CopyFile(const std::string& from, const std::string& to) {
  std::ifstream source(from, std::ios::binary);
  if (!source) return FileError(ErrorKind::kInvalid, from, "read");
  AppendFile copy;
  if (const Status made = copy.Create(to); !made) return made;
  std::string piece(kCopyBytes, '\0');
  while (source) {
    source.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto length = static_cast<std::size_t>(source.gcount());
    if (const Status written = copy.Append({piece.data(), length}); !written) return written;
  }
  if (source.bad()) return FileError(ErrorKind::kInvalid, from, "read");
  return copy.Sync();
}

fs::path ResultFolder(const std::string& path) {
  std::error_code error;
  fs::path folder = fs::weakly_canonical(path, error);
  if (error) folder = fs::path(path).lexically_normal();
  return folder.filename() == "run.json" ? folder.parent_path() : folder;
}

// The name of the result's folder; results of two places may share one.
std::string NameFor(const fs::path& result, const std::set<std::string>& taken) {
  std::string base = result.filename().string();
  if (!IsFolderName(base)) base = "run";
  std::string name = base;
  for (int i = 2; taken.contains(name); ++i) name = fmt::format("{}-{}", base, i);
  return name;
}

Status CopyResult(const fs::path& result, const std::string& to) {
  if (const Status made = MakeFolder(to); !made) return made;
  for (const char* file : kFiles) {
    const Status copied = CopyFile((result / file).string(), fmt::format("{}/{}", to, file));
    if (!copied) return copied;
  }
  return SyncPath(to);
}

std::string IndexText(const Baseline& head, const std::vector<std::string>& names) {
  OrderedJson index;
  index["schema"] = kBaselineSchema;
  index["name"] = head.name;
  index["workload"] = head.workload;
  index["system"] = head.system;
  index["saved_at"] = head.saved_at;
  index["runs"] = names;
  return DumpJson(index, 2) + "\n";
}

Status FillFolder(const Baseline& head, std::span<const std::string> runs,
                  const std::string& folder) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const std::string& run : runs) {
    const fs::path result = ResultFolder(run);
    names.push_back(NameFor(result, taken));
    taken.insert(names.back());
    if (const Status copied = CopyResult(result, folder + "/" + names.back()); !copied)
      return copied;
  }
  const Status written = ReplaceFile(IndexPath(folder), IndexText(head, names));
  return written ? SyncPath(folder) : written;
}

// `made` takes the place of what is at `final`, which is then at `made`.
Status Exchange(const std::string& made, const std::string& final_path) {
  if (renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, final_path.c_str(), RENAME_EXCHANGE) == 0)
    return {};
  if (errno != EINVAL && errno != ENOSYS)
    return FileError(ErrorKind::kUsage, final_path, "replace it");
  // A file system that cannot exchange: the old one stays whole until the new one is in place.
  const std::string old = made + ".old";
  if (std::rename(final_path.c_str(), old.c_str()) != 0)
    return FileError(ErrorKind::kUsage, final_path, "replace it");
  if (std::rename(made.c_str(), final_path.c_str()) != 0) {
    const auto failed = FileError(ErrorKind::kUsage, final_path, "replace it");
    if (std::rename(old.c_str(), final_path.c_str()) != 0)
      return BadConfig("{}; the old baseline is at {}", failed.value().message, old);
    return failed;
  }
  if (std::rename(old.c_str(), made.c_str()) != 0)
    return FileError(ErrorKind::kUsage, old, "move it away");
  return {};
}

Status IsTaken(const std::string& name, const std::string& folder) {
  return BadConfig("there is a baseline {} already, in {}; --replace puts the new one in its place",
                   Quote(name), folder);
}

Status PutInPlace(const std::string& made, const std::string& folder, const std::string& name,
                  bool replace) {
  std::error_code ignored;
  const bool baseline_is_there = fs::exists(IndexPath(folder), ignored);
  if (baseline_is_there && replace) return Exchange(made, folder);
  if (baseline_is_there) return IsTaken(name, folder);
  // Fails when another process has made it since, or something else is there.
  if (std::rename(made.c_str(), folder.c_str()) == 0) return {};
  if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
    return BadConfig("{}: something that is not a baseline is there; choose another name", folder);
  return FileError(ErrorKind::kUsage, folder, "make it");
}

Result<Baseline> ReadIndex(const std::string& folder) {
  const std::string path = IndexPath(folder);
  std::ifstream text(path, std::ios::binary);
  if (!text) return Invalid("{}: cannot be read", path);
  const Result<Json> document = ParseJson(text, path);
  if (!document) return Failed(document);
  if (!document->is_object()) return Invalid("{}: not a baseline: no JSON object", path);
  std::string error;
  JsonFields fields(*document, path, &error);
  const std::uint64_t schema = fields.Count("schema");
  if (fields.Ok() && schema != kBaselineSchema)
    return Invalid("{}: a baseline of schema {}; this program knows {}", path, schema,
                   kBaselineSchema);
  Baseline baseline{.name = fs::path(folder).filename().string(),
                    .workload = fields.Text("workload"),
                    .system = fields.Text("system"),
                    .saved_at = fields.Text("saved_at"),
                    .folder = folder,
                    .runs = {}};
  for (const Json& run : fields.List("runs")) {
    if (!run.is_string() || !IsFolderName(run.get<std::string>()))
      return Invalid("{}: 'runs' has something that is no name of a folder: {}", path,
                     Quote(DumpJson(run)));
    baseline.runs.push_back(folder + "/" + run.get<std::string>());
  }
  if (!error.empty()) return Invalid("{}", error);
  if (baseline.runs.empty()) return Invalid("{}: a baseline without runs", path);
  return baseline;
}

std::vector<std::string> NamesIn(const std::string& root) {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(root, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') && fs::exists(IndexPath(entry.path().string()), error))
      names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

tl::unexpected<Error> NoSuchBaseline(const std::string& root, const std::string& name) {
  const std::vector<std::string> names = NamesIn(root);
  if (names.empty())
    return BadConfig(
        "there is no baseline {}, nor any other in {}; `mbench baseline save NAME RESULT...` makes "
        "one",
        Quote(name), root);
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view near = ClosestMatch(name, views);
  if (!near.empty())
    return BadConfig("there is no baseline {} in {}; did you mean '{}'?", Quote(name), root, near);
  return BadConfig("there is no baseline {} in {}; there are: {}", Quote(name), root,
                   Join(names, ", "));
}

}  // namespace

Status CheckBaselineName(std::string_view name) {
  const bool plain = std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
  });
  if (plain && !name.empty() && name.front() != '.' && name.size() <= kMaxNameLength) return {};
  return BadConfig(
      "{} is no name for a baseline: letters, digits and '-_.', not beginning with a dot, at most "
      "{} characters",
      Quote(name), kMaxNameLength);
}

Result<Baseline> SaveBaseline(const std::string& root, Baseline head,
                              std::span<const std::string> runs, bool replace) {
  if (const Status named = CheckBaselineName(head.name); !named) return Failed(named);
  const std::string folder = root + "/" + head.name;
  std::error_code ignored;
  if (!replace && fs::exists(IndexPath(folder), ignored))  // before anything is copied
    return Failed(IsTaken(head.name, folder));
  if (const Status made = MakeFolder(root); !made) return Failed(made);
  TemporaryFolder made(root, head.name);
  made.Remove();
  if (const Status filled = FillFolder(head, runs, made.Path()); !filled) return Failed(filled);
  if (const Status placed = PutInPlace(made.Path(), folder, head.name, replace); !placed)
    return Failed(placed);
  if (const Status synced = SyncPath(root); !synced) return Failed(synced);
  return ReadIndex(folder);
}

Result<Baseline> ReadBaseline(const std::string& root, const std::string& name) {
  if (const Status named = CheckBaselineName(name); !named) return Failed(named);
  std::error_code ignored;
  if (!fs::exists(IndexPath(root + "/" + name), ignored)) return NoSuchBaseline(root, name);
  return ReadIndex(root + "/" + name);
}

Result<std::vector<Baseline>> ListBaselines(const std::string& root) {
  std::vector<Baseline> baselines;
  for (const std::string& name : NamesIn(root)) {
    Result<Baseline> baseline = ReadIndex(root + "/" + name);
    if (!baseline) return Failed(baseline);
    baselines.push_back(*std::move(baseline));
  }
  return baselines;
}

Status RemoveBaseline(const std::string& root, const std::string& name) {
  if (const Status named = CheckBaselineName(name); !named) return named;
  const std::string folder = root + "/" + name;
  std::error_code error;
  if (!fs::exists(IndexPath(folder), error)) return NoSuchBaseline(root, name);
  const TemporaryFolder removed(root, name);  // gone in one step, then file by file
  if (std::rename(folder.c_str(), removed.Path().c_str()) != 0)
    return FileError(ErrorKind::kUsage, folder, "remove it");
  return SyncPath(root);
}

}  // namespace mbench
