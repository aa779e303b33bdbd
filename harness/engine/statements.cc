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

StatementSpec SpecOf(const StatementPlan& statement, StatementUse use, const RunPlan& plan) {
  StatementSpec spec{.name = statement.name,
                     .body = statement.body,
                     .label = statement.label,
                     .arguments = statement.arguments,
                     .batch = statement.batch,
                     .use = use};
  for (const std::string& name : statement.arguments) spec.types.push_back(TypeOf(name, plan));
  for (const StatementPlan& step : statement.steps) spec.steps.push_back(SpecOf(step, use, plan));
  return spec;
}

}  // namespace

std::vector<StatementSpec> RunStatements(const RunPlan& plan) {
  std::vector<StatementSpec> specs;
  for (const StatementPlan& statement : plan.mix.statements)
    specs.push_back(SpecOf(statement, StatementUse::kRun, plan));
  return specs;
}

std::vector<StatementSpec> LoadStatements(const RunPlan& plan) {
  if (!plan.data.load_statement) return {};
  return {SpecOf(*plan.data.load_statement, StatementUse::kLoad, plan)};
}

std::vector<StatementSpec> SetUpStatements(const std::vector<StatementPlan>& list,
                                           const RunPlan& plan) {
  std::vector<StatementSpec> specs;
  for (const StatementPlan& statement : list)
    specs.push_back(SpecOf(statement, StatementUse::kSetUp, plan));
  return specs;
}

std::vector<StatementSpec> AllStatements(const RunPlan& plan) {
  std::vector<StatementSpec> all = RunStatements(plan);
  for (auto& specs : {LoadStatements(plan), SetUpStatements(plan.data.before_load, plan),
                      SetUpStatements(plan.data.after_load, plan)}) {
    all.insert(all.end(), specs.begin(), specs.end());
  }
  return all;
}

VerifySpec VerifySpecOf(const RunPlan& plan) {
  VerifySpec spec{.writes = plan.verify.writes};
  for (const StatementPlan& check : plan.verify.checks)
    spec.checks.push_back(SpecOf(check, StatementUse::kCheck, plan));
  return spec;
}

bool HasLoadStatements(const DataPlan& data) {
  return data.load_statement || !data.before_load.empty() || !data.after_load.empty();
}

}  // namespace mbench
