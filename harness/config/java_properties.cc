// SPDX-License-Identifier: Apache-2.0
#include "harness/config/java_properties.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace mbench {
namespace {

constexpr std::string_view kBlanks = " \t\f";
constexpr std::string_view kLineEnds = "\r\n";

bool Is(char c, std::string_view one_of) { return one_of.find(c) != std::string_view::npos; }

void AppendUtf8(std::uint32_t character, std::string* out) {
  const auto put = [out](std::uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xc0 | character >> 6);
  } else if (character < 0x10000) {
    put(0xe0 | character >> 12);
    put(0x80 | (character >> 6 & 0x3f));
  } else {
    put(0xf0 | character >> 18);
    put(0x80 | (character >> 12 & 0x3f));
    put(0x80 | (character >> 6 & 0x3f));
  }
  put(0x80 | (character & 0x3f));
}

// From the first line to the last one; knows where it is.
class PropertiesParser {
 public:
  PropertiesParser(std::string_view text, std::uint32_t source, Mistakes* mistakes)
      : text_(text), source_(source), mistakes_(mistakes) {}

  std::vector<JavaProperty> Parse() {
    std::vector<JavaProperty> properties;
    while (SkipToProperty()) {
      JavaProperty property;
      property.place = {source_, line_, Column(), 1};
      const std::size_t begin = at_;
      property.key = ReadText(" \t\f=:");
      const std::size_t end = text_.substr(begin).find_first_of(kLineEnds);
      property.place.width = static_cast<std::uint32_t>(std::min(at_ - begin, end));
      SkipBlanks();
      if (at_ < text_.size() && Is(text_[at_], "=:")) {
        ++at_;
        SkipBlanks();
      }
      property.value = ReadText("");
      if (property.key.empty())
        mistakes_->Add(property.place, "no name before '='; expected key=value");
      properties.push_back(std::move(property));
    }
    return properties;
  }

 private:
  // Over empty lines and comments. False: nothing is left.
  bool SkipToProperty() {
    while (true) {
      SkipBlanks();
      if (at_ == text_.size()) return false;
      if (Is(text_[at_], kLineEnds)) {
        EndLine();
      } else if (Is(text_[at_], "#!")) {
        at_ = std::min(text_.find_first_of(kLineEnds, at_), text_.size());
      } else {
        return true;
      }
    }
  }

  // A line that goes on in the next one does so without the blanks in front of that.
  void SkipBlanks() {
    while (at_ < text_.size() && (Is(text_[at_], kBlanks) || SkipContinuation())) {
      if (at_ < text_.size() && Is(text_[at_], kBlanks)) ++at_;
    }
  }

  // Up to one of `ends` or the end of the line, without escapes.
  std::string ReadText(std::string_view ends) {
    std::string out;
    while (at_ < text_.size() && !Is(text_[at_], kLineEnds) && !Is(text_[at_], ends)) {
      if (text_[at_] != '\\') {
        out.push_back(text_[at_++]);
      } else if (SkipContinuation()) {
        SkipBlanks();
      } else {
        ReadEscape(&out);
      }
    }
    return out;
  }

  // A backslash at the end of a line.
  bool SkipContinuation() {
    if (text_[at_] != '\\' || at_ + 1 >= text_.size() || !Is(text_[at_ + 1], kLineEnds))
      return false;
    ++at_;
    EndLine();
    return true;
  }

  void ReadEscape(std::string* out) {
    ++at_;
    if (at_ == text_.size()) return;
    const char letter = text_[at_++];
    constexpr std::string_view kLetters = "tnrf", kMeant = "\t\n\r\f";
    if (const std::size_t index = kLetters.find(letter); index != std::string_view::npos) {
      out->push_back(kMeant[index]);
    } else if (letter == 'u') {
      ReadUnicode(out);
    } else {
      out->push_back(letter);
    }
  }

  // \u00e9. Characters beyond 16 bits are written as two such, a high and a low surrogate.
  void ReadUnicode(std::string* out) {
    const Place place{source_, line_, Column() - 2, 2};
    std::uint32_t character = 0;
    bool right = ReadHex(&character);
    if (right && character >= 0xd800 && character < 0xdc00) {
      std::uint32_t low = 0;
      right = text_.substr(at_).starts_with("\\u");
      if (right) at_ += 2;
      right = right && ReadHex(&low) && low >= 0xdc00 && low < 0xe000;
      character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
    } else if (character >= 0xdc00 && character < 0xe000) {
      right = false;
    }
    if (right) return AppendUtf8(character, out);
    mistakes_->Add(place, "not a character; expected \\u and four hex digits, such as \\u00e9");
  }

  bool ReadHex(std::uint32_t* out) {
    const std::string_view digits = text_.substr(at_, 4);
    const char* const end = digits.data() + digits.size();
    if (digits.size() < 4 || std::from_chars(digits.data(), end, *out, 16).ptr != end) return false;
    at_ += 4;
    return true;
  }

  // \n, \r or both.
  void EndLine() {
    if (text_.substr(at_).starts_with("\r\n")) ++at_;
    ++at_;
    ++line_;
    line_begin_ = at_;
  }

  std::uint32_t Column() const { return static_cast<std::uint32_t>(at_ - line_begin_) + 1; }

  const std::string_view text_;
  const std::uint32_t source_;
  Mistakes* const mistakes_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

std::vector<JavaProperty> ParseJavaProperties(std::string_view text, std::uint32_t source,
                                              Mistakes* mistakes) {
  return PropertiesParser(text, source, mistakes).Parse();
}

std::string FromLatin1(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) AppendUtf8(static_cast<unsigned char>(byte), &out);
  return out;
}

}  // namespace mbench
