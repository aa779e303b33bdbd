// SPDX-License-Identifier: Apache-2.0
#include "harness/config/url_workload.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/mistakes.h"
#include "harness/config/text_file.h"
#include "harness/config/url_parts.h"
#include "harness/config/yaml_lines.h"
#include "harness/config/yaml_tree.h"

namespace mbench {
namespace {

constexpr std::string_view kPathMark = "<path>";
constexpr std::string_view kUsualMix = "read=95,update=5";
constexpr std::string_view kUsualRecords = "10k";
constexpr std::size_t kLongestName = 100;

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  });
}

// "-c 100": a flag with its value, as a message names it.
std::string Flag(std::string_view name, std::string_view value) {
  if (value.empty()) return std::string(name);
  const std::string quoted = Quote(value);
  const bool bare = value.find_first_of(" '\"{}<>|&;*?$") == std::string_view::npos;
  return fmt::format("{} {}", name, bare ? quoted.substr(1, quoted.size() - 2) : quoted);
}

class Writer {
 public:
  Writer(std::string_view url, const UrlFlags& flags, const DriverOptions& driver,
         const UrlForm& form)
      : flags_(flags), driver_(driver), form_(form) {
    url = url.substr(0, url.find('#'));  // a fragment is for who reads the page
    url_ = SplitUrl(secrets_.KeepThoseOfUrl(url));
    shown_ = secrets_.Hide(url);
  }

  Result<UrlWorkload> Write() {
    WriteHead();
    WriteDriver();
    WriteData();
    WriteLoad();
    WriteMix();
    WriteStatements();
    WriteGenerators();
    WriteSlo();
    WriteRun();
    if (!mistakes_.Empty()) return tl::unexpected<Error>(mistakes_.ToError());
    return UrlWorkload{HeadComment() + lines_.Text(), Origins(), secrets_.Variables()};
  }

 private:
  void Complain(std::string_view name, std::string_view value, std::string message) {
    mistakes_.Add({mistakes_.AddArgument(Flag(name, secrets_.Hide(value)))}, std::move(message));
  }
  bool HasWord(std::string_view name) const {
    return driver_.language != nullptr &&
           std::ranges::find(driver_.language->words, name, &WordSpec::name) !=
               driver_.language->words.end();
  }
  bool KeepsRecords() const { return driver_.language == nullptr || driver_.language->verbs; }
  // A bare number is what wrk2, oha and hey have.
  std::string Rate() const {
    return flags_.rate.find('/') == std::string::npos ? flags_.rate + "/s" : flags_.rate;
  }
  // The path without its first /.
  std::string Path() const { return url_.path.empty() ? "" : url_.path.substr(1); }
  bool AsksForPath() const {
    return !form_.request_word.empty() && flags_.statements.empty() && flags_.sql.empty();
  }
  // What is done is said by statements, or is so by this driver.
  bool HasStatements() const {
    return AsksForPath() || !flags_.sql.empty() || !flags_.statements.empty() ||
           (flags_.mix.empty() && !form_.statement.empty());
  }
  bool HasVerbs() const { return !flags_.mix.empty() || (!HasStatements() && KeepsRecords()); }

  std::string HeadComment() const;
  std::vector<std::string> Origins() const;
  std::string About() const;
  void WriteHead();
  void WriteDriver();
  void WriteLogin(const std::string& login);
  void WriteData();
  void WriteLoad();
  void WriteMix();
  void WriteStatements();
  void WriteRequest();
  void WriteHeaders();
  void WriteOneStatement(std::string_view flag, std::string_view text);
  void WriteGenerators();
  void WriteOneGenerator(const std::string& text);
  void WriteSlo();
  void WriteRun();
  std::string FreeName(std::string_view wanted);
  std::string NameOfStatement(const ValueNode& body) const;
  template <typename Parse>
  bool Check(std::string_view flag, const std::string& value, Parse parse) {
    const auto parsed = parse(value);
    if (!parsed) Complain(flag, value, parsed.error().message);
    return parsed.has_value();
  }

