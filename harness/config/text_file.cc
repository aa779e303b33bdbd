// SPDX-License-Identifier: Apache-2.0
#include "harness/config/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

class OpenFile {
 public:
  // O_NONBLOCK: opening a pipe that nobody writes to must not wait.
  explicit OpenFile(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int Fd() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> CannotRead() { return BadConfig("cannot read it: {}", std::strerror(errno)); }

// Its size, as the file system has it.
Result<std::size_t> CheckKind(int fd, std::size_t largest) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return CannotRead();
  if (S_ISDIR(info.st_mode)) return BadConfig("it is a folder; expected a text file");
  if (!S_ISREG(info.st_mode)) return BadConfig("it is no regular file; expected a text file");
  if (static_cast<std::size_t>(info.st_size) > largest) {
    return BadConfig("it has {}; expected a text file of at most {}",
                     FormatBytes(static_cast<double>(info.st_size)),
                     FormatBytes(static_cast<double>(largest)));
  }
  return static_cast<std::size_t>(info.st_size);
}

// `expected`: how much there will be, about.
Result<std::string> ReadAll(int fd, std::size_t expected, std::size_t largest) {
  std::string text(expected + 4096, '\0');
  std::size_t size = 0;
  while (size <= largest) {
    if (size == text.size()) text.resize(2 * size);
    const ssize_t got = ::read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead();
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > largest) {
    return BadConfig("it has more than {}; expected a smaller file",
                     FormatBytes(static_cast<double>(largest)));
  }
  text.resize(size);
  return text;
}

}  // namespace

std::string DescribeBinary(std::string_view bytes) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const std::size_t length = Utf8Length(bytes.substr(i));
    const bool control = byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    if (length == 0 || control || byte == 0x7f) {
      return fmt::format("it is not text in UTF-8: byte \\x{:02x} in line {}", byte, line);
    }
    if (byte == '\n') ++line;
    i += length;
  }
  return "";
}

Result<std::string> ReadWholeFile(const std::string& path, std::size_t largest) {
  const OpenFile file(path);
  if (file.Fd() < 0) return CannotRead();
  const Result<std::size_t> expected = CheckKind(file.Fd(), largest);
  if (!expected) return Failed(expected);
  // There may be more than the size says: a file may grow, and the size of those in /proc is 0.
  return ReadAll(file.Fd(), *expected, largest);
}

Result<std::string> ReadStandardInput(std::size_t largest) {
  return ReadAll(STDIN_FILENO, 0, largest);
}

Result<std::string> ReadTextFile(const std::string& path) {
  Result<std::string> text = ReadWholeFile(path, kLargestTextFile);
  if (!text) return text;
  if (const std::string binary = DescribeBinary(*text); !binary.empty()) {
    return BadConfig("{}", binary);
  }
  return text;
}

std::string PathBeside(const std::string& file, const std::string& path) {
  const std::filesystem::path named(path);
  if (named.is_absolute()) return path;
  return (std::filesystem::path(file).parent_path() / named).string();
}

std::string NameFromFile(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string().substr(0, 100);
  for (char& c : name) {
    if (kNameLetters.find(c) == std::string_view::npos) c = '-';
  }
  if (name.starts_with('.')) name.front() = '-';
  return name.empty() ? "run" : name;
}

}  // namespace mbench
