// SPDX-License-Identifier: Apache-2.0
//
// What C hands out, given back at the end of a scope:
//
//   using UriPtr = std::unique_ptr<mongoc_uri_t, Deleter<mongoc_uri_destroy>>;
#pragma once

namespace mbench {

template <auto function>
struct Deleter {
  template <class T>
  void operator()(T* pointer) const {
    function(pointer);
  }
};

}  // namespace mbench
