// SPDX-License-Identifier: Apache-2.0
#include "drivers/s3/bucket.h"

#include <algorithm>
#include <utility>

#include "drivers/s3/xml.h"
#include "harness/base/text.h"

namespace mbench::s3 {
namespace {

constexpr std::size_t kPage = 1000;

bool IsGood(const Said& said) { return said.status >= 200 && said.status < 300; }

// Names in a list that was asked for with encoding-type=url.
std::string NameOf(std::string_view coded) {
  std::string text = XmlText(coded);
  std::ranges::replace(text, '+', ' ');
  return PercentDecode(text).value_or(text);
}

// What would be right, for codes that everybody meets once.
std::string AdviceFor(const Said& said) {
  if (said.code == "SignatureDoesNotMatch") return "; is secret_key the right one?";
  if (said.code == "InvalidAccessKeyId") return "; is access_key the right one?";
  if (said.code == "RequestTimeTooSkewed") return "; set the clock of this host";
  if (said.region.empty()) return "";
  return fmt::format("; the bucket is in another region: give region: {}", said.region);
}

}  // namespace

Result<std::unique_ptr<Bucket>> Bucket::Connect(const Settings* settings,
                                                const std::shared_ptr<Endpoint>& endpoint,
                                                const std::shared_ptr<TlsContext>& tls,
                                                Ticks patience) {
  std::unique_ptr<Bucket> bucket(new Bucket(settings, patience));
  const SessionPlan plan{.connections = 1, .timeout = patience, .want_values = true};
  bucket->session_ = std::make_unique<S3Session>(plan, tls, settings);
  bucket->session_->AddSystem(endpoint);
  if (Status up = bucket->session_->Start(patience); !up) return Failed(up);
  return bucket;
}

Result<std::string> Bucket::Ask(const Plain& plain) { return session_->AskPlain(plain, patience_); }

tl::unexpected<Error> Bucket::Explain(std::string_view what) const {
  const Said& said = session_->Last();
  const std::string code = said.code.empty()
                               ? fmt::format("status {}", said.status)
                               : fmt::format("{}: {}", Quote(said.code), said.message);
  return Unreachable("cannot {}: {}{}", what, code, AdviceFor(said));
}

Result<std::string> Bucket::Demand(const Plain& plain) {
  auto answer = Ask(plain);
  if (!answer) return answer;
  const bool in_body = session_->Last().code.empty();
  if (IsGood(session_->Last()) && in_body) return answer;
  return Explain(
      fmt::format("{} {}", plain.method, plain.key.empty() ? settings_.bucket : Quote(plain.key)));
}

Result<std::string> Bucket::Enter(bool create) {
  const Plain look{
      .method = "GET",
      .parameters = {{"list-type", "2"}, {"max-keys", "1"}, {"prefix", settings_.prefix}}};
  if (auto answer = Ask(look); !answer) return answer;
  if (session_->Last().code == "NoSuchBucket") {
    if (!create) {
      return BadConfig(
          "there is no bucket {}; make it, or say create: true in driver and it is made",
          Quote(settings_.bucket));
    }
    if (Status made = Make(); !made) return Failed(made);
  } else if (!IsGood(session_->Last())) {
    return Explain(fmt::format("look into bucket {}", Quote(settings_.bucket)));
  }
  return session_->Last().server;
}

Status Bucket::Make() {
  Plain put{.method = "PUT", .has_body = true};
  if (settings_.region != "us-east-1") {
    put.body = "<CreateBucketConfiguration><LocationConstraint>" + settings_.region +
               "</LocationConstraint></CreateBucketConfiguration>";
  }
  if (auto answer = Ask(put); !answer) return Failed(answer);
  const std::string& code = session_->Last().code;
  if (IsGood(session_->Last()) || code == "BucketAlreadyOwnedByYou") return {};
  if (code == "InvalidBucketName") {
    return BadConfig("{} is no name of a bucket: {}", Quote(settings_.bucket),
                     session_->Last().message);
  }
  return Explain(fmt::format("make bucket {}", Quote(settings_.bucket)));
}

Result<std::string> Bucket::ReadMark() {
  auto text = Ask({.method = "GET", .key = MarkName()});
  if (!text || IsGood(session_->Last())) return text;
  if (session_->Last().status == 404) return std::string();
  return Explain("read the mark of its data");
}

Status Bucket::WriteMark(std::string_view text) {
  auto put =
      Demand({.method = "PUT", .key = MarkName(), .body = std::string(text), .has_body = true});
  if (!put) return Failed(put);
  return {};
}

Result<std::vector<std::string>> Bucket::ListPage(std::size_t most, std::string* token) {
  Plain list{.method = "GET",
             .parameters = {{"list-type", "2"},
                            {"encoding-type", "url"},
                            {"max-keys", std::to_string(most)},
                            {"prefix", settings_.prefix}}};
  if (!token->empty()) list.parameters.emplace_back("continuation-token", *token);
  const auto xml = Demand(list);
  if (!xml) return Failed(xml);
  std::vector<std::string> names;
  for (std::size_t at = 0;;) {
    const std::string_view key = NextElement(*xml, "Key", &at);
    if (key.data() == nullptr) break;
    names.push_back(NameOf(key));
  }
  *token = ElementOf(*xml, "IsTruncated") == "true"
               ? XmlText(ElementOf(*xml, "NextContinuationToken"))
               : "";
  std::erase(names, MarkName());
  return names;
}

Result<bool> Bucket::IsEmpty() {
  std::string token;
  const auto names = ListPage(2, &token);  // one of them may be the mark
  if (!names) return Failed(names);
  return names->empty();
}

Status Bucket::RemoveAll() {
  std::string token;
  do {
    const auto names = ListPage(kPage, &token);
    if (!names) return Failed(names);
    if (Status removed = Remove(*names); !removed) return removed;
  } while (!token.empty());
  return {};
}

Status Bucket::Remove(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  Plain remove{.method = "POST", .parameters = {{"delete", ""}}, .has_body = true};
  remove.body = "<Delete><Quiet>true</Quiet>";
  for (const std::string& name : names) {
    remove.body += "<Object><Key>";
    AppendXmlText(name, &remove.body);
    remove.body += "</Key></Object>";
  }
  remove.body += "</Delete>";
  const auto answer = Demand(remove);
  if (!answer) return Failed(answer);
  return {};
}

}  // namespace mbench::s3
