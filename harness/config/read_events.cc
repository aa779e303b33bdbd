// SPDX-License-Identifier: Apache-2.0
//
//   events:
//     - {at: 60s, name: stopped, run: ./stop.sh, outage: {of: [put], at_most: 60s}}
//     - {after: {stopped: 10s}, name: promoted, run: ./promote.sh, must: succeed}
//     - {after: promoted, name: up, wait_for: {http: "http://127.0.0.1:8404/up", limit: 30s}}
//   recovered: {errors: "< 0.1%", p99: "< 2x before", for: 3s}
#include <unistd.h>

#include <algorithm>

#include "harness/base/environment.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/base/url.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

constexpr std::string_view kEventExample =
    "{at: 30s, name: failover, run: \"scripts/failover.sh\"}";
constexpr Range<Ticks> kAnyTime = {0, limits::kLength, "0s to 366d"};

// What is wrong with a command that is a path and nothing else, or begins with one.
std::string WrongScript(const std::string& command) {
  const std::string first = command.substr(0, command.find_first_of(" \t\n"));
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+";
  const bool is_path =
      first.find('/') != std::string::npos && first.find_first_not_of(kPlain) == std::string::npos;
  if (!is_path) return "";
  if (access(first.c_str(), F_OK) != 0)
    return fmt::format("there is no file {}; paths are from the folder that mbench is called in",
                       Quote(first));
  if (access(first.c_str(), X_OK) != 0)
    return fmt::format("{} cannot be executed; chmod +x it, or say: sh {}", Quote(first), first);
  return "";
}

void ReadCommand(MapReader* map, std::string_view key, std::string* command) {
  if (!map->Text(key, command)) return;
  if (const std::string why = WrongScript(*command); !why.empty()) map->Complain(key, why);
}

// after: promoted, or after: {promoted: 10s}.
void ReadAfter(MapReader* map, std::string_view key, EventPlan* event) {
  const ValueNode* const node = map->Find(key);
  if (node == nullptr) return;
  EventAfter after{.its_begin = key == "after_begin"};
  const std::string example = fmt::format("{0}: promoted, or {0}: {{promoted: 10s}}", key);
  if (node->IsScalar()) {
    const std::string* const text = ScalarText(*node, key, map->mistakes());
    if (text == nullptr) return;
    after.event = *text;
  } else if (node->IsMap() && node->children.size() == 1) {
    after.event = node->children[0].key;
    MapReader inner(*node, std::string(key), "{promoted: 10s}", map->mistakes());
    inner.Duration(after.event, kAnyTime, &after.delay);
    inner.Finish();
  } else {
    return map->Complain(key, fmt::format("{} names one event; expected {}", key, example));
  }
  if (event->after) return map->Complain(key, "there is after and after_begin; take one of them");
  event->after = std::move(after);
}

void ReadWaitFor(const ValueNode& node, const ReadState& state, WaitPlan* wait) {
  MapReader map(node, "wait_for", "{run: \"pg_isready -q\", limit: 30s}", state.mistakes);
  ReadCommand(&map, "run", &wait->run);
  const bool has_http = map.Text("http", &wait->http);
  if (has_http) {
    const Result<Url> url = ParseUrl(wait->http);
    if (!url) {
      map.Complain("http", url.error().message);
    } else if (url->scheme != "http" || url->host.empty()) {
      map.Complain("http",
                   "expected http://host:port/path; for anything else ask by a command, such as "
                   "run: \"curl -fsS https://...\"");
    }
  }
  if (map.Has("run") == map.Has("http"))
    map.Complain("",
                 "wait_for asks one question: by run, which is true when it exits with 0, or "
                 "by http, which is true when it is answered with 200 to 299");
  map.Count("status", {100, 599, "100 to 599"}, &wait->status);
  if (map.Has("status") && !map.Has("http"))
    map.Complain("status", "a status is what http is answered with");
  map.Duration("every", {10 * kMillisecond, kHour, "10ms to 1h"}, &wait->every);
  map.Duration("limit", {10 * kMillisecond, limits::kLength, "10ms to 366d"}, &wait->limit);
  map.Finish();
}

