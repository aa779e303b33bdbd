// SPDX-License-Identifier: Apache-2.0
//
// --serve [ADDRESS]: the page of the run in a browser while it goes, made of what was measured so
// far. At / the page, at /events what tells it that there is more (server-sent events).
//
// The run only adds its second to what the page is made of. Pages are made by the server's threads,
// one for all browsers, and no more often than that it takes a hundredth of the time.
#pragma once

#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/live/http_server.h"
#include "harness/live/run_watcher.h"

namespace mbench {

// The token is taken from here and not from the command line, which others can see and which is
// stored in the result.
inline constexpr const char* kServeTokenVariable = "MBENCH_SERVE_TOKEN";

class PageServer : public RunWatcher {
 public:
  // Loopback only, unless there is a token. Fails with kUsage. The URL goes to stderr.
  static Result<std::unique_ptr<PageServer>> Open(const std::string& address,
                                                  const std::string& token);
  // A browser that watches gets two seconds to take the last page.
  ~PageServer() override;

  void OnRun(const WatchedRun& run) override;
  void OnStart() override;
  void OnInterval(const Interval& interval) override;
  void OnEnd() override;

  const ListenAddress& Address() const { return server_->Address(); }

 private:
  struct Shown;
  explicit PageServer(std::shared_ptr<Shown> shown);

  std::shared_ptr<Shown> shown_;
  std::unique_ptr<HttpServer> server_;
  WatchedRun run_;
};

}  // namespace mbench
