// SPDX-License-Identifier: Apache-2.0
#include "harness/live/page_server.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <utility>

#include "harness/base/console.h"
#include "harness/base/units.h"
#include "harness/result/judge.h"
#include "harness/result/series.h"
#include "reports/html/page.h"
#include "reports/model/page_run.h"

namespace mbench {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr auto kPageFarewell = std::chrono::seconds(2);
constexpr auto kHeartbeat = std::chrono::seconds(1);  // finds out that a browser is gone
constexpr int kRest = 100;  // times as long as a page took to make, until the next one

// What a page says of a run that goes on. The account balances by construction, as that of a run
// that was killed does.
RunResult SoFar(const RunResult& run) {
  RunResult so_far = run;
  so_far.measured_length = std::min(run.total.end, run.planned_length);
  so_far.account = AccountSoFar(run.total);
  so_far.folder.clear();  // its files are not whole yet
  JudgeValidity(so_far.judged_as, &so_far);
  return so_far;
}

PageVerdict RunningVerdict(const RunResult& run, const std::string& label) {
  const std::string which = label.empty() ? "" : label + ": ";
  const Ticks left = std::max<Ticks>(run.planned_length - run.total.end, 0);
  return {.tone = Tone::kPlain,
          .word = "Running",
          .sentence = fmt::format("{}{} of {} measured, {} left", which,
                                  FormatDuration(std::max<Ticks>(run.total.end, 0)),
                                  FormatDuration(run.planned_length), FormatDuration(left)),
          .details = {"objectives are judged when the run is over"}};
}

}  // namespace

// Thread: any.
struct PageServer::Shown {
  // What the run adds to.
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_ptr<PageRunMaker> maker;  // nothing: not measuring yet
  RunResult result;
  std::string name, label;
  bool over = false;  // the run; result is whole
  bool closing = false;
  int version = 1;
  int streams = 0;
  int page_version = 0;                 // of the page that is made, or being made
  int taken_version = 0;                // of the last one that a browser took
  SteadyClock::time_point next_page{};  // when the next one may be made

  // Guards the page that browsers get. Who needs both locks this one first.
  std::mutex page_mutex;
  std::string page;

  HttpReply Page(const std::shared_ptr<Shown>& self) {
    const std::lock_guard lock(page_mutex);
    if (MayMakePage()) MakePage();
    return {.type = "text/html; charset=utf-8", .body = page, .sent = [self, taken = page_version] {
              const std::lock_guard state(self->mutex);
              self->taken_version = taken;
              self->changed.notify_all();
            }};
  }

  // When the run is over the last page is made without a pause before it.
  bool MayMakePage() {
    const std::lock_guard lock(mutex);
    return page_version != version && (over || SteadyClock::now() >= next_page);
  }

  // REQUIRES: page_mutex is held.
  void MakePage() {
    const auto begin = SteadyClock::now();
    page = RenderPage(TakeModel(), {.live = true});
    const std::lock_guard lock(mutex);
    next_page = begin + kRest * (SteadyClock::now() - begin);
  }

  PageModel TakeModel() {
    std::unique_lock lock(mutex);
    page_version = version;
    if (!maker) return WaitingModel();
    PageSource source;
    source.version = result.provenance.mbench_version;
    source.b.push_back(maker->SoFar(over ? result : SoFar(result)));
    const bool running = !over;
    const PageVerdict verdict = RunningVerdict(result, label);
    lock.unlock();  // what follows takes longer
    PageModel model = MakePageModel(source);
    if (running) model.verdict = verdict;
    return model;
  }

  PageModel WaitingModel() const {
    PageModel model;
    model.title = name;
    model.subtitle = "nothing has been measured yet";
    model.verdict = {.word = "Running",
                     .sentence = label + (label.empty() ? "" : ": ") + "loading, or warming up"};
    return model;
  }

