// SPDX-License-Identifier: Apache-2.0
#include "harness/result/json_text.h"

#include <cmath>
#include <sstream>
#include <vector>

#include "harness/base/text.h"

namespace mbench {
namespace {

// kNever in seconds: the planned length of a run that ends after a number of ops.
constexpr double kLongest_s = 4.7e9;

// Builds the value by itself, because the parser of the library has no bound on depth, lets a later
// member of the same name win in silence, and keeps every item.
class JsonBuilder : public nlohmann::json_sax<Json> {
 public:
  explicit JsonBuilder(const JsonStream& stream) : stream_(stream) {}

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t&) override { return Add(value); }
  bool string(string_t& value) override { return Add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(Json::object()); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(Json::array()); }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    if (open_.back()->contains(name)) return Fail(fmt::format("a second member {}", Quote(name)));
    name_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    position_ = position;
    return false;
  }

  Json&& TakeRoot() { return std::move(root_); }
  std::size_t Position() const { return position_; }  // of a syntax error
  const std::string& What() const { return what_; }   // empty: syntax
  const Status& Visited() const { return visited_; }

 private:
  bool Fail(std::string what) {
    what_ = std::move(what);
    return false;
  }

  Json* Put(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    Json& parent = *open_.back();
    if (parent.is_object()) return &(parent[name_] = std::move(value));
    parent.push_back(std::move(value));
    return &parent.back();
  }

  bool Add(Json value) {
    Put(std::move(value));
    return HandOut();
  }

  bool Open(Json value) {
    if (open_.size() == kMaxJsonDepth)
      return Fail(fmt::format("more than {} levels deep", kMaxJsonDepth));
    const bool streamed = open_.size() == 1 && value.is_array() && !stream_.member.empty() &&
                          root_.is_object() && name_ == stream_.member;
    open_.push_back(Put(std::move(value)));
    if (streamed) streamed_ = open_.back();
    return true;
  }

  bool Close() {
    if (open_.back() == streamed_) streamed_ = nullptr;
    open_.pop_back();
    return HandOut();
  }

  // After an item of the streamed array is whole: give it away.
  bool HandOut() {
    if (streamed_ == nullptr || open_.back() != streamed_) return true;
    visited_ = stream_.visit(root_, streamed_->back(), streamed_items_++);
    streamed_->clear();
    return visited_.has_value();
  }

  const JsonStream& stream_;
  Json root_;
  std::vector<Json*> open_;
  std::string name_;
  Json* streamed_ = nullptr;
  std::size_t streamed_items_ = 0;
  Status visited_;
  std::string what_;
  std::size_t position_ = 0;
};

// "12:34" of the byte at `position`.
std::string LineAndColumn(std::istream& text, std::size_t position) {
  text.clear();
  text.seekg(0);
  std::size_t line = 1, column = 1;
  char c = 0;
  for (std::size_t i = 1; i < position && text.get(c); ++i) {
    if (c == '\n') {
      ++line;
      column = 0;
    }
    ++column;
  }
  return fmt::format("{}:{}", line, column);
}

}  // namespace

Result<Json> ParseJson(std::istream& text, const std::string& file, const JsonStream& stream) {
  JsonBuilder builder(stream);
  if (Json::sax_parse(text, &builder)) return builder.TakeRoot();
  if (!builder.Visited()) return Failed(builder.Visited());
  if (!builder.What().empty()) return Invalid("{}: {}", file, builder.What());
  return Invalid("{}:{}: not JSON, or cut off here", file, LineAndColumn(text, builder.Position()));
}

Result<Json> ParseJsonText(std::string_view text, const std::string& file) {
  std::istringstream stream{std::string(text)};
  return ParseJson(stream, file);
}

std::string DumpJson(const OrderedJson& value, int indent) {
  return value.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}

JsonFields::JsonFields(const Json& object, std::string path, std::string* error)
    : object_(&object), path_(std::move(path)), error_(error) {
  if (!object.is_object() && error->empty())
    *error = fmt::format("{} is not an object", path_.empty() ? "the whole" : path_);
}

