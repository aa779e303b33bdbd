// SPDX-License-Identifier: Apache-2.0
//
// Ranks over Open MPI: the module libmbench_mpi.so, which is loaded for --mpi alone.
//
// MPI's own waits spin. So every call that waits for all begins with a barrier that is asked after
// and slept upon; when it is through, all are there and the rest takes microseconds.
//
// Errors stay fatal, as MPI has it: a rank that cannot reach the others ends, and mpirun ends them.
#define OMPI_SKIP_MPICXX 1
#include <mpi.h>
#include <sched.h>

#include <chrono>
#include <cstdio>
#include <numeric>
#include <thread>

#include "harness/ranks/ranks.h"

namespace mbench {
namespace {

constexpr int kFault = 70;   // exit code, as in cmd/exit_code.h
constexpr int kLooks = 200;  // with a yield each, before a wait sleeps
constexpr int kTag = 1;

class MpiRanks final : public Ranks {
 public:
  MpiRanks() {
    int provided = 0, rank = 0, size = 1;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    rank_ = static_cast<std::uint32_t>(rank);
    size_ = static_cast<std::uint32_t>(size);
  }
  // Others may be waiting for this one: they would do so for ever.
  ~MpiRanks() override {
    if (!left_) MPI_Abort(MPI_COMM_WORLD, kFault);
  }
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;

  std::uint32_t Rank() const override { return rank_; }
  std::uint32_t Size() const override { return size_; }

  void Broadcast(std::string* bytes) override {
    AwaitAll();
    std::uint64_t size = bytes->size();
    MPI_Bcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    bytes->resize(size);
    MPI_Bcast(bytes->data(), Length(size), MPI_CHAR, 0, MPI_COMM_WORLD);
  }

  std::vector<std::string> Gather(const std::string& bytes) override {
    AwaitAll();
    const int mine = Length(bytes.size());
    std::vector<int> sizes(rank_ == 0 ? size_ : 0), places(sizes.size());
    MPI_Gather(&mine, 1, MPI_INT, sizes.data(), 1, MPI_INT, 0, MPI_COMM_WORLD);
    Length(std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}));
    std::exclusive_scan(sizes.begin(), sizes.end(), places.begin(), 0);
    std::string all(static_cast<std::size_t>(std::accumulate(sizes.begin(), sizes.end(), 0)), '\0');
    MPI_Gatherv(bytes.data(), mine, MPI_CHAR, all.data(), sizes.data(), places.data(), MPI_CHAR, 0,
                MPI_COMM_WORLD);
    std::vector<std::string> gathered;
    for (std::size_t i = 0; i < sizes.size(); ++i)
      gathered.push_back(
          all.substr(static_cast<std::size_t>(places[i]), static_cast<std::size_t>(sizes[i])));
    return gathered;
  }

  void Send(std::uint32_t to, Ticks value) override {
    MPI_Send(&value, 1, MPI_INT64_T, static_cast<int>(to), kTag, MPI_COMM_WORLD);
  }

  Ticks Receive(std::uint32_t from, Wait wait) override {
    if (wait == Wait::kSleep) {
      Await([from](int* there) {
        MPI_Iprobe(static_cast<int>(from), kTag, MPI_COMM_WORLD, there, MPI_STATUS_IGNORE);
      });
    }
    Ticks value = 0;
    MPI_Recv(&value, 1, MPI_INT64_T, static_cast<int>(from), kTag, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    return value;
  }

  void Leave() override {
    AwaitAll();
    left_ = true;
    MPI_Finalize();
  }

 private:
  template <class Look>
  static void Await(Look look) {
    int done = 0;
    for (int looks = 0;; ++looks) {
      look(&done);
      if (done != 0) return;
      if (looks < kLooks)
        sched_yield();
      else
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }

  static void AwaitAll() {
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    Await([&request](int* done) { MPI_Test(&request, done, MPI_STATUS_IGNORE); });
  }

  // MPI counts in int.
  static int Length(std::uint64_t size) {
    constexpr std::uint64_t kMost = 2'000'000'000;
    if (size <= kMost) return static_cast<int>(size);
    std::fprintf(stderr, "mbench: %llu bytes are too many for one message between ranks\n",
                 static_cast<unsigned long long>(size));
    MPI_Abort(MPI_COMM_WORLD, kFault);
    return 0;
  }

  std::uint32_t rank_ = 0, size_ = 1;
  bool left_ = false;
};

Ranks* Start() { return new MpiRanks; }

}  // namespace
}  // namespace mbench

extern "C" const mbench::RanksModule mbench_ranks_module;
const mbench::RanksModule mbench_ranks_module = {mbench::kRanksContract, MBENCH_VERSION,
                                                 &mbench::Start};
