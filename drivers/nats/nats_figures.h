// SPDX-License-Identifier: Apache-2.0
//
// What a server says of itself on its page /varz.
#pragma once

#include <cstdint>
#include <string_view>

#include "drivers/observer.h"

namespace mbench::nats {

struct ServerFigures {
  SystemFigures now, counted;
  // Clients that it has cut off since it began, because they did not read what was there for them.
  std::uint64_t slow_consumers = 0;
};
// What cannot be read is left out.
ServerFigures ReadVarz(std::string_view page);

}  // namespace mbench::nats
