// SPDX-License-Identifier: Apache-2.0
//
// A small HTTP server for those who watch a run: GET only, a handful of threads of its own, and
// limits on everything a client can do, so that one that is slow, silent or gone costs the run
// nothing.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/live/listen_address.h"

namespace mbench {

struct HttpReply {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body = {};
  std::function<void()> sent = {};  // called when all of it went out
};

// The next piece of a stream that goes on; waits for it. Empty: the stream is over.
using HttpStream = std::function<std::string()>;

// Thread: what is called by it is called from its own threads, several at a time, and may be called
// a moment longer than the server lives: it owns (shares) all that it looks at.
struct HttpSite {
  std::map<std::string, std::function<HttpReply()>> pages;     // by path
  std::map<std::string, std::function<HttpStream()>> streams;  // server-sent events
  std::string token = {};  // that a request must carry, as ?token= or as bearer; "": none
};

class HttpServer {
 public:
  // `option`: for messages. Fails with kUsage when the address cannot be had.
  static Result<std::unique_ptr<HttpServer>> Listen(std::string_view option,
                                                    const ListenAddress& endpoint, HttpSite site);
  // Accepts nobody any more, and waits up to a second for replies that are being sent. What takes
  // longer is finished by the threads of the server. REQUIRES: streams end soon after their owner
  // said so.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  const ListenAddress& Address() const { return endpoint_; }  // with the port that was taken

 private:
  struct Impl;
  HttpServer(ListenAddress endpoint, std::shared_ptr<Impl> impl);

  ListenAddress endpoint_;
  std::shared_ptr<Impl> impl_;
};

}  // namespace mbench
