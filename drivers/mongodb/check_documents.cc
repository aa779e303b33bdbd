// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/check_documents.h"

#include "drivers/mongodb/statement_words.h"
#include "harness/base/text.h"

namespace mbench::mongodb {
namespace {

class DocumentChecker {
 public:
  DocumentChecker(StatementReader* reader, const Placeholders& placeholders)
      : reader_(*reader), placeholders_(placeholders) {}

  // `why`: of the value around it.
  bool Check(const ValueNode& node, const std::string& why) {
    for (const ValueNode& child : node.children) {
      Json whole;
      (node.IsMap() ? whole["v"][child.key] : whole["v"]) = JsonOf(child);
      if (BsonTemplate::Compile(whole, placeholders_)) continue;
      // A word such as $oid is part of the field above it.
      const bool names_field = node.IsMap() && (why.empty() || !child.key.starts_with('$'));
      Check(child, names_field ? WhyNot(child) : why);
      return false;
    }
    if (!why.empty()) reader_.Complain(node, why);
    return why.empty();
  }

 private:
  std::string WhyNot(const ValueNode& member) const {
    Json alone;
    alone[member.key] = JsonOf(member);
    const auto compiled = BsonTemplate::Compile(alone, placeholders_);
    return compiled ? fmt::format("{} is not right", Quote(member.key)) : compiled.error().message;
  }

  StatementReader& reader_;
  const Placeholders& placeholders_;
};

}  // namespace

bool CheckDocuments(StatementReader* reader, const Placeholders& placeholders) {
  bool right = true;
  for (const ValueNode& said : reader->Statement().body.children) {
    const WordSpec* const word = reader->FindSpec(said.key);
    const bool is_document = word != nullptr && word->words.empty() && !said.IsScalar();
    if (is_document && reader->Find(said.key) != nullptr)
      right &= DocumentChecker(reader, placeholders).Check(said, "");
  }
  return right;
}

}  // namespace mbench::mongodb