  const UrlFlags& flags_;
  const DriverOptions& driver_;
  const UrlForm& form_;
  CommandLineSecrets secrets_;
  UrlParts url_;
  std::string shown_;
  YamlLines lines_;
  Mistakes mistakes_;
  std::set<std::string> names_;  // of statements
};

std::string Writer::HeadComment() const {
  std::string text = "# What the command line stands for.\n";
  for (const auto& [name, value] : secrets_.Variables())
    if (lines_.Text().find(fmt::format("${{{}}}", name)) != std::string::npos)
      text += fmt::format("# {} was given there, and is not kept.\n", name);
  return text;
}

std::vector<std::string> Writer::Origins() const {
  const std::string head = HeadComment();
  std::vector<std::string> origins(static_cast<std::size_t>(std::ranges::count(head, '\n')),
                                   shown_);
  origins.insert(origins.end(), lines_.Origins().begin(), lines_.Origins().end());
  return origins;
}

std::string Writer::About() const {
  std::string text = shown_;
  if (AsksForPath()) {
    const std::string usual = flags_.body.empty() ? "GET" : "POST";
    text = fmt::format("{} {}", flags_.method.empty() ? usual : flags_.method, text);
  }
  const std::string_view clients =
      flags_.connections.empty() ? kUrlConnections : std::string_view(flags_.connections);
  if (!flags_.rate.empty()) text += ", " + Rate();
  return fmt::format("{}, {} connection{}", text, clients, clients == "1" ? "" : "s");
}

void Writer::WriteHead() {
  std::string name = fmt::format("{}-{}", driver_.name, url_.host.substr(0, url_.host.find(',')));
  for (char& c : name)
    if (kNameLetters.find(c) == std::string_view::npos) c = '-';
  lines_.AddPair("", "name", name.substr(0, kLongestName), shown_);
  // What is drawn or comes from the environment is no part of a sentence.
  std::string about = About();
  for (std::size_t at = about.find("${"); at != std::string::npos; at = about.find("${", at + 3))
    about.insert(at, "$");
  lines_.AddPair("", "about", about, shown_);
}

void Writer::WriteDriver() {
  lines_.Add("driver:", shown_);
  lines_.AddPair("  ", "use", driver_.name, shown_);
  const bool whole = !AsksForPath() && form_.path_option.empty() &&
                     form_.statement.find(kPathMark) == std::string_view::npos;
  std::string text = form_.before_host ? std::string(*form_.before_host) : url_.scheme + "://";
  if (form_.login_option.empty() && !url_.login.empty()) text += url_.login + "@";
  text += url_.host;
  if (whole) text += url_.path;
  if (!AsksForPath() && !url_.query.empty()) text += "?" + url_.query;
  lines_.AddPair("  ", form_.option, text, shown_);
  if (!form_.path_option.empty() && !Path().empty())
    lines_.AddPair("  ", form_.path_option, Path(), shown_);
  if (!form_.login_option.empty() && !url_.login.empty()) WriteLogin(url_.login);
}

void Writer::WriteLogin(const std::string& login) {
  // The password stands for a variable by now; the option wants both in one.
  std::string plain = login;
  for (const auto& [name, value] : secrets_.Variables()) {
    const std::string mark = fmt::format("${{{}}}", name);
    if (const std::size_t at = plain.find(mark); at != std::string::npos)
      plain.replace(at, mark.size(), value);
  }
  const std::optional<std::string> decoded = PercentDecode(plain);
  lines_.AddPair("  ", form_.login_option,
                 plain.find("${") == std::string::npos
                     ? secrets_.Keep("MBENCH_LOGIN_PASSWORD", decoded ? *decoded : plain)
                     : plain,
                 shown_);
}

void Writer::WriteData() {
  if (!flags_.records.empty()) Check("--records", flags_.records, ParseCount);
  if (!HasVerbs() && flags_.records.empty()) return;
  const bool said = !flags_.records.empty();
  const std::string origin = said ? Flag("--records", flags_.records) : shown_;
  lines_.Add("data:", origin);
  lines_.AddPair("  ", "records", said ? std::string_view(flags_.records) : kUsualRecords, origin);
}

