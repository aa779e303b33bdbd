// SPDX-License-Identifier: Apache-2.0
#include "reports/sqlite/sqlite_tables.h"

#include <dlfcn.h>

#if __has_include(<sqlite3.h>)
#include <sqlite3.h>
#define MBENCH_HAS_SQLITE 1
#endif

namespace mbench {

#ifdef MBENCH_HAS_SQLITE
namespace {

constexpr const char* kLibrary = "libsqlite3.so.0";

// The functions that are used, of the library that is there when somebody asks. Never unloaded.
struct Library {
  decltype(&sqlite3_open_v2) open = nullptr;
  decltype(&sqlite3_close) close = nullptr;
  decltype(&sqlite3_errmsg) errmsg = nullptr;
  decltype(&sqlite3_exec) exec = nullptr;
  decltype(&sqlite3_prepare_v2) prepare = nullptr;
  decltype(&sqlite3_step) step = nullptr;
  decltype(&sqlite3_reset) reset = nullptr;
  decltype(&sqlite3_finalize) finalize = nullptr;
  decltype(&sqlite3_bind_null) bind_null = nullptr;
  decltype(&sqlite3_bind_int64) bind_int64 = nullptr;
  decltype(&sqlite3_bind_double) bind_double = nullptr;
  decltype(&sqlite3_bind_text) bind_text = nullptr;

  bool Load() {
    void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    const auto find = [library](auto* function, const char* name) {
      *function = reinterpret_cast<std::remove_pointer_t<decltype(function)>>(dlsym(library, name));
      return *function != nullptr;
    };
    return library != nullptr && find(&open, "sqlite3_open_v2") && find(&close, "sqlite3_close") &&
           find(&errmsg, "sqlite3_errmsg") && find(&exec, "sqlite3_exec") &&
           find(&prepare, "sqlite3_prepare_v2") && find(&step, "sqlite3_step") &&
           find(&reset, "sqlite3_reset") && find(&finalize, "sqlite3_finalize") &&
           find(&bind_null, "sqlite3_bind_null") && find(&bind_int64, "sqlite3_bind_int64") &&
           find(&bind_double, "sqlite3_bind_double") && find(&bind_text, "sqlite3_bind_text");
  }
};

std::string_view TypeOf(CellType type) {
  switch (type) {
    case CellType::kText:
      return "TEXT";
    case CellType::kWhole:
      return "INTEGER";
    case CellType::kReal:
      break;
  }
  return "REAL";
}

}  // namespace

class SqliteTables::Database {
 public:
  Database(const Library& library, std::string path) : library_(library), path_(std::move(path)) {}
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    library_.finalize(insert_);
    library_.close(handle_);
  }

  Status Open() {
    const int opened =
        library_.open(path_.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    return opened == SQLITE_OK ? Do("BEGIN") : Failure();
  }

  Status Do(const std::string& sql) {
    return library_.exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK ? Status()
                                                                                       : Failure();
  }

  // Names of tables and columns are ours, and hold no quotes.
  Status Begin(const ResultTable& table) {
    std::string columns, places;
    for (const TableColumn& column : table.columns) {
      columns +=
          fmt::format("{}\"{}\" {}", columns.empty() ? "" : ", ", column.name, TypeOf(column.type));
      places += places.empty() ? "?" : ", ?";
    }
    if (Status made = Do(fmt::format("CREATE TABLE \"{}\" ({})", table.name, columns)); !made)
      return made;
    library_.finalize(insert_);
    insert_ = nullptr;
    const std::string sql = fmt::format("INSERT INTO \"{}\" VALUES ({})", table.name, places);
    const int prepared = library_.prepare(handle_, sql.c_str(), -1, &insert_, nullptr);
    return prepared == SQLITE_OK ? Status() : Failure();
  }

  Status Add(const TableRow& row) {
    for (std::size_t i = 0; i < row.size(); ++i) Bind(static_cast<int>(i + 1), row[i]);
    const int stepped = library_.step(insert_);
    library_.reset(insert_);
    return stepped == SQLITE_DONE ? Status() : Failure();
  }

 private:
  void Bind(int place, const TableCell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
      library_.bind_text(insert_, place, text->c_str(), static_cast<int>(text->size()), nullptr);
    } else if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
      library_.bind_int64(insert_, place, *whole);
    } else if (const auto* real = std::get_if<double>(&cell)) {
      library_.bind_double(insert_, place, *real);
    } else {
      library_.bind_null(insert_, place);
    }
  }

  tl::unexpected<Error> Failure() const {
    return BadConfig("cannot write {}: {}", path_, library_.errmsg(handle_));
  }

  const Library library_;
  const std::string path_;
  sqlite3* handle_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

Result<std::unique_ptr<SqliteTables>> SqliteTables::Open(const std::string& path) {
  Library library;
  if (!library.Load())
    return BadConfig(
        "--to sqlite needs {} (apt-get install libsqlite3-0); csv and json need nothing", kLibrary);
  auto database = std::make_unique<Database>(library, path);
  if (Status opened = database->Open(); !opened) return Failed(opened);
  return std::unique_ptr<SqliteTables>(new SqliteTables(std::move(database)));
}
#else
class SqliteTables::Database {
 public:
  static Status Begin(const ResultTable& /*table*/) { return {}; }
  static Status Add(const TableRow& /*row*/) { return {}; }
  static Status Do(const std::string& /*sql*/) { return {}; }
};

Result<std::unique_ptr<SqliteTables>> SqliteTables::Open(const std::string& /*path*/) {
  return BadConfig(
      "this mbench was built without libsqlite3-dev; install it and build again, or take csv or "
      "json");
}
#endif

SqliteTables::SqliteTables(std::unique_ptr<Database> database) : database_(std::move(database)) {}
SqliteTables::~SqliteTables() = default;

Status SqliteTables::Begin(const ResultTable& table) { return database_->Begin(table); }
Status SqliteTables::Add(const TableRow& row) { return database_->Add(row); }
Status SqliteTables::End() { return database_->Do("COMMIT"); }

}  // namespace mbench
