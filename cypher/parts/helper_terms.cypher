// 结对帮扶的任期 — All terms of helpers of the household h that have begun, as rows [last day, cadre, gone on, null, why gone], the last first.
// gone on: the first day on which the holder has left the post. Needs h, $asOf, $seq.
COLLECT { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE known(r) AND r.since <= $asOf
  RETURN [r.until, c.cadre_no, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }), null, 'HOLDER_LEFT'] ORDER BY r.until DESC, c.cadre_no }
