// SPDX-License-Identifier: Apache-2.0
//
// The server's replies to one batch: everything up to ReadyForQuery, or to an error that ends the
// connection.
//
// All of a batch is one transaction of the server, unless it says BEGIN: when one op fails, those
// before it are taken back and those behind it are not tried. So nothing is told of any of them
// before the end is there.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mbench::postgres {

class Batch {
 public:
  struct Result {
    std::size_t size = 0;        // of its messages
    std::uint64_t rows = 0;      // answered, or written
    std::uint64_t items = 0;     // the same; 1 where the server counts none
    bool wrote = false;          // it was no SELECT
    std::string_view first_row;  // body of a DataRow, into the bytes that were read
    std::string_view tag;        // "UPDATE 1"
  };

  // `in`: what has come, from the first byte of the batch on; `*scanned`: how far earlier calls
  // have looked. The size of the batch, or 0: its end is not there yet, or kBad.
  static std::size_t Find(std::string_view in, std::size_t* scanned);
  static constexpr std::size_t kBad = static_cast<std::size_t>(-1);

  // REQUIRES: `in` is a whole batch. Views point into it.
  void Read(std::string_view in);

  // Of those that ended well, in order.
  const std::vector<Result>& Results() const { return results_; }
  // Bytes of the whole batch, and of what came behind the last result.
  std::size_t Size() const { return size_; }
  std::size_t Rest() const { return rest_; }
  // The body of the ErrorResponse that ended it; "": none.
  std::string_view Error() const { return error_; }
  // Of the server after it: 'I' idle, 'T' in a transaction, 'E' in a failed one.
  char Status() const { return status_; }

 private:
  static void NoteRows(Result* result);

  std::vector<Result> results_;
  std::size_t size_ = 0, rest_ = 0;
  std::string_view error_;
  char status_ = 'I';
};

}  // namespace mbench::postgres
