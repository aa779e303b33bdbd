// SPDX-License-Identifier: Apache-2.0
//
// A module that wants a function which the program does not have.
extern "C" int mbench_function_of_another_program();
extern "C" const int mbench_driver_module;
const int mbench_driver_module = mbench_function_of_another_program();
