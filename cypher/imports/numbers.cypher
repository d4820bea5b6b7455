// 无编号记录的编号 — Numbers of measures, medical bills and outside-list entries of owners, with identifying values.
// The values are those last recorded: [units, policies, funds, vouchers] of a measure, [] of a bill, [areas] of an
// entry.
// @compares identity
// @params households, persons, identities, open
// @returns owner, number, references
CALL () {
  UNWIND $households AS key
  MATCH (:Household {card_no: key})-[:RECEIVES]->(m:Measure)
  WITH DISTINCT key, m
  RETURN key AS owner, m.measure_no AS number, [
    COLLECT { MATCH (m)<-[r:IMPLEMENTS {superseded: $open}]-(d:Department) RETURN d.department_no
      ORDER BY d.department_no },
    COLLECT { MATCH (m)-[r:UNDER {superseded: $open}]->(p:Policy) RETURN p.policy_no ORDER BY p.policy_no },
    COLLECT { MATCH (m)<-[r:PAYS {superseded: $open}]-(f:Fund) RETURN f.fund_no ORDER BY f.fund_no },
    COLLECT { MATCH (m)<-[r:PAYS {superseded: $open}]-(:Fund) WHERE r.voucher IS NOT NULL RETURN DISTINCT r.voucher
      ORDER BY r.voucher }] AS references
UNION ALL
  UNWIND $persons AS key
  MATCH (:Person {person_no: key})-[:INCURRED]->(c:MedicalCost)
  WITH DISTINCT key, c
  RETURN key AS owner, c.cost_no AS number, [] AS references
UNION ALL
  UNWIND $identities AS key
  MATCH (:OutsideRecordState {identity: key})-[:OF]->(o:OutsideRecord)
  WITH DISTINCT key, o
  RETURN key AS owner, o.record_no AS number, [
    COLLECT { MATCH (o)-[r:LISTED_IN {superseded: $open}]->(a:Area) RETURN a.code ORDER BY a.code }] AS references
}
RETURN owner, number, references
ORDER BY number, owner
