// SPDX-License-Identifier: Apache-2.0
#include "drivers/s3/statement.h"

#include <algorithm>
#include <cmath>

#include "drivers/common/http_reader.h"
#include "drivers/common/http_text.h"
#include "harness/base/rng.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench::s3 {
namespace {

using Kind = StatementKind;

constexpr auto kKinds = std::to_array<std::pair<std::string_view, Kind>>({
    {"get", Kind::kGet},
    {"head", Kind::kHead},
    {"put", Kind::kPut},
    {"delete", Kind::kDelete},
    {"delete_many", Kind::kDeleteMany},
    {"list", Kind::kList},
    {"copy", Kind::kCopy},
    {"multipart", Kind::kMultipart},
});

class Reader {
 public:
  Reader(const StatementSpec& spec, Complaints* complaints)
      : spec_(spec), reader_({"s3", kWords}, spec, complaints) {}

  Statement Read() {
    if (reader_.Head() == nullptr) return {};
    const std::string_view head = reader_.Head()->name;
    made_.kind = std::ranges::find(kKinds, head, &decltype(kKinds)::value_type::first)->second;
    made_.key = reader_.Template(head);
    made_.arguments = spec_.arguments.size();
    if (reader_.FindSpec("presigned") != nullptr) made_.presigned = reader_.Flag("presigned");
    ReadParameters();
    ReadHeaders();
    ReadKind();
    return std::move(made_);
  }

 private:
  void ReadKind() {
    switch (made_.kind) {
      case Kind::kGet:
        return ReadGet();
      case Kind::kPut:
        return ReadPut();
      case Kind::kMultipart:
        return ReadMultipart();
      case Kind::kList:
        made_.max_keys = static_cast<std::uint32_t>(reader_.Count("max_keys"));
        made_.pages = static_cast<std::uint32_t>(reader_.Count("pages"));
        made_.delimiter = reader_.Text("delimiter");
        return;
      case Kind::kCopy:
        made_.from = reader_.Template("from");
        return;
      case Kind::kDeleteMany:
        if (spec_.batch > 1 && made_.key.IsConstant())
          reader_.Complain("delete_many", "its keys are all the same; expected a placeholder");
        return;
      case Kind::kHead:
      case Kind::kDelete:
        return;
    }
  }

  void ReadGet() {
    made_.verify = reader_.Flag("verify");
    made_.first_byte = reader_.Flag("first_byte");
    if (reader_.Says("offset")) made_.offset = Size::Read(&reader_, "offset");
    if (!reader_.Says("bytes")) return;
    made_.bytes = Size::Read(&reader_, "bytes");
    if (!made_.bytes->IsDrawn() && made_.bytes->Least() == 0)
      reader_.Complain("bytes", "a range of no bytes; expected a size such as 64KiB");
  }

  void ReadPut() {
    if (reader_.Says("body") == reader_.Says("size")) {
      return reader_.Complain(reader_.Says("body") ? "body" : "put",
                              "expected either a size or a body, such as size: 64KiB");
    }
    if (reader_.Says("body")) {
      made_.body = reader_.Template("body");
      return;
    }
    made_.size = Size::Read(&reader_, "size");
    if (!made_.size.IsDrawn() && made_.size.Most() > kMostPut)
      reader_.Complain("size", "one request can write 5 GiB at most; write it as multipart");
  }

  void ReadMultipart() {
    if (!reader_.Says("size"))
      return reader_.Complain("multipart", "it has no size; expected something like size: 1GiB");
    made_.size = Size::Read(&reader_, "size");
    const Size part = Size::Read(&reader_, "part");
    made_.part = part.Most();
    if (part.IsDrawn() || part.Least() != part.Most() || made_.part < kLeastPart ||
        made_.part > kMostPut) {
      reader_.Complain("part", fmt::format("{} is no size of a part; expected 5MiB to 5GiB",
                                           Quote(reader_.Text("part"))));
    } else if (!made_.size.IsDrawn() && made_.size.Most() > made_.part * kMostParts) {
      reader_.Complain("size", fmt::format("{} in parts of {} are more than 10,000 parts",
                                           Quote(reader_.Text("size")),
                                           FormatBytes(static_cast<double>(made_.part))));
    }
  }

