// SPDX-License-Identifier: Apache-2.0
//
// A page of text that a system serves over HTTP and that says something of the system: its status,
// its metrics. Asked now and then and never timed; a connection each.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/common/endpoint.h"
#include "drivers/common/tls.h"
#include "harness/base/clock.h"
#include "harness/base/options.h"

namespace mbench {

// Thread: one at a time.
class HttpPage {
 public:
  // `url`: http or https, with user:password@ where the page wants that. `options`: with
  // kTlsOptions. Looks the host up. Fails with kUsage or kUnreachable; messages repeat no password.
  static Result<HttpPage> Make(const std::string& url, const OptionValues& options);

  // What is there just now. Fails with kUnreachable: the place, and why.
  Result<std::string> Get(Ticks patience);

  const std::string& Server() const { return server_; }  // that answered, as it calls itself

 private:
  HttpPage() = default;
  Result<std::string> Exchange(Ticks deadline);

  std::string place_;    // "http://127.0.0.1:8404/stats", for messages
  std::string request_;  // as it is sent
  std::shared_ptr<Endpoint> endpoint_;
  std::shared_ptr<TlsContext> tls_;
  std::string server_;
};

}  // namespace mbench
