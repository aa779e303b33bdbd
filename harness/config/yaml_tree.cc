// SPDX-License-Identifier: Apache-2.0
#include "harness/config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "harness/base/text.h"

namespace mbench {
namespace {

std::size_t CountNodes(const ValueNode& node) {
  std::size_t count = 1;
  for (const ValueNode& child : node.children) count += CountNodes(child);
  return count;
}

// Characters from `column` on that a caret should underline: the scalar as it is written there.
std::size_t WidthAt(std::string_view line, std::size_t column, std::string_view text) {
  if (column >= line.size()) return 1;
  const std::string_view rest = line.substr(column);
  if (rest.front() == '"' || rest.front() == '\'') {
    const std::size_t close = rest.find(rest.front(), 1);
    return close == std::string_view::npos ? rest.size() : close + 1;
  }
  if (!text.empty() && rest.starts_with(text)) return text.size();
  if (std::string_view("{[|>").find(rest.front()) != std::string_view::npos) return 1;
  return std::max<std::size_t>(1, std::min(rest.find_first_of(" \t,}]"), rest.size()));
}

// The first line up to the place of a mistake that is indented by a tab, which YAML tells as
// something else.
std::optional<Place> TabBefore(const Place& place, std::string_view text) {
  std::uint32_t number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    if (++number > place.line) break;
    const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    const std::size_t tab = line.substr(0, indent).find('\t');
    if (tab == std::string_view::npos) continue;
    return Place{.source = place.source,
                 .line = number,
                 .column = static_cast<std::uint32_t>(tab + 1),
                 .width = 1};
  }
  return std::nullopt;
}

// Ends the parse from within an event. Does not leave this file.
struct Stop {};

// Receives the events of yaml-cpp. Throws Stop through it when a limit is passed: yaml-cpp recurses
// once per level, so the depth is bounded before the stack is.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::uint32_t source, Mistakes* mistakes) : source_(source), mistakes_(mistakes) {}

  ValueNode Take() { return std::move(root_); }
  Place PlaceOf(const YAML::Mark& mark, std::string_view text) const;

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) Fail(mark, "a second document starts here; a file holds one workload");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Finish(Make(ValueNode::Kind::kNull, mark, ""), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Begin(ValueNode::Kind::kList, mark, anchor);
  }
  void OnSequenceEnd() override { End(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Begin(ValueNode::Kind::kMap, mark, anchor);
  }
  void OnMapEnd() override { End(); }

 private:
  // A list or map that is still open, and in a map the key that waits for its value.
  struct Level {
    ValueNode node;
    YAML::anchor_t anchor;
    bool has_key = false;
    std::string key;
    Place key_place;
  };

  [[noreturn]] void Fail(const YAML::Mark& mark, std::string message) {
    mistakes_->Add(PlaceOf(mark, ""), std::move(message));
    throw Stop();
  }
  ValueNode Make(ValueNode::Kind kind, const YAML::Mark& mark, std::string_view text);
  void Count(const YAML::Mark& mark, std::size_t nodes);
  void Begin(ValueNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor);
  void End();
  void Finish(ValueNode node, YAML::anchor_t anchor);
  void TakeKey(Level* level, const ValueNode& node);

  const std::uint32_t source_;
  Mistakes* const mistakes_;
  ValueNode root_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, ValueNode> anchors_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

Place TreeBuilder::PlaceOf(const YAML::Mark& mark, std::string_view text) const {
  if (mark.is_null()) return {source_};
  Place place{source_, static_cast<std::uint32_t>(mark.line) + 1,
              static_cast<std::uint32_t>(mark.column) + 1};
  place.width = static_cast<std::uint32_t>(
      WidthAt(mistakes_->Line(place), static_cast<std::size_t>(mark.column), text));
  return place;
}

ValueNode TreeBuilder::Make(ValueNode::Kind kind, const YAML::Mark& mark, std::string_view text) {
  Count(mark, 1);
  ValueNode node;
  node.kind = kind;
  node.place = PlaceOf(mark, text);
  return node;
}

void TreeBuilder::Count(const YAML::Mark& mark, std::size_t nodes) {
  nodes_ += nodes;
  if (nodes_ > kMostYamlValues) {
    Fail(mark,
         fmt::format("more than {} values, aliases counted as what they stand for; a workload "
                     "needs some dozens",
                     kMostYamlValues));
  }
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) Fail(mark, "this alias stands inside of what it refers to");
  Count(mark, CountNodes(found->second));
  Finish(found->second, YAML::NullAnchor);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  ValueNode node = Make(ValueNode::Kind::kScalar, mark, value);
  node.text = value;
  node.written = value;
  node.plain = tag != "!";  // so yaml-cpp says "in quotes"
  Finish(std::move(node), anchor);
}

void TreeBuilder::Begin(ValueNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (levels_.size() >= kDeepestYaml) {
    Fail(mark, fmt::format("nested deeper than {} levels; a workload needs five", kDeepestYaml));
  }
  levels_.push_back({Make(kind, mark, ""), anchor, false, "", {}});
}

void TreeBuilder::End() {
  Level level = std::move(levels_.back());
  levels_.pop_back();
  Finish(std::move(level.node), level.anchor);
}

void TreeBuilder::TakeKey(Level* level, const ValueNode& node) {
  if (node.kind != ValueNode::Kind::kScalar) {
    mistakes_->Add(node.place,
                   fmt::format("a key must be plain text; this is {}", Describe(node.kind)));
  }
  level->has_key = true;
  level->key = node.text;
  level->key_place = node.place;
}

void TreeBuilder::Finish(ValueNode node, YAML::anchor_t anchor) {
  if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
  if (levels_.empty()) {
    root_ = std::move(node);
    return;
  }
  Level& level = levels_.back();
  if (level.node.kind == ValueNode::Kind::kMap && !level.has_key) return TakeKey(&level, node);
  if (level.node.kind == ValueNode::Kind::kMap) {
    node.key = std::move(level.key);
    node.key_place = level.key_place;
    level.has_key = false;
  } else {
    node.key.clear();
    // yaml-cpp puts an item that is nothing where the next thing begins.
    if (node.kind == ValueNode::Kind::kNull) node.place = level.node.place;
  }
  level.node.children.push_back(std::move(node));
}

}  // namespace

ValueNode ParseYaml(const std::string& text, std::uint32_t source, Mistakes* mistakes) {
  TreeBuilder builder(source, mistakes);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.Take();
  } catch (const Stop&) {
    return {};
  } catch (const YAML::Exception& failed) {
    const Place place = builder.PlaceOf(failed.mark, "");
    if (const std::optional<Place> tab = TabBefore(place, text); tab) {
      mistakes->Add(*tab, "a tab stands here; YAML is indented by spaces");
      return {};
    }
    // The usual reason: a brace that YAML takes for a map.
    const bool variable = mistakes->Line(place).find("${") != std::string_view::npos;
    mistakes->Add(place, fmt::format("not valid YAML: {}{}", failed.msg,
                                     variable ? "; put quotes around values with ${...}" : ""));
    return {};
  } catch (const std::exception& failed) {
    mistakes->Add({source}, fmt::format("cannot be read as YAML: {}", failed.what()));
    return {};
  }
}

}  // namespace mbench