  // Events for one browser: each says that a newer page can be had.
  HttpStream OpenStream(const std::shared_ptr<Shown>& self) {
    const std::lock_guard lock(mutex);
    ++streams;
    const auto leave = std::shared_ptr<void>(nullptr, [self](void*) {
      const std::lock_guard left(self->mutex);
      --self->streams;
      self->changed.notify_all();
    });
    return
        [self, leave, seen = 0, ended = false]() mutable { return self->NextEvent(&seen, &ended); };
  }

  std::string NextEvent(int* seen, bool* ended) {
    if (*ended) return "";
    std::unique_lock lock(mutex);
    const auto news = [&] { return version != *seen && (over || SteadyClock::now() >= next_page); };
    changed.wait_for(lock, kHeartbeat, [&] { return closing || news(); });
    if (closing) {
      *ended = true;
      return fmt::format("event: end\ndata: {}\n\n", version);
    }
    if (!news()) return ": still there\n\n";
    *seen = version;
    return fmt::format("event: more\ndata: {}\n\n", version);
  }

  void Change() {
    ++version;
    changed.notify_all();
  }
};

PageServer::PageServer(std::shared_ptr<Shown> shown) : shown_(std::move(shown)) {}

Result<std::unique_ptr<PageServer>> PageServer::Open(const std::string& address,
                                                     const std::string& token) {
  const Result<ListenAddress> endpoint = ParseListenAddress("--serve", address);
  if (!endpoint) return Failed(endpoint);
  if (!endpoint->IsLoopback() && token.empty())
    return BadConfig(
        "--serve {}: others could see the run there; set {} to a token that they must know, or use "
        "127.0.0.1",
        endpoint->Text(), kServeTokenVariable);
  auto shown = std::make_shared<Shown>();
  HttpSite site;
  site.token = token;
  site.pages["/"] = [shown] { return shown->Page(shown); };
  site.streams["/events"] = [shown] { return shown->OpenStream(shown); };
  Result<std::unique_ptr<HttpServer>> server =
      HttpServer::Listen("--serve", *endpoint, std::move(site));
  if (!server) return Failed(server);
  std::unique_ptr<PageServer> opened(new PageServer(std::move(shown)));
  opened->server_ = std::move(*server);
  WriteToStderr(fmt::format("page      http://{}/{}", opened->Address().Text(),
                            token.empty() ? "" : fmt::format("?token=${}", kServeTokenVariable)));
  return opened;
}

PageServer::~PageServer() {
  std::unique_lock lock(shown_->mutex);
  shown_->closing = true;
  shown_->changed.notify_all();
  if (shown_->streams == 0) return;
  shown_->changed.wait_for(lock, kPageFarewell, [this] {
    return shown_->streams == 0 && shown_->taken_version == shown_->version;
  });
}

void PageServer::OnRun(const WatchedRun& run) {
  run_ = run;
  const std::lock_guard lock(shown_->mutex);
  shown_->maker.reset();
  shown_->over = false;
  shown_->name = run.result->name;
  shown_->label = run.label.text;
  shown_->Change();
}

void PageServer::OnStart() {
  const std::lock_guard lock(shown_->mutex);
  shown_->maker = std::make_unique<PageRunMaker>();
  shown_->maker->OnHead(*run_.result);
  shown_->result = *run_.result;
  shown_->Change();
}

void PageServer::OnInterval(const Interval& interval) {
  const std::lock_guard lock(shown_->mutex);
  if (interval.end > 0) {
    shown_->maker->OnSecond(MakeSeriesPoint(interval));
    shown_->maker->OnInterval(interval);
    AddInterval(interval, &shown_->result);
  }
  shown_->Change();
}

void PageServer::OnEnd() {
  const std::lock_guard lock(shown_->mutex);
  if (!shown_->maker) return;
  shown_->result = *run_.result;
  shown_->over = true;
  shown_->Change();
}

}  // namespace mbench
