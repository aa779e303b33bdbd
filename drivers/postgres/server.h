// SPDX-License-Identifier: Apache-2.0
//
// One PostgreSQL server: how libpq is to connect to it, and a connection that blocks, for what has
// to be asked and made before and after a run.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/endpoint.h"
#include "harness/base/options.h"
#include "harness/base/result.h"

namespace mbench::postgres {

struct Server {
  std::string text;  // "127.0.0.1:5432", "/run/postgresql:5432", "one:5432,two:5432": for messages
  // Parameters of libpq, names and values in the same order.
  std::vector<std::string> names, values;
  // Where its hosts are, so that a session never waits for a resolver; null: the parameters say.
  std::vector<std::shared_ptr<Endpoint>> endpoints;
  Ticks patience = 10 * kSecond;  // of an Admin
};

// Whether it can be read; reaches for nothing. Fails with kUsage, never repeating the url.
Status CheckUrl(const std::string& url);

// `url`: postgres://user@host:port/database?parameter=value, or "host=... port=...". Whatever libpq
// knows may be in it, also several hosts with commas between them; options of ours go before it.
// Fails with kUsage, never repeating the url.
Result<Server> ReadServer(const std::string& url, const OptionValues& options);

struct EndConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, EndConnection>;

// Begins to connect, without blocking: see PQconnectPoll. Null: out of memory.
Connection StartConnecting(const Server& server);

// Why connecting failed, as a class of errors: "28P01 invalid_password", "connection refused".
std::string ConnectErrorName(PGconn* connection);

class Admin {
 public:
  // Waits at most as long as its server has patience. Fails with kUnreachable, with the address and
  // libpq's reason.
  static Result<Admin> Connect(const Server& server);

  // The first column of the first row; "": there is none. Fails with kUsage and the server's
  // message, which may show a line of `sql` but no value.
  Result<std::string> Ask(const std::string& sql, const std::vector<std::string>& values = {});
  // Several statements, in one transaction unless they say otherwise.
  Status Run(const std::string& sql);
  // The types of the parameters of `sql`, by number; `types`: of the first ones, where they are not
  // 0. Fails when the server cannot prepare it, with the SQLSTATE in *state.
  Result<std::vector<std::uint32_t>> ParameterTypes(const std::string& sql,
                                                    const std::vector<std::uint32_t>& types = {},
                                                    std::string* state = nullptr);

  std::string QuoteText(const std::string& text) const;
  std::string Version() const;

 private:
  explicit Admin(Connection connection) : connection_(std::move(connection)) {}
  Result<std::vector<std::uint32_t>> Describe(const std::string& sql,
                                              const std::vector<std::uint32_t>& types,
                                              std::string* state);
  Connection connection_;
};

}  // namespace mbench::postgres