void CheckOutageOp(const std::string& op, const Place& place, const ReadState& state) {
  const std::string why = op.find(':') == std::string::npos
                              ? WhyNeverCounted(op, state.plan->mix)
                              : fmt::format("{} is a part of an op; name the op", Quote(op));
  if (!why.empty()) state.mistakes->Add(place, why);
}

void ReadOutage(const ValueNode& node, const ReadState& state, OutagePlan* outage) {
  MapReader map(node, "outage", "{of: [update], at_most: 60s}", state.mistakes);
  map.Need("at_most", "at_most: 60s");
  if (const ValueNode* const of = map.Find("of")) {
    const auto add = [&](const ValueNode& item) {
      const std::string* const op = ScalarText(item, "an op", state.mistakes);
      if (op == nullptr) return;
      CheckOutageOp(*op, item.place, state);
      outage->of.push_back(*op);
    };
    if (of->IsScalar()) {
      add(*of);
    } else if (IsList(*of, "of", "[read, update]", state)) {
      std::ranges::for_each(of->children, add);
      if (of->children.empty()) map.Complain("of", "of is empty; leave it out for all ops");
    }
  }
  map.Duration("at_most", {kMillisecond, limits::kLength, "1ms to 366d"}, &outage->at_most);
  map.Finish();
}

