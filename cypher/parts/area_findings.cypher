// 区划内疑点 — Findings f about the area v and everything located there, whatever their state.
// That is the households that live there (household), their members (person), and the projects, assets and dividends. A
// person or household that has left the register counts at its last location.
// Needs v, $seq.
CALL (v) {
  WITH v
  WHERE EXISTS { MATCH (v)<-[:ABOUT|LIVES_IN|LOCATED_IN]-() }
  CALL (v) {
    WITH v
    MATCH (v)<-[a:ABOUT]-(f:Finding)
    WHERE known(a)
    RETURN f, null AS household, null AS person
  UNION ALL
    WITH v
    MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[a:ABOUT]-(f:Finding)
    WHERE part(last_home) AND known(a)
    RETURN f, h.card_no AS household, null AS person
  UNION ALL
    WITH v
    MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[m:MEMBER_OF]-(p:Person)<-[a:ABOUT]-(f:Finding)
    WHERE part(last_home) AND part(last_household) AND known(a)
    RETURN f, h.card_no AS household, p.person_no AS person
  UNION ALL
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(x)<-[a:ABOUT]-(f:Finding)
    WHERE known(l) AND known(a)
    RETURN f, null AS household, null AS person
  UNION ALL
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(:Asset)-[y:YIELDED]->(:Distribution)<-[a:ABOUT]-(f:Finding)
    WHERE known(l) AND known(y) AND known(a)
    RETURN f, null AS household, null AS person
  }
  RETURN f, household, person
}
