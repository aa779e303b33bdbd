// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/ledger.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <tuple>
#include <utility>

namespace mbench {
namespace {

// Entries that a lane hands on at once: 256 KiB.
constexpr std::size_t kBlock = 8192;
// Of one part, before they are written: 64 KiB.
constexpr std::size_t kWriteAtOnce = 2048;

// Neighbours in number are neighbours in nothing else.
std::size_t PartOf(std::uint64_t key, std::size_t parts) {
  return static_cast<std::size_t>((key * 0x9e37'79b9'7f4a'7c15) >> 32) % parts;
}

void Sort(std::vector<LedgerEntry>* entries) {
  std::ranges::sort(*entries, [](const LedgerEntry& a, const LedgerEntry& b) {
    return a.key != b.key ? a.key < b.key : a.started < b.started;
  });
}

// A file without a name; below 0: errno.
int OpenNameless(const std::string& wanted) {
  std::error_code error;
  std::string path = wanted.empty() ? std::filesystem::temp_directory_path(error).string() : wanted;
  path += "/mbench-ledger-XXXXXX";
  const int file = mkostemp(path.data(), O_CLOEXEC);
  if (file >= 0) unlink(path.c_str());
  return file;
}

bool WriteAll(int file, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(file, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

Ledger::Ledger(LedgerLimits limits) : limits_(std::move(limits)) {}

Ledger::~Ledger() {
  if (writer_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
      blocks_.clear();
    }
    changed_.notify_all();
    writer_.join();
  }
  for (const Part& part : parts_)
    if (part.file >= 0) close(part.file);
}

Ledger::Lane* Ledger::NewLane() {
  const std::lock_guard lock(mutex_);
  return &lanes_.emplace_back(this);
}

void Ledger::Lane::NextBlock() {
  if (!block_.empty()) ledger_->Take(std::exchange(block_, {}));
  block_.reserve(kBlock);
}

void Ledger::Take(Block block) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t room = limits_.capacity - std::min(limits_.capacity, kept_);
  if (block.size() > room) {
    Lose(block.size() - room, "it was full");
    block.resize(room);
  }
  if (block.empty()) return;
  kept_ += block.size();
  in_memory_ += block.size();
  blocks_.push_back(std::move(block));
  if (in_memory_ <= limits_.in_memory) return;
  if (!writer_.joinable()) writer_ = std::thread(&Ledger::WriteFiles, this);
  changed_.notify_all();
}

// The whole of the thread. From its first block on all go to files, or a block at a time would.
void Ledger::WriteFiles() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ends_ || !blocks_.empty(); });
    if (blocks_.empty()) return;
    const Block block = std::move(blocks_.front());
    blocks_.pop_front();
    in_memory_ -= block.size();
    lock.unlock();
    Scatter(block);
    lock.lock();
  }
}

void Ledger::Scatter(const Block& block) {
  for (const LedgerEntry& entry : block) {
    Part& part = parts_[PartOf(entry.key, kParts)];
    part.waiting.push_back(entry);
    if (part.waiting.size() >= kWriteAtOnce) WritePart(&part);
  }
}

void Ledger::WritePart(Part* part) {
  if (part->waiting.empty()) return;
  if (part->file < 0) part->file = OpenNameless(limits_.folder);
  const std::size_t size = part->waiting.size() * sizeof(LedgerEntry);
  const auto* const bytes = reinterpret_cast<const char*>(part->waiting.data());
  if (part->file >= 0 && WriteAll(part->file, bytes, size)) {
    part->entries += part->waiting.size();
  } else {
    const std::string why = std::strerror(errno);
    // What was written of them in part is none.
    if (part->file >= 0)
      lseek(part->file, static_cast<off_t>(part->entries * sizeof(LedgerEntry)), SEEK_SET);
    const std::lock_guard lock(mutex_);
    Lose(part->waiting.size(), "its file could not be written: " + why);
  }
  part->waiting.clear();
}

// REQUIRES: mutex_ is held.
void Ledger::Lose(std::uint64_t entries, std::string why) {
  not_kept_ += entries;
  if (why_not_kept_.empty()) why_not_kept_ = std::move(why);
}

Status Ledger::ReadPart(const Part& part, Block* entries) const {
  entries->resize(part.entries);
  auto* bytes = reinterpret_cast<char*>(entries->data());
  const std::size_t size = part.entries * sizeof(LedgerEntry);
  for (std::size_t at = 0; at < size;) {
    const ssize_t read = pread(part.file, bytes + at, size - at, static_cast<off_t>(at));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0)
      return Unreachable("the file of the ledger cannot be read: {}",
                         read < 0 ? std::strerror(errno) : "it is shorter than it was");
    at += static_cast<std::size_t>(read);
  }
  return {};
}

Status Ledger::ForEachPart(const Visit& visit) {
  for (Lane& lane : lanes_) {
    Take(std::exchange(lane.block_, {}));
    if (lane.unfit_ == 0) continue;
    const std::lock_guard lock(mutex_);
    Lose(lane.unfit_, "they took, or the run had taken, too long");
  }
  if (!writer_.joinable()) {
    Block all;
    all.reserve(in_memory_);
    for (; !blocks_.empty(); blocks_.pop_front())
      all.insert(all.end(), blocks_.front().begin(), blocks_.front().end());
    Sort(&all);
    return visit(all);
  }
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  writer_.join();
  for (Part& part : parts_) {
    WritePart(&part);
    Block entries;
    if (Status read = ReadPart(part, &entries); !read) return read;
    Sort(&entries);
    if (Status visited = visit(entries); !visited) return visited;
  }
  return {};
}

}  // namespace mbench
