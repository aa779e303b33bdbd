// SPDX-License-Identifier: Apache-2.0
#include "harness/result/ledger_json.h"

#include <algorithm>

namespace mbench {
namespace {

OrderedJson LossJson(const LedgerSummary::Loss& loss) {
  OrderedJson json;
  json["writes"] = loss.writes;
  json["from_s"] = JsonSeconds(loss.from);
  json["until_s"] = JsonSeconds(loss.until);
  return json;
}

OrderedJson AtEventJson(const LedgerSummary::AtEvent& at) {
  OrderedJson json = LossJson(at);
  json["in_doubt"] = at.in_doubt;
  json["reads"] = at.reads.judged;
  json["stale"] = at.reads.stale;
  return json;
}

// Times of the warm-up are below 0.
LedgerSummary::Loss ReadLoss(JsonFields fields) {
  constexpr double kLongest = ToSeconds(kNever);
  LedgerSummary::Loss loss{.writes = fields.Count("writes")};
  loss.from = FromSeconds(fields.NumberIn("from_s", -kLongest, kLongest));
  loss.until = FromSeconds(fields.NumberIn("until_s", -kLongest, kLongest));
  return loss;
}

// Results of older versions know the losses alone.
LedgerSummary::AtEvent ReadAtEvent(JsonFields fields) {
  LedgerSummary::AtEvent at{ReadLoss(fields), fields.CountOr0("in_doubt"), {}};
  at.reads = {fields.CountOr0("reads"), fields.CountOr0("stale")};
  return at;
}

OrderedJson OpJson(const LedgerSummary::OfOp& op, const std::string& name) {
  OrderedJson json;
  json["op"] = name;
  json["acknowledged"] = op.acknowledged;
  json["lost"] = op.lost;
  json["failed"] = op.failed;
  json["failed_there"] = op.failed_there;
  json["in_doubt"] = op.in_doubt;
  json["in_doubt_there"] = op.in_doubt_there;
  json["reads"] = op.reads.judged;
  json["stale"] = op.reads.stale;
  json["stale_by_ns"] = op.oldest;
  json["never_written"] = op.never_written;
  json["backwards"] = op.backwards;
  json["not_own"] = op.not_own;
  json["labels"] = OrderedJson::array();
  for (const LedgerSummary::LabelReads& label : op.labels)
    json["labels"].push_back(
        {{"label", label.label}, {"reads", label.judged}, {"stale", label.stale}});
  return json;
}

LedgerSummary::OfOp ReadOp(JsonFields fields) {
  LedgerSummary::OfOp op;
  op.acknowledged = fields.Count("acknowledged");
  op.lost = fields.Count("lost");
  op.failed = fields.Count("failed");
  op.failed_there = fields.Count("failed_there");
  op.in_doubt = fields.Count("in_doubt");
  op.in_doubt_there = fields.Count("in_doubt_there");
  op.reads = {fields.Count("reads"), fields.Count("stale")};
  op.oldest = fields.Nanoseconds("stale_by_ns");
  op.never_written = fields.Count("never_written");
  op.backwards = fields.Count("backwards");
  op.not_own = fields.Count("not_own");
  for (std::size_t i = 0; fields.Ok() && i < fields.List("labels").size(); ++i) {
    JsonFields label = fields.Item("labels", i);
    op.labels.push_back({{label.Count("reads"), label.Count("stale")}, label.Text("label")});
  }
  return op;
}

}  // namespace

OrderedJson LedgerJson(const RunResult& result) {
  const LedgerSummary& ledger = result.ledger;
  OrderedJson json;
  json["writes_known"] = ledger.writes_known;
  json["reads_known"] = ledger.reads_known;
  json["keys"] = ledger.keys;
  json["rpo_s"] = JsonSeconds(ledger.loss.Length());
  json["loss"] = LossJson(ledger.loss);
  json["by_event"] = OrderedJson::array();
  for (const LedgerSummary::AtEvent& at : ledger.by_event)
    json["by_event"].push_back(AtEventJson(at));
  json["repeated_versions"] = ledger.repeated_versions;
  json["not_kept"] = ledger.not_kept;
  json["why_not_kept"] = ledger.why_not_kept;
  json["ops"] = OrderedJson::array();
  for (std::size_t op = 0; op < ledger.ops.size() && op < result.op_names.size(); ++op)
    json["ops"].push_back(OpJson(ledger.ops[op], result.op_names[op]));
  return json;
}

OrderedJson MessagesJson(const std::vector<OpMessages>& messages) {
  OrderedJson list = OrderedJson::array();
  for (const OpMessages& of : messages) {
    list.push_back({{"op", of.op},
                    {"acknowledged", of.counts.acknowledged},
                    {"lost", of.counts.lost},
                    {"doubled", of.counts.doubled},
                    {"known", of.counts.known}});
  }
  return list;
}

OpMessages ReadMessages(JsonFields fields) {
  return {.op = fields.Text("op"),
          .counts = {.acknowledged = fields.Count("acknowledged"),
                     .lost = fields.Count("lost"),
                     .doubled = fields.Count("doubled"),
                     .known = fields.Flag("known")}};
}

LedgerSummary ReadLedger(JsonFields fields, const std::vector<std::string>& op_names) {
  LedgerSummary ledger{.known = true};
  ledger.writes_known = fields.Flag("writes_known");
  ledger.reads_known = fields.Flag("reads_known");
  ledger.keys = fields.Count("keys");
  ledger.loss = ReadLoss(fields.Object("loss"));
  for (std::size_t i = 0; fields.Ok() && i < fields.List("by_event").size(); ++i)
    ledger.by_event.push_back(ReadAtEvent(fields.Item("by_event", i)));
  ledger.repeated_versions = fields.Count("repeated_versions");
  ledger.not_kept = fields.Count("not_kept");
  ledger.why_not_kept = fields.Text("why_not_kept");
  ledger.ops.resize(op_names.size());
  for (std::size_t i = 0; fields.Ok() && i < fields.List("ops").size(); ++i) {
    JsonFields item = fields.Item("ops", i);
    const auto op = std::ranges::find(op_names, item.Text("op")) - op_names.begin();
    if (op == std::ssize(op_names)) {
      item.Wrong("op", "there is no such op");
    } else {
      ledger.ops[static_cast<std::size_t>(op)] = ReadOp(item);
    }
  }
  return ledger;
}

}  // namespace mbench
