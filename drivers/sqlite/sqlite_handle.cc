// SPDX-License-Identifier: Apache-2.0
#include "drivers/sqlite/sqlite_handle.h"

#include <algorithm>

namespace mbench::sqlite {

Statement::Statement(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* handle = nullptr;
  sqlite3_prepare_v3(db, sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                     &handle, nullptr);
  handle_.reset(handle);
}

// SQLITE_STATIC, a null pointer, says: do not copy.
void Statement::BindText(int index, std::string_view text) {
  sqlite3_bind_text64(handle_.get(), index, text.data(), text.size(), nullptr, SQLITE_UTF8);
}

void Statement::BindBlob(int index, std::string_view blob) {
  // A blob at address 0 would be NULL.
  const char* data = blob.data() == nullptr ? "" : blob.data();
  sqlite3_bind_blob64(handle_.get(), index, data, blob.size(), nullptr);
}

std::string_view Statement::Column(int index) const {
  const void* data = sqlite3_column_blob(handle_.get(), index);
  const int size = sqlite3_column_bytes(handle_.get(), index);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::uint32_t Statement::RowBytes() const {
  int bytes = 0;
  for (int i = 0; i < sqlite3_column_count(handle_.get()); ++i) {
    bytes += sqlite3_column_bytes(handle_.get(), i);
  }
  return static_cast<std::uint32_t>(bytes);
}

int Connection::Open(const std::string& path, bool create) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &db_, flags, nullptr);
  if (code == SQLITE_OK) sqlite3_busy_handler(db_, &Connection::WhenBusy, this);
  return code;
}

int Connection::Run(const std::string& sql) {
  return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
}

int Connection::Query(const std::string& sql, std::string* value) {
  Statement statement = Prepare(sql);
  if (!statement) return sqlite3_errcode(db_);
  const int code = statement.Step();
  if (code == SQLITE_ROW) *value = statement.Column(0);
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

int Connection::WhenBusy(void* self, int calls) {
  return static_cast<Connection*>(self)->WaitForLock(calls) ? 1 : 0;
}

// sqlite3_busy_timeout sleeps 1 to 100 ms at a time: with that, a run would measure those sleeps.
bool Connection::WaitForLock(int calls) {
  const Ticks now = Clock::Now();
  if (calls == 0) give_up_ = now + patience_;
  if (now > give_up_) return false;
  const Ticks pause = (20 * kMicrosecond) << std::min(calls, 6);
  Clock::SleepUntil(std::min(now + pause, give_up_ + 1));
  return true;
}

}  // namespace mbench::sqlite
