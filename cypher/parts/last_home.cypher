// 最后住所 — Whether the home l is the last that is known of the household h: it is told there, also when it has left. Needs h, l, $seq.
known(l) AND NOT EXISTS { MATCH (h)-[k:LIVES_IN]->(:Village) WHERE known(k) AND k.since > l.since }