  void ReadParameters() {
    const ValueNode* const query =
        reader_.FindSpec("query") == nullptr ? nullptr : reader_.Find("query");
    if (query == nullptr) return;
    for (const ValueNode& value : query->children) {
      if (value.IsScalar() || value.kind == ValueNode::Kind::kNull) {
        made_.parameters.emplace_back(value.key, reader_.Parse(value.text, value));
      } else {
        reader_.Complain(value, fmt::format("the parameter {} is no text", Quote(value.key)));
      }
    }
    std::ranges::sort(made_.parameters, {}, [](const auto& one) { return one.first; });
  }

  void ReadHeaders() {
    const ValueNode* const headers =
        reader_.FindSpec("headers") == nullptr ? nullptr : reader_.Find("headers");
    if (headers == nullptr) return;
    for (const ValueNode& value : headers->children) ReadHeader(value);
    if (made_.presigned && !made_.headers.empty())
      reader_.Complain(*headers, "a presigned request has no headers that are signed");
  }

  void ReadHeader(const ValueNode& value) {
    constexpr auto kOurs = std::to_array<std::string_view>(
        {"authorization", "connection", "content-length", "content-md5", "host", "range",
         "transfer-encoding", "x-amz-content-sha256", "x-amz-copy-source", "x-amz-date",
         "x-amz-security-token"});
    const std::string name = LowerCase(value.key);
    const bool is_name = !name.empty() && std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!is_name || std::ranges::count(kOurs, name) > 0) {
      reader_.complaints()->Add(
          value.key_place,
          is_name ? fmt::format("the header {} is the driver's own business; leave it out",
                                Quote(value.key))
                  : fmt::format("{} is no name of a header", Quote(value.key)));
    } else if (!value.IsScalar() || BreaksHeader(value.text)) {
      reader_.Complain(value,
                       fmt::format("the header {} is no text of one line", Quote(value.key)));
    } else if (!TextTemplate::Names(value.text).empty()) {
      reader_.Complain(value,
                       fmt::format("the header {} cannot have placeholders", Quote(value.key)));
    } else {
      made_.headers.emplace_back(name, value.text);
    }
  }

  const StatementSpec& spec_;
  StatementReader reader_;
  Statement made_;
};

}  // namespace

Size Size::Read(StatementReader* reader, std::string_view word) {
  Size size;
  const std::string text = reader->Text(word);
  if (!TextTemplate::Names(text).empty()) {
    size.drawn_ = reader->Template(word);
    return size;
  }
  const std::size_t dots = text.find("..");
  const bool range = dots != std::string::npos;
  const auto least = ParseBytes(Trim(std::string_view(text).substr(0, dots)));
  const auto most = range ? ParseBytes(Trim(std::string_view(text).substr(dots + 2))) : least;
  if (!least || !most || *least > *most || (range && word != "size")) {
    reader->Complain(word, fmt::format("{} is no size; expected something like {}", Quote(text),
                                       word == "size" ? "64KiB or 1KiB..64MiB" : "64KiB"));
    return size;
  }
  size.least_ = static_cast<std::uint64_t>(*least);
  size.most_ = static_cast<std::uint64_t>(*most);
  return size;
}

std::optional<std::uint64_t> Size::Of(std::span<const std::string_view> arguments,
                                      std::uint64_t hash) const {
  if (IsDrawn()) {
    std::string text;
    drawn_.AppendTo(arguments, &text);
    const auto bytes = ParseBytes(text);
    if (!bytes) return std::nullopt;
    return static_cast<std::uint64_t>(*bytes);
  }
  if (least_ == most_) return least_;
  // Evenly by the logarithm: of 1 + the size, for 0 has none.
  const double low = std::log1p(static_cast<double>(least_));
  const double high = std::log1p(static_cast<double>(most_));
  const double unit = static_cast<double>(Mix64(hash, 0x517e) >> 11) * 0x1.0p-53;
  const auto size = static_cast<std::uint64_t>(std::llround(std::expm1(low + (high - low) * unit)));
  return std::clamp(size, least_, most_);
}

Statement ReadStatement(const StatementSpec& spec, Complaints* complaints) {
  return Reader(spec, complaints).Read();
}

}  // namespace mbench::s3
