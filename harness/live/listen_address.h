// SPDX-License-Identifier: Apache-2.0
//
// An address to listen on, as an option gives it: 127.0.0.1:9464, [::1]:0, localhost:8080, or a
// port alone, which is one of 127.0.0.1. Port 0: any free one.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

struct ListenAddress {
  std::string host = "127.0.0.1";
  int port = 0;

  bool IsLoopback() const;
  std::string Text() const;  // "[::1]:8080"
};

// `option`: for messages, "--serve".
Result<ListenAddress> ParseListenAddress(std::string_view option, std::string_view text);

// "127.0.0.1:80" or "127.0.0.1" as a Host header has it, of loopback. A page of another site may
// make a browser connect to us (DNS rebinding), but then the header names that site.
bool NamesLoopback(std::string_view host_header);

}  // namespace mbench
