// 最近走访日 — Last day on which the household h was visited, up to the day; null if never. Needs h, $asOf, $seq.
head(COLLECT { MATCH (h)<-[t:VISITED]-(:Cadre) WHERE known(t) AND t.since <= $asOf
  RETURN t.since ORDER BY t.since DESC LIMIT 1 })