void Writer::WriteLoad() {
  const std::string clients =
      flags_.connections.empty() ? std::string(kUrlConnections) : flags_.connections;
  const std::string clients_from =
      flags_.connections.empty() ? shown_ : Flag("-c", flags_.connections);
  if (Check("-c", clients, ParseCount) && *ParseCount(clients) == 0)
    Complain("-c", clients, "at least one connection is needed");
  lines_.Add("load:", shown_);
  lines_.AddPair("  ", "profile", "steady", shown_);
  if (flags_.rate.empty()) {
    lines_.AddPair("  ", "at", clients, clients_from);
  } else {
    if (const Result<double> parsed = ParseRate(Rate()); !parsed)
      Complain("-r", flags_.rate, parsed.error().message);
    lines_.AddPair("  ", "at", Rate(), Flag("-r", flags_.rate));
    lines_.AddPair("  ", "connections", clients, clients_from);
  }
  if (!flags_.requests.empty()) {
    Check("-n", flags_.requests, ParseCount);
    lines_.AddPair("  ", "ops", flags_.requests, Flag("-n", flags_.requests));
  }
  if (!flags_.duration.empty()) {
    Check("-d", flags_.duration, ParseDuration);
    lines_.AddPair("  ", "over", flags_.duration, Flag("-d", flags_.duration));
  } else if (flags_.requests.empty()) {
    lines_.AddPair("  ", "over", kUrlDuration, shown_);
  }
  if (!flags_.warmup.empty()) {
    Check("--warmup", flags_.warmup, ParseDuration);
    lines_.AddPair("  ", "warmup", flags_.warmup, Flag("--warmup", flags_.warmup));
  } else if (flags_.requests.empty()) {  // who counts requests wants no others
    lines_.AddPair("  ", "warmup", kUrlWarmup, shown_);
  }
}

void Writer::WriteMix() {
  if (!HasVerbs()) {
    if (!HasStatements()) {
      Complain(shown_, "",
               fmt::format("{} keeps no records by itself; say what to do with "
                           "--statement (mbench drivers {} lists the words)",
                           driver_.name, driver_.name));
    }
    return;
  }
  const std::string mix = flags_.mix.empty() ? std::string(kUsualMix) : flags_.mix;
  const std::string origin = flags_.mix.empty() ? shown_ : Flag("--mix", mix);
  lines_.Add("mix:", origin);
  for (const std::string_view part : Split(mix, ',')) {
    const std::size_t equals = part.find('=');
    const std::string_view verb = Trim(part.substr(0, equals));
    if (equals == std::string_view::npos || !IsWord(verb))
      return Complain("--mix", mix, "expected verbs with weights, such as read=95,update=5");
    lines_.AddPair("  ", verb, Trim(part.substr(equals + 1)), origin);
  }
}

std::string Writer::FreeName(std::string_view wanted) {
  std::string name(wanted);
  for (int i = 2; !names_.insert(name).second; ++i) name = fmt::format("{}{}", wanted, i);
  return name;
}

// The first word of an SQL text or a command, else the head: "select", "get", "find".
std::string Writer::NameOfStatement(const ValueNode& body) const {
  if (driver_.language == nullptr) return "statement";
  for (const WordSpec& word : driver_.language->words) {
    const ValueNode* const head = word.is_head ? body.Child(word.name) : nullptr;
    if (head == nullptr) continue;
    const std::string first = Lower(head->text.substr(0, head->text.find_first_of(" \t\n;")));
    const bool speaks = word.type == WordType::kTemplate || word.type == WordType::kTextOrList;
    return head->IsScalar() && speaks && IsWord(first) ? first : std::string(word.name);
  }
  return "statement";
}

