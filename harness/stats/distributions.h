// SPDX-License-Identifier: Apache-2.0
//
// The distributions of Boost.Math that verdicts need, in double precision only.
//
// Left alone, Boost prepares its `long double` tables before `main` and ends the program where a
// long double is no wider than a double: under valgrind, which counts instructions for us.
#pragma once

#define BOOST_MATH_NO_LONG_DOUBLE_MATH_FUNCTIONS

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
