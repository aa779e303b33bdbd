// SPDX-License-Identifier: Apache-2.0
#include "harness/config/level_reader.h"

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/limits.h"

namespace mbench {
namespace {

std::string WrongKind(LoadModel model, const std::string& text) {
  if (model == LoadModel::kOpen) {
    return fmt::format(
        "{} is a number of clients; levels of the open model are rates, such as 500/s",
        Quote(text));
  }
  return fmt::format(
      "{} is a rate; levels of the closed model are whole numbers of clients, such as 64",
      Quote(text));
}

Result<double> ParseClients(std::string_view text) {
  const Result<std::int64_t> clients = ParseCount(text);
  if (!clients) return Failed(clients);
  return static_cast<double>(*clients);
}

}  // namespace

bool LevelReader::Agrees(LoadModel model, const ValueNode& node, Mistakes* mistakes) {
  if (!model_) {
    model_ = model;
    seen_ = node.place;
  }
  if (*model_ == model) return true;
  const std::string why =
      stated_ ? "" : fmt::format(" (line {} made it {})", seen_.line, Name(*model_));
  mistakes->Add(node.place, WrongKind(*model_, node.text) + why);
  return false;
}

void LevelReader::Read(MapReader* map, std::string_view key, double* level) {
  const ValueNode* const node =
      map->Need(key, fmt::format("{0}: 64 (clients) or {0}: 500/s (a rate)", key));
  const std::string* const text =
      node == nullptr ? nullptr : ScalarText(*node, key, map->mistakes());
  // Nothing is nothing in both models: a ramp `from: 0, to: 5k/s`.
  if (text == nullptr || *text == "0") return;
  const bool is_rate = text->find('/') != std::string::npos;
  const Result<double> parsed = is_rate ? ParseRate(*text) : ParseClients(*text);
  if (!parsed) return map->mistakes()->Add(node->place, parsed.error().message);
  if (!Agrees(is_rate ? LoadModel::kOpen : LoadModel::kClosed, *node, map->mistakes())) return;
  const double largest = is_rate ? limits::kRate : static_cast<double>(limits::kClients);
  if (*parsed > largest) {
    return map->mistakes()->Add(
        node->place, fmt::format("{} is out of range for {}; expected at most {}", Quote(*text),
                                 key, is_rate ? "100M/s" : "1M clients"));
  }
  *level = *parsed;
}

}  // namespace mbench
