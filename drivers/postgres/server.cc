// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/server.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <utility>

#include "drivers/postgres/wire.h"
#include "harness/base/text.h"

namespace mbench::postgres {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

constexpr std::string_view kExample = "postgres://user@host:5432/database";

// Messages of libpq have several lines, and a line feed at the end.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const std::string_view part : Split(text, '\n')) {
    const std::string_view trimmed = Trim(part);
    if (trimmed.empty()) continue;
    if (!line.empty()) line += "; ";
    line += trimmed;
  }
  return line;
}

// Of the n-th host: one port may stand for all of them.
std::string PortOf(const std::string& ports, std::size_t host) {
  const std::vector<std::string_view> all = Split(ports, ',');
  const std::string_view own = all.empty() ? "" : all[host < all.size() ? host : 0];
  return own.empty() ? "5432" : std::string(own);
}

// Numbers stay as they are; a path is a socket and needs none. libpq keeps the name for the
// certificate. Of several hosts one that is not known yet is left to libpq, when its turn comes.
Status Resolve(const std::map<std::string, std::string>& parameters, Server* server) {
  const auto host = parameters.find("host"), port = parameters.find("port");
  if (host == parameters.end() || parameters.contains("hostaddr")) return {};
  const std::vector<std::string_view> hosts = Split(host->second, ',');
  for (const std::string_view one : hosts) {
    server->endpoints.emplace_back();
    if (one.empty() || one.starts_with('/')) continue;
    const std::string number =
        PortOf(port == parameters.end() ? "" : port->second, server->endpoints.size() - 1);
    auto endpoint =
        Endpoint::Tcp(std::string(one), static_cast<std::uint16_t>(std::atoi(number.c_str())));
    if (!endpoint && hosts.size() == 1) return Failed(endpoint);
    if (endpoint) server->endpoints.back() = *std::move(endpoint);
  }
  return {};
}

std::string DescribeHosts(const std::string& hosts, const std::string& ports) {
  std::vector<std::string> places;
  for (const std::string_view host : Split(hosts, ',')) {
    places.push_back(
        fmt::format("{}:{}", host.empty() ? "local socket" : host, PortOf(ports, places.size())));
  }
  return Join(places, ",");
}

using ParsedUrl = std::unique_ptr<PQconninfoOption, FreeOptions>;

ParsedUrl Parse(const std::string& url) { return ParsedUrl(PQconninfoParse(url.c_str(), nullptr)); }

}  // namespace

Status CheckUrl(const std::string& url) {
  const ParsedUrl parsed = Parse(url);
  // libpq's message would repeat the url.
  if (!parsed) return BadConfig("the url of PostgreSQL is not right; expected {}", kExample);
  return {};
}

Result<Server> ReadServer(const std::string& url, const OptionValues& options) {
  if (Status right = CheckUrl(url); !right) return Failed(right);
  const ParsedUrl parsed = Parse(url);
  std::map<std::string, std::string> parameters = {{"application_name", "mbench"}};
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) parameters[option->keyword] = option->val;
  }
  for (const char* name : {"password", "sslmode", "sslrootcert", "sslcert", "sslkey"}) {
    if (!options.Text(name).empty()) parameters[name] = options.Text(name);
  }
  parameters["client_encoding"] = "UTF8";
  parameters["gssencmode"] = "disable";  // it would stand between us and the socket
  Server server;
  if (const Status resolved = Resolve(parameters, &server); !resolved) return Failed(resolved);

  server.text = DescribeHosts(parameters["host"], parameters["port"]);
  for (auto& [name, value] : parameters) {
    if (value.empty()) continue;
    server.names.push_back(name);
    server.values.push_back(std::move(value));
  }
  return server;
}

namespace {

// libpq would print it.
void IgnoreNotice(void*, const char*) {}

struct LibpqParameters {
  explicit LibpqParameters(const Server& server) {
    for (const std::string& name : server.names) names.push_back(name.c_str());
    for (const std::string& value : server.values) values.push_back(value.c_str());
    for (const auto& endpoint : server.endpoints) {
      addresses += &endpoint == server.endpoints.data() ? "" : ",";
      if (endpoint != nullptr) addresses += NumericHost(endpoint->Next());
    }
    if (addresses.size() + 1 > server.endpoints.size() && !addresses.empty()) {
      names.push_back("hostaddr");
      values.push_back(addresses.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
  }
  std::string addresses;  // of the hosts, in their order; none for a socket
  std::vector<const char*> names, values;
};

}  // namespace

Connection StartConnecting(const Server& server) {
  const LibpqParameters parameters(server);
  Connection connection(PQconnectStartParams(parameters.names.data(), parameters.values.data(), 0));
  // So that a refusal comes with its SQLSTATE.
  if (connection) PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  if (connection) PQsetNoticeProcessor(connection.get(), IgnoreNotice, nullptr);
  return connection;
}

namespace {

// Texts of libpq and of the system, and what they are counted as.
constexpr auto kReasons = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Connection refused", "connection refused"},
    {"Connection reset", "connection reset"},
    {"No such file or directory", "no such socket"},
    {"timeout expired", "connecting timed out"},
    {"certificate verify failed", "certificate not trusted"},
    {"does not match host name", "certificate of another name"},
    {"root certificate file", "no certificates to trust"},
    {"server does not support SSL", "no TLS at the server"},
    {"no password supplied", "no password"},
    {"closed the connection", "connection closed by the server"},
    {"expected authentication request", "malformed reply"},
    {"received invalid response", "malformed reply"},
    {"SSL error", "TLS handshake failed"},
});

}  // namespace

