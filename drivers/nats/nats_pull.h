// SPDX-License-Identifier: Apache-2.0
//
// Ops that ask a stream for messages, `consume` alone: a durable consumer that is pulled from, as a
// group whose members are the connections of the load.
//
//   read: {weight: 1, consume: {stream: ORDERS, group: audit, from: beginning, until: end}}
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "drivers/observer.h"
#include "harness/base/clock.h"

namespace mbench::nats {

// What a statement says of it.
struct Pull {
  std::string stream, group;
  std::string filter;          // "": all of the stream
  bool from_beginning = true;  // else with what is sent from now on
  bool until_end = false;      // the run is over when all is read that was there when it began
  std::uint32_t most = 500;    // messages of an op
  Ticks wait = kSecond;        // of an op for the first of them
  Ticks ack_wait = 30 * kSecond;
  bool operator==(const Pull&) const = default;
};

// Thread: any.
class PullGroup {
 public:
  explicit PullGroup(const Pull& pull);

  const Pull& pull() const { return pull_; }
  // Where a request goes, and what it says.
  const std::string& subject() const { return subject_; }
  const std::string& request() const { return request_; }

  // Messages that were there for it. To be set before the first op.
  void SetBacklog(std::uint64_t messages) { backlog_ = messages; }
  // A message is in hand. `again`: it was delivered before.
  void Count(std::size_t bytes, bool again, Ticks now);
  // All that was there is read, and nobody wants more.
  bool IsRead() const { return pull_.until_end && read_.load() >= backlog_; }

  // `pending`: messages that the server has for it.
  void AddFigures(std::int64_t pending, SystemFigures* figures, SystemFigures* counted) const;
  void AddFindings(SystemRemarks* remarks) const;

 private:
  const Pull pull_;
  const std::string subject_, request_;
  std::uint64_t backlog_ = 0;
  std::atomic<std::uint64_t> read_{0}, bytes_{0}, again_{0};
  std::atomic<Ticks> first_{0}, caught_up_{0};  // 0: not yet
};

}  // namespace mbench::nats
