// SPDX-License-Identifier: Apache-2.0
//
// Objects in S3, and in what speaks as it does: MinIO, Ceph, Garage.
#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "drivers/common/http_text.h"
#include "drivers/driver.h"
#include "drivers/marked_store.h"
#include "drivers/s3/bucket.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

// s3://127.0.0.1:9000/bucket
constexpr auto kS3Urls = std::to_array<UrlForm>({
    {.scheme = "s3", .before_host = "http://", .path_option = "bucket"},
    {.scheme = "s3s", .before_host = "https://", .path_option = "bucket"},
});

constexpr auto kOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "http://127.0.0.1:9000",
     .help = "http://host:port or https://host, of the server and not of a bucket",
     .choices = "http|https"},
    {.name = "bucket", .fallback = "mbench", .help = "where the objects are"},
    {.name = "create",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "make the bucket when it is not there"},
    {.name = "prefix",
     .fallback = "",
     .help = "what all keys begin with, of records and of statements; a new load removes what "
             "begins so, if it bears the mark of mbench"},
    {.name = "access_key",
     .fallback = "",
     .help = "as ${VAR}; empty: requests are not signed",
     .secret = true},
    {.name = "secret_key", .fallback = "", .help = "of the access key, as ${VAR}", .secret = true},
    {.name = "session_token",
     .fallback = "",
     .help = "of keys that were given for some time, as ${VAR}",
     .secret = true},
    {.name = "region", .fallback = "us-east-1", .help = "the region requests are signed for"},
    {.name = "style",
     .type = OptionType::kChoice,
     .fallback = "path",
     .help = "where a request names the bucket: in its path, or as the first part of the host",
     .choices = "path|virtual"},
    {.name = "payload",
     .type = OptionType::kChoice,
     .fallback = "unsigned",
     .help = "whether signatures cover what is written, which then is hashed before it is sent",
     .choices = "unsigned|signed"},
}));

// A bucket is a label of a host name, or several.
bool IsBucketName(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  const auto edge = [](char c) { return c != '-' && c != '.'; };
  return name.size() >= 3 && name.size() <= 63 && std::ranges::all_of(name, fits) &&
         edge(name.front()) && edge(name.back());
}

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const auto wrong = [&mistakes](std::string_view option, std::string message) {
    mistakes.push_back({option, std::move(message)});
  };
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return {{"url", url.error().message}};
  if (url->has_user)
    wrong("url", "user and password do not belong there; give access_key and secret_key");
  if (!url->query.empty() || url->path.size() > 1)
    wrong("url", "it has a path or a query; the bucket is an option of its own: bucket: NAME");
  const std::string& bucket = options.Text("bucket");
  if (!IsBucketName(bucket)) {
    wrong("bucket", fmt::format("{} is no name of a bucket; expected 3 to 63 lower case letters, "
                                "digits, dots and hyphens",
                                Quote(bucket)));
  }
  if (options.Text("access_key").empty() != options.Text("secret_key").empty())
    wrong("secret_key", "access_key and secret_key go together");
  if (!options.Text("session_token").empty() && options.Text("access_key").empty())
    wrong("session_token", "it goes with access_key and secret_key");
  if (options.Text("prefix").size() > s3::kMostKey / 2)
    wrong("prefix", "it is longer than half of a key; expected 512 bytes at most");
  if (const std::string& region = options.Text("region");
      region.empty() || region.find_first_of(" /<>&\r\n") != std::string::npos)
    wrong("region", fmt::format("{} is no name of a region", Quote(region)));
  for (const std::string_view secret : {"access_key", "secret_key", "session_token"})
    if (BreaksHeader(options.Text(secret))) wrong(secret, "it has a line break in it");
  return mistakes;
}

void CheckRun(const OptionValues&, const RunWants& wants, Complaints* complaints) {
  if (wants.scan != nullptr) {
    complaints->Add(wants.scan->place,
                    "driver s3 has no scans of records; a statement can list keys, with list");
  }
}

class S3Driver final : public Driver, public StatementPreparer, public MarkedStore {
 public:
  explicit S3Driver(OptionValues options) : options_(std::move(options)) {}

  Result<DriverFacts> Open() override {
    if (Status read = ReadOptions(); !read) return Failed(read);
    const auto bucket = Enter();
    if (!bucket) return Failed(bucket);
    const auto server = (*bucket)->Enter(options_.Flag("create"));
    if (!server) return Explain(server.error());
    return DriverFacts{.system = server->empty() ? "S3" : *server, .scans = false};
  }

  StatementPreparer* Preparer() override { return this; }
  MarkedStore* Store() override { return this; }

  Status Prepare(StatementSet statements) override {
    auto made = MakeEach<s3::Statement>(statements, [](const StatementSpec& spec, SessionPhase) {
      return ReadOne(spec, s3::ReadStatement);
    });
    if (!made) return Failed(made);
    settings_.statements = *std::move(made);
    return {};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    if (plan.records || plan.phase == SessionPhase::kLoad) {
      if (Status marked = TakeIfEmpty(); !marked) return Failed(marked);
    }
    auto session = std::make_unique<s3::S3Session>(plan, tls_, &settings_);
    session->AddSystem(endpoint_);
    if (Status up = session->Start(Patience()); !up) return Explain(up.error());
    return session;
  }

