// SPDX-License-Identifier: Apache-2.0
//
// SQLite's handles as C++ objects that close themselves.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "harness/base/clock.h"

namespace mbench::sqlite {

// A prepared statement. Texts and blobs that are bound must stay until Reset.
// Thread: that of its connection.
class Statement {
 public:
  // Prepares; whether it worked is told by the connection. Empty when it did not.
  Statement(sqlite3* db, const std::string& sql);
  Statement() = default;
  explicit operator bool() const { return handle_ != nullptr; }

  void BindText(int index, std::string_view text);
  void BindBlob(int index, std::string_view blob);
  void BindInteger(int index, std::int64_t value) {
    sqlite3_bind_int64(handle_.get(), index, value);
  }

  int Step() { return sqlite3_step(handle_.get()); }
  // To be called after the last Step: a statement that was not reset keeps its locks.
  void Reset() { sqlite3_reset(handle_.get()); }

  // REQUIRES: Step returned SQLITE_ROW. Valid until the next Step or Reset.
  std::string_view Column(int index) const;
  std::int64_t Integer(int index) const { return sqlite3_column_int64(handle_.get(), index); }
  // Of all columns together.
  std::uint32_t RowBytes() const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// One connection, for one thread. Does not move: SQLite keeps a pointer to it.
class Connection {
 public:
  // Waits at most `patience` for a lock held by another connection.
  explicit Connection(Ticks patience) : patience_(patience) {}
  ~Connection() { sqlite3_close_v2(db_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // These return a result code of SQLite, SQLITE_OK when all is well.
  int Open(const std::string& path, bool create);
  int Run(const std::string& sql);
  // The first column of the first row into `value`, which stays as it is when there is no row.
  int Query(const std::string& sql, std::string* value);

  Statement Prepare(const std::string& sql) const { return {db_, sql}; }
  int Changes() const { return sqlite3_changes(db_); }
  std::string Message() const { return sqlite3_errmsg(db_); }

 private:
  static int WhenBusy(void* self, int calls);
  bool WaitForLock(int calls);

  const Ticks patience_;
  Ticks give_up_ = 0;
  sqlite3* db_ = nullptr;
};

}  // namespace mbench::sqlite
