// SPDX-License-Identifier: Apache-2.0
//
// Prints for every tag of a histogram log, over all its intervals:
//   tag count p50 p90 p99 p99.9 max mean        ("-" is the untagged total)
"use strict";

const { readFileSync } = require("node:fs");
const { HistogramLogReader, build } = require("hdr-histogram-js");

const HOUR_NS = 3600e9;
// 64: counts are kept as doubles, exact up to 2^53.
const newSum = () => build({
  bitBucketSize: 64,
  lowestDiscernibleValue: 1,
  highestTrackableValue: HOUR_NS,
  numberOfSignificantValueDigits: 3,
});

const sums = new Map();
const reader = new HistogramLogReader(readFileSync(process.argv[2], "utf8"), 64);
for (let histogram; (histogram = reader.nextIntervalHistogram()) !== null;) {
  const tag = histogram.tag === "NO TAG" ? "-" : histogram.tag;
  if (!sums.has(tag)) sums.set(tag, newSum());
  sums.get(tag).add(histogram);
}

for (const [tag, h] of sums) {
  const percentiles = [50, 90, 99, 99.9].map((p) => h.getValueAtPercentile(p));
  console.log([tag, h.totalCount, ...percentiles, h.maxValue, h.mean].join(" "));
}
