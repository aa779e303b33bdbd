// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as this driver understands it.
//
//   get: "raw/{key}"           head, put, delete, copy, multipart: one object
//   delete_many: "raw/{key}"   `batch` objects in one request
//   list: "raw/"               what begins so, page by page
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/s3/sigv4.h"
#include "drivers/statement_reader.h"
#include "harness/base/text_template.h"

namespace mbench::s3 {

inline constexpr std::uint64_t kMostPut = 5ULL << 30;  // bytes, of S3
inline constexpr std::uint64_t kLeastPart = 5U << 20;  // but for the last one
inline constexpr std::uint64_t kMostParts = 10'000;
inline constexpr std::size_t kMostKey = 1024;

// A number of bytes: always the same, one of a range by the name of the object, or drawn.
class Size {
 public:
  Size() = default;
  // What is wrong is added to the reader's complaints.
  static Size Read(StatementReader* reader, std::string_view word);

  // Of the object whose name has this hash. Nothing: what was drawn is no size.
  std::optional<std::uint64_t> Of(std::span<const std::string_view> arguments,
                                  std::uint64_t hash) const;
  bool IsDrawn() const { return !drawn_.IsConstant(); }
  std::uint64_t Least() const { return least_; }  // of those that are not drawn
  std::uint64_t Most() const { return most_; }

 private:
  std::uint64_t least_ = 0, most_ = 0;
  TextTemplate drawn_;
};

enum class StatementKind : std::uint8_t {
  kGet,
  kHead,
  kPut,
  kDelete,
  kDeleteMany,
  kList,
  kCopy,
  kMultipart,
};

struct Statement {
  StatementKind kind = StatementKind::kGet;
  TextTemplate key;           // list: what keys begin with
  std::size_t arguments = 0;  // of one set
  // `query`, with values that are encoded when they are drawn; sorted by name.
  std::vector<std::pair<std::string, TextTemplate>> parameters = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case
  bool presigned = false;

  // get
  std::optional<Size> offset = {}, bytes = {};  // both or none
  bool verify = false, first_byte = false;
  // put: bytes of their own, or contents of that size; multipart
  std::optional<TextTemplate> body = {};
  Size size = {};
  std::uint64_t part = 0;
  // list
  std::uint32_t max_keys = 1000, pages = 1;  // 0 pages: all
  std::string delimiter = {};
  // copy
  TextTemplate from = {};
};

inline constexpr auto kWords = std::to_array<WordSpec>({
    {.name = "get",
     .type = WordType::kTemplate,
     .help = "the key of an object to read",
     .example = "\"raw/{key}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "head",
     .type = WordType::kTemplate,
     .help = "the key of an object to ask for, without its bytes",
     .example = "\"raw/{key}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "put",
     .type = WordType::kTemplate,
     .help = "the key of an object to write in one request",
     .example = "\"raw/{key}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "delete",
     .type = WordType::kTemplate,
     .help = "the key of an object to remove",
     .example = "\"raw/{key}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "delete_many",
     .type = WordType::kTemplate,
     .help = "the keys of `batch` objects to remove in one request",
     .example = "\"raw/{number}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "list",
     .type = WordType::kTemplate,
     .help = "what the keys to list begin with; empty: all",
     .example = "\"raw/\"",
     .is_head = true,
     .where = kInOne},
    {.name = "copy",
     .type = WordType::kTemplate,
     .help = "the key of an object to make of another one, within the server",
     .example = "\"copies/{key}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "multipart",
     .type = WordType::kTemplate,
     .help = "the key of an object to write in parts",
     .example = "\"backup/{key}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "offset",
     .type = WordType::kText,
     .help = "of a range, in bytes: a size or a placeholder; not said: from the first byte",
     .example = "\"{at}\"",
     .of = "get",
     .where = kInOne},
    {.name = "bytes",
     .type = WordType::kText,
     .help = "of a range: a size or a placeholder; not said: to the last byte",
     .example = "64KiB",
     .of = "get",
     .where = kInOne},
    {.name = "verify",
     .type = WordType::kFlag,
     .help = "whether the bytes must be those that put or multipart wrote by size under this key",
     .example = "true",
     .fallback = "false",
     .of = "get",
     .where = kInOne},
    {.name = "first_byte",
     .type = WordType::kFlag,
     .help = "whether the time until the reply begins is told as a step of the op",
     .example = "true",
     .fallback = "false",
     .of = "get",
     .where = kInOne},
    {.name = "size",
     .type = WordType::kText,
     .help = "of the object: a size; a range, of which each key has one by itself, small ones as "
             "often as large ones by their logarithm; or a placeholder",
     .example = "1KiB..64MiB",
     .of = "put|multipart",
     .where = kInOne},
    {.name = "body",
     .type = WordType::kAny,
     .help = "what the object is, in the place of a size: text, or a map or list that is written "
             "as JSON",
     .example = "\"{value}\"",
     .of = "put",
     .where = kInOne},
    {.name = "part",
     .type = WordType::kText,
     .help = "size of a part, 5 MiB to 5 GiB",
     .example = "16MiB",
     .fallback = "8MiB",
     .of = "multipart",
     .where = kInOne},
    {.name = "from",
     .type = WordType::kTemplate,
     .help = "the key of the object that is copied",
     .example = "\"raw/{key}\"",
     .of = "copy",
     .required = true,
     .where = kInOne},
    {.name = "max_keys",
     .type = WordType::kCount,
     .help = "keys of a page at most",
     .example = "100",
     .fallback = "1000",
     .min = 1,
     .max = 1000,
     .range = "1 to 1000",
     .of = "list",
     .where = kInOne},
    {.name = "pages",
     .type = WordType::kCount,
     .help = "pages that are read at most, one after another; 0: all there are",
     .example = "3",
     .fallback = "1",
     .min = 0,
     .max = 1'000'000,
     .range = "0 to 1M",
     .of = "list",
     .where = kInOne},
    {.name = "delimiter",
     .type = WordType::kText,
     .help = "keys that are the same up to it count as one",
     .example = "/",
     .of = "list",
     .where = kInOne},
    {.name = "batch",
     .type = WordType::kCount,
     .help = "how many keys are drawn and removed at once",
     .example = "100",
     .fallback = "1",
     .min = 1,
     .max = 1000,
     .range = "1 to 1000",
     .of = "delete_many",
     .where = kInOne},
    {.name = "query",
     .type = WordType::kMap,
     .help = "more parameters of the request, which are signed with it",
     .example = "{versionId: \"{version}\"}",
     .of = "get|head|put|delete|copy",
     .where = kInOne},
    {.name = "headers",
     .type = WordType::kMap,
     .help = "more headers of the request, which are signed with it; no placeholders",
     .example = "{x-amz-storage-class: STANDARD_IA}",
     .of = "get|head|put|copy|multipart",
     .where = kInOne},
    {.name = "presigned",
     .type = WordType::kFlag,
     .help = "whether the signature stands in the URL, as in one that was given to somebody",
     .example = "true",
     .fallback = "false",
     .of = "get|head|put|delete",
     .where = kInOne},
});

// What is wrong is added to `complaints`.
Statement ReadStatement(const StatementSpec& spec, Complaints* complaints);

}  // namespace mbench::s3
