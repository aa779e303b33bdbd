// SPDX-License-Identifier: Apache-2.0
//
// Good manners of a thread that may share its core with one that measures.
//
// A kernel lets a thread run for up to some milliseconds before another one of its core has a turn.
// What the collector does once a second takes as long, and every op that is due meanwhile would be
// late by it. So it gives its turn away between two pieces of its work.
#pragma once

namespace mbench {

// Lets the others of this core run first. Costs a third of a microsecond where there are none;
// where there are so many that a turn comes back late, does nothing for the next second, or what
// has to be done would never be. Thread: any.
void LetOthersRun();

}  // namespace mbench
