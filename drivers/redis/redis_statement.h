// SPDX-License-Identifier: Apache-2.0
//
// Redis commands written in a workload file:
//
//   recent:  {weight: 60, redis: "ZREVRANGE timeline:{user} 0 19"}
//   profile: {weight: 30, redis: [GET, "profile:{user}"], label: hit}
//   order:   {weight: 10, transaction: [{redis: "INCR orders"}, {redis: "LPUSH queue {value}"}]}
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/value_check.h"
#include "drivers/common/version_words.h"
#include "drivers/redis/redis_commands.h"
#include "drivers/redis/resp_template.h"
#include "drivers/statement_reader.h"
#include "harness/base/result.h"
#include "harness/base/text_template.h"

namespace mbench {

inline constexpr auto kRedisWords = std::to_array<WordSpec>({
    {.name = "redis",
     .type = WordType::kTextOrList,
     .help = "a command as redis-cli has it, or a list of its words",
     .example = "\"GET user:{key}\"",
     .is_head = true,
     .required = true},
    {.name = "redis",
     .type = WordType::kTextOrList,
     .help = "a command; the number it is answered with counts, of a list how long it is",
     .example = "\"LLEN queue\"",
     .is_head = true,
     .where = kInCheck},
    {.name = "keys",
     .help = "a pattern, to count the keys that are called so",
     .example = "\"price:*\"",
     .is_head = true,
     .where = kInCheck},
    ExpectWord(),
    EqualToWord(),
    LabelWord("splits the results into hit, and miss where there is no such key", "hit", "hit"),
    WritesWord(),
    ReadsWord("the key that it reads; its version is the reply, of a list its first member"),
});

// Thread: any; immutable once made.
class RedisStatement {
 public:
  // What is wrong is added to `complaints`.
  static RedisStatement Read(const StatementSpec& spec, Complaints* complaints);

  void AppendTo(std::span<const std::string_view> arguments, std::string* out) const {
    request_.AppendTo(arguments, out);
  }
  // Of a cluster: finds out which word the key is, by asking; without an answer it is the second.
  void FindKey(std::size_t arguments, const AskForKeys& ask);
  // The key that decides which node of a cluster it goes to; "" when it has none.
  std::string Key(std::span<const std::string_view> arguments) const;

  std::uint32_t Replies() const { return replies_; }
  bool IsTransaction() const { return is_transaction_; }
  bool LabelsHits() const { return labels_hits_; }
  // Its reply is a version.
  bool Reads() const { return reads_; }

 private:
  static RedisCommand ReadCommand(StatementReader* reader);
  void Add(RedisCommand command);

  std::vector<RedisCommand> commands_;  // as they are written
  TextTemplate key_;                    // says where the whole goes
  RespTemplate request_;                // all of them, of a transaction with what is around them
  std::uint32_t replies_ = 1;           // MULTI and EXEC are answered too
  bool is_transaction_ = false;
  bool labels_hits_ = false, reads_ = false;
};

// The words of a command as a shell would see them: separated by blanks, "..." and '...' keep them
// together, \" \\ \n \r \t inside "...". Fails on a quote that is not closed.
Result<std::vector<std::string>> SplitCommand(std::string_view text);

}  // namespace mbench
