// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_target.h"

#include <mariadb/errmsg.h>
#include <openssl/x509.h>

#include <array>

#include "drivers/mysql/mysql_errors.h"
#include "harness/base/check.h"
#include "harness/base/text.h"

namespace mbench::mysql {
namespace {

constexpr unsigned kDefaultPort = 3306;

Status ReadPlace(const Url& url, Target* target) {
  if (url.scheme == "unix") {
    target->socket = target->address = url.path;
    target->user = QueryValue(url.query, "user");
    target->database = QueryValue(url.query, "database");
    return {};
  }
  target->port = url.port == 0 ? kDefaultPort : url.port;
  auto endpoint = Endpoint::Tcp(url.host, static_cast<std::uint16_t>(target->port));
  if (!endpoint) return Failed(endpoint);
  target->endpoint = *std::move(endpoint);
  target->address = target->endpoint->text();
  target->user = url.user;
  target->password = url.password;
  target->database = url.path.empty() ? "" : url.path.substr(1);
  return {};
}

tl::unexpected<Error> Explain(const std::string& address, MYSQL* mysql) {
  const unsigned number = mysql_errno(mysql);
  const std::string text = fmt::format("MySQL at {}: {} ({})", address, mysql_error(mysql), number);
  if (LosesLine(number)) return Unreachable("{}", text);
  return BadConfig("{}", text);
}

}  // namespace

Result<Target> Target::Read(const OptionValues& options) {
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return BadConfig("url: {}", url.error().message);
  Target target;
  target.tls = options.Flag("tls");
  target.tls_verify = options.Flag("tls_verify");
  target.tls_ca = options.Text("tls_ca");
  target.tls_cert = options.Text("tls_cert");
  target.tls_key = options.Text("tls_key");
  if (Status place = ReadPlace(*url, &target); !place) return Failed(place);
  if (!options.Text("password").empty()) target.password = options.Text("password");
  return target;
}

Handle Target::NewHandle(std::size_t stack_bytes) const {
  Handle handle(mysql_init(nullptr), mysql_close);
  MYSQL* mysql = handle.get();
  MB_CHECK(mysql != nullptr, "mysql_init");
  if (stack_bytes > 0) mysql_options(mysql, MYSQL_OPT_NONBLOCK, &stack_bytes);
  const unsigned protocol = endpoint == nullptr ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
  mysql_options(mysql, MYSQL_OPT_PROTOCOL, &protocol);
  mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (stack_bytes == 0 || tls) {  // the handshake of TLS blocks in libmariadb
    mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &patience_s);
  }
  if (stack_bytes == 0) {
    mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &patience_s);
    mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &patience_s);
  }
  if (!tls) return handle;
  const my_bool on = 1, verify = tls_verify ? 1 : 0;
  mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &on);
  mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
  // Without certificates to trust libmariadb checks nothing.
  if (tls_verify && !tls_ca.empty()) mysql_options(mysql, MYSQL_OPT_SSL_CA, tls_ca.c_str());
  if (tls_verify && tls_ca.empty())
    mysql_options(mysql, MYSQL_OPT_SSL_CAPATH, X509_get_default_cert_dir());
  if (!tls_cert.empty()) mysql_options(mysql, MYSQL_OPT_SSL_CERT, tls_cert.c_str());
  if (!tls_key.empty()) mysql_options(mysql, MYSQL_OPT_SSL_KEY, tls_key.c_str());
  return handle;
}

// An update that changes nothing has found its row all the same.
unsigned long Target::Flags() const { return CLIENT_FOUND_ROWS; }

// Numbers, so that libmariadb asks no resolver, which would block. A certificate is checked against
// the name that libmariadb is given, so with TLS it keeps that.
std::string Target::NextHost() const {
  if (endpoint == nullptr) return "";
  return tls && tls_verify ? endpoint->host() : NumericHost(endpoint->Next());
}

// ---- the connection that blocks ----

Result<Connection> Connection::Open(const Target& target) {
  Handle handle = target.NewHandle(0);
  const auto text = [](const std::string& s) { return s.empty() ? nullptr : s.c_str(); };
  const std::string host = target.NextHost();
  if (mysql_real_connect(handle.get(), text(host), text(target.user), text(target.password),
                         text(target.database), target.port, text(target.socket),
                         target.Flags()) != nullptr) {
    return Connection(target, std::move(handle));
  }
  return Unreachable("MySQL at {}: {} ({})", target.address, mysql_error(handle.get()),
                     mysql_errno(handle.get()));
}

Result<Connection::Rows> Connection::Ask(const std::string& sql) {
  MYSQL* mysql = handle_.get();
  if (mysql_real_query(mysql, sql.data(), sql.size()) != 0) return Explain(address_, mysql);
  const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(mysql),
                                                                mysql_free_result);
  Rows rows;
  if (result == nullptr) {
    if (mysql_errno(mysql) != 0) return Explain(address_, mysql);
    return rows;
  }
  const unsigned columns = mysql_num_fields(result.get());
  while (MYSQL_ROW row = mysql_fetch_row(result.get())) {
    const unsigned long* lengths = mysql_fetch_lengths(result.get());
    auto& cells = rows.emplace_back();
    for (unsigned i = 0; i < columns; ++i) {
      cells.emplace_back(row[i] == nullptr ? "" : std::string(row[i], lengths[i]));
    }
  }
  return rows;
}

std::string Connection::Quoted(std::string_view text) {
  std::string escaped(2 * text.size() + 1, 0);
  escaped.resize(mysql_real_escape_string(handle_.get(), escaped.data(), text.data(), text.size()));
  return "'" + escaped + "'";
}

unsigned Connection::Prepare(const std::string& sql, std::string* said, std::size_t* parameters) {
  const std::unique_ptr<MYSQL_STMT, my_bool (*)(MYSQL_STMT*)> statement(
      mysql_stmt_init(handle_.get()), mysql_stmt_close);
  if (mysql_stmt_prepare(statement.get(), sql.data(), sql.size()) == 0) {
    *parameters = mysql_stmt_param_count(statement.get());
    return 0;
  }
  *said = mysql_stmt_error(statement.get());
  return mysql_stmt_errno(statement.get());
}

}  // namespace mbench::mysql
