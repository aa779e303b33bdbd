// SPDX-License-Identifier: Apache-2.0
#include "harness/config/row_text.h"

#include <algorithm>

namespace mbench {

RowText::RowText(std::string name, std::string text, Mistakes* mistakes)
    : name_(std::move(name)), text_(std::move(text)), mistakes_(mistakes) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text_.starts_with(kByteOrderMark)) text_.erase(0, kByteOrderMark.size());
}

void RowText::Add(std::size_t at, std::string message, std::size_t width) {
  if (count_++ >= kMostRowMistakes) return;
  if (!source_) source_ = mistakes_->AddFile(name_, text_);
  const std::string_view before = std::string_view(text_).substr(0, at);
  const auto line = static_cast<std::uint32_t>(std::ranges::count(before, '\n') + 1);
  const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  mistakes_->Add({*source_, line, static_cast<std::uint32_t>(at - begin + 1),
                  static_cast<std::uint32_t>(std::max<std::size_t>(width, 1))},
                 std::move(message));
}

void RowText::AddWhole(std::string message) {
  ++count_;
  if (!source_) source_ = mistakes_->AddFile(name_, text_);
  mistakes_->Add({*source_}, std::move(message));
}

}  // namespace mbench