  Result<StoredData> Look() override {
    const auto bucket = Enter();
    if (!bucket) return Failed(bucket);
    const auto mark = (*bucket)->ReadMark();
    if (!mark) return Explain(mark.error());
    const auto empty = (*bucket)->IsEmpty();
    if (!empty) return Explain(empty.error());
    return StoredData{.dataset = *mark, .empty = *empty};
  }

  Status Clear() override {
    const auto bucket = EnterOurs();
    if (!bucket) return Failed(bucket);
    if (Status removed = (*bucket)->RemoveAll(); !removed) return Explain(removed.error());
    return Mark(bucket->get(), kUnfinishedDataset);
  }

  Status SetDataset(std::string_view mark) override {
    const auto bucket = EnterOurs();
    if (!bucket) return Failed(bucket);
    return Mark(bucket->get(), mark);
  }

 private:
  Status ReadOptions() {
    if (Status right = ToStatus(CheckOptions(options_)); !right) return right;
    url_ = *ParseUrl(options_.Text("url"));
    const bool tls = url_.scheme == "https";
    const std::uint16_t usual = tls ? 443 : 80;
    if (url_.port == 0) url_.port = usual;
    const std::string host =
        url_.host.find(':') == std::string::npos ? url_.host : "[" + url_.host + "]";
    where_ = url_.port == usual ? host : fmt::format("{}:{}", host, url_.port);
    settings_.bucket = options_.Text("bucket");
    const bool in_host = options_.Text("style") == "virtual";
    settings_.host = in_host ? settings_.bucket + "." + where_ : where_;
    settings_.path = in_host ? "/" : "/" + settings_.bucket + "/";
    settings_.prefix = options_.Text("prefix");
    settings_.region = options_.Text("region");
    settings_.credentials = {.access_key = options_.Text("access_key"),
                             .secret_key = options_.Text("secret_key"),
                             .token = options_.Text("session_token")};
    settings_.signs_payload = options_.Text("payload") == "signed";
    if (tls) {
      auto made = TlsContext::Make(options_, {"http/1.1"});
      if (!made) return Failed(made);
      tls_ = *std::move(made);
    }
    auto endpoint = Endpoint::Tcp(url_.host, url_.port);
    if (!endpoint) return Explain(endpoint.error());
    endpoint_ = *std::move(endpoint);
    return {};
  }

  Ticks Patience() const { return std::max(timeout(), 10 * kSecond); }

  Result<std::unique_ptr<s3::Bucket>> Enter() const {
    auto bucket = s3::Bucket::Connect(&settings_, endpoint_, tls_, Patience());
    if (!bucket) return Explain(bucket.error());
    return bucket;
  }

  // Fails with kUsage where the objects are not known to be ours.
  Result<std::unique_ptr<s3::Bucket>> EnterOurs() const {
    auto bucket = Enter();
    if (!bucket) return bucket;
    const auto mark = (*bucket)->ReadMark();
    if (!mark) return Explain(mark.error());
    if (!mark->empty()) return bucket;
    const auto empty = (*bucket)->IsEmpty();
    if (!empty) return Explain(empty.error());
    if (*empty) return bucket;
    return BadConfig(
        "bucket {} has objects{} and no {}: they are not known to be of mbench, so they are left "
        "alone; give another bucket or another prefix",
        Quote(settings_.bucket),
        settings_.prefix.empty() ? "" : fmt::format(" under {}", Quote(settings_.prefix)),
        s3::kMarkName);
  }

  Status Mark(s3::Bucket* bucket, std::string_view text) const {
    if (Status written = bucket->WriteMark(text); !written) return Explain(written.error());
    return {};
  }

  // A place without objects is ours from here on. Looked at once: records stand there afterwards.
  Status TakeIfEmpty() {
    const std::lock_guard lock(mutex_);
    if (looked_) return {};
    const auto bucket = Enter();
    if (!bucket) return Failed(bucket);
    const auto mark = (*bucket)->ReadMark();
    if (!mark) return Explain(mark.error());
    const auto empty = mark->empty() ? (*bucket)->IsEmpty() : Result<bool>(false);
    if (!empty) return Explain(empty.error());
    if (*empty) {
      if (Status marked = Mark(bucket->get(), kUnfinishedDataset); !marked) return marked;
    }
    looked_ = true;
    return {};
  }

  tl::unexpected<Error> Explain(const Error& error) const {
    return tl::unexpected<Error>(
        Error{error.kind, fmt::format("{}://{}: {}", url_.scheme, where_, error.message)});
  }

  const OptionValues options_;
  Url url_;
  std::string where_;  // host and port
  s3::Settings settings_;
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<Endpoint> endpoint_;
  std::mutex mutex_;
  bool looked_ = false;
};

}  // namespace

extern const DriverInfo kS3Driver;
constinit const DriverInfo kS3Driver = {
    .name = "s3",
    .about = "objects in S3 and what speaks as it does (MinIO), read and written by keys",
    .options = kOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<S3Driver>(options);
    },
    .language = {.words = s3::kWords,
                 .check = [](const StatementSpec& spec,
                             Complaints* complaints) { s3::ReadStatement(spec, complaints); },
                 .check_run = CheckRun},
    .check_options = CheckOptions,
    .urls = kS3Urls,
};

}  // namespace mbench