std::string ConnectErrorName(PGconn* connection) {
  const std::string_view message = connection == nullptr ? "" : PQerrorMessage(connection);
  // FATAL:  28P01: password authentication failed for user "bob"
  if (const std::size_t fatal = message.find("FATAL:  "); fatal != std::string_view::npos) {
    const std::string_view rest = message.substr(fatal + 8);
    if (rest.size() > 5 && rest[5] == ':') return SqlStateName(rest.substr(0, 5));
  }
  for (const auto& [text, name] : kReasons) {
    if (message.find(text) != std::string_view::npos) return std::string(name);
  }
  return "cannot connect";
}

// ---- Admin ----

Result<Admin> Admin::Connect(const Server& server) {
  Server patient = server;
  patient.names.push_back("connect_timeout");
  patient.values.push_back(std::to_string(server.patience / kSecond));
  const LibpqParameters parameters(patient);
  Connection connection(PQconnectdbParams(parameters.names.data(), parameters.values.data(), 0));
  if (connection) PQsetNoticeProcessor(connection.get(), IgnoreNotice, nullptr);
  if (connection && PQstatus(connection.get()) == CONNECTION_OK)
    return Admin(std::move(connection));
  return Unreachable("PostgreSQL at {}: {}", server.text,
                     connection ? OneLine(PQerrorMessage(connection.get())) : "out of memory");
}

Result<std::string> Admin::Ask(const std::string& sql, const std::vector<std::string>& values) {
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  const ResultPtr result(PQexecParams(connection_.get(), sql.c_str(),
                                      static_cast<int>(pointers.size()), nullptr, pointers.data(),
                                      nullptr, nullptr, 0));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    return BadConfig("{}", OneLine(PQresultErrorMessage(result.get())));
  if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0) return std::string();
  return std::string(PQgetvalue(result.get(), 0, 0));
}

Status Admin::Run(const std::string& sql) {
  const ResultPtr result(PQexec(connection_.get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return {};
  return BadConfig("{}", OneLine(PQresultErrorMessage(result.get())));
}

// In a transaction, so that a pooler asks the same connection both times.
Result<std::vector<std::uint32_t>> Admin::ParameterTypes(const std::string& sql,
                                                         const std::vector<std::uint32_t>& types,
                                                         std::string* state) {
  if (Status begun = Run("BEGIN"); !begun) return Failed(begun);
  Result<std::vector<std::uint32_t>> found = Describe(sql, types, state);
  if (Status ended = Run("ROLLBACK"); !ended) return Failed(ended);
  return found;
}

Result<std::vector<std::uint32_t>> Admin::Describe(const std::string& sql,
                                                   const std::vector<std::uint32_t>& types,
                                                   std::string* state) {
  ResultPtr result(
      PQprepare(connection_.get(), "", sql.c_str(), static_cast<int>(types.size()), types.data()));
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK)
    result.reset(PQdescribePrepared(connection_.get(), ""));
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
    const char* const code = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    if (state != nullptr && code != nullptr) *state = code;
    return BadConfig("{}", OneLine(PQresultErrorMessage(result.get())));
  }
  std::vector<std::uint32_t> found;
  for (int i = 0; i < PQnparams(result.get()); ++i) found.push_back(PQparamtype(result.get(), i));
  return found;
}

std::string Admin::QuoteText(const std::string& text) const {
  char* quoted = PQescapeLiteral(connection_.get(), text.data(), text.size());
  std::string copy = quoted == nullptr ? "''" : quoted;
  PQfreemem(quoted);
  return copy;
}

std::string Admin::Version() const {
  const char* version = PQparameterStatus(connection_.get(), "server_version");
  return version == nullptr ? "PostgreSQL" : fmt::format("PostgreSQL {}", version);
}

}  // namespace mbench::postgres
