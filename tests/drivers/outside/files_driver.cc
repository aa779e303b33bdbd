// SPDX-License-Identifier: Apache-2.0
//
// A driver that is built outside of mbench: a folder in which every record is a file, named after
// its key in hex.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "drivers/common/blocking_session.h"
#include "drivers/marked_store.h"
#include "drivers/module.h"
#include "drivers/record.h"

namespace mbench {
namespace {

namespace fs = std::filesystem;

constexpr OptionSpec kOptions[] = {
    {.name = "path", .type = OptionType::kPath, .fallback = "data/files", .help = "the folder"}};

constexpr std::string_view kMark = "mbench_dataset";  // no name of a record: it is not hex

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// All of it or nothing: a reader never meets a half.
bool Write(const fs::path& path, const fs::path& scratch, std::string_view bytes) {
  std::error_code error;
  if (std::ofstream file(scratch, std::ios::binary); !(file << bytes).flush()) return false;
  fs::rename(scratch, path, error);
  return !error;
}

class FilesSession final : public BlockingSession {
 public:
  FilesSession(const SessionPlan& plan, const fs::path& folder, int number)
      : BlockingSession(plan), folder_(folder), scratch_(folder / fmt::format(".{}", number)) {}

  std::string DescribeError(std::uint16_t) const override { return "cannot write"; }

 private:
  Completion Execute(const Op& op) override {
    Completion done = Do(op);
    done.bytes_sent = static_cast<std::uint32_t>(op.key.size() + op.value.size());
    return done;
  }

  Completion Do(const Op& op) {
    std::string name = "k";
    for (const unsigned char byte : op.key) name += fmt::format("{:02x}", byte);
    const fs::path path = folder_ / name;
    std::error_code error;
    const bool whole = op.field == kAllFields;
    if (op.kind == OpKind::kInsert) return Put(path, op.value);
    if (!fs::exists(path, error)) return {.outcome = Outcome::kNotFound};
    if (op.kind == OpKind::kDelete) return fs::remove(path, error) ? Completion{} : kFailed;
    if (op.kind == OpKind::kUpdate && whole) return Put(path, op.value);
    value_ = mbench::Read(path);
    const RecordView record(value_, Plan().fields);
    if (op.kind == OpKind::kRead) return Done(whole ? value_ : record.Field(op.field));
    std::string changed;
    ReplaceField(record, op.field, op.value, &changed);
    return Put(path, changed);
  }

  Completion Put(const fs::path& path, std::string_view bytes) {
    return Write(path, scratch_, bytes) ? Completion{} : kFailed;
  }
  static Completion Done(std::string_view bytes) {
    return {.bytes_received = static_cast<std::uint32_t>(bytes.size()), .value = bytes};
  }

  static constexpr Completion kFailed{.error = 1, .outcome = Outcome::kFailed};
  const fs::path folder_, scratch_;
  std::string value_;  // of the read that was told last
};

class FilesDriver final : public Driver, public MarkedStore {
 public:
  explicit FilesDriver(const OptionValues& options) : folder_(options.Text("path")) {}

  Result<DriverFacts> Open() override {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) return BadConfig("cannot make the folder {}: {}", folder_.string(), error.message());
    if (fs::is_empty(folder_)) {
      if (Status marked = SetDataset(kUnfinishedDataset); !marked) return Failed(marked);
    }
    return DriverFacts{.system = "files", .blocking = true, .scans = false};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    return std::make_unique<FilesSession>(plan, folder_, sessions_++);
  }

  MarkedStore* Store() override { return this; }

  Result<StoredData> Look() override {
    const auto files = std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
    const std::string mark = mbench::Read(folder_ / kMark);
    return StoredData{.dataset = mark, .empty = files == (mark.empty() ? 0 : 1)};
  }

  Status Clear() override {
    if (!fs::exists(folder_ / kMark))
      return BadConfig("the folder {} was not made by mbench", folder_.string());
    for (const auto& file : fs::directory_iterator(folder_))
      if (file.path().filename() != kMark) fs::remove(file);
    return SetDataset(kUnfinishedDataset);
  }

  Status SetDataset(std::string_view mark) override {
    if (!fs::exists(folder_ / kMark) && !fs::is_empty(folder_))
      return BadConfig("the folder {} was not made by mbench", folder_.string());
    if (Write(folder_ / kMark, folder_ / ".mark", mark)) return {};
    return BadConfig("cannot write to the folder {}", folder_.string());
  }

 private:
  const fs::path folder_;
  std::atomic<int> sessions_{0};
};

}  // namespace

constinit const DriverInfo kFilesDriver = {
    .name = "files",
    .about = "a folder in which every record is a file",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<FilesDriver>(options);
    },
};

}  // namespace mbench

MBENCH_DRIVER_MODULE(kFilesDriver)
