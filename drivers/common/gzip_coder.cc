// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/gzip_coder.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <charconv>

#include "harness/base/check.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr int kUsualLevel = 6, kMostLevel = 12;

}  // namespace

std::optional<int> GzipLevelOf(std::string_view text) {
  if (text == "false") return 0;
  if (text == "true") return kUsualLevel;
  int level = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), level);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (level < 1 || level > kMostLevel) return std::nullopt;
  return level;
}

std::string GzipMistake(std::string_view text) {
  if (GzipLevelOf(text)) return "";
  return fmt::format("{} is no level of gzip; expected true, false, or 1 (quick) to {} (small)",
                     Quote(text), kMostLevel);
}

GzipCoder::GzipCoder(int level) : compressor_(libdeflate_alloc_compressor(level)) {
  MB_CHECK(compressor_ != nullptr, "level {}", level);
}

GzipCoder::~GzipCoder() = default;

void GzipCoder::Free::operator()(libdeflate_compressor* compressor) const {
  libdeflate_free_compressor(compressor);
}

void GzipCoder::AppendPacked(std::string* out) {
  const std::size_t begin = out->size();
  out->resize(begin + libdeflate_gzip_compress_bound(compressor_.get(), plain_.size()));
  const std::size_t size = libdeflate_gzip_compress(compressor_.get(), plain_.data(), plain_.size(),
                                                    out->data() + begin, out->size() - begin);
  MB_CHECK(size > 0, "{} bytes", plain_.size());  // the bound is enough
  out->resize(begin + size);
}

}  // namespace mbench
