// SPDX-License-Identifier: Apache-2.0
//
// Messages of PostgreSQL's protocol, version 3, as far as prepared statements and COPY need them.
//
//    type (1 byte) | length (4 bytes, counts itself and what follows) | body
//
// Numbers are big endian.
// An op is Bind and Execute; a Sync closes a batch of them, and the server answers it with
// ReadyForQuery. Source: "Message Formats" in the manual of PostgreSQL.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mbench::postgres {

inline constexpr std::uint16_t kTextFormat = 0;
inline constexpr std::uint16_t kBinaryFormat = 1;

// ---- to the server ----

void PutInt16(std::uint16_t value, std::string* out);
void PutInt32(std::uint32_t value, std::string* out);
void PutInt64(std::uint64_t value, std::string* out);
// Writes the length of a message, whose four bytes for it are at `at`, and which ends here.
void SetLength(std::size_t at, std::string* out);
// `types`: of the first parameters, by number; 0, and those behind them: the server infers it.
void AppendParse(std::string_view name, std::string_view sql, std::span<const std::uint32_t> types,
                 std::string* out);
void AppendClose(std::string_view name, std::string* out);
void AppendQuery(std::string_view sql, std::string* out);
void AppendSync(std::string* out);

// A message whose length is not known before it is written: ends, with its length, with the object.
class MessageScope {
 public:
  MessageScope(char type, std::string* out);
  ~MessageScope();
  MessageScope(const MessageScope&) = delete;
  MessageScope& operator=(const MessageScope&) = delete;

 private:
  std::string* out_;
  std::size_t length_at_;
};

// A value with its length in front, as parameters and columns have it.
inline void PutValue(std::string_view value, std::string* out) {
  PutInt32(static_cast<std::uint32_t>(value.size()), out);
  out->append(value);
}

inline void PutNull(std::string* out) { PutInt32(0xffffffff, out); }
// As it stands in SQL, whatever the server's settings say of backslashes.
std::string QuoteLiteral(std::string_view value);

// COPY ... FROM STDIN (FORMAT binary): a header, rows, a trailer, each in messages of its own.
void AppendCopyHeader(std::string* out);
void AppendCopyTrailer(std::string* out);

// ---- from the server ----

struct Message {
  char type = 0;
  std::string_view body;
  std::size_t size = 0;  // with type and length
};

enum class Cut { kWhole, kPart, kBad };
// The message at the front of `in`. kBad: these bytes are not the protocol.
Cut CutMessage(std::string_view in, Message* message);

// The columns of a DataRow.
class RowReader {
 public:
  explicit RowReader(std::string_view body);
  std::uint16_t Columns() const { return columns_; }
  // REQUIRES: called at most Columns() times. NULL, and what lies outside of the message, is "".
  std::string_view Next();

 private:
  std::string_view rest_;
  std::uint16_t columns_ = 0;
};

// A field of an ErrorResponse: 'C' its SQLSTATE, 'V' its severity, 'M' its text.
std::string_view ErrorField(std::string_view body, char field);
bool EndsConnection(std::string_view error_body);
// The server does not know a prepared statement, or what it has planned for it holds no more: an op
// that was not done, and is when it is prepared again.
bool IsStale(std::string_view error_body);

// "UPDATE 3", "INSERT 0 3": 3. "BEGIN" has none.
std::optional<std::uint64_t> RowsOfTag(std::string_view tag);

// "40001" -> "40001 serialization_failure": how errors are counted. Codes without a name of their
// own here have that of their class.
std::string SqlStateName(std::string_view code);

}  // namespace mbench::postgres
