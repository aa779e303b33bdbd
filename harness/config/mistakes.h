// SPDX-License-Identifier: Apache-2.0
//
// Everything that is wrong with a workload file, gathered while it is read and shown at once, as a
// compiler does it:
//
//   ramp.yaml:9:3: error: unknown key 'ober' in load; did you mean 'over'?
//       9 |   ober: 2m
//         |   ^~~~
//   1 error; nothing was run
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/complaints.h"
#include "harness/base/result.h"

namespace mbench {

class Mistakes : public Complaints {
 public:
  // A file. The returned number goes into Place::source.
  std::uint32_t AddFile(std::string name, std::string text);
  // Text that was made of a command line: `origins` are the words that its lines come from, and
  // what mistakes are shown after.
  std::uint32_t AddMadeText(std::string text, std::vector<std::string> origins);
  // A value from the command line; its mistakes are shown after `head` and without a line.
  std::uint32_t AddArgument(std::string head);

  void Add(const Place& place, std::string message) override;
  // Text that must not be shown with any mistake (base/secrets.h).
  void Hide(std::string secret) { secrets_.push_back(std::move(secret)); }

  bool Empty() const { return mistakes_.empty(); }
  std::size_t Count() const override { return count_; }
  // Counts a mistake that was reported already, at a place that suffers from it too.
  void Again() { ++count_; }
  // The line of a file without its end; "" when there is none.
  std::string_view Line(const Place& place) const;

  // All of them in the order of their places, and how many they are. REQUIRES: !Empty().
  Error ToError() const;

 private:
  struct Source {
    std::string name;
    std::string text;
    std::vector<std::size_t> line_begins;
    std::vector<std::string> origins = {};
  };
  struct Mistake {
    Place place;
    std::string message;
    auto operator<=>(const Mistake&) const = default;
  };
  std::string Render(const Mistake& mistake) const;

  std::vector<Source> sources_;
  std::vector<Mistake> mistakes_;
  std::size_t count_ = 0;
  std::vector<std::string> secrets_;
};

}  // namespace mbench
