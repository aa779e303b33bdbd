# SPDX-License-Identifier: Apache-2.0
#
# Precompiled headers, one for each set of flags that our targets are compiled with, because a compiler takes one only
# where its own flags are the same:
#
#   hot      libraries on the way of an op
#   cold     the others, and with sanitizers unoptimised
#   module   drivers that are shared libraries
#   test     tests
#
# No file rests on them: every file includes what it needs, and the presets `tidy` and `fuzz` build without
# (-DMBENCH_PRECOMPILED=OFF).
option(MBENCH_PRECOMPILED "Parse the headers that most files read once per set of flags" ON)

set(standard_headers
    <algorithm> <array> <atomic> <cmath> <cstddef> <cstdint> <cstring> <filesystem> <fstream> <functional> <map> <memory>
    <mutex> <optional> <set> <span> <string> <string_view> <thread> <utility> <vector>)
set(own_headers <fmt/format.h> <tl/expected.hpp>)

# mbench_make_precompiled(SET HEADERS <a> ... LINKS library ...)
function(mbench_make_precompiled set)
  cmake_parse_arguments(ARG "" "" "HEADERS;LINKS" ${ARGN})
  set(source ${PROJECT_BINARY_DIR}/precompiled/${set}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "// Has nothing of its own.\n")
  add_library(mbench_precompiled_${set} STATIC ${source})
  target_link_libraries(mbench_precompiled_${set} PUBLIC mbench_options ${ARG_LINKS} fmt::fmt tl::expected)
  target_precompile_headers(mbench_precompiled_${set} PRIVATE ${standard_headers} ${own_headers} ${ARG_HEADERS})
endfunction()

# mbench_precompiled(TARGET SET): the target is compiled with the flags of that set.
function(mbench_precompiled target set)
  if(MBENCH_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM mbench_precompiled_${set})
  endif()
endfunction()

if(MBENCH_PRECOMPILED)
  mbench_make_precompiled(hot LINKS Threads::Threads)
  mbench_make_precompiled(cold LINKS Threads::Threads mbench_cold_options nlohmann_json::nlohmann_json HEADERS <nlohmann/json.hpp>)
  mbench_make_precompiled(module)
  set_target_properties(mbench_precompiled_module PROPERTIES POSITION_INDEPENDENT_CODE ON)
  if(MBENCH_TESTS)
    find_package(GTest REQUIRED)
    mbench_make_precompiled(test LINKS Threads::Threads mbench_cold_options GTest::gtest GTest::gmock
                            HEADERS <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endif()
