// 结对帮扶的任期 — Terms of helpers of the household h that have begun, the last first.
// {until, cadre_no, department_no, lapsed_on, reason}: last day; helper; null; first day on which the helper is no
// longer in office; reason for which the term does not count from then on. Needs h, $asOf, $seq.
COLLECT { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE known(r) AND r.since <= $asOf
  WITH r, c, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }) AS left
  RETURN {until: r.until, cadre_no: c.cadre_no, department_no: null, lapsed_on: left, reason: 'HOLDER_LEFT'}
  ORDER BY r.until DESC, c.cadre_no }
