// SPDX-License-Identifier: Apache-2.0
#include "harness/result/digest.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <fstream>
#include <vector>

namespace mbench {
namespace {

constexpr std::string_view kMember = ",\n  \"digest\": \"";
constexpr std::string_view kEnd = "\"\n}\n";
constexpr std::size_t kDigestLength = 14;  // "crc32:0a1b2c3d"
constexpr std::size_t kClosing = kMember.size() + kDigestLength + kEnd.size();

// Of the first `length` bytes, or as many as there are.
Digest DigestOf(std::istream& file, std::uint64_t length) {
  Digest digest;
  std::vector<char> piece(1 << 18);
  while (length > 0) {
    file.read(piece.data(),
              static_cast<std::streamsize>(std::min<std::uint64_t>(length, piece.size())));
    const auto read = static_cast<std::size_t>(file.gcount());
    if (read == 0) break;
    digest.Add({piece.data(), read});
    length -= read;
  }
  return digest;
}

}  // namespace

void Digest::Add(std::string_view bytes) {
  crc_ = libdeflate_crc32(crc_, bytes.data(), bytes.size());
}

std::string Digest::Text() const { return fmt::format("crc32:{:08x}", crc_); }

std::string ClosingOfRunDocument(const Digest& digest) {
  return fmt::format("{}{}{}", kMember, digest.Text(), kEnd);
}

Status CheckRunDocument(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  std::string closing(kClosing, '\0');
  if (size < static_cast<std::streamoff>(kClosing)) closing.clear();
  file.seekg(size - static_cast<std::streamoff>(closing.size()));
  file.read(closing.data(), static_cast<std::streamsize>(closing.size()));
  if (!closing.starts_with(kMember) || !closing.ends_with(kEnd))
    return Invalid(
        "{}: its digest is not at its end, where mbench puts it: the file was damaged, or written "
        "anew by another program",
        path);
  file.seekg(0);
  const std::string found = DigestOf(file, static_cast<std::uint64_t>(size) - kClosing).Text();
  const std::string stored = closing.substr(kMember.size(), kDigestLength);
  if (found == stored) return {};
  return Invalid(
      "{}: damaged, or changed by hand: its content has the digest {}, and {} was stored with it",
      path, found, stored);
}

std::string DigestOfFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return file ? DigestOf(file, UINT64_MAX).Text() : "";
}

}  // namespace mbench
