// 涉及的资产 — The assets s that $operators operate or own, and those of which $households hold shares on the day or were paid dividends until then.
// Needs $operators, $households, $asOf, $seq.
CALL () {
  UNWIND $operators AS key
  MATCH (:Enterprise|Cooperative {uscc: key})-[r:OPERATES|OWNS]->(s:Asset)
  WHERE holds(r)
  RETURN s
UNION
  UNWIND $households AS key
  MATCH (:Household {card_no: key})-[r:HOLDS]->(s:Asset)
  WHERE holds(r)
  RETURN s
UNION
  UNWIND $households AS key
  MATCH (:Household {card_no: key})<-[r:PAID]-(:Distribution)<-[y:YIELDED]-(s:Asset)
  WHERE holds(r) AND known(y)
  RETURN s
}
WITH DISTINCT s
