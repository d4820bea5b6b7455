// 结对帮扶有人接任 — Whether a term as helper of the household h begins after the day, within the stated days.
// A holder who has left office by then does not count. Needs h, $asOf, $beyond, $seq.
EXISTS { MATCH (h)<-[f:HELPS]-(n:Cadre) WHERE known(f) AND f.since > $asOf AND f.since <= $beyond AND NOT EXISTS {
  MATCH (n)<-[:OF]-(g:CadreState) WHERE known(g) AND g.left_on <= f.since } }
