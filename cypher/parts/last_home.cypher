// 最后住所 — Whether the home l is the last known home of the household h, also if it has left the register.
// Needs h, l, $seq.
known(l) AND NOT EXISTS { MATCH (h)-[k:LIVES_IN]->(:Village) WHERE known(k) AND k.since > l.since }
