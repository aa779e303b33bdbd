// SPDX-License-Identifier: Apache-2.0
//
// Values as a pure function of (seed, record, version, field).
//
// A field of 16 bytes or more:
//
//     tag, 8 bytes | random text                  | one byte, again and again
//     version      | 8 bytes or more              | the `compressible` part of the field
//
// The tag carries the version, 48 bits with 6 in a character, masked so that it looks as random as
// the rest. So a reader that knows seed and record takes the version from the tag, makes the field
// again and compares. Shorter fields have no room for that: no tag, and the text of version 0
// whatever the version.
//
// Records of several fields are laid out as drivers/record.h says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/plan/run_plan.h"
#include "workloads/values/field_size.h"

namespace mbench {

// Thread: any; immutable.
class ValueMaker {
 public:
  static constexpr std::uint64_t kVersions = 1ULL << 48;

  ValueMaker(const ValuePlan& plan, std::uint64_t seed);

  std::uint16_t Fields() const { return fields_; }

  // Into `out`, whose storage is used again. REQUIRES: version < kVersions, field < Fields().
  void WriteRecord(std::uint64_t record, std::uint64_t version, std::string* out) const;
  void WriteField(std::uint64_t record, std::uint64_t version, std::uint16_t field,
                  std::string* out) const;

  // Whether the bytes are what WriteRecord or WriteField made for some version; fields of a record
  // may be of different versions. Any bytes may be given.
  bool MatchesRecord(std::uint64_t record, std::string_view bytes) const;
  bool MatchesField(std::uint64_t record, std::uint16_t field, std::string_view bytes) const;
  // The version that the bytes of a field, or of a record (kAllFields: that of its first field),
  // carry, without a look at the rest of them. Nothing: they carry none.
  std::optional<std::uint64_t> VersionIn(std::uint64_t record, std::uint16_t field,
                                         std::string_view bytes) const;

 private:
  // A version, ready for the tags of many fields.
  struct Version {
    std::uint64_t number, spread;
  };
  // How the bytes of one field are divided.
  struct Layout {
    std::size_t tag, text, repeated;
    std::size_t Size() const { return tag + text + repeated; }
  };

  std::uint64_t RecordHash(std::uint64_t record) const;
  std::uint32_t SizeOf(std::uint64_t field_hash, std::uint64_t version) const;
  bool MatchesOne(std::uint64_t field_hash, std::string_view bytes) const;
  std::size_t SizeOfFields(std::uint64_t record_hash, std::uint64_t version) const;
  Layout LayoutOf(std::size_t size) const;
  static void WriteFieldAt(std::uint64_t field_hash, const Version& version, const Layout& layout,
                           char* out);

  std::uint64_t seed_hash_;
  std::uint16_t fields_;
  bool constant_size_;
  double compressible_;
  FieldSizes sizes_;
  Layout constant_layout_;
};

}  // namespace mbench
