// SPDX-License-Identifier: Apache-2.0
//
// Where a server is and how to log in to it, for handles of libmariadb; and a connection that
// blocks, for what a driver asks before and after a run.
#pragma once

#include <mariadb/mysql.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "drivers/common/endpoint.h"
#include "harness/base/options.h"
#include "harness/base/result.h"

namespace mbench::mysql {

using Handle = std::unique_ptr<MYSQL, void (*)(MYSQL*)>;

// Thread: any, once made.
struct Target {
  std::string address;                 // "127.0.0.1:3306", "/run/mysqld/mysqld.sock": for messages
  std::shared_ptr<Endpoint> endpoint;  // null: `socket`
  std::string socket;
  unsigned port = 0;
  std::string user, password, database;
  bool tls = false;
  bool tls_verify = true;
  unsigned patience_s = 10;  // for what blocks
  std::string tls_ca, tls_cert, tls_key;

  // Asks the resolver. Fails with kUsage or kUnreachable; messages have no password.
  static Result<Target> Read(const OptionValues& options);

  // A handle with all options but not connected; `stack_bytes` > 0: for the non-blocking calls.
  Handle NewHandle(std::size_t stack_bytes) const;
  unsigned long Flags() const;
  // Where the next connection goes, as libmariadb wants to have it; "": to `socket`.
  std::string NextHost() const;
};

// Where, who, the table of the verbs, and what libmariadb can be told of TLS.
inline constexpr auto kTargetOptions = std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "mysql://root@127.0.0.1:3306/test",
     .help = "mysql://user@host:port/database, or "
             "unix:/path/of/socket?user=NAME&database=NAME",
     .choices = "mysql|mariadb|unix"},
    {.name = "password",
     .type = OptionType::kText,
     .fallback = "",
     .help = "of the user",
     .secret = true},
    {.name = "table",
     .type = OptionType::kText,
     .fallback = "mbench_records",
     .help = "where the verbs keep records; made when it is not there"},
    {.name = "tls",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "whether to speak TLS only"},
    {.name = "tls_ca",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with the certificates to trust (PEM); empty: those of this system"},
    {.name = "tls_verify",
     .type = OptionType::kFlag,
     .fallback = "true",
     .help = "whether the server must show a certificate of its name that is trusted"},
    {.name = "tls_cert",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with our own certificate (PEM), where the server asks for one"},
    {.name = "tls_key",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "file with the key of tls_cert (PEM)"},
});

// Thread: one. Blocks, at most as long as its target is patient.
class Connection {
 public:
  static Result<Connection> Open(const Target& target);

  // Rows of the answer. Fails with kUnreachable when the line is lost, kUsage when the server says
  // no: "MySQL at ...: what it said".
  using Rows = std::vector<std::vector<std::string>>;
  Result<Rows> Ask(const std::string& sql);
  // As the server said it when it was connected to.
  std::string Version() const { return mysql_get_server_info(handle_.get()); }
  // 'text' with quotes, as a literal.
  std::string Quoted(std::string_view text);
  // Whether `sql` can be prepared: 0 and how many parameters it has, or the number of the error and
  // what the server said.
  unsigned Prepare(const std::string& sql, std::string* said, std::size_t* parameters);

 private:
  Connection(const Target& target, Handle handle)
      : address_(target.address), handle_(std::move(handle)) {}
  std::string address_;
  Handle handle_;
};

}  // namespace mbench::mysql
