// SPDX-License-Identifier: Apache-2.0
//
// What a property file says of the system: "<driver>.<option>", and the names that YCSB's own
// bindings have for the same.
//
//   rocksdb.dir                        path of rocksdb
//   redis.host, redis.port             url of redis
//   db.url, db.user, db.passwd         url (JDBC) and password of postgres and mysql
//   table                              table, where the driver has tables
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/config/driver_options.h"
#include "harness/config/ycsb_properties.h"

namespace mbench {

// Gives `options` what is meant for the driver of that name.
void TakeDriverProperties(const GivenProperties& given, std::string_view driver,
                          DriverOptionReader* options);

// Whether a property is of some system, also of one that is not driven: "cassandra.hosts".
bool IsOfBinding(std::string_view name);
// Whether TakeDriverProperties takes it.
bool IsTaken(std::string_view name, std::string_view driver);

}  // namespace mbench
