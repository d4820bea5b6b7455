// 发放给非持股人 — Recipients h of the dividends d who held no shares of the asset s on the record date.
// actual: amount that they received, in fen. A recipient without a location is not checked.
// Needs label, h, d, actual, $asOf, $seq.
MATCH (d)<-[y:YIELDED]-(s:Asset)
WHERE known(y) AND actual > 0 AND EXISTS { MATCH (s)-[w:LOCATED_IN]->(:Area) WHERE known(w) }
WITH label, h, d, s, actual, head(COLLECT { MATCH (d)<-[:OF]-(e:DistributionState) WHERE known(e)
  RETURN e.record_date }) AS day
WHERE day <= $asOf AND part(no_holder)
