// SPDX-License-Identifier: Apache-2.0
#include "drivers/nats/nats_pull.h"

#include <fmt/format.h>

#include "drivers/common/message_feed.h"
#include "harness/base/units.h"

namespace mbench::nats {

// With both words a server waits for the first message, and ends the request with what is there.
PullGroup::PullGroup(const Pull& pull)
    : pull_(pull),
      subject_(fmt::format("$JS.API.CONSUMER.MSG.NEXT.{}.{}", pull.stream, pull.group)),
      request_(fmt::format(R"({{"batch":{},"no_wait":true,"expires":{}}})", pull.most, pull.wait)) {
}

void PullGroup::Count(std::size_t bytes, bool again, Ticks now) {
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (again) {
    again_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  const std::uint64_t read = read_.fetch_add(1) + 1;
  Ticks never = 0;
  if (read == 1) first_.compare_exchange_strong(never, now);
  never = 0;
  if (read == backlog_) caught_up_.compare_exchange_strong(never, now);
}

void PullGroup::AddFigures(std::int64_t pending, SystemFigures* figures,
                           SystemFigures* counted) const {
  const std::string prefix = ReceiversPrefix(pull_.group, "");
  (*figures)[prefix + "_lag_messages"] += static_cast<double>(pending);
  (*counted)[prefix + "_messages_per_s"] += static_cast<double>(read_.load());
  (*counted)[prefix + "_bytes_per_s"] += static_cast<double>(bytes_.load());
  (*counted)[prefix + "_redelivered_per_s"] += static_cast<double>(again_.load());
}

void PullGroup::AddFindings(SystemRemarks* remarks) const {
  const std::uint64_t read = read_.load();
  std::string said =
      fmt::format("{} messages read, {} were there when it began, {} delivered again", read,
                  backlog_, again_.load());
  if (caught_up_.load() != 0)
    said += fmt::format("; had read what was there after {}",
                        FormatDuration(caught_up_.load() - first_.load()));
  remarks->facts[ReceiversName(pull_.group, "stream " + pull_.stream)] = said;
  if (pull_.until_end && read < backlog_)
    remarks->warnings.push_back(fmt::format(
        "{} of {} messages that were there for group {} had not been read when the run was over",
        backlog_ - read, backlog_, pull_.group));
}

}  // namespace mbench::nats
