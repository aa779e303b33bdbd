// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_checks.h"

#include "drivers/redis/redis_statement.h"

namespace mbench {

RedisCheck ReadRedisCheck(const StatementSpec& spec, Complaints* complaints) {
  RedisCheck check{.value = {.name = spec.name}};
  StatementReader reader({"redis", kRedisWords}, spec, complaints);
  if (reader.Head() == nullptr || !reader.Right()) return check;
  if (reader.Head()->name == "keys") {
    check.pattern = reader.Text("keys");
  } else if (const ValueNode& said = *reader.Find("redis"); said.IsList()) {
    for (const ValueNode& word : said.children) check.words.push_back(word.text);
  } else {
    Result<std::vector<std::string>> words = SplitCommand(said.text);
    if (!words) {
      reader.Complain(said, words.error().message);
      return check;
    }
    check.words = *std::move(words);
  }
  if (check.pattern.empty() && check.words.empty())
    reader.Complain(reader.Head()->name, "it is empty");
  check.value = ReadValueCheck(&reader);
  return check;
}

std::string TextOf(const RespValue& reply) {
  if (reply.nil) return "";
  const bool is_list = reply.type == '*' || reply.type == '~' || reply.type == '%';
  return is_list ? std::to_string(reply.elements.size()) : reply.text;
}

}  // namespace mbench
