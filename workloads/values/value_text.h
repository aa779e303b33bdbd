// SPDX-License-Identifier: Apache-2.0
//
// Random-looking text: 6 bits of entropy a byte, in letters, digits, '.' and '/', so that nothing
// needs escaping in JSON, SQL, XML, CSV or a shell.
//
// A text is a slice of a fixed random pool, its 6-bit numbers masked with XOR and turned into
// characters. Both the slice and the mask come from a hash, so that two texts share no piece that a
// compressor could find, though it costs two or three operations per 16 bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mbench {

// Which text: made of a hash.
class TextSource {
 public:
  // Texts are made in pieces of at most so many bytes, each from a slice of its own.
  static constexpr std::size_t kPiece = 4096;

  explicit TextSource(std::uint64_t hash) : hash_(hash) {}

  // Bytes [0, size) of the text.
  void Write(char* out, std::size_t size) const {
    if (size <= kPiece) [[likely]]
      return WritePiece(hash_, out, size);
    WriteLong(out, size);
  }
  // Piece number `piece` alone: bytes from piece * kPiece on. REQUIRES: size <= kPiece.
  void WritePieceOf(std::size_t piece, char* out, std::size_t size) const {
    WritePiece(HashOfPiece(piece), out, size);
  }

 private:
  std::uint64_t HashOfPiece(std::size_t piece) const;
  void WriteLong(char* out, std::size_t size) const;
  static void WritePiece(std::uint64_t hash, char* out, std::size_t size);

  std::uint64_t hash_;
};

// 48 bits as 8 characters, and back. False: one of them is none that a text has.
void EncodeTag(std::uint64_t bits48, char* out);
bool DecodeTag(const char* text, std::uint64_t* bits48);

// The character of 6 bits.
char TextCharacter(std::uint64_t bits6);

}  // namespace mbench
