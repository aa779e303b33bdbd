# SPDX-License-Identifier: Apache-2.0
# What a driver is built with that is made outside of this tree (drivers/README.md): the headers that drivers may see, and
# a package for CMake. `cmake --install build/NAME` has it all, `--component development` this alone.
#
#   find_package(mbench)      mbench::driver, mbench_MODULES_DIR
include(CMakePackageConfigHelpers)
set(headers ${CMAKE_INSTALL_INCLUDEDIR}/mbench)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/mbench)

foreach(folder drivers drivers/common harness/base)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.h)
  list(FILTER files EXCLUDE REGEX "/(module_folders|registry)\\.h$")
  install(FILES ${files} DESTINATION ${headers}/${folder} COMPONENT development)
endforeach()

# What `mbench run --json` prints and run.json holds, for those who read it; the workload files to begin with; a dashboard.
install(FILES reports/json/run.schema.json reports/grafana/dashboard.json DESTINATION ${CMAKE_INSTALL_DATADIR}/mbench
        COMPONENT program)
install(DIRECTORY workloads/ DESTINATION ${CMAKE_INSTALL_DATADIR}/mbench/workloads COMPONENT program
        FILES_MATCHING PATTERN "*.yaml" PATTERN "workload[a-f]" PATTERN "scenarios/make-*" PATTERN "generators" EXCLUDE)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)

# Headers only: a module takes the code from the program that loads it.
add_library(mbench_outside_driver INTERFACE)
set_target_properties(mbench_outside_driver PROPERTIES EXPORT_NAME driver)
target_include_directories(mbench_outside_driver INTERFACE $<INSTALL_INTERFACE:${headers}>)
target_compile_features(mbench_outside_driver INTERFACE cxx_std_20)
target_link_libraries(mbench_outside_driver INTERFACE fmt::fmt tl::expected OpenSSL::SSL)
install(TARGETS mbench_outside_driver EXPORT mbench COMPONENT development)
install(EXPORT mbench NAMESPACE mbench:: FILE mbench-targets.cmake DESTINATION ${package} COMPONENT development)

configure_package_config_file(cmake/mbench-config.cmake.in ${PROJECT_BINARY_DIR}/mbench-config.cmake
                              INSTALL_DESTINATION ${package} PATH_VARS MBENCH_MODULES_DIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mbench-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mbench-config.cmake ${PROJECT_BINARY_DIR}/mbench-config-version.cmake
        DESTINATION ${package} COMPONENT development)
