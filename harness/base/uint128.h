// SPDX-License-Identifier: Apache-2.0
//
// The 128-bit product of two 64-bit numbers: GCC and Clang have the type, ISO C++ has no name for
// it.
#pragma once

namespace mbench {

__extension__ using Uint128 = unsigned __int128;

}  // namespace mbench
