// SPDX-License-Identifier: Apache-2.0
//
// The ranks of a run once they have met: who they are, and how they agree.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/ranks/ranks.h"

namespace mbench {

struct RankIdentity {
  std::string version;  // of mbench
  std::string host;
  int pid = 0;
  std::uint32_t cores = 0;  // that it may use
};

// What a rank says of itself.
RankIdentity OwnIdentity(std::string version);

// Thread: main.
class RankGroup {
 public:
  // Fails everywhere when versions differ. `ranks` outlives it.
  static Result<RankGroup> Meet(Ranks* ranks, const RankIdentity& own);

  Ranks* ranks() const { return ranks_; }
  std::uint32_t Rank() const { return ranks_->Rank(); }
  std::uint32_t Size() const { return ranks_->Size(); }
  bool IsFirst() const { return Rank() == 0; }
  const std::vector<RankIdentity>& members() const { return members_; }

  // "rank 2 (db-load-3)"
  std::string NameOf(std::uint32_t rank) const;
  // Processes of ranks on this host, this one too.
  std::set<int> Neighbours() const;
  std::uint32_t RanksOn(const std::string& host) const;
  std::vector<std::string> Hosts() const;  // each once
  std::uint32_t Cores() const;             // of all hosts, together

  // Whether any of them says so.
  bool Any(bool mine) const;
  // Waits for all. Fails everywhere when it fails anywhere, naming who: with the kind of the first
  // of them.
  Status All(const Status& mine) const;
  // Fails where some rank has another text than rank 0 has.
  Status AllSay(const std::string& mine, const std::string& what_differs) const;

 private:
  RankGroup(Ranks* ranks, std::vector<RankIdentity> members)
      : ranks_(ranks), members_(std::move(members)) {}
  Status Judge(const std::vector<std::string>& answers) const;
  Status Tell(const Status& verdict) const;

  Ranks* ranks_;
  std::vector<RankIdentity> members_;
};

}  // namespace mbench
