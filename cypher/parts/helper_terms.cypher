// 结对帮扶的任期 — Terms of helpers of the household h that have begun, the last first: [last day, cadre, gone on, null,
// reason].
// gone on: first day on which the holder is no longer in office. Needs h, $asOf, $seq.
COLLECT { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE known(r) AND r.since <= $asOf
  RETURN [r.until, c.cadre_no, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }), null,
    'HOLDER_LEFT'] ORDER BY r.until DESC, c.cadre_no }
