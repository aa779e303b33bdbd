// SPDX-License-Identifier: Apache-2.0
//
// At any moment the folder is one of these, and the reader knows all of them:
//
//   run.json "running", series.jsonl, latency.hlog   the run goes on, or was killed
//   run.json with its series, latency.hlog           it is over
//   run.json without, series.jsonl, latency.hlog     it is over, and the disk was too full to put
//                                                    the series into run.json
//
// latency.hlog is written before series.jsonl: a second that has its line there is whole.
#include "harness/result/result_writer.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "harness/base/turns.h"
#include "harness/result/append_file.h"
#include "harness/result/digest.h"
#include "harness/result/provenance.h"
#include "harness/result/replacement.h"
#include "harness/result/run_document.h"
#include "harness/result/series.h"
#include "harness/stats/interval_log.h"

namespace mbench {
namespace {

constexpr std::size_t kMaxNameLength = 100;
constexpr int kMaxFolders = 10'000;  // of one name in one second

// The run's name as part of a path: letters, digits and -._ stay.
std::string FolderName(const std::string& name) {
  std::string folder = name.substr(0, kMaxNameLength);
  for (char& c : folder)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.')
      c = '-';
  if (folder.empty()) return "run";
  if (folder.front() == '.') folder.front() = '-';
  return folder;
}

// "2026-01-31T12:34:56.789Z" -> "20260131T123456Z"
std::string FolderTime(const std::string& utc) {
  std::string time;
  for (const char c : utc.substr(0, 19))
    if (c != '-' && c != ':') time += c;
  return time + "Z";
}

// Two processes may ask for the same folder at the same moment: only one mkdir of a name succeeds.
Result<std::string> MakeFolder(const std::string& root, const std::string& wanted) {
  std::error_code error;
  std::filesystem::create_directories(root, error);
  if (error) return BadConfig("{}: cannot make the folder of results: {}", root, error.message());
  const std::string base = (std::filesystem::path(root) / wanted).string();
  for (int i = 1; i <= kMaxFolders; ++i) {
    const std::string folder = i == 1 ? base : fmt::format("{}-{}", base, i);
    if (mkdir(folder.c_str(), 0755) == 0) return folder;
    if (errno != EEXIST) return FileError(ErrorKind::kUsage, folder, "make the folder");
  }
  return BadConfig("{}: so many results of one name are there already that none can be added",
                   base);
}

// A replacement whose digest is known when all is written.
class DigestedFile {
 public:
  explicit DigestedFile(const std::string& path) : file_(path) {}
  Status Open() { return file_.Open(); }
  Status Write(std::string_view piece) {
    digest_.Add(piece);
    return file_.Write(piece);
  }
  Status Close() {
    const Status written = file_.Write(ClosingOfRunDocument(digest_));
    return written ? file_.Commit() : written;
  }

 private:
  Replacement file_;
  Digest digest_;
};

// The series, behind which only the digest comes: line by line, so that memory does not grow with
// the run.
Status WriteSeries(const std::string& series_path, DigestedFile* to) {
  std::ifstream lines(series_path);
  if (!lines) return FileError(ErrorKind::kInvalid, series_path, "read");
  Status written = to->Write(",\n  \"series\": [");
  std::string_view separator = "\n    ";
  for (std::string line; written && std::getline(lines, line); separator = ",\n    ") {
    written = to->Write(separator);
    if (written) written = to->Write(line);
  }
  return written ? to->Write("\n  ]") : written;
}

Status ReplaceDocument(const std::string& path, const OrderedJson& document,
                       const std::string& series_path) {
  DigestedFile file(path);
  if (const Status opened = file.Open(); !opened) return opened;
  std::string text = DumpJson(document, 2);
  text.resize(text.size() - 2);  // "\n}"
  Status written = file.Write(text);
  if (written && !series_path.empty()) written = WriteSeries(series_path, &file);
  return written ? file.Close() : written;
}

}  // namespace

struct ResultWriter::Impl {
  std::string folder;
  std::vector<std::string> op_names;
  std::string started_at;
  IntervalLogWriter log;
  bool log_is_open = false;
  AppendFile series;
  Ticks written_to = 0;         // end of the last interval that is stored
  std::optional<Error> failed;  // the first failure of Append

