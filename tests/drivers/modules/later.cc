// SPDX-License-Identifier: Apache-2.0
//
// A module that was made for a later version of the contract, with members that nobody here knows.
extern "C" const unsigned mbench_driver_module[8];
const unsigned mbench_driver_module[8] = {999};
