// SPDX-License-Identifier: Apache-2.0
#include "harness/config/ycsb_bindings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mbench {
namespace {

constexpr std::string_view kTable = "usertable";

// Names of YCSB's bindings.
struct OfBinding {
  std::string_view name, driver;
};
constexpr std::array kOfBindings = std::to_array<OfBinding>({{"rocksdb.dir", "rocksdb"},
                                                             {"redis.host", "redis"},
                                                             {"redis.port", "redis"},
                                                             {"db.url", "postgres"},
                                                             {"db.user", "postgres"},
                                                             {"db.passwd", "postgres"},
                                                             {"db.url", "mysql"},
                                                             {"db.user", "mysql"},
                                                             {"db.passwd", "mysql"}});

bool IsNameOfBinding(std::string_view name, std::string_view driver) {
  return std::ranges::any_of(
      kOfBindings, [&](const OfBinding& of) { return of.name == name && of.driver == driver; });
}

// "path" of rocksdb.path; "": it is no option of the driver.
std::string_view OptionIn(std::string_view name, std::string_view driver) {
  const bool is_own = name.starts_with(driver) && name.substr(driver.size()).starts_with('.');
  return is_own && !IsNameOfBinding(name, driver) ? name.substr(driver.size() + 1) : "";
}

class DriverProperties {
 public:
  DriverProperties(const GivenProperties& given, std::string_view driver,
                   DriverOptionReader* options)
      : given_(given), driver_(driver), options_(options) {}

  void Take() {
    for (const auto& [name, property] : given_) {
      const std::string_view option = OptionIn(name, driver_);
      if (!option.empty()) options_->TakeWritten(option, property.value, property.place);
    }
    const GivenProperty* const table = Find("table");
    if (table != nullptr && (options_->Knows("table") || table->value != kTable))
      options_->TakeWritten("table", table->value, table->place);
    if (driver_ == "rocksdb") TakeAs("rocksdb.dir", "path");
    if (driver_ == "redis") TakeHostAndPort();
    if (driver_ == "postgres" || driver_ == "mysql") TakeJdbc();
  }

 private:
  const GivenProperty* Find(std::string_view name) const {
    const auto found = given_.find(name);
    return found == given_.end() ? nullptr : &found->second;
  }

  void TakeAs(std::string_view name, std::string_view option) {
    if (const GivenProperty* const property = Find(name))
      options_->TakeWritten(option, property->value, property->place);
  }

  void TakeHostAndPort() {
    const GivenProperty* const host = Find("redis.host");
    const GivenProperty* const port = Find("redis.port");
    if (host == nullptr && port == nullptr) return;
    options_->TakeWritten("url",
                          fmt::format("redis://{}:{}", host == nullptr ? "127.0.0.1" : host->value,
                                      port == nullptr ? "6379" : port->value),
                          (host == nullptr ? port : host)->place);
  }

  // jdbc:postgresql://host:5432/database
  void TakeJdbc() {
    TakeAs("db.passwd", "password");
    const GivenProperty* const url = Find("db.url");
    if (url == nullptr) return;
    std::string address = url->value;
    if (address.starts_with("jdbc:")) address.erase(0, 5);
    const std::size_t host = address.find("://");
    const GivenProperty* const user = Find("db.user");
    if (user != nullptr && !user->value.empty() && host != std::string::npos)
      address.insert(host + 3, user->value + "@");
    options_->TakeWritten("url", address, url->place);
  }

  const GivenProperties& given_;
  const std::string_view driver_;
  DriverOptionReader* const options_;
};

}  // namespace

void TakeDriverProperties(const GivenProperties& given, std::string_view driver,
                          DriverOptionReader* options) {
  DriverProperties(given, driver, options).Take();
}

bool IsTaken(std::string_view name, std::string_view driver) {
  return IsNameOfBinding(name, driver) || !OptionIn(name, driver).empty();
}

bool IsOfBinding(std::string_view name) { return name.find('.') != std::string_view::npos; }

}  // namespace mbench
