// SPDX-License-Identifier: Apache-2.0
#include "harness/load/client_steps.h"

#include <cmath>

namespace mbench {
namespace {

std::uint32_t Clients(double level) { return static_cast<std::uint32_t>(std::lround(level)); }

// First time in (low, high] at which the piece, monotone, has no longer the `clients` of its
// beginning.
Ticks NextChange(const LoadCurve& curve, Ticks low, Ticks high, std::uint32_t clients) {
  while (high - low > kMicrosecond) {
    const Ticks middle = low + (high - low) / 2;
    (Clients(curve.LevelAt(middle)) == clients ? low : high) = middle;
  }
  return high;
}

}  // namespace

std::vector<ClientStep> ClientSteps(const LoadCurve& curve) {
  std::vector<ClientStep> steps;
  const auto append = [&steps](Ticks at, std::uint32_t clients) {
    if (steps.empty() || steps.back().clients != clients) steps.push_back({at, clients});
  };
  for (const LoadCurve::Piece& piece : curve.MonotonePieces()) {
    // One tick inside, because at its very end the next piece begins, with a level of its own.
    const Ticks last = piece.end - 1;
    const std::uint32_t last_clients = Clients(curve.LevelAt(last));
    append(piece.begin, Clients(curve.LevelAt(piece.begin)));
    for (Ticks at = piece.begin; steps.back().clients != last_clients;) {
      at = NextChange(curve, at, last, steps.back().clients);
      append(at, Clients(curve.LevelAt(at)));
    }
  }
  return steps;
}

}  // namespace mbench
