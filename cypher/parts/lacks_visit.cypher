// 缺走访 — Whether the household h has a helper but was not visited in the stated months, as in coverageGaps.
// Needs h, $asOf, $seq, $year, $yearsAfterExit, $visitedSince.
part(supported) AND part(has_helper) AND NOT EXISTS {
  MATCH (h)<-[t:VISITED]-(:Cadre) WHERE known(t) AND t.since >= $visitedSince AND t.since <= $asOf }