  std::string RunPath() const { return folder + "/run.json"; }
  std::string SeriesPath() const { return folder + "/series.jsonl"; }
  std::string LogPath() const { return folder + "/latency.hlog"; }

  // With the first interval, because only then it is known when the measured phase began.
  Status OpenLog(Ticks end_of_interval) {
    if (log_is_open) return {};
    const std::int64_t start = ParseUtc(started_at).value_or(UtcNow() - end_of_interval);
    const Status opened =
        log.Open(LogPath(), std::chrono::system_clock::time_point(
                                std::chrono::duration_cast<std::chrono::system_clock::duration>(
                                    std::chrono::nanoseconds(start))));
    log_is_open = opened.has_value();
    return opened;
  }

  Status Store(const Interval& interval) {
    Status stored = OpenLog(interval.end);
    if (stored) stored = log.Append(interval, op_names);
    LetOthersRun();
    if (stored) stored = series.Append(SeriesLine(MakeSeriesPoint(interval)) + "\n");
    if (stored) written_to = interval.end;
    return stored;
  }

  Status Finish(const RunResult& result) {
    if (log_is_open)
      if (const Status synced = SyncPath(LogPath()); !synced && !failed) failed = synced.error();
    if (failed) return FinishShort(result, *failed, written_to);
    const Status whole = ReplaceDocument(
        RunPath(), WithLogDigest(WriteRunDocument(result, false, {})), SeriesPath());
    if (!whole) return FinishShort(result, whole.error(), {});
    std::remove(SeriesPath().c_str());
    return {};
  }

  OrderedJson WithLogDigest(OrderedJson document) const {
    if (log_is_open) document["log_digest"] = DigestOfFile(LogPath());
    return document;
  }

  // What fits when not everything does: run.json without the series, which stays where it is.
  Status FinishShort(RunResult result, const Error& reason, std::optional<Ticks> log_ends_at) {
    result.warnings.push_back(fmt::format("not everything could be stored: {}", reason.message));
    const Status kept =
        ReplaceDocument(RunPath(), WithLogDigest(WriteRunDocument(result, false, log_ends_at)), "");
    if (kept && !log_ends_at)
      return Invalid("{}; the result is whole, but its series stays in series.jsonl",
                     reason.message);
    if (kept)
      return Invalid("{}; run.json is whole, the rest ends {:.0f} s after the start",
                     reason.message, ToSeconds(written_to));
    return Invalid(
        "{}; run.json could not be written either, and the folder reads as that of a run that "
        "was killed after {:.0f} s",
        reason.message, ToSeconds(written_to));
  }
};

ResultWriter::ResultWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ResultWriter::~ResultWriter() = default;

Result<std::unique_ptr<ResultWriter>> ResultWriter::Create(const std::string& root,
                                                           const RunResult& head) {
  auto impl = std::make_unique<Impl>();
  impl->op_names = head.op_names;
  impl->started_at = head.provenance.started_at;
  const std::string time = ParseUtc(impl->started_at) ? impl->started_at : FormatUtc(UtcNow());
  Result<std::string> folder = MakeFolder(root, FolderName(head.name) + "-" + FolderTime(time));
  if (!folder) return Failed(folder);
  impl->folder = *folder;
  if (const Status made = impl->series.Create(impl->SeriesPath()); !made) return Failed(made);
  const Status written = ReplaceDocument(impl->RunPath(), WriteRunDocument(head, true, {}), "");
  // Before the first op, a disk that takes nothing is a mistake in the command and no loss.
  if (!written) return BadConfig("{}", written.error().message);
  return std::unique_ptr<ResultWriter>(new ResultWriter(std::move(impl)));
}

Status ResultWriter::Append(const Interval& interval) {
  if (impl_->failed) return tl::unexpected<Error>(*impl_->failed);
  const Status stored = impl_->Store(interval);
  if (!stored) impl_->failed = stored.error();
  return stored;
}

Status ResultWriter::Finish(const RunResult& result) { return impl_->Finish(result); }

const std::string& ResultWriter::Folder() const { return impl_->folder; }

}  // namespace mbench
