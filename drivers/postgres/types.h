// SPDX-License-Identifier: Apache-2.0
//
// The types of parameters.
//
// The server infers them, and knows best: it turns 5 into whatever the column is. But where it
// finds nothing to go by, it takes a parameter for text, so that GREATEST($1, $2) compares 9 and 10
// as texts, or it gives up, as with to_jsonb($1). Then the type is that of the generator, if the
// server takes it; a number for a column of text stays text.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "drivers/postgres/requests.h"
#include "harness/base/value_type.h"

namespace mbench::postgres {

class Admin;

// The number that PostgreSQL has for the type of such values.
std::uint32_t TypeNumber(ValueType type);
// "bigint": of those above.
std::string_view TypeName(std::uint32_t type);

// Gives the parameters of a statement their types. `types`: of Op::arguments; fewer: the others are
// texts. Fails with the server's message, and its SQLSTATE in *state.
Status SettleTypes(Admin* admin, std::span<const ValueType> types, Prepared* statement,
                   std::string* state);

}  // namespace mbench::postgres
