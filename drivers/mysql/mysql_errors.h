// SPDX-License-Identifier: Apache-2.0
//
// Error numbers of MariaDB and MySQL as classes that can be counted: "1213 deadlock". Messages of
// the server have values in them ("Duplicate entry 'x' ...") and are not used.
#pragma once

#include <string>
#include <string_view>

#include "drivers/op.h"

namespace mbench::mysql {

std::string ErrorName(unsigned number, std::string_view sqlstate);

// The line to the server is of no more use (numbers of the client library).
bool LosesLine(unsigned number);

// The server does not know a prepared statement any more (behind a pooler), or cannot do it as it
// was prepared: an op that was not done, and is when it is prepared again.
bool IsStale(unsigned number);

// kRejected for what the server says when it has too much to do, else kFailed.
Outcome OutcomeOf(unsigned number);

}  // namespace mbench::mysql
