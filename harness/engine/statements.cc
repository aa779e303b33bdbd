// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/statements.h"

#include "harness/base/text_template.h"

namespace mbench {
namespace {

ArgumentType TypeOf(ValueType type) {
  switch (type) {
    case ValueType::kText:
      return ArgumentType::kText;
    case ValueType::kInteger:
      return ArgumentType::kInteger;
    case ValueType::kDouble:
      return ArgumentType::kDouble;
    case ValueType::kDecimal:
      return ArgumentType::kDecimal;
    case ValueType::kFlag:
      return ArgumentType::kFlag;
    case ValueType::kDate:
      return ArgumentType::kDate;
    case ValueType::kPoint:
      return ArgumentType::kPoint;
  }
  return ArgumentType::kText;
}

ArgumentType TypeOf(const std::string& name, const RunPlan& plan) {
  if (!name.starts_with(kRowPrefix)) return TypeOf(TypeOf(FindGenerator(plan.mix, name)));
  const Rows& rows = *plan.data.rows;
  const std::size_t column = rows.Find(std::string_view(name).substr(kRowPrefix.size()));
  return TypeOf(rows.Columns()[column].type);
}

StatementSpec SpecOf(const StatementPlan& statement, const RunPlan& plan) {
  StatementSpec spec{.name = statement.name,
                     .body = statement.body,
                     .label = statement.label,
                     .arguments = statement.arguments,
                     .batch = statement.batch};
  for (const std::string& name : statement.arguments) spec.types.push_back(TypeOf(name, plan));
  for (const StatementPlan& step : statement.steps) spec.steps.push_back(SpecOf(step, plan));
  return spec;
}

std::vector<StatementSpec> SpecsOf(const std::vector<StatementPlan>& list, const RunPlan& plan) {
  std::vector<StatementSpec> specs;
  for (const StatementPlan& statement : list) specs.push_back(SpecOf(statement, plan));
  return specs;
}

}  // namespace

StatementSet StatementsOf(const RunPlan& plan) {
  StatementSet set;
  set[SessionPhase::kBeforeLoad] = SpecsOf(plan.data.before_load, plan);
  if (plan.data.load_statement)
    set[SessionPhase::kLoad] = {SpecOf(*plan.data.load_statement, plan)};
  set[SessionPhase::kAfterLoad] = SpecsOf(plan.data.after_load, plan);
  set[SessionPhase::kRun] = SpecsOf(plan.mix.statements, plan);
  set.checks = SpecsOf(plan.verify.checks, plan);
  return set;
}

bool HasLoadStatements(const DataPlan& data) {
  return data.load_statement || !data.before_load.empty() || !data.after_load.empty();
}

}  // namespace mbench
