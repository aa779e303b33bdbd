// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/system/servers.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace mbench::testing {
namespace {

struct Ended {
  bool well = false;
  std::string said;
};

// REQUIRES: words without a meaning to the shell.
Ended RunServers(std::string_view folder, std::string_view word, std::string_view target) {
  const std::string command = fmt::format("'{}' --dir '{}' {} {} 2>&1 </dev/null",
                                          MBENCH_SERVERS_SCRIPT, folder, word, target);
  Ended ended;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {.said = "no shell to run " + command};
  char part[512];
  while (fgets(part, sizeof part, pipe) != nullptr) ended.said += part;
  const int status = pclose(pipe);
  ended.well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return ended;
}

std::map<std::string, std::string> ReadFacts(const std::string& path) {
  std::map<std::string, std::string> facts;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals != line.npos) facts[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return facts;
}

// "redis-tls", "URL" -> MBENCH_TEST_REDIS_TLS_URL, or nullptr. MongoDB calls it a URI.
const char* FromUser(std::string_view name, std::string_view key) {
  std::string variable = fmt::format("MBENCH_TEST_{}_{}", name, key);
  for (char& c : variable) c = c == '-' || c == '.' ? '_' : static_cast<char>(std::toupper(c));
  if (variable == "MBENCH_TEST_MONGODB_URL") variable = "MBENCH_TEST_MONGO_URI";
  return std::getenv(variable.c_str());
}

// Of this process: for a test program that is run by hand, without ctest.
class FolderOfProcess {
 public:
  FolderOfProcess() : path_(fmt::format("/tmp/mbench-test-{}", getpid())) {}
  ~FolderOfProcess() {
    if (std::filesystem::exists(path_)) RunServers(path_, "stop", "");
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string SharedFolder() {
  if (const char* of_run = std::getenv("MBENCH_SERVERS_DIR")) return of_run;
  static const FolderOfProcess of_process;
  return of_process.path();
}

// Next to the shared one, where the fixture finds it if the test crashes.
std::string NewOwnFolder() {
  static int count = 0;
  return fmt::format("{}-own-{}-{}", SharedFolder(), getpid(), ++count);
}

}  // namespace

Server::Server(std::string_view name, std::string folder)
    : name_(name), folder_(std::move(folder)) {}

std::string Server::Fact(const std::string& key) const {
  const auto found = facts_.find(key);
  if (found != facts_.end()) return found->second;
  const char* const from_user = FromUser(name_, key);
  EXPECT_NE(from_user, nullptr) << "nothing is known of " << key << " of " << name_;
  return from_user != nullptr ? from_user : "";
}

bool Server::Do(std::string_view word, std::string_view target) {
  const Ended ended = RunServers(folder_, word, target);
  if (!ended.well) why_not_ = ended.said.empty() ? "scripts/servers failed" : ended.said;
  return ended.well;
}

void Server::Start() {
  if (Do("start", name_)) facts_ = ReadFacts(fmt::format("{}/{}/facts", folder_, name_));
}

SharedServer::SharedServer(std::string_view name) : Server(name, SharedFolder()) {
  const char* const url = FromUser(name_, "URL");
  if (url != nullptr) {
    facts_["URL"] = url;
  } else {
    Start();
  }
}

OwnServer::OwnServer(std::string_view name) : Server(name, NewOwnFolder()) { Start(); }
OwnServer::~OwnServer() { RunServers(folder_, "stop", ""); }

void OwnServer::Expect(std::string_view word, std::string_view target) {
  EXPECT_TRUE(Do(word, target)) << word << ' ' << target << ": " << why_not_;
}
void OwnServer::Stop() { Expect("stop", name_); }
void OwnServer::Kill() { Expect("kill", name_); }
void OwnServer::Kill(int process) { Expect("kill", fmt::format("{}:{}", name_, process)); }
void OwnServer::Pause() { Expect("pause", name_); }
void OwnServer::Resume() { Expect("resume", name_); }

}  // namespace mbench::testing
