// SPDX-License-Identifier: Apache-2.0
//
// Prints for every tag of a histogram log, over all its intervals:
//   tag count p50 p90 p99 p99.9 max mean        ("-" is the untagged total)

import java.io.File;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

public final class HlogJudge {
  private static final long HOUR_NS = 3_600_000_000_000L;

  public static void main(String[] args) throws Exception {
    Map<String, Histogram> sums = new TreeMap<>();
    HistogramLogReader reader = new HistogramLogReader(new File(args[0]));
    for (EncodableHistogram next; (next = reader.nextIntervalHistogram()) != null; ) {
      Histogram histogram = (Histogram) next;
      String tag = histogram.getTag() == null ? "-" : histogram.getTag();
      sums.computeIfAbsent(tag, unused -> new Histogram(1, HOUR_NS, 3)).add(histogram);
    }
    sums.forEach(HlogJudge::print);
  }

  private static void print(String tag, Histogram h) {
    System.out.printf(Locale.ROOT, "%s %d %d %d %d %d %d %.6f%n", tag, h.getTotalCount(),
        h.getValueAtPercentile(50), h.getValueAtPercentile(90), h.getValueAtPercentile(99),
        h.getValueAtPercentile(99.9), h.getMaxValue(), h.getMean());
  }
}