bool JsonFields::Has(std::string_view key) const {
  return object_->is_object() && object_->find(key) != object_->end();
}

void JsonFields::Wrong(std::string_view key, std::string_view what) {
  if (!error_->empty()) return;
  *error_ = fmt::format("{}{}{} {}", path_, path_.empty() ? "" : ".", key, what);
}

const Json* JsonFields::Find(std::string_view key, bool (Json::*is)() const noexcept,
                             std::string_view type) {
  if (!error_->empty()) return nullptr;
  if (!Has(key)) {
    Wrong(key, "is missing");
    return nullptr;
  }
  const Json& value = *object_->find(key);
  if ((value.*is)()) return &value;
  Wrong(key, fmt::format("is not {}", type));
  return nullptr;
}

std::uint64_t JsonFields::Count(std::string_view key) {
  const Json* value = Find(key, &Json::is_number_unsigned, "a count");
  return value == nullptr ? 0 : value->get<std::uint64_t>();
}

double JsonFields::Number(std::string_view key) {
  const Json* value = Find(key, &Json::is_number, "a number");
  return value == nullptr ? 0 : value->get<double>();
}

double JsonFields::NumberIn(std::string_view key, double low, double high) {
  const double value = Number(key);
  if (value >= low && value <= high) return value;
  Wrong(key, fmt::format("is {}; expected {} to {}", value, low, high));
  return low;
}

Ticks JsonFields::Nanoseconds(std::string_view key) {
  const std::uint64_t value = Count(key);
  if (static_cast<double>(value) <= kLongest_s * 1e9) return static_cast<Ticks>(value);
  Wrong(key, fmt::format("is {}, too long", value));
  return 0;
}

Ticks JsonFields::Seconds(std::string_view key) {
  return std::llround(NumberIn(key, 0, kLongest_s) * 1e9);
}

std::string JsonFields::Text(std::string_view key) {
  const Json* value = Find(key, &Json::is_string, "text");
  return value == nullptr ? std::string() : value->get<std::string>();
}

bool JsonFields::Flag(std::string_view key) {
  const Json* value = Find(key, &Json::is_boolean, "true or false");
  return value != nullptr && value->get<bool>();
}

namespace {
// What stands for a member after a mistake.
const Json& NoObject() {
  static const Json none = Json::object();
  return none;
}
std::string Below(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}
}  // namespace

JsonFields JsonFields::Object(std::string_view key) {
  const Json* value = Find(key, &Json::is_object, "an object");
  return {value == nullptr ? NoObject() : *value, Below(path_, key), error_};
}

std::span<const Json> JsonFields::List(std::string_view key) {
  const Json* value = Find(key, &Json::is_array, "a list");
  if (value == nullptr) return {};
  const Json::array_t& items = *value->get_ptr<const Json::array_t*>();
  return {items.data(), items.size()};
}

JsonFields JsonFields::Item(std::string_view list, std::size_t index) {
  const std::span<const Json> items = List(list);
  return {index < items.size() ? items[index] : NoObject(),
          fmt::format("{}[{}]", Below(path_, list), index), error_};
}

const Json& JsonFields::Any(std::string_view key) {
  if (Has(key)) return *object_->find(key);
  Wrong(key, "is missing");
  return NoObject();
}

void JsonFields::ForEach(const std::function<void(const std::string&, const Json&)>& visit) const {
  if (!object_->is_object()) return;
  for (const auto& [name, value] : object_->items()) visit(name, value);
}

void AddFigures(std::string_view key, const std::map<std::string, double>& figures,
                OrderedJson* json) {
  for (const auto& [name, value] : figures)
    if (std::isfinite(value)) (*json)[std::string(key)][name] = value;
}

std::map<std::string, double> ReadFigures(std::string_view key, JsonFields& fields) {
  std::map<std::string, double> figures;
  if (!fields.Has(key)) return figures;
  JsonFields object = fields.Object(key);
  object.ForEach(
      [&](const std::string& name, const Json&) { figures[name] = object.Number(name); });
  return figures;
}

}  // namespace mbench
