// 按期走访 — Whether the household h was visited in the stated months up to the day. Needs h, $asOf, $seq, $visitedSince.
EXISTS { MATCH (h)<-[t:VISITED]-(:Cadre) WHERE known(t) AND t.since >= $visitedSince AND t.since <= $asOf }
