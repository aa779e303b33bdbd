// SPDX-License-Identifier: Apache-2.0
//
// Text with placeholders: "GET /products/{key}".
//
// A placeholder is a name (a letter or _, then letters, digits and _) in braces, with nothing else
// between them, so that JSON needs no escapes: in {"id": "{key}"} only {key} is one. {row.COLUMN}
// is one too, where the column may be called anything without braces, quotes, backslashes and line
// breaks. {{name}} is the text {name}.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/result.h"

namespace mbench {

inline constexpr std::string_view kRowPrefix = "row.";

// Thread: any; immutable.
class TextTemplate {
 public:
  static constexpr std::size_t kNoArgument = static_cast<std::size_t>(-1);
  // Text, then the value of an argument (or nothing: only the last piece).
  struct Piece {
    std::string text;
    std::size_t argument = kNoArgument;
  };

  TextTemplate() = default;

  // Fails when `text` has a placeholder that is not in `arguments`.
  static Result<TextTemplate> Parse(std::string_view text, std::span<const std::string> arguments);

  // Text without placeholders, whatever braces it has.
  static TextTemplate Constant(std::string text) {
    TextTemplate made;
    made.pieces_[0].text = std::move(text);
    return made;
  }

  // The names of the placeholders of `text`, each once, in the order of their first appearance.
  static std::vector<std::string> Names(std::string_view text);

  const std::vector<Piece>& Pieces() const { return pieces_; }
  bool IsConstant() const { return pieces_.size() == 1 && pieces_[0].argument == kNoArgument; }

  // REQUIRES, here and below: `values` has a value for every argument of Parse.
  std::size_t SizeWith(std::span<const std::string_view> values) const {
    std::size_t size = 0;
    for (const Piece& piece : pieces_) {
      size += piece.text.size();
      if (piece.argument != kNoArgument) size += values[piece.argument].size();
    }
    return size;
  }

  void AppendTo(std::span<const std::string_view> values, std::string* out) const {
    for (const Piece& piece : pieces_) {
      out->append(piece.text);
      if (piece.argument != kNoArgument) out->append(values[piece.argument]);
    }
  }

 private:
  std::vector<Piece> pieces_{1};  // at least one
};

}  // namespace mbench
