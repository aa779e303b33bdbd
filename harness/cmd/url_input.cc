// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/url_input.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "drivers/registry.h"
#include "harness/base/text.h"
#include "harness/cmd/repeatable.h"
#include "harness/cmd/workload_input.h"
#include "harness/config/driver_options.h"
#include "harness/config/text_file.h"
#include "harness/config/url_parts.h"

namespace mbench {
namespace {

constexpr const char* kGroup = "With a URL";

// One value. `instead`: what a workload file has for it, for who gives both.
struct UrlFlag {
  std::string UrlFlags::*value;
  const char* names;  // the first is the one that messages use
  const char* type;
  const char* help;
  const char* instead;
};
constexpr auto kFlags = std::to_array<UrlFlag>({
    {&UrlFlags::connections, "-c,-u,--connections,--vus", "COUNT",
     "Clients that each wait for their reply; with -r connections (50)", "load.at"},
    {&UrlFlags::duration, "-d,-z,--duration", "DURATION", "How long (10s)", "load.over"},
    {&UrlFlags::requests, "-n,--requests", "COUNT", "End after so many", "load.ops"},
    {&UrlFlags::rate, "-r,-R,-q,--rate", "RATE",
     "Requests per second whatever the replies do, such as 5k/s", "load.at"},
    {&UrlFlags::warmup, "--warmup", "DURATION", "Before that, not measured (1s; with -n none)",
     "load.warmup"},
    {&UrlFlags::workers, "-t,--threads", "COUNT", "Threads of the load generator", "run.workers"},
    {&UrlFlags::timeout, "--timeout", "DURATION", "Of a request (10s)", "run.timeout"},
    {&UrlFlags::method, "-m,-X,--method", "METHOD", "http: GET, or POST with a body", ""},
    {&UrlFlags::body, "-b,--body", "TEXT", "http: body, or @FILE; {name} is a generator", ""},
    {&UrlFlags::content_type, "-T,--content-type", "TYPE", "http: content type of the body", ""},
    {&UrlFlags::mix, "--mix", "VERB=WEIGHT,...",
     "Reads, updates, inserts, scans, deletes, rmw of records (read=95,update=5)", "mix.read"},
    {&UrlFlags::records, "--records", "COUNT", "Records that are loaded first (10k)",
     "data.records"},
});
struct UrlList {
  std::vector<std::string> UrlFlags::*values;
  const char* names;
  const char* type;
  const char* help;
  const char* instead;
};
constexpr auto kLists = std::to_array<UrlList>({
    {&UrlFlags::headers, "-H,--header", "NAME: VALUE", "http: a header; repeatable", ""},
    {&UrlFlags::sql, "--sql", "TEXT", "SQL: a statement; {n} is a parameter; repeatable", ""},
    {&UrlFlags::statements, "--statement", "WORD: TEXT",
     "A statement in the words of the driver, as in 'redis: \"GET user:{n}\"'; repeatable", ""},
    {&UrlFlags::generators, "--generate", "NAME=FROM..TO",
     "What {NAME} stands for: n=1..100k, city=Rome,Oslo, or {...}; repeatable", ""},
    {&UrlFlags::slo, "--slo", "OBJECTIVE", "Such as 'p99 < 50ms'; repeatable", "slo.0"},
});

std::string FirstName(std::string_view names) {
  return std::string(names.substr(0, names.find(',')));
}

Status Refuse(std::string_view names, std::string_view instead, const std::string& file) {
  std::string message = fmt::format("{} goes with a URL, and {} is a file that says it itself",
                                    FirstName(names), Quote(file));
  if (!instead.empty()) message += fmt::format("; give --set {}=...", instead);
  return BadConfig("{}", message);
}

Error UnknownScheme(const std::string& scheme) {
  if (const std::string missing = WhyMissing(scheme); !missing.empty())
    return {ErrorKind::kUsage, fmt::format("driver {} is not here: {}", scheme, missing)};
  std::vector<std::string> all;
  for (const DriverInfo* const driver : AllDrivers())
    for (const UrlForm& form : UrlFormsOf(*driver)) all.emplace_back(form.scheme);
  const std::vector<std::string_view> names(all.begin(), all.end());
  const std::string_view near = ClosestMatch(scheme, names);
  return {ErrorKind::kUsage,
          near.empty()
              ? fmt::format("no driver has URLs of {}; there are those of {}", Quote(scheme),
                            Join(all, ", "))
              : fmt::format("no driver has URLs of {}; did you mean '{}'?", Quote(scheme), near)};
}

// -b @FILE, as curl has it.
Result<std::string> BodyOf(const std::string& body) {
  if (!body.starts_with('@')) return body;
  const Result<std::string> text = ReadTextFile(body.substr(1));
  if (!text) return BadConfig("-b {}: {}", body, text.error().message);
  return *text;
}

// The variables of the command line stand before those of the environment.
void AddVariables(const std::map<std::string, std::string>& variables, ReadContext* context) {
  context->environment = [variables, next = context->environment](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? next(name) : std::optional<std::string>(found->second);
  };
}

}  // namespace

void AddUrlFlags(UrlFlags* flags, CLI::App* app) {
  for (const UrlFlag& flag : kFlags)
    app->add_option(flag.names, flags->*flag.value, flag.help)->type_name(flag.type)->group(kGroup);
  for (const UrlList& list : kLists) {
    AddRepeatable(app, list.names, &(flags->*list.values), list.type, list.help);
    app->get_option(FirstName(list.names))->group(kGroup);
  }
}

Status RefuseUrlFlags(const UrlFlags& flags, const std::string& file) {
  for (const UrlFlag& flag : kFlags)
    if (!(flags.*flag.value).empty()) return Refuse(flag.names, flag.instead, file);
  for (const UrlList& list : kLists)
    if (!(flags.*list.values).empty()) return Refuse(list.names, list.instead, file);
  return {};
}

Result<RunPlan> ReadUrl(const std::string& url, const UrlFlags& flags, ReadContext context) {
  const std::string scheme = SplitUrl(url).scheme;
  const UrlDriver found = FindUrlDriver(scheme);
  if (found.driver == nullptr) return tl::unexpected<Error>(UnknownScheme(scheme));
  UrlFlags whole = flags;
  Result<std::string> body = BodyOf(flags.body);
  if (!body) return Failed(body);
  whole.body = *std::move(body);
  const Result<UrlWorkload> workload =
      WriteUrlWorkload(url, whole, context.options_of(found.driver->name), found.form);
  if (!workload) return Failed(workload);
  context.origins = workload->origins;
  AddVariables(workload->secrets, &context);
  Result<RunPlan> plan = ReadWorkloadText(workload->yaml, "command line", context);
  if (!plan) return plan;
  for (const auto& [name, value] : workload->secrets) {
    plan->secrets.push_back(value);
    if (const std::optional<std::string> decoded = PercentDecode(value))
      plan->secrets.push_back(*decoded);
  }
  SortSecrets(&*plan);
  return plan;
}

}  // namespace mbench
