// 发放给非持股人 — Recipients h of the dividends d who held no shares of the asset s on the record date.
// actual: amount that they received, in fen. A dividend of an asset without a location is not checked.
// Gives s, the asset. Needs h, d, actual, $asOf, $seq.
CALL (h, d, actual) {
  MATCH (d)<-[y:YIELDED]-(s:Asset)
  WHERE known(y) AND actual > 0 AND EXISTS { MATCH (s)-[w:LOCATED_IN]->(:Area) WHERE known(w) }
  WITH h, d, s, head(COLLECT { MATCH (d)<-[:OF]-(e:DistributionState) WHERE known(e)
    RETURN e.record_date }) AS day
  WHERE day <= $asOf AND part(holds_no_shares)
  RETURN s
}
