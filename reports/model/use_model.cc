// SPDX-License-Identifier: Apache-2.0
#include "reports/model/use_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr auto kUtilisation = UseAspect::kUtilisation;
constexpr auto kSaturation = UseAspect::kSaturation;
constexpr auto kErrors = UseAspect::kErrors;

Number Part(double value, double whole) {
  Number part = MakeFraction(whole > 0 ? value / whole : 0);
  part.known = whole > 0;
  return part;
}

Number Sum(const Number& a, const Number& b) {
  if (!a.known || !b.known) return a.known ? a : b;
  Number sum = a;
  sum.value += b.value;
  return sum;
}

class RunUses {
 public:
  // `whole`: of the run, and not of a part of it.
  RunUses(const RunResult& result, const Timeline& timeline, bool whole)
      : result_(result), timeline_(timeline), whole_(whole) {}

  std::vector<UseResource> Make() {
    HostCpu();
    if (whole_) ProcessCpu();
    RunQueue();
    Memory();
    Disk();
    Network();
    if (whole_) Client();
    Connections();
    const FigureLines& system = timeline_.figures[static_cast<std::size_t>(FigureSource::kSystem)];
    for (UseResource& resource : UsesOfFigures(system, result_.provenance.system_facts))
      Add(std::move(resource));
    return std::move(resources_);
  }

 private:
  void Add(UseResource resource) {
    if (resource.Observed()) resources_.push_back(std::move(resource));
  }
  Number Host(const std::string& name, Unit unit) const {
    return MeanOf(timeline_.figures[static_cast<std::size_t>(FigureSource::kHost)], name, unit);
  }

  void HostCpu() {
    UseResource cpu{.name = "the CPU of this host"};
    cpu.Of(kUtilisation) = Host("cpu_fraction", Unit::kFraction);
    if (!cpu.Of(kUtilisation).known && whole_ && result_.cpu.span > 0)
      cpu.Of(kUtilisation) = MakeFraction(result_.cpu.used);
    cpu.Of(kSaturation) = Host("cpu_pressure_fraction", Unit::kFraction);
    Add(cpu);
    for (const auto& [name, figure] : {std::pair{"of that, by programs", "cpu_user_fraction"},
                                       {"of that, by the kernel", "cpu_system_fraction"},
                                       {kStolenCpu, "cpu_steal_fraction"}}) {
      UseResource part{.name = name, .of_another = true};
      part.Of(kUtilisation) = Host(figure, Unit::kFraction);
      Add(part);
    }
  }

  void RunQueue() {
    UseResource queue{.name = "threads that run or wait for a core"};
    queue.Of(kSaturation) = Host("running_threads", Unit::kCount);
    Add(queue);
  }

  void ProcessCpu() {
    const CpuAccount& cpu = result_.cpu;
    const bool here = cpu.place == SystemPlace::kHere && cpu.span > 0;
    UseResource server{.name = fmt::format("of that, by {}", Join(cpu.system_names, ", ")),
                       .of_another = true};
    if (here) server.Of(kUtilisation) = MakeFraction(cpu.system);
    Add(server);
    UseResource client{.name = "of that, by mbench", .of_another = true};
    client.Of(kUtilisation) =
        Part(result_.total.host.client_cpu_s,
             ToSeconds(result_.measured_length) * static_cast<double>(result_.provenance.cores));
    Add(client);
    if (!here || !cpu.system_thread) return;
    UseResource thread{.name = kBusiestThread + cpu.system_thread->name};
    thread.Of(kUtilisation) = MakeFraction(cpu.system_thread->fraction);
    Add(thread);
  }

  void Memory() {
    UseResource memory{.name = "the memory of this host"};
    const Number used = Host("memory_used_bytes", Unit::kBytes);
    if (used.known)
      memory.Of(kUtilisation) =
          Part(used.value, static_cast<double>(result_.provenance.memory_bytes));
    memory.Of(kSaturation) = Host("memory_pressure_fraction", Unit::kFraction);
    Add(memory);
  }

  void Disk() {
    UseResource disk{.name = "the busiest disk of this host"};
    disk.Of(kUtilisation) = Host("disk_busy_fraction", Unit::kFraction);
    disk.Of(kSaturation) = Host("disk_queue", Unit::kCount);
    Add(disk);
    UseResource waits{.name = "tasks that wait for a disk"};
    waits.Of(kSaturation) = Host("io_pressure_fraction", Unit::kFraction);
    Add(waits);
  }

  // How much an interface could carry is not known.
  void Network() {
    UseResource network{.name = "the network of this host"};
    network.Of(kUtilisation) = Sum(Host("net_in_bytes_per_s", Unit::kBytesPerSecond),
                                   Host("net_out_bytes_per_s", Unit::kBytesPerSecond));
    network.Of(kSaturation) = Host("tcp_retransmits_per_s", Unit::kPerSecond);
    network.Of(kErrors) = Host("net_errors_per_s", Unit::kPerSecond);
    Add(network);
    UseResource loopback{.name = "its loopback", .of_another = true};
    loopback.Of(kUtilisation) = Host("loopback_bytes_per_s", Unit::kBytesPerSecond);
    Add(loopback);
  }

  void Client() {
    UseResource worker{.name = "the busiest worker of the load generator"};
    worker.Of(kUtilisation) = MakeFraction(result_.total.host.busy);
    if (!result_.total.delay.Empty())
      worker.Of(kSaturation) =
          MakeLatency(static_cast<double>(result_.total.delay.ValueAtPercentile(99)));
    Add(worker);
  }

  void Connections() {
    UseResource connections{.name = "the connections of the load generator"};
    const std::vector<double>& in_flight = timeline_.in_flight;
    double sum = 0;
    for (const double count : in_flight) sum += count;
    if (!in_flight.empty()) {
      connections.Of(kUtilisation) = MakeCount(sum / static_cast<double>(in_flight.size()));
    }
    if (whole_)
      connections.Of(kSaturation) = MakeCount(static_cast<double>(result_.account.waiting));
    if (whole_ && result_.connections.known)
      connections.Of(kErrors) = MakeCount(static_cast<double>(result_.connections.lost));
    Add(connections);
  }

  const RunResult& result_;
  const Timeline& timeline_;
  const bool whole_;
  std::vector<UseResource> resources_;
};

}  // namespace

bool UseResource::Observed() const {
  return std::ranges::any_of(numbers, [](const Number& number) { return number.known; });
}

Number MeanOf(const FigureLines& lines, const std::string& name, Unit unit) {
  Number mean{.unit = unit, .known = false};
  const auto line = lines.find(name);
  if (line == lines.end()) return mean;
  double count = 0;
  for (const double value : line->second) {
    if (!std::isfinite(value)) continue;
    mean.value += value;
    ++count;
  }
  mean.known = count > 0;
  if (mean.known) mean.value /= count;
  return mean;
}

std::vector<UseResource> UsesOf(const PageRun& run) {
  return RunUses(run.result, run.timeline, true).Make();
}

std::vector<UseResource> UsesOfBuckets(const RunResult& result, const Timeline& timeline,
                                       std::span<const std::size_t> buckets) {
  Timeline part;
  const auto take = [&](const std::vector<double>& from, std::vector<double>* to) {
    for (const std::size_t bucket : buckets)
      if (bucket < from.size()) to->push_back(from[bucket]);
  };
  take(timeline.in_flight, &part.in_flight);
  for (std::size_t source = 0; source < kFigureSources; ++source)
    for (const auto& [name, line] : timeline.figures[source])
      take(line, &part.figures[source][name]);
  return RunUses(result, part, false).Make();
}

}  // namespace mbench
