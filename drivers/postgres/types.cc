// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/types.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "drivers/postgres/server.h"

namespace mbench::postgres {
namespace {

// Of pg_type.dat.
constexpr std::uint32_t kText = 25;
constexpr auto kTypes = std::to_array<std::pair<std::uint32_t, std::string_view>>({
    {16, "boolean"},
    {20, "bigint"},
    {kText, "text"},
    {1184, "timestamptz"},
    {1700, "numeric"},
});

constexpr std::string_view kSyntaxError = "42601";

using Types = std::vector<std::uint32_t>;

class Settler {
 public:
  Settler(Admin* admin, std::span<const ValueType> types) : admin_(admin), types_(types) {}

  // Tries the text as it is, then with types, then with a parameter for each place.
  Status Settle(Prepared* statement, std::string* state) {
    const Result<Types> inferred = admin_->ParameterTypes(statement->Sql(), {}, state);
    if (inferred) {
      if (Status counted = CheckCount(*inferred, *statement); !counted) return counted;
      return Retype(*inferred, statement), Status{};
    }
    if (*state == kSyntaxError) return Failed(inferred);
    if (TryAll(statement)) return {};
    Prepared apart = statement->WithParametersApart();
    const bool same = apart.Arguments().size() == statement->Arguments().size();
    std::string state_apart;
    if (same || !Settle(&apart, &state_apart)) return Failed(inferred);
    *statement = std::move(apart);
    return {};
  }

 private:
  std::uint32_t TypeOf(std::uint16_t argument) const {
    return TypeNumber(argument < types_.size() ? types_[argument] : ValueType::kText);
  }

  bool Takes(const Prepared& statement, const Types& types) {
    return admin_->ParameterTypes(statement.Sql(), types, nullptr).has_value();
  }

  bool TryAll(Prepared* statement) {
    Types all;
    for (const std::uint16_t argument : statement->Arguments()) all.push_back(TypeOf(argument));
    if (!Takes(*statement, all)) return false;
    *statement = statement->WithTypes(std::move(all));
    return true;
  }

  // Numbers that were taken for texts: as many of them as the server takes for numbers.
  void Retype(const Types& inferred, Prepared* statement) {
    Types types(inferred.size(), 0);
    for (std::size_t i = 0; i < inferred.size(); ++i) {
      const std::uint32_t own = TypeOf(statement->Arguments()[i]);
      if (inferred[i] == kText && IsNumber(own)) types[i] = own;
    }
    if (std::ranges::count(types, 0u) == std::ssize(types)) return;
    if (!Takes(*statement, types)) types = OneByOne(*statement, types);
    if (std::ranges::count(types, 0u) == std::ssize(types)) return;
    *statement = statement->WithTypes(std::move(types));
  }

  Types OneByOne(const Prepared& statement, const Types& wanted) {
    Types types(wanted.size(), 0);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      types[i] = wanted[i];
      if (wanted[i] != 0 && !Takes(statement, types)) types[i] = 0;
    }
    return types;
  }

  static bool IsNumber(std::uint32_t type) {
    return type == TypeNumber(ValueType::kInteger) || type == TypeNumber(ValueType::kDecimal);
  }

  static Status CheckCount(const Types& inferred, const Prepared& statement) {
    if (inferred.size() == statement.Arguments().size()) return {};
    return BadConfig(
        "PostgreSQL sees {} parameters, and the text has {} placeholders; write a placeholder such "
        "as {{key}} for a $1 of your own",
        inferred.size(), statement.Arguments().size());
  }

  Admin* const admin_;
  const std::span<const ValueType> types_;
};

}  // namespace

// An amount is a number with decimals, and must not be rounded on its way.
std::uint32_t TypeNumber(ValueType type) {
  switch (type) {
    case ValueType::kInteger:
      return 20;
    case ValueType::kDouble:
    case ValueType::kDecimal:
      return 1700;
    case ValueType::kFlag:
      return 16;
    case ValueType::kDate:
      return 1184;
    case ValueType::kText:
    case ValueType::kPoint:
      break;
  }
  return kText;
}

std::string_view TypeName(std::uint32_t type) {
  const auto found = std::ranges::find(kTypes, type, [](const auto& pair) { return pair.first; });
  return found == kTypes.end() ? "text" : found->second;
}

Status SettleTypes(Admin* admin, std::span<const ValueType> types, Prepared* statement,
                   std::string* state) {
  return Settler(admin, types).Settle(statement, state);
}

}  // namespace mbench::postgres
