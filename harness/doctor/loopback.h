// SPDX-License-Identifier: Apache-2.0
//
// Questions and answers over TCP on loopback.
#pragma once

#include "harness/base/clock.h"

namespace mbench {

// Answers per second that one thread gets from another one, over some connections with one question
// each; 0: it cannot be tried here.
double LoopbackRate(Ticks length);

}  // namespace mbench
