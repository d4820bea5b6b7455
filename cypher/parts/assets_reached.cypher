// 涉及的资产 — Assets s of operators and households.
// They are assets that $operators operate or own, and assets of which $households hold shares on the day or were paid
// dividends until then.
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
