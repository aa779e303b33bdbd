// SPDX-License-Identifier: Apache-2.0
//
// The other process of tests of drivers (class Child in testing.h). Says one line when it is done,
// then waits to be killed. Options are written key=value.
//
//    hold DRIVER OPTION...                  opens the store
//    fill DRIVER OPTION...                  ... and inserts the records of testing.h
//    load DRIVER OPTION...                  ... and marks them
//    fill-disk DRIVER DIRECTORY OPTION...   opens a store on a small disk and writes until that is
//                                           full
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

#include "harness/base/check.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

Options ToOptions(std::span<const std::string> arguments) {
  Options options;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    MB_CHECK(equals != std::string::npos, "option {}", argument);
    options.emplace(argument.substr(0, equals), argument.substr(equals + 1));
  }
  return options;
}

std::string Use(TestStore* store, const std::string& verb, const std::string& driver,
                const Options& options) {
  std::string error = store->Open(driver, options);
  if (!error.empty() || verb == "hold") return error;
  InsertRecords(*store->session);
  if (verb == "fill") return "";
  const Status marked = store->driver->Store()->SetDataset("some records");
  return marked ? "" : marked.error().message;
}

// A tmpfs that only this process sees or, for one that may not mount, a limit for the size of
// files.
std::string MakeSmallDisk(const std::string& directory, std::size_t bytes) {
  const std::string size = "size=" + std::to_string(bytes);
  // Private first, or the mount would be seen, and stay, outside.
  if (unshare(CLONE_NEWNS) == 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
      mount("tmpfs", directory.c_str(), "tmpfs", 0, size.c_str()) == 0) {
    return "tmpfs";
  }
  signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  MB_CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0, "no limit");
  return "limit";
}

// The first answer that is not ok, for writes of 100 kB each.
Answer WriteUntilFull(Session& session, int* written) {
  const std::string value(100'000, 'v');
  for (*written = 0;; ++*written) {
    const Answer answer =
        Do(session, {.kind = OpKind::kInsert, .key = Key(*written), .value = value});
    if (answer.outcome != Outcome::kOk || *written > 1000) return answer;
  }
}

// "tmpfs: failed no space, all found, 0 more written, closed": which kind of disk it was, how the
// write ended that did not fit, whether the earlier ones can still be read, what happened to later
// ones.
std::string FillDisk(TestStore* store, const std::string& driver, const std::string& directory,
                     Options options) {
  const std::string disk = MakeSmallDisk(directory, 4 << 20);
  options.emplace("path", directory + "/store");
  const std::string error = store->Open(driver, options);
  if (!error.empty()) return error;
  int written = 0;
  const Answer answer = WriteUntilFull(*store->session, &written);
  const std::string name = store->session->DescribeError(answer.error);
  const bool all = written > 10 && CountRecords(*store->session, written) == written;
  int more = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string value(100'000, 'w');
    const Answer next = Do(*store->session, {.kind = OpKind::kInsert, .key = "z", .value = value});
    more += next.outcome == Outcome::kOk ? 1 : 0;
  }
  store->Close();
  return fmt::format("{}: {} {}, {}, {} more written, closed", disk, Name(answer.outcome), name,
                     all ? "all found" : "lost some", more);
}

std::string Run(TestStore* store, const std::vector<std::string>& arguments) {
  MB_CHECK(arguments.size() >= 3, "{} arguments", arguments.size());
  if (arguments[0] == "fill-disk") {
    return FillDisk(store, arguments[1], arguments[2], ToOptions(std::span(arguments).subspan(3)));
  }
  return Use(store, arguments[0], arguments[1], ToOptions(std::span(arguments).subspan(2)));
}

}  // namespace
}  // namespace mbench::testing

int main(int argc, char** argv) {
  mbench::testing::TestStore store;
  std::puts(mbench::testing::Run(&store, {argv + 1, argv + argc}).c_str());
  std::fflush(stdout);
  for (;;) pause();
}
