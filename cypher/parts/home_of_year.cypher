// 年末住所 — Whether the home l is the home of the household h at the end of the year, or its last one before.
// Needs h, l, $seq, $year.
known(l) AND l.since <= $year * 10000 + 1231
  AND NOT EXISTS { MATCH (h)-[k:LIVES_IN]->(:Village)
    WHERE known(k) AND k.since > l.since AND k.since <= $year * 10000 + 1231 }
