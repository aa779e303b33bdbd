// SPDX-License-Identifier: Apache-2.0
//
// SCRAM-SHA-256 (RFC 5802, RFC 7677), as MongoDB carries it in commands: the client's side.
//
// One for all connections of a session: it keeps nothing of a connection, since each answer of the
// server carries what the next word needs, and it derives the keys from the password once.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "drivers/mongodb/bson_writer.h"
#include "harness/base/result.h"

namespace mbench::mongodb {

// Thread: one.
class Scram {
 public:
  Scram(std::string user, std::string password);

  // What to say after an answer of the server: elements of a command without $db; "": logged in.
  // The first answer is that to the hello. Fails with why nobody is logged in, as a class of
  // errors.
  Result<std::string> Answer(const bson_t& reply);

 private:
  struct Keys {
    std::string client, server;
  };
  std::string Start() const;
  Result<std::string> Prove(std::string_view server_first, std::int32_t conversation);
  const Keys& KeysFor(const std::string& salt, int iterations);

  std::string user_, password_;
  std::string client_first_;          // without its head: "n=user,r=nonce"
  std::set<std::string> signatures_;  // of the server: one of them it has to show
  std::map<std::string, Keys> keys_;  // by salt
};

}  // namespace mbench::mongodb
