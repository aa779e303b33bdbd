# SPDX-License-Identifier: Apache-2.0
# Shared by judge-java and judge-node; to be sourced.

# need COMMAND PACKAGE: fails, naming the Debian package, when there is no such command.
need() {
  command -v "$1" >/dev/null || { echo "$1 is missing: install the Debian package $2" >&2; exit 1; }
}

# agree OURS THEIRS: every tag, count, percentile and maximum alike, means within 0.1 %.
agree() {
  awk '
    NR == FNR { ours[$1] = $0; next }
    !($1 in ours) { print "only they have: " $0; bad = 1; next }
    {
      split(ours[$1], our)
      for (i = 2; i <= 7; ++i) if (our[i] "" != $i "") differs = 1
      gap = our[8] - $8
      if (gap < 0) gap = -gap
      if (NF != 8 || differs || gap > our[8] / 1000) {
        print "ours:   " ours[$1] "\ntheirs: " $0
        bad = 1
      }
      delete ours[$1]
      differs = 0
      ++same
    }
    END {
      for (tag in ours) { print "only we have: " ours[tag]; bad = 1 }
      print same + 0 " tags compared"
      exit bad || same < 15
    }' "$1" "$2"
}
