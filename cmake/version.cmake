# SPDX-License-Identifier: Apache-2.0
# MBENCH_VERSION: that of the tag (v1.2.3) when the tree is one, else the one below. In a tree without git,
# such as an unpacked archive, it is the one below too.
set(MBENCH_VERSION 0.1.0)
find_package(Git QUIET)
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} describe --tags --exact-match --match "v[0-9]*"
                  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE tag ERROR_QUIET
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(tag MATCHES "^v([0-9]+\\.[0-9]+\\.[0-9]+)$")
    set(MBENCH_VERSION ${CMAKE_MATCH_1})
  endif()
endif()