// `text`: a statement of a workload file, with braces around it or without.
void Writer::WriteOneStatement(std::string_view flag, std::string_view text) {
  const std::string origin = flag.empty() ? shown_ : Flag(flag, text);
  const std::string inner(
      text.starts_with('{') && text.ends_with('}') ? text.substr(1, text.size() - 2) : text);
  Mistakes found;
  const std::string whole = fmt::format("{{{}}}", inner);
  const ValueNode body = ParseYaml(whole, found.AddArgument(""), &found);
  if (!found.Empty() || inner.find('\n') != std::string::npos || !body.IsMap() ||
      body.children.empty()) {
    return Complain(flag, text,
                    "expected a statement as in a workload file, in one line, such as "
                    "'redis: \"GET user:{n}\"'");
  }
  const std::string weight = body.Child("weight") == nullptr ? "weight: 1, " : "";
  lines_.Add(fmt::format("  {}: {{{}{}}}", FreeName(NameOfStatement(body)), weight, Trim(inner)),
             origin);
}

void Writer::WriteHeaders() {
  if (flags_.headers.empty() && flags_.content_type.empty()) return;
  lines_.Add("    headers:", shown_);
  const auto write = [this](std::string_view name, std::string_view value, std::string_view flag,
                            const std::string& said) {
    const std::string kept = secrets_.KeepThatOfHeader(name, std::string(value));
    lines_.AddPair("      ", YamlScalar(name), kept, Flag(flag, secrets_.Hide(said)));
  };
  for (const std::string& header : flags_.headers) {
    const std::size_t colon = header.find(':');
    const std::string_view name = Trim(std::string_view(header).substr(0, colon));
    if (colon == std::string::npos || name.empty()) {
      Complain("-H", header, "expected a name and a value, such as 'accept: application/json'");
      continue;
    }
    write(name, Trim(std::string_view(header).substr(colon + 1)), "-H", header);
  }
  if (!flags_.content_type.empty())
    write("content-type", flags_.content_type, "-T", flags_.content_type);
}

// GET of the path, or what -m, -H and -b make of it.
void Writer::WriteRequest() {
  const std::string method = !flags_.method.empty() ? flags_.method
                             : flags_.body.empty()  ? "GET"
                                                    : "POST";
  if (!IsWord(method)) Complain("-m", method, "expected a method such as GET or POST");
  std::string target = url_.path.empty() ? "/" : url_.path;
  if (!url_.query.empty()) target += "?" + url_.query;
  const std::string origin = flags_.method.empty() ? shown_ : Flag("-m", flags_.method);
  lines_.Add(fmt::format("  {}:", FreeName(Lower(method))), origin);
  lines_.AddPair("    ", "weight", "1", origin);
  lines_.AddPair("    ", form_.request_word, fmt::format("{} {}", method, target), origin);
  WriteHeaders();
  if (!flags_.body.empty()) lines_.AddPair("    ", "body", flags_.body, Flag("-b", flags_.body));
  lines_.AddPair("    ", "label", "status", shown_);
}

void Writer::WriteStatements() {
  const bool describes_request = !flags_.method.empty() || !flags_.body.empty() ||
                                 !flags_.headers.empty() || !flags_.content_type.empty();
  if (describes_request && !AsksForPath()) {
    const auto [flag, value] = !flags_.method.empty()   ? std::pair("-m", flags_.method)
                               : !flags_.body.empty()   ? std::pair("-b", flags_.body)
                               : flags_.headers.empty() ? std::pair("-T", flags_.content_type)
                                                        : std::pair("-H", flags_.headers.front());
    const std::string safe =
        flag == std::string_view("-H") ? value.substr(0, value.find(':')) : value;
    Complain(
        flag, safe,
        form_.request_word.empty()
            ? fmt::format("it is for URLs of http and https; {} has no such thing", driver_.name)
            : "with --statement, the statement says this itself");
  }
  if (!flags_.sql.empty() && !HasWord("sql")) {
    Complain("--sql", flags_.sql.front(),
             fmt::format("{} does not speak SQL; give --statement", driver_.name));
    return;
  }
  if (!HasStatements()) return;
  lines_.Add("statements:", shown_);
  if (AsksForPath()) WriteRequest();
  for (const std::string& sql : flags_.sql) {
    const std::string first = Lower(sql.substr(0, sql.find_first_of(" \t\n;(")));
    lines_.Add(fmt::format("  {}:", FreeName(IsWord(first) ? first : "sql")), Flag("--sql", sql));
    lines_.AddPair("    ", "weight", "1", Flag("--sql", sql));
    lines_.AddPair("    ", "sql", sql, Flag("--sql", sql));
  }
  for (const std::string& text : flags_.statements) WriteOneStatement("--statement", text);
  if (!AsksForPath() && flags_.sql.empty() && flags_.statements.empty()) {
    std::string text(form_.statement);
    if (const std::size_t at = text.find(kPathMark); at != std::string::npos) {
      if (Path().empty())
        return Complain(
            shown_, "",
            fmt::format("it names nothing behind the host; expected {}://HOST/NAME", form_.scheme));
      text.replace(at, kPathMark.size(), YamlScalar(Path()));
    }
    WriteOneStatement("", text);
  }
}

