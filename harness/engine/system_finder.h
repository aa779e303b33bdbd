// SPDX-License-Identifier: Apache-2.0
//
// Which processes of this host are the system under test? Those that listen where this process is
// connected to, what descends from them, and those that they are connected to in turn: a pooler or
// a proxy is as much a part of the system as the database behind it.
//
//   this process --TCP--> port 6432, pgbouncer --TCP--> port 5432, postgres
//                                                         `- its backends
//
// From /proc: the sockets of a process are links in its fd folder, and net/tcp says what they are
// connected to. The sockets of another user's process can be read by root only; a server in a
// container has a network of its own, behind a bridge of this host. Then it is not known.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/stats/cpu_account.h"

namespace mbench {

class SystemFinder {
 public:
  // `root`: "" but in tests.
  explicit SystemFinder(std::string root = "") : root_(std::move(root)) {}

  // Remembers what this process is connected to just now. True: there is something.
  bool NoteConnections();

  struct Found {
    SystemPlace place = SystemPlace::kInProcess;
    std::set<int> processes = {};  // kHere; without their descendants
  };
  // What serves these connections. Anew with each call: a server may have been started again.
  Found Find() const;

 private:
  struct Socket {
    std::string local, remote;  // addresses as /proc writes them
    unsigned local_port = 0, remote_port = 0;
    bool listens = false;
  };
  using Sockets = std::map<std::string, Socket>;         // by inode
  using Holders = std::map<std::string, std::set<int>>;  // processes, by inode
  using Endpoint = std::pair<std::string, unsigned>;
  struct Host {
    Sockets sockets;
    Holders holders;
    std::set<unsigned> served = {};  // ports where somebody listens
  };

  Host ReadHost() const;
  Sockets ReadSockets() const;
  void ReadSocketsOf(const std::string& file, Sockets* sockets) const;
  Holders ReadHolders() const;
  std::vector<std::string> SocketsOf(const std::string& process) const;
  static std::set<int> ListenersAt(const Endpoint& endpoint, const Host& host);
  static std::vector<Socket> WaysOut(const std::set<int>& from, const Host& host);
  bool IsBehindBridge(const std::string& address) const;

  const std::string root_;
  std::set<Endpoint> here_;   // what this process is connected to on this host
  std::set<int> unix_peers_;  // processes at the other end of unix sockets
  bool elsewhere_ = false;
  bool bridged_ = false;
};

}  // namespace mbench