void ReadRepeat(const ValueNode& node, const ReadState& state, EventPlan* event) {
  MapReader map(node, "repeat", "{times: 5, every: 30s}", state.mistakes);
  map.Need("times", "times: 5");
  map.Count("times", {1, 10'000, "1 to 10000"}, &event->times);
  map.Duration("every", kAnyTime, &event->every);
  map.Finish();
}

void ReadEnvironment(const ValueNode& node, const ReadState& state, EventPlan* event) {
  if (!IsList(node, "env", "[PGPASSWORD]", state)) return;
  for (const ValueNode& item : node.children) {
    const std::string* const name = ScalarText(item, "a variable", state.mistakes);
    if (name == nullptr) continue;
    const auto value =
        state.context.environment ? state.context.environment(*name) : ProcessEnvironment(*name);
    if (!value) {
      state.mistakes->Add(
          item.place,
          fmt::format("the environment has no {}, which the event is to get", Quote(*name)));
      continue;
    }
    event->environment.push_back(*name);
    if (value->size() >= 4) {
      state.plan->secrets.push_back(*value);
      state.plan->unstored.push_back(*value);
    }
  }
}

void ReadWhen(MapReader* map, EventPlan* event) {
  ReadAfter(map, "after", event);
  ReadAfter(map, "after_begin", event);
  if (!event->after && !map->Has("after") && !map->Has("after_begin")) map->Need("at", "at: 30s");
  const bool timed = map->Duration("at", kAnyTime, &event->at);
  if (timed && event->after)
    map->Complain("at", fmt::format("the event is at a time and after '{}'; take one of them, or "
                                    "after: {{{}: 10s}}",
                                    event->after->event, event->after->event));
}

void ReadEvent(const ValueNode& node, const ReadState& state) {
  MapReader map(node, "event", kEventExample, state.mistakes);
  EventPlan event;
  ReadWhen(&map, &event);
  map.Need("name", "name: failover");
  if (map.Text("name", &event.name) && event.name.empty())
    map.Complain("name", "the name of an event is empty");
  if (std::ranges::find(state.plan->events, event.name, &EventPlan::name) !=
          state.plan->events.end() &&
      !event.name.empty())
    map.Complain("name",
                 fmt::format("a second event {}; give it another name, or say how often "
                             "the first one happens, as in repeat: {{times: 2, every: 30s}}",
                             Quote(event.name)));
  ReadCommand(&map, "run", &event.run);
  if (const ValueNode* const wait = map.Find("wait_for"))
    ReadWaitFor(*wait, state, &event.wait_for.emplace());
  map.Duration("limit", {10 * kMillisecond, limits::kLength, "10ms to 366d"}, &event.limit);
  if (map.Has("limit") && !map.Has("run")) map.Complain("limit", "there is no run to limit");
  std::string must;
  if (map.Text("must", &must)) {
    event.must_succeed = must == "succeed";
    if (!event.must_succeed)
      map.Complain("must",
                   fmt::format("{} is nothing an event must; expected must: succeed", Quote(must)));
    else if (!map.Has("run") && !map.Has("wait_for"))
      map.Complain("must", "there is no run and no wait_for that could fail");
  }
  if (const ValueNode* const repeat = map.Find("repeat")) ReadRepeat(*repeat, state, &event);
  if (const ValueNode* const outage = map.Find("outage"))
    ReadOutage(*outage, state, &event.outage.emplace());
  if (const ValueNode* const env = map.Find("env")) ReadEnvironment(*env, state, &event);
  map.Finish();
  state.plan->events.push_back(std::move(event));
}

// ---- one after another ----

const EventPlan* EventNamed(const RunPlan& plan, std::string_view name) {
  const auto found = std::ranges::find(plan.events, name, &EventPlan::name);
  return found == plan.events.end() ? nullptr : &*found;
}

// "a -> b -> a"; "": there is no circle through it.
std::string CircleOf(const EventPlan& event, const RunPlan& plan) {
  std::string text = event.name;
  const EventPlan* at = &event;
  for (std::size_t steps = 0; steps <= plan.events.size(); ++steps) {
    if (!at->after) return "";
    at = EventNamed(plan, at->after->event);
    if (at == nullptr) return "";
    text += " -> " + at->name;
    if (at == &event) return text;
  }
  return "";  // it leads into one of others
}

// The earliest time at which it may begin. REQUIRES: no circles.
// From its first time to its last; no longer than any load.
Ticks RepeatedFor(const EventPlan& event) {
  const auto more = static_cast<Ticks>(event.times) - 1;
  if (more == 0 || event.every == 0) return 0;
  return event.every > limits::kLength / more ? limits::kLength : event.every * more;
}

Ticks EarliestOf(const EventPlan& event, const RunPlan& plan) {
  if (!event.after) return event.at;
  const EventPlan* const other = EventNamed(plan, event.after->event);
  if (other == nullptr) return 0;
  Ticks time = EarliestOf(*other, plan) + event.after->delay;
  if (!event.after->its_begin) time += RepeatedFor(*other);
  return std::min(time, limits::kLength);
}

// The node of a named event's key, to point at.
Place PlaceOf(const ValueNode& list, std::size_t index, std::initializer_list<const char*> keys) {
  for (const char* const key : keys)
    if (const ValueNode* const child = list.children[index].Child(key)) return child->place;
  return list.children[index].place;
}

void CheckChain(const ValueNode& list, std::size_t index, const ReadState& state) {
  const RunPlan& plan = *state.plan;
  const EventPlan& event = plan.events[index];
  const Place place = PlaceOf(list, index, {"after", "after_begin"});
  if (!event.after || EventNamed(plan, event.after->event) != nullptr) return;
  std::vector<std::string_view> names;
  for (const EventPlan& other : plan.events) names.push_back(other.name);
  state.mistakes->Add(place, fmt::format("no event {}{}", Quote(event.after->event),
                                         Suggest(event.after->event, names)));
}

// True when there are none.
bool CheckCircles(const ValueNode& list, const ReadState& state) {
  const RunPlan& plan = *state.plan;
  for (std::size_t i = 0; i < plan.events.size(); ++i) {
    const std::string circle = CircleOf(plan.events[i], plan);
    if (circle.empty()) continue;
    state.mistakes->Add(PlaceOf(list, i, {"after", "after_begin"}),
                        fmt::format("events wait for one another in a circle: {}", circle));
    return false;
  }
  return true;
}

void CheckTimes(const ValueNode& list, const ReadState& state) {
  const Ticks end = LoadLength(state.plan->load);
  for (std::size_t i = 0; i < state.plan->events.size() && end > 0; ++i) {
    const EventPlan& event = state.plan->events[i];
    const Ticks begin = EarliestOf(event, *state.plan);
    const Ticks last = begin + RepeatedFor(event);
    const std::string end_text = FormatDuration(end);
    if (begin > end) {
      state.mistakes->Add(
          PlaceOf(list, i, {"at", "after", "after_begin"}),
          fmt::format("the event is at {}{}, after the end of the load at {}",
                      FormatDuration(begin), event.after ? " or later" : "", end_text));
    } else if (last > end) {
      state.mistakes->Add(
          PlaceOf(list, i, {"repeat"}),
          fmt::format("the event is repeated until {}, after the end of the load at {}",
                      FormatDuration(last), end_text));
    }
  }
}

// "< 2x before", "< 10ms".
std::string ReadP99(std::string_view value, RecoveredPlan* recovered) {
  constexpr std::string_view kTimes = "x before";
  if (value.ends_with(kTimes)) {
    const Result<double> times = ParseNumber(Trim(value.substr(0, value.size() - kTimes.size())));
    if (!times) return times.error().message;
    if (*times <= 1) return fmt::format("{} times p99 before is never above it", *times);
    recovered->p99_times = *times;
    return "";
  }
  const Result<Ticks> limit = ParseDuration(value);
  if (!limit) return "expected p99: \"< 2x before\" or p99: \"< 10ms\"";
  if (*limit == 0) return "nothing is below 0";
  recovered->p99_below = *limit;
  return "";
}

// What stands behind "<"; nothing, and reported, when there is something else.
std::optional<std::string> ReadBelow(MapReader* map, std::string_view key) {
  std::string text;
  if (!map->Text(key, &text)) return std::nullopt;
  const auto [relation, length] = SplitRelation(text);
  if (relation == Relation::kBelow && length > 0) return std::string(Trim(text.substr(length)));
  map->Complain(key, fmt::format("expected something below which it is well again, such as {}: "
                                 "\"< {}\"; this is {}",
                                 key, key == "p99" ? "2x before" : "0.1%", Quote(text)));
  return std::nullopt;
}

}  // namespace

void ReadEvents(const ValueNode& node, const ReadState& state) {
  if (!IsList(node, "events", "[{at: 30s, name: failover}]", state)) return;
  for (const ValueNode& item : node.children) ReadEvent(item, state);
  for (std::size_t i = 0; i < node.children.size(); ++i) CheckChain(node, i, state);
  if (CheckCircles(node, state)) CheckTimes(node, state);
  std::ranges::stable_sort(state.plan->events, [](const EventPlan& a, const EventPlan& b) {
    return std::pair(a.after.has_value(), a.at) < std::pair(b.after.has_value(), b.at);
  });
}

void ReadRecovered(const ValueNode& node, const ReadState& state) {
  MapReader map(node, "recovered", "{errors: \"< 0.1%\", p99: \"< 2x before\", for: 3s}",
                state.mistakes);
  RecoveredPlan& recovered = state.plan->recovered;
  if (const std::optional<std::string> errors = ReadBelow(&map, "errors")) {
    const Result<double> part = ParseFraction(*errors);
    if (!part)
      map.Complain("errors", part.error().message);
    else if (*part == 0)
      map.Complain("errors", "no part of the ops is below 0; expected something like < 0.1%");
    else
      recovered.errors = *part;
  }
  if (const std::optional<std::string> p99 = ReadBelow(&map, "p99"))
    if (const std::string why = ReadP99(*p99, &recovered); !why.empty()) map.Complain("p99", why);
  map.Duration("for", {100 * kMillisecond, 10 * kMinute, "100ms to 10m"}, &recovered.lasts);
  map.Finish();
  if (!DeclaresOutages(*state.plan))
    state.mistakes->Add(node.Head(),
                        "recovered says when an outage is over, and no event declares one, such as "
                        "outage: {of: [update], at_most: 60s}");
}

std::string WhyNoRto(std::string_view event, const RunPlan& plan) {
  std::vector<std::string_view> names;
  for (const EventPlan& other : plan.events) {
    if (other.name == event && other.outage) return "";
    if (other.name == event)
      return fmt::format(
          "event {} declares no outage to recover from, such as outage: {{of: "
          "[update], at_most: 60s}}",
          Quote(event));
    if (other.outage) names.push_back(other.name);
  }
  if (names.empty())
    return fmt::format("no event {}, and none that declares an outage", Quote(event));
  return fmt::format("no event {}{}", Quote(event), Suggest(event, names));
}

}  // namespace mbench
