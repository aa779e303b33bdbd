// SPDX-License-Identifier: Apache-2.0
#include "workloads/keys/zipf_table.h"

#include <algorithm>
#include <cmath>

#include "harness/base/check.h"

namespace mbench {
namespace {

// A group at rank r is r / kRanksPerWidth wide.
constexpr std::uint64_t kRanksPerWidth = 64;
// Fewer terms than this are added up one by one.
constexpr std::uint64_t kSumDirectly = 32;

double Number(std::uint64_t i) { return static_cast<double>(i); }
double Weight(std::uint64_t rank, double theta) { return std::pow(Number(rank) + 1, -theta); }

// The integral of x^-theta from a to b. Written with expm1 so that it is right for theta near 1,
// where the plain formula is 0/0, and for b near a, where it subtracts nearly equal numbers.
double Integral(double a, double b, double theta) {
  const double log_ratio = std::log1p((b - a) / a);
  const double exponent = (1 - theta) * log_ratio;
  const double growth = exponent == 0 ? 1 : std::expm1(exponent) / exponent;
  return std::pow(a, 1 - theta) * log_ratio * growth;
}

// Euler and Maclaurin's sum formula for f(x) = x^-theta over whole x in [a, b). The next term would
// be smaller than a^-5 of the first.
double EulerMaclaurin(double a, double b, double theta) {
  const double fa = std::pow(a, -theta), fb = std::pow(b, -theta);
  const double slope = -theta * (fb / b - fa / a);
  const double bend = -theta * (theta + 1) * (theta + 2) * (fb / (b * b * b) - fa / (a * a * a));
  return Integral(a, b, theta) - (fb - fa) / 2 + slope / 12 - bend / 720;
}

}  // namespace

double ZipfWeight(std::uint64_t begin, std::uint64_t end, double theta) {
  double sum = 0;
  // The formula is good from some x on only.
  const std::uint64_t direct_end = std::min(end, std::max(begin, kSumDirectly));
  const std::uint64_t direct_from = end - begin <= kSumDirectly ? end : direct_end;
  if (direct_from < end) {
    sum = EulerMaclaurin(Number(direct_from) + 1, Number(end) + 1, theta);
  }
  // Small weights first.
  for (std::uint64_t i = direct_from; i > begin; --i) sum += Weight(i - 1, theta);
  return sum;
}

ZipfTable::ZipfTable(std::uint64_t n, double theta) : size_(n), theta_(theta) {
  MB_CHECK(n > 0 && theta > 0 && theta <= 10, "n {} theta {}", n, theta);
  std::vector<double> weights;
  for (std::uint64_t begin = 0; begin < n;) {
    const std::uint64_t width = std::clamp<std::uint64_t>(begin / kRanksPerWidth, 1, n - begin);
    const double ratio = Weight(begin + width - 1, theta) / Weight(begin, theta);
    // A little less than the ratio: when in doubt Accept decides.
    const auto always = static_cast<std::uint64_t>(ratio * (1 - 0x1.0p-40) * 0x1.0p64);
    groups_.push_back({.begin = begin, .width = width, .always = width == 1 ? UINT64_MAX : always});
    weights.push_back(ZipfWeight(begin, begin + width, theta));
    begin += width;
  }
  table_ = AliasTable(weights);
}

bool ZipfTable::Accept(const Group& group, std::uint64_t rank, std::uint64_t random) const {
  const double ratio = std::pow((Number(group.begin) + 1) / (Number(rank) + 1), theta_);
  return Number(random) * 0x1.0p-64 < ratio;
}

}  // namespace mbench