void Writer::WriteOneGenerator(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const std::string spec = equals == std::string::npos ? "" : text.substr(equals + 1);
  const std::string origin = Flag("--generate", text);
  const std::size_t dots = spec.find("..");
  if (!IsWord(name) || spec.empty()) {
    Complain("--generate", text,
             "expected NAME=FROM..TO, NAME=one,of,these or NAME={...} as in a workload file; such "
             "as n=1..100k");
  } else if (spec.front() == '{') {
    Mistakes found;
    const ValueNode body = ParseYaml(spec, found.AddArgument(""), &found);
    if (!found.Empty() || !body.IsMap() || spec.find('\n') != std::string::npos)
      return Complain("--generate", text,
                      "expected a map in one line, such as {from: 1, to: 100k, choose: zipfian}");
    lines_.Add(fmt::format("  {}: {}", name, spec), origin);
  } else if (dots != std::string::npos) {
    lines_.Add(fmt::format("  {}: {{from: {}, to: {}}}", name, YamlScalar(spec.substr(0, dots)),
                           YamlScalar(spec.substr(dots + 2))),
               origin);
  } else {
    std::vector<std::string> picks;
    for (const std::string_view pick : Split(spec, ',')) picks.push_back(YamlScalar(Trim(pick)));
    lines_.Add(fmt::format("  {}: {{pick: [{}]}}", name, Join(picks, ", ")), origin);
  }
}

void Writer::WriteGenerators() {
  if (flags_.generators.empty()) return;
  lines_.Add("generators:", shown_);
  for (const std::string& generator : flags_.generators) WriteOneGenerator(generator);
}

void Writer::WriteSlo() {
  if (flags_.slo.empty()) return;
  lines_.Add("slo:", shown_);
  for (const std::string& slo : flags_.slo)
    lines_.Add(fmt::format("  - {}", YamlScalar(slo)), Flag("--slo", slo));
}

void Writer::WriteRun() {
  if (flags_.workers.empty() && flags_.timeout.empty()) return;
  lines_.Add("run:", shown_);
  if (!flags_.workers.empty()) {
    if (!ParseCount(flags_.workers) && ParseDuration(flags_.workers)) {
      Complain("-t", flags_.workers,
               "that is a time, and -t is the number of threads; the time-out "
               "of a request is --timeout");
    } else {
      Check("-t", flags_.workers, ParseCount);
    }
    lines_.AddPair("  ", "workers", flags_.workers, Flag("-t", flags_.workers));
  }
  if (!flags_.timeout.empty()) {
    Check("--timeout", flags_.timeout, ParseDuration);
    lines_.AddPair("  ", "timeout", flags_.timeout, Flag("--timeout", flags_.timeout));
  }
}

}  // namespace

Result<UrlWorkload> WriteUrlWorkload(std::string_view url, const UrlFlags& flags,
                                     const DriverOptions& driver, const UrlForm& form) {
  return Writer(url, flags, driver, form).Write();
}

}  // namespace mbench
