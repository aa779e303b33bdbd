# SPDX-License-Identifier: Apache-2.0
# Packages for Debian 12, made by `scripts/make-packages`:
#
#   mbench           the program and the drivers that need no client library of their own
#   mbench-modules   those that do; each is loaded only when a run asks for it
#   mbench-dev       headers for drivers from outside
set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program modules development)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGE_CONTACT "mbench maintainers <maintainers@mbench.invalid>")
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${CPACK_PACKAGE_CONTACT}")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/modules)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME mbench)
set(CPACK_DEBIAN_MODULES_PACKAGE_NAME mbench-modules)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME mbench-dev)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS mbench-modules)
set(CPACK_DEBIAN_MODULES_PACKAGE_DEPENDS "mbench (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "mbench (= ${PROJECT_VERSION}), libfmt-dev, libexpected-dev, libssl-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "${PROJECT_DESCRIPTION}")
set(CPACK_COMPONENT_MODULES_DESCRIPTION "Drivers of mbench that need a client library: MongoDB, MariaDB, RocksDB and others")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "Headers for drivers of mbench that are made outside of its tree")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
include(CPack)
