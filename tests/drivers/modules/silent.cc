// SPDX-License-Identifier: Apache-2.0
//
// A library that is no driver, though it is called like one.
extern "C" int mbench_silent();
int mbench_silent() { return 0; }
