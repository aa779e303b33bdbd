// SPDX-License-Identifier: Apache-2.0
//
// Words by which a statement says which key and version it writes or reads, so that a run knows
// afterwards what was lost and which reads were stale (harness/engine/followed.h):
//
//   put: {..., writes: {key: "{key}", version: "{version}"}}
//   get: {..., reads: {key: "{key}"}}
//
// Writes are followed without the driver. Of a statement with `reads` it gives the text of the
// version, in Completion::value, and kNotFound where there is no such key.
#pragma once

#include <array>
#include <string_view>

#include "drivers/statement_reader.h"

namespace mbench {

constexpr WordSpec FollowedKeyWord() {
  return {.name = "key",
          .type = WordType::kTemplate,
          .help = "which key: texts that are the same mean the same one, in all statements",
          .example = "\"{key}\"",
          .required = true};
}

inline constexpr auto kWritesWords = std::to_array<WordSpec>({
    FollowedKeyWord(),
    {.name = "version",
     .type = WordType::kTemplate,
     .help = "what this write leaves there and no other write of the key does",
     .example = "\"{version}\"",
     .required = true},
});
inline constexpr auto kReadsWords = std::to_array<WordSpec>({FollowedKeyWord()});

constexpr WordSpec WritesWord(std::string_view of = {},
                              WordPlaces where = kInStatement | kInTransaction) {
  return {.name = "writes",
          .type = WordType::kMap,
          .help = "the key and the version that it writes: lost writes and stale reads are told",
          .example = "{key: \"{key}\", version: \"{version}\"}",
          .of = of,
          .where = where,
          .words = kWritesWords};
}

// `help`: says where the version stands in a reply.
constexpr WordSpec ReadsWord(std::string_view help, std::string_view of = {},
                             std::string_view example = "{key: \"{key}\"}",
                             std::span<const WordSpec> words = kReadsWords) {
  return {.name = "reads",
          .type = WordType::kMap,
          .help = help,
          .example = example,
          .of = of,
          .where = kInStatement,
          .words = words};
}
// Of SQL.
constexpr WordSpec SqlReadsWord(std::string_view of = {}) {
  return ReadsWord("the key that it reads; its version is the first column of the first row", of);
}

}  // namespace mbench
