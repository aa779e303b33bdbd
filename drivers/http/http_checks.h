// SPDX-License-Identifier: Apache-2.0
//
// What a service is asked of its data when a run is over:
//
//   {http: "GET /stats", value: "json:/orders", expect: ">= 1000"}
//   {http: "GET /products/7", value: "json:/price", equal_to: other}
#pragma once

#include "drivers/common/value_check.h"
#include "drivers/http/http_statement.h"

namespace mbench {

struct HttpCheck {
  ValueCheck value;
  HttpStatement request;  // its label is the value
};

// What is wrong is added to `complaints`.
HttpCheck ReadHttpCheck(const StatementSpec& spec, const HttpCommon& common,
                        Complaints* complaints);

}  // namespace mbench
